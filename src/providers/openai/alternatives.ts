import type { ChatRequest, Warning } from '../../core/chat.ts';

/** The request with no more alternatives a token than the service reports, and a warning where that is fewer. */
export function atMostAlternatives(
  { request, warnings }: { readonly request: ChatRequest; readonly warnings: readonly Warning[] },
  most: number,
): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  const { logprobs } = request.settings;
  if (logprobs === undefined || logprobs <= most) return { request, warnings };
  const message = `${request.model} reports at most ${most} alternatives a token; ${most} were asked for.`;
  return {
    request: { ...request, settings: { ...request.settings, logprobs: most } },
    warnings: [...warnings, { subject: 'logprobs', message }],
  };
}
