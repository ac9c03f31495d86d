import type { ChatRequest, Warning } from '../core/chat.ts';

/**
 * What `request` asks for and the runtime does not do, or should not; the rest of it goes on.
 * @param trainedContext how many tokens the model was trained for.
 */
export function warningsAbout(request: ChatRequest, trainedContext: number): Warning[] {
  const { settings, tools, responseFormat, providerOptions } = request;
  const warnings: Warning[] = [];
  const notTaken = (subject: string, what: string): number =>
    warnings.push({
      subject,
      message: `The local runtime does not take ${what} yet; the model answers without.`,
    });
  if (settings.reasoningEffort !== undefined) notTaken('reasoningEffort', 'a reasoning effort');
  if (tools && tools.length > 0) notTaken('tools', 'tools');
  if (responseFormat) notTaken('responseFormat', 'a response format');
  if (providerOptions && Object.keys(providerOptions).length > 0)
    notTaken('providerOptions', 'provider options');
  if (settings.contextSize !== undefined && settings.contextSize > trainedContext) {
    const message = `The model was trained for ${trainedContext} tokens; beyond them its answers can fall apart.`;
    warnings.push({ subject: 'contextSize', message });
  }
  return warnings;
}
