import { embeddingsOf } from './embed.ts';
import type { Engine } from './engine.ts';
import type { AnswerTo, Question } from './protocol.ts';
import { nextToken, scoreOf } from './score.ts';

/**
 * Answers what is asked of the model at `path`.
 * @throws LlmError `bad-request`, `context-overflow` or `provider`; `cancelled` soon after an abort.
 */
export async function answerTo(
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
    case 'score':
      return scoreOf(engine, path, question, signal);
    case 'distribution':
      return nextToken(engine, path, question, signal);
    case 'warm': {
      const session = await engine.open(path, {}, signal);
      session.release();
      return null;
    }
    default:
      return question satisfies never;
  }
}
