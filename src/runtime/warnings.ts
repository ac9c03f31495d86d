import type { ChatRequest, Warning } from '../core/chat.ts';
import { unknownOptions } from './options.ts';

/** What of a request the loaded model takes. */
export interface Takes {
  /** Whether its template knows tools. */
  readonly tools: boolean;
  /** Whether its template takes this effort. */
  readonly effort: boolean;
}

/**
 * What `request` asks for and the runtime does not do, or should not; the rest of it goes on.
 * @param takes what the model's template takes.
 * @param trainedContext how many tokens the model was trained for.
 * @param notEnforced the keywords of the response format's schema that the answer is not held to.
 */
export function warningsAbout(
  request: ChatRequest,
  takes: Takes,
  trainedContext: number,
  notEnforced: readonly string[],
): Warning[] {
  const { settings, tools } = request;
  const warnings: Warning[] = [];
  const notTaken = (subject: string, what: string): number =>
    warnings.push({
      subject,
      message: `The local runtime does not take ${what} yet; the model answers without.`,
    });
  if (settings.reasoningEffort !== undefined && !takes.effort)
    warnings.push({
      subject: 'reasoningEffort',
      message: 'The chat template of this model knows no such effort; the model answers as it always does.',
    });
  if (tools && tools.length > 0 && !takes.tools)
    warnings.push({
      subject: 'tools',
      message: 'The chat template of this model knows no tools; the model answers without.',
    });
  if (settings.keepAlive !== undefined) notTaken('keepAlive', 'a time to stay in memory');
  if (notEnforced.length > 0) {
    const keywords = notEnforced.map((keyword) => `"${keyword}"`).join(', ');
    const message = `The answer is not held to ${keywords} of the schema; check it after.`;
    warnings.push({ subject: 'responseFormat', message });
  }
  const unknown = unknownOptions(request);
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(', ');
    const message = `The local runtime has no provider option ${names}; it has "raw", "speculative" and "lora".`;
    warnings.push({ subject: 'providerOptions', message });
  }
  if (settings.contextSize !== undefined && settings.contextSize > trainedContext) {
    const message = `The model was trained for ${trainedContext} tokens; beyond them its answers can fall apart.`;
    warnings.push({ subject: 'contextSize', message });
  }
  return warnings;
}
