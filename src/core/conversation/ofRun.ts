import type { Run } from '../store.ts';
import type { ConversationMessage, ConversationTree } from './conversation.ts';
import { autoTitle } from './title.ts';

/**
 * The conversation that a run is, so that it can be gone on with: what was sent, each message below the one before, then
 * the answer, which stays in the run. It has the run's time, because looking at a run is no news.
 */
export function conversationOfRun(run: Run, newId: () => string): ConversationTree {
  const { id: runId, prompt, modelId, request, startedAt: createdAt } = run;
  const conversationId = newId();
  let parentId: string | null = null;
  const below = (message: Pick<ConversationMessage, 'role' | 'content' | 'runId'>): ConversationMessage => {
    const placed = { ...message, id: newId(), conversationId, parentId, createdAt };
    parentId = placed.id;
    return placed;
  };
  const messages = request.messages.map(below);
  const answer = below({ role: 'assistant', content: [], runId });
  return {
    conversation: {
      id: conversationId,
      title: autoTitle(messages),
      titleSource: 'auto',
      createdAt,
      updatedAt: createdAt,
      pinned: false,
      archived: false,
      ...(prompt ? { promptUri: prompt.uri } : {}),
      lanes: [{ id: newId(), modelId, settings: request.settings, headId: answer.id }],
    },
    messages: [...messages, answer],
  };
}
