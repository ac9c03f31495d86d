import { Uri, window } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { ViewMessage } from '../../protocol.ts';
import type { Session } from '../session.ts';
import type { AttachedText } from './attachedText.ts';

type AttachRequest = Extract<ViewMessage, { type: 'attach' | 'attach-files' | 'attach-text' }>;

/** Attaches what the panel asks for to the session's next message; says why where that is not possible. */
export async function attachAsked(session: Session, message: AttachRequest): Promise<void> {
  switch (message.type) {
    case 'attach':
      return attachTo(session, async () => (await import('./pickAttachment.ts')).pickAttachment());
    case 'attach-files':
      return attachTo(session, async () => {
        const { assertInWorkspace, fileText } = await import('./attachedText.ts');
        const uris = message.uris.map((uri) => Uri.parse(uri, true));
        for (const uri of uris) assertInWorkspace(uri);
        return Promise.all(uris.map(fileText));
      });
    case 'attach-text':
      return attachTo(session, async () => {
        const { droppedText } = await import('./attachedText.ts');
        return [droppedText(message.name, message.text)];
      });
    default:
      message satisfies never;
  }
}

/** Attaches what is selected in the editor that has the focus, or its file where nothing is. */
export async function attachSelection(session: () => Promise<Session>): Promise<void> {
  const editor = window.activeTextEditor;
  if (!editor) {
    void window.showInformationMessage('Select text in an editor first, then add it to the chat.');
    return;
  }
  const { editorTexts } = await import('./attachedText.ts');
  const texts = await readable(() => editorTexts(editor));
  // No chat begins for what cannot be attached.
  if (texts.length === 0) return;
  const { composer } = await session();
  for (const text of texts) composer.attach(text);
}

async function attachTo(session: Session, read: () => Promise<readonly AttachedText[]>): Promise<void> {
  for (const text of await readable(read)) session.composer.attach(text);
}

/** What could be read; empty where it could not, which the user is told. */
async function readable(read: () => Promise<readonly AttachedText[]>): Promise<readonly AttachedText[]> {
  try {
    return await read();
  } catch (error) {
    void window.showWarningMessage(messageOf(error));
    return [];
  }
}
