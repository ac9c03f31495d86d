import type { ChatRequest, Warning } from '../core/chat.ts';

/**
 * What `request` asks for and the runtime does not do, or should not; the rest of it goes on.
 * @param trainedContext how many tokens the model was trained for.
 * @param notEnforced the keywords of the response format's schema that the answer is not held to.
 */
export function warningsAbout(
  request: ChatRequest,
  trainedContext: number,
  notEnforced: readonly string[],
): Warning[] {
  const { settings, tools, providerOptions } = request;
  const warnings: Warning[] = [];
  const notTaken = (subject: string, what: string): number =>
    warnings.push({
      subject,
      message: `The local runtime does not take ${what} yet; the model answers without.`,
    });
  if (settings.reasoningEffort !== undefined) notTaken('reasoningEffort', 'a reasoning effort');
  if (tools && tools.length > 0) notTaken('tools', 'tools');
  if (settings.keepAlive !== undefined) notTaken('keepAlive', 'a time to stay in memory');
  if (notEnforced.length > 0) {
    const keywords = notEnforced.map((keyword) => `"${keyword}"`).join(', ');
    const message = `The answer is not held to ${keywords} of the schema; check it after.`;
    warnings.push({ subject: 'responseFormat', message });
  }
  if (providerOptions && Object.keys(providerOptions).length > 0)
    notTaken('providerOptions', 'provider options');
  if (settings.contextSize !== undefined && settings.contextSize > trainedContext) {
    const message = `The model was trained for ${trainedContext} tokens; beyond them its answers can fall apart.`;
    warnings.push({ subject: 'contextSize', message });
  }
  return warnings;
}
