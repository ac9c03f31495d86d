import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import type { ErrorData } from '../core/errors.ts';

/**
 * What the host tells the runtime process. `id` is chosen by the host and names one call from its `chat` to its end.
 * The number of threads is not here: it is the process's one argument, because it holds for its whole life.
 */
export type RuntimeRequest =
  | {
      readonly type: 'chat';
      readonly id: number;
      /** The model's file, absolute. */
      readonly path: string;
      /** `model` is the name to report as served; the file is in `path`. */
      readonly request: ChatRequest;
    }
  /** Ends the call; a call that has ended already, or never was, is passed over. */
  | { readonly type: 'abort'; readonly id: number };

/**
 * What the runtime process answers. The events of one call follow the grammar of `ChatEvent`; its last message is the
 * event `finish` or an `error`, and after the host's `abort` there may be neither.
 */
export type RuntimeReply =
  | { readonly type: 'event'; readonly id: number; readonly event: ChatEvent }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData };
