import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatRequest, type Message, textMessage, textOf } from '../../src/core/chat.ts';
import type { Fitting } from '../../src/core/context/fitting.ts';
import type { Provider } from '../../src/core/provider.ts';
import { VectorCache } from '../../src/host/vectorCache.ts';
import { Fitter, type Unfitted } from '../../src/host/fitter.ts';
import { wordEstimator } from './wordEstimator.ts';

const always = new AbortController().signal;

const embedded: string[][] = [];

const deaf = {
  id: 'local',
  name: 'Deaf',
  models: () => Promise.resolve([]),
  stream: () => {
    throw new Error('Not asked here.');
  },
};

/** A text means how often it says "byte" and "token". */
const meaning: Provider = {
  ...deaf,
  embed: (_, texts) => {
    embedded.push([...texts]);
    const count = (text: string, word: string) => text.split(word).length - 1;
    const vectors = texts.map((text) => [count(text, 'byte'), count(text, 'token')]);
    return Promise.resolve({ vectors, cut: [] });
  },
};

function fitterFor(contextWindow?: number, providers: readonly Provider[] = [meaning]): Fitter {
  return new Fitter({
    estimator: wordEstimator(contextWindow),
    vectors: new VectorCache(() => providers),
  });
}

/** Each turn is `question|answer`; the last one has a question alone. Ids are `0`, `1`, … */
function unfitted(fitting: Fitting, turns: readonly string[], more: Partial<Unfitted> = {}): Unfitted {
  const messages: Message[] = [textMessage('system', 'Be brief.')];
  for (const turn of turns) {
    const [question = '', answer] = turn.split('|');
    messages.push(textMessage('user', question));
    if (answer !== undefined) messages.push(textMessage('assistant', answer));
  }
  const request: ChatRequest = { model: 'one', messages, settings: { maxOutputTokens: 10 } };
  const ids = messages.map((_, index) => (index === 0 ? null : String(index)));
  return { modelId: 'scripted/one', request, said: { ids, promptMessages: 1 }, fitting, ...more };
}

const texts = (request: ChatRequest): readonly string[] => request.messages.map(textOf);

describe('a conversation is made to fit', () => {
  const turns = ['one two three|four five six', 'seven eight nine|ten eleven twelve', 'what now'];

  test('not at all where everything is to be sent', async () => {
    const asked = unfitted({ strategy: 'all' }, turns);
    assert.deepEqual(await fitterFor(5).fit(asked, true, always), { request: asked.request, view: null });
  });

  test('by leaving out the oldest turn, with what it takes', async () => {
    // 16 words and 24 around them are 40; 10 are kept for the answer.
    const asked = unfitted({ strategy: 'drop-oldest' }, turns);
    const whole = await fitterFor(50).fit(asked, true, always);
    assert.deepEqual(whole.view?.leftOut, []);
    const { request, view } = await fitterFor(49).fit(asked, true, always);
    assert.deepEqual(texts(request), ['Be brief.', 'seven eight nine', 'ten eleven twelve', 'what now']);
    assert.deepEqual(view?.leftOut, [
      { id: '1', tokens: 7 },
      { id: '2', tokens: 7 },
    ]);
  });

  test('by a summary, which is wanted first and then stands for what it summarises', async () => {
    const asked = unfitted({ strategy: 'summary', modelId: null }, turns);
    const wanting = await fitterFor(49).fit(asked, true, always);
    assert.equal(wanting.summariseTo, 5);
    assert.equal(wanting.view?.pending, 'summary');
    const summary = { messageId: '4', end: 5, summary: { text: 'Numbers.' } };
    const { request, view, summariseTo } = await fitterFor(49).fit({ ...asked, summary }, true, always);
    assert.equal(summariseTo, undefined);
    assert.deepEqual(texts(request), ['Be brief.', 'Summary of what was said before:\nNumbers.\n\nwhat now']);
    assert.deepEqual(view?.summary, { messageId: '4', text: 'Numbers.' });
  });

  test('by what is most like the question, and each text is embedded once', async () => {
    const fitting: Fitting = { strategy: 'relevant', turns: 1, modelId: 'local/demo' };
    const fitter = fitterFor(1000);
    const talk = ['a byte|byte', 'a token|token', 'and that token?'];
    embedded.length = 0;
    const { request } = await fitter.fit(unfitted(fitting, talk), true, always);
    assert.deepEqual(texts(request), ['Be brief.', 'a token', 'token', 'and that token?']);
    await fitter.fit(unfitted(fitting, [...talk.slice(0, 2), 'and that byte?']), true, always);
    assert.deepEqual(embedded, [['a byte\nbyte', 'a token\ntoken', 'and that token?'], ['and that byte?']]);
  });

  test('but what is being written goes to no service before it is sent', async () => {
    const fitting: Fitting = { strategy: 'relevant', turns: 1, modelId: 'cloud/embed' };
    const asked = unfitted(fitting, turns);
    embedded.length = 0;
    const cloud = { ...meaning, id: 'cloud' };
    const { request, view } = await fitterFor(1000, [cloud]).fit(asked, false, always);
    assert.deepEqual(embedded, []);
    assert.equal(request, asked.request);
    assert.equal(view?.pending, 'choice');
    await fitterFor(1000, [cloud]).fit(asked, true, always);
    assert.equal(embedded.length, 1);
  });

  test('and a provider without embeddings says who has them', async () => {
    const fitting: Fitting = { strategy: 'relevant', turns: 1, modelId: 'local/demo' };
    await assert.rejects(fitterFor(1000, [deaf]).fit(unfitted(fitting, turns), true, always), {
      kind: 'bad-request',
      message: /makes no embeddings\. The local runtime, Ollama/,
    });
  });
});
