import { ConfigurationTarget, commands, type QuickPickItem, window, workspace } from 'vscode';
import { countedModel, promptModel } from './countedText.ts';
import type { Inspector } from './inspector.ts';
import type { ModelChoice } from './modelLines.ts';
import { readSettings } from './settings.ts';

interface TokenAction extends QuickPickItem {
  readonly act: () => unknown;
}

/** Offers what can be done about a count: what a click on it in the status bar does. */
export async function pickTokenAction(inspector: Inspector, models: ModelChoice): Promise<void> {
  const actions: readonly TokenAction[] = [
    {
      label: '$(symbol-string) Inspect tokens',
      detail: 'Shows each token of the selection or the file, and compares tokenizers.',
      act: () => inspector.open(),
    },
    {
      label: '$(graph) Score the text',
      detail: 'Shades each token by how likely a local model finds it, and says the perplexity.',
      act: () => commands.executeCommand('llmPlayground.scoreText'),
    },
    {
      label: '$(cloud-upload) Count exactly with the provider…',
      detail:
        'Sends the text to the provider of the model to be counted, once you agree; Anthropic, Gemini and OpenAI.',
      act: () => commands.executeCommand('llmPlayground.countExactly'),
    },
    {
      label: '$(list-selection) Choose the model',
      detail:
        'The model that tokens are counted for: that of the prompt where it names one, else the default model.',
      act: () => chooseCountedModel(models),
    },
    {
      label: '$(settings-gear) Choose what is shown',
      detail:
        'Opens the settings of the count: where it stands, for which languages, with the model and the cost.',
      act: () => commands.executeCommand('workbench.action.openSettings', 'llmPlayground.tokens'),
    },
  ];
  const picked = await window.showQuickPick(actions, {
    title: 'Tokens',
    placeHolder: 'What do you want to do?',
  });
  await picked?.act();
}

/**
 * Asks for the model that tokens are counted for. A prompt that names one names the new one then, in the editor, unsaved;
 * elsewhere it becomes the default model, where that is set.
 */
async function chooseCountedModel(models: ModelChoice): Promise<void> {
  const document = window.activeTextEditor?.document;
  const { defaultModel } = readSettings();
  const { pickModel } = await import('./modelPicker.ts');
  const current = document ? await countedModel(document, defaultModel) : defaultModel;
  const modelId = await pickModel(models, current, 'Count Tokens for Which Model?');
  if (modelId === undefined || modelId === current) return;
  if (document && (await promptModel(document)) !== undefined) {
    const { writeToPrompt } = await import('./writeToPrompt.ts');
    await writeToPrompt(document.uri, { modelId, settings: {} });
    return;
  }
  const configuration = workspace.getConfiguration('llmPlayground', document?.uri);
  const { workspaceFolderValue, workspaceValue } = configuration.inspect('defaultModel') ?? {};
  const target =
    workspaceFolderValue !== undefined
      ? ConfigurationTarget.WorkspaceFolder
      : workspaceValue !== undefined
        ? ConfigurationTarget.Workspace
        : ConfigurationTarget.Global;
  await configuration.update('defaultModel', modelId, target);
}
