import type { Uri } from 'vscode';
import { untitled } from '../core/conversation/conversation.ts';
import type { PromptView } from '../protocol.ts';
import { chatIdOf } from './chatUri.ts';
import { nameOf } from './promptSource.ts';

/** What the lanes of a session rest on, before it has been read: a prompt file, or for a chat nothing but a model. */
export function unreadBasis(uri: Uri): PromptView {
  const isChat = chatIdOf(uri) !== undefined;
  return {
    uri: uri.toString(),
    name: isChat ? untitled : nameOf(uri),
    ...(isChat ? { isChat } : {}),
    settings: {},
    fields: [],
    values: {},
  };
}
