import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChatRequest } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import { contextOverflow } from './contextOverflow.ts';
import type { Engine, Session } from './engine.ts';
import { Observer } from './observer.ts';
import { promptTokens, withBeginning } from './promptTokens.ts';
import type { DistributionQuestion, NextToken, Score, ScoreQuestion } from './protocol.ts';
import { bytesOf, knownToken } from './vocabulary.ts';

/**
 * How likely each token of a text is, evaluated in one pass.
 * @throws LlmError `bad-request`, `context-overflow`; `cancelled` within a few tokens of an abort.
 */
export async function scoreOf(
  engine: Engine,
  path: string,
  { text, after, alternatives }: ScoreQuestion,
  signal: AbortSignal,
): Promise<Score> {
  const session = await engine.open(path, {}, signal);
  const { model, lane } = session;
  try {
    const before = after ? chatTokens(session, after) : withBeginning(model, []);
    const scored = model.tokenize(text);
    const first = before.at(-1) ?? scored.shift();
    const unscored = before.length === 0 && first !== undefined ? textOfToken(model, first) : '';
    if (first === undefined || scored.length === 0) return { tokens: [], unscored };
    assertRoom(lane.contextSize, before.length + scored.length);

    const cached = await lane.begin(before.slice(0, -1), signal);
    await lane.read(before.slice(cached, -1), signal);
    const observer = new Observer(lane.sequence, alternatives);
    try {
      const tokens = await lane.sampleAfterEach(
        [first, ...scored.slice(0, -1)],
        async (place, index) => {
          const token = scored[index] ?? first;
          const distribution = await observer.at(place, token);
          return {
            ...distribution.describe(token, distribution.logprobOf(token) ?? -Infinity),
            alternatives: distribution.top(alternatives),
            entropy: distribution.entropy,
          };
        },
        signal,
      );
      const mean = tokens.reduce((sum, { logprob }) => sum + logprob, 0) / tokens.length;
      return { tokens, unscored, perplexity: Math.exp(-mean) };
    } finally {
      observer.dispose();
    }
  } finally {
    session.release();
  }
}

/**
 * What could come next after the beginning of an answer.
 * @throws LlmError as {@link scoreOf}.
 */
export async function nextToken(
  engine: Engine,
  path: string,
  { messages, answer, alternatives }: DistributionQuestion,
  signal: AbortSignal,
): Promise<NextToken> {
  const session = await engine.open(path, {}, signal);
  const { model, lane } = session;
  try {
    const tokens = [...chatTokens(session, messages), ...answer.map((id) => knownToken(model, id))];
    const last = tokens.at(-1);
    if (last === undefined) throw new LlmError('bad-request', 'There is nothing that a token could follow.');
    assertRoom(lane.contextSize, tokens.length);
    const cached = await lane.begin(tokens.slice(0, -1), signal);
    await lane.read(tokens.slice(cached, -1), signal);
    const observer = new Observer(lane.sequence, alternatives);
    try {
      const distribution = await lane.sampleAfter(last, (place) => observer.at(place));
      return { alternatives: distribution.top(alternatives), entropy: distribution.entropy };
    } finally {
      observer.dispose();
    }
  } finally {
    session.release();
  }
}

function chatTokens({ model, template }: Session, messages: ChatRequest['messages']): Token[] {
  return promptTokens(model, template, { model: '', messages, settings: {} }).tokens;
}

function assertRoom(contextSize: number, tokens: number): void {
  if (tokens > contextSize) throw contextOverflow(tokens, contextSize);
}

function textOfToken(model: LlamaModel, token: Token): string {
  return new TextDecoder().decode(bytesOf(model, token));
}
