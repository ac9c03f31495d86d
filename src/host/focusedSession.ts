import { commands, type Uri, window } from 'vscode';
import type { CommandId } from './commandId.ts';
import { promptLanguage } from './language.ts';
import type { Panels } from './panels.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What the user works on: the prompt of this URI, or else of the editor in front, or else of the panel with the focus. */
export function focusedSession(
  { sessions, panels }: { readonly sessions: Sessions; readonly panels: Panels },
  uri?: Uri,
): Session | undefined {
  if (uri) return sessions.of(uri);
  const document = window.activeTextEditor?.document;
  if (document?.languageId === promptLanguage) return sessions.of(document.uri);
  return panels.active;
}

/** Says why nothing can be done, and offers a prompt to do it with. */
export async function offerSample(message: string): Promise<void> {
  const open = 'Open a Sample Prompt';
  if ((await window.showInformationMessage(message, open)) === open) {
    await commands.executeCommand('llmPlayground.openSample' satisfies CommandId);
  }
}
