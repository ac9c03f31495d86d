import { type Message, textMessage } from '../core/chat.ts';
import { ConversationError } from '../core/conversation/conversation.ts';
import type { Said } from '../core/conversation/said.ts';
import { callSettingsOf, withCallSettings } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { Run } from '../core/store.ts';
import type { PromptSetup } from '../protocol.ts';

/**
 * The run of a follow-up: what the one was that it goes on from, with the model and settings of its prompt as they are now. The first
 * answer of a chat has nothing before it.
 */
export function followUp(
  run: Run | null,
  prompt: PromptSetup | null,
  messages: readonly Message[],
): PreparedRun {
  const { modelId = run?.modelId, settings = {} } = prompt ?? {};
  if (modelId === undefined || (!run && !prompt?.isChat)) throw new ConversationError(notRun);
  const isRead = prompt?.isChat === true || prompt?.version !== undefined;
  return {
    warnings: [],
    input: {
      ...(run?.prompt ? { prompt: run.prompt } : {}),
      variables: run?.variables ?? {},
      modelId,
      request: withCallSettings(
        { model: modelId.slice(modelId.indexOf('/') + 1), settings: {}, ...run?.request, messages },
        isRead || !run ? settings : callSettingsOf(run.request),
      ),
    },
  };
}

/** Why a prompt's lane that has answered nothing has nothing to go on from. */
export const notRun = 'Run the prompt first, then go on from its answer.';

/** Why a chat without a message has nothing to try again. */
export const notBegun = 'Nothing was said yet. Write a message first.';

/** What is asked so that a model goes on with an answer of which it begins another one by itself. */
export function asksOn({ messages, ids, ...said }: Said): Said {
  return { ...said, messages: [...messages, textMessage('user', goOn)], ids: [...ids, null] };
}

/** What a model is asked that does not go on with its own text by itself. */
const goOn =
  'Your last message was cut off. Go on from exactly where it ended: write only what comes next, without repeating anything and without a word about it.';
