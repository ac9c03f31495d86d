import { commands, type QuickPickItem, window } from 'vscode';
import type { Inspector } from './inspector.ts';

interface TokenAction extends QuickPickItem {
  readonly act: () => unknown;
}

/** Offers what can be done about a count: what a click on it in the status bar does. */
export async function pickTokenAction(inspector: Inspector): Promise<void> {
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
      label: '$(settings-gear) Choose the model',
      detail: 'Opens the setting for the model that tokens are counted for where a prompt names none.',
      act: () => commands.executeCommand('workbench.action.openSettings', 'llmPlayground.defaultModel'),
    },
  ];
  const picked = await window.showQuickPick(actions, {
    title: 'Tokens',
    placeHolder: 'What do you want to do?',
  });
  await picked?.act();
}
