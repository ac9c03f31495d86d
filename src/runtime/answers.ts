import { embeddingsOf } from './embed.ts';
import type { Engine } from './engine.ts';
import type { AnswerTo, Question } from './protocol.ts';

/**
 * Answers what is asked of the model at `path`.
 * @throws LlmError `bad-request`, `context-overflow` or `provider`; `cancelled` soon after an abort.
 */
export function answerTo(
  engine: Engine,
  path: string,
  question: Question,
  signal: AbortSignal,
): Promise<AnswerTo[Question['kind']]> {
  switch (question.kind) {
    case 'embed':
      return embeddingsOf(engine, path, question.texts, signal);
    case 'plan':
      return engine.plan(path, question.contextSize);
    default:
      return question satisfies never;
  }
}
