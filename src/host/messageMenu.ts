import { commands, Disposable, env, Uri } from 'vscode';
import * as z from 'zod/mini';
import type { LaneActions } from './laneActions.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** The commands of the context menu of a message in a panel. */
export type MessageCommandId =
  | 'llmPlayground.copyMessageText'
  | 'llmPlayground.copyMessage'
  | 'llmPlayground.retryMessage'
  | 'llmPlayground.retryMessageWith'
  | 'llmPlayground.deleteMessage';

/** What the page says of the place under the pointer; see `webview/contextOf.ts`. */
const contextSchema = z.object({
  promptUri: z.string(),
  laneId: z.string(),
  messageId: z.optional(z.string()),
});

/** A message under the pointer. */
interface Pointed {
  readonly session: Session;
  readonly laneId: string;
  /** Absent for an answer that is in no conversation. */
  readonly messageId: string | undefined;
}

/** Registers them. Called without a message, as by a keybinding, they do nothing. */
export function registerMessageMenu(sessions: Sessions, actions: LaneActions): Disposable {
  const retry = ({ session, laneId, messageId }: Pointed): Promise<void> =>
    session.chat.converse((chat, lane) => chat.retry(lane, messageId), [laneId]);
  const handlers: Record<MessageCommandId, (pointed: Pointed) => unknown> = {
    'llmPlayground.copyMessageText': async (pointed) => {
      const { plainText } = await import('../core/plainText.ts');
      await env.clipboard.writeText(plainText(textOf(pointed)));
    },
    'llmPlayground.copyMessage': (pointed) => env.clipboard.writeText(textOf(pointed)),
    'llmPlayground.retryMessage': retry,
    'llmPlayground.retryMessageWith': async (pointed) => {
      if (await actions.chooseModel(pointed.session, pointed.laneId)) await retry(pointed);
    },
    'llmPlayground.deleteMessage': async ({ session, laneId, messageId }) => {
      if (messageId !== undefined) await actions.deleteMessage(session, laneId, messageId);
    },
  };
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) =>
      commands.registerCommand(id, (context?: unknown) => {
        const { data } = contextSchema.safeParse(context);
        return (
          data &&
          handler({
            ...data,
            session: sessions.of(Uri.parse(data.promptUri, true)),
            messageId: data.messageId,
          })
        );
      }),
    ),
  );
}

/** Its text as it was written; empty where it is no longer shown. */
function textOf({ session, laneId, messageId }: Pointed): string {
  const lane = session.state.lanes.find(({ id }) => id === laneId);
  const turn = lane?.turns.find(({ id }) => id === messageId);
  if (turn) return turn.text;
  return lane?.run && lane.message?.id === messageId ? lane.lead + lane.run.text : '';
}
