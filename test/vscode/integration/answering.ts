import * as vscode from 'vscode';

/**
 * Does `action` while nobody is asked: a list is answered by the first line that begins with the words given here, a
 * question by the button, a box by the text; what is not named here is turned away.
 * @returns every label and message that was shown.
 */
export async function answering(
  answers: Readonly<Record<string, string>>,
  action: () => unknown,
): Promise<string[]> {
  const shown: string[] = [];
  const stubs: Readonly<Record<string, (...rest: never[]) => unknown>> = {
    showQuickPick: async (
      items: readonly vscode.QuickPickItem[] | Promise<readonly vscode.QuickPickItem[]>,
    ) => {
      const lines = await items;
      shown.push(...lines.map(({ label }) => label));
      const wanted = answers['showQuickPick'];
      return wanted === undefined ? undefined : lines.find(({ label }) => label.includes(wanted));
    },
    showInputBox: () => Promise.resolve(answers['showInputBox']),
  };
  for (const name of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'])
    Object.assign(stubs, {
      [name]: (message: string) => {
        shown.push(message);
        return Promise.resolve(answers[name]);
      },
    });
  const before = new Map(Object.keys(stubs).map((name) => [name, Reflect.get(vscode.window, name)]));
  for (const [name, value] of Object.entries(stubs))
    Object.defineProperty(vscode.window, name, { value, configurable: true, writable: true });
  try {
    await action();
  } finally {
    for (const [name, value] of before)
      Object.defineProperty(vscode.window, name, { value, configurable: true, writable: true });
  }
  return shown;
}
