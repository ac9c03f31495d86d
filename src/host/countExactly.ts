import { type LogOutputChannel, ProgressLocation, type Uri, window, workspace } from 'vscode';
import { type ChatRequest, textMessage } from '../core/chat.ts';
import { LlmError, messageOf } from '../core/errors.ts';
import { formatCount, formatTokens } from '../core/format.ts';
import { countedBy, type Provider, resolveModel } from '../core/provider.ts';
import { countedTextsOf, type PromptEstimate } from '../core/tokens/estimate.ts';
import { countedModel } from './countedText.ts';
import type { PromptEstimates } from './estimates.ts';
import type { ExactCounts } from './exactCounts.ts';
import { promptLanguage } from './language.ts';
import { readSettings } from './settings.ts';

export interface CountExactlySurroundings {
  readonly providers: () => readonly Provider[];
  readonly estimates: PromptEstimates;
  readonly counts: ExactCounts;
  readonly log: LogOutputChannel;
}

/**
 * Has a service count what is selected, or the rendered prompt where nothing is, once the user has agreed that it is sent
 * there. What it says stands in estimates of the very same request from then on.
 */
export async function countExactly(surroundings: CountExactlySurroundings, uri?: Uri): Promise<void> {
  try {
    await count(surroundings, uri);
  } catch (error) {
    if (error instanceof LlmError && error.kind === 'cancelled') return;
    surroundings.log.warn(messageOf(error));
    void window.showErrorMessage(messageOf(error));
  }
}

async function count(
  { providers, estimates, counts }: CountExactlySurroundings,
  uri: Uri | undefined,
): Promise<void> {
  const asked = await whatToCount(estimates, uri);
  if (!asked) {
    void window.showInformationMessage('Select a text or open a .prompt file first: that is counted then.');
    return;
  }
  const { modelId, request, what } = asked;
  if (!workspace.isTrusted) {
    void window.showWarningMessage('This workspace is not trusted, so nothing is sent out of it.');
    return;
  }
  const { provider } = resolveModel(providers(), modelId);
  const { messages, tools, schema } = countedTextsOf(request);
  const length = [...messages, tools, schema].reduce((sum, text) => sum + text.length, 0);
  const detail = `${what}, ${formatCount(length)} characters, is sent to ${provider.name} to be counted for ${modelId}. It is not answered, and counting costs nothing.`;
  const send = 'Send and Count';
  if ((await window.showInformationMessage('Send the text out?', { modal: true, detail }, send)) !== send)
    return;

  const { tokens, estimate } = await window.withProgress(
    { location: ProgressLocation.Notification, title: `${provider.name} counts…`, cancellable: true },
    async (_, cancellation) => {
      const stop = new AbortController();
      cancellation.onCancellationRequested(() => stop.abort());
      return {
        estimate: await estimates.ofRequest(request, modelId, stop.signal),
        tokens: await countedBy(provider, request, stop.signal),
      };
    },
  );
  counts.remember(modelId, request, { tokens, by: provider.name });
  estimates.forget();
  void window.showInformationMessage(
    `${formatTokens(tokens)} for ${modelId}, counted by ${provider.name}.${compared(tokens, estimate)}`,
  );
}

interface Asked {
  /** `provider/model` */
  readonly modelId: string;
  readonly request: ChatRequest;
  /** What it is, to begin a sentence with. */
  readonly what: string;
}

async function whatToCount(estimates: PromptEstimates, uri: Uri | undefined): Promise<Asked | undefined> {
  const editor = window.activeTextEditor;
  const selected = editor?.selections.filter(({ isEmpty }) => !isEmpty) ?? [];
  if (editor && selected.length > 0 && !uri) {
    const modelId = await countedModel(editor.document, readSettings().defaultModel);
    const messages = selected.map((selection) => textMessage('user', editor.document.getText(selection)));
    const model = modelId.slice(modelId.indexOf('/') + 1);
    return { modelId, request: { model, messages, settings: {} }, what: 'The selection, as a message' };
  }
  const prompt = uri ?? (editor?.document.languageId === promptLanguage ? editor.document.uri : undefined);
  return prompt && { ...(await estimates.requestOf(prompt)), what: 'The prompt as it is rendered' };
}

/** How far the estimate was off. */
function compared(tokens: number, estimate: PromptEstimate | undefined): string {
  if (!estimate) return '';
  const difference = estimate.inputTokens - tokens;
  if (difference === 0) return ' The count here is the same.';
  const percent = tokens === 0 ? '' : ` (${Math.abs((difference / tokens) * 100).toFixed(1)} %)`;
  return ` The count here was ${formatCount(Math.abs(difference))}${percent} too ${difference > 0 ? 'high' : 'low'}.`;
}
