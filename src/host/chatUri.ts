import { Uri } from 'vscode';

/** The scheme of conversations: of their panels, and of documents that hold one to be read. */
export const conversationScheme = 'llm-conversation';

/** The address of a conversation at work in a panel, by which its panel comes back after a reload. */
export function chatUri(conversationId: string): Uri {
  return Uri.from({ scheme: conversationScheme, path: `/${conversationId}` });
}

/** The conversation that an address is of; `undefined` for a prompt's. */
export function chatIdOf({ scheme, path }: Pick<Uri, 'scheme' | 'path'>): string | undefined {
  return scheme === conversationScheme ? path.slice(1) : undefined;
}
