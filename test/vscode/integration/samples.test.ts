import assert from 'node:assert/strict';
import type { ModelInfo } from '../../../src/core/provider.ts';
import { samplesInWords } from '../../../src/core/run/samples.ts';
import { Session } from '../../../src/host/session.ts';
import { start, type Step, stop, text } from '../../core/run/scriptedProvider.ts';
import { says, withSession } from './sessionFixture.ts';
import { test, until } from './suite.ts';

const prompt = 'Say it.';
const sampled = { modelId: null, settings: {}, promptVersion: null, sampleCount: 5 };

test('samples are recorded runs, of which one that fails keeps no other from its answer', async () => {
  const scripts = [says('B.'), [start, new Error('No.')], says('A.'), says('A.'), says('A.')];
  await withSession(prompt, scripts, async (session, { store }) => {
    await session.runIn([sampled], {});
    const [lane] = session.state.lanes;
    assert.ok(lane?.samples);
    assert.equal(samplesInWords(lane.samples), '3 of 5 identical, 1 without an answer');
    assert.equal(lane.run?.text, 'A.');
    assert.equal(store.list({ limit: 9 }).length, 5);
  });
});

test('Stop ends the samples that answer, and those that have not begun never do', async () => {
  const waits = (): Step[] => [
    start,
    text('A'),
    () => new Promise((resolve) => setTimeout(resolve, 50)),
    stop,
  ];
  await withSession(prompt, [1, 2, 3, 4, 5].map(waits), async (session, { provider }) => {
    const ends = session.runIn([sampled], {});
    await until(() => session.state.lanes[0]?.samples?.runs.length === 4);
    session.stop();
    await ends;
    const { samples } = session.state.lanes[0] ?? {};
    assert.deepEqual(
      [samples?.pending, samples?.runs.map(({ outcome }) => outcome.status), provider.requests.length],
      [0, ['stopped', 'stopped', 'stopped', 'stopped'], 4],
    );
  });
});

test('another window knows the samples again, and which of them was shown', async () => {
  await withSession(prompt, ['A.', 'B.', 'A.', 'A.', 'A.'].map(says), async (session, { surroundings }) => {
    await session.runIn([sampled], {});
    const other = session.state.lanes[0]?.samples?.runs.find(({ text }) => text === 'B.');
    session.choices.showSample(session.state.lanes[0]?.id ?? '', other?.id ?? '');
    const again = new Session(session.uri, surroundings);
    await again.show();
    const [lane] = again.state.lanes;
    assert.ok(lane?.samples);
    assert.deepEqual(
      [samplesInWords(lane.samples), lane.run?.text, lane.sampleCount],
      ['4 of 5 identical', 'B.', 5],
    );
    again.dispose();
  });
});

test('a follow-up goes on from the sample that is shown, alone', async () => {
  await withSession(prompt, ['A.', 'B.', 'A.', 'A.', 'A.', 'Because.'].map(says), async (session) => {
    await session.runIn([sampled], {});
    const [before] = session.state.lanes;
    const other = before?.samples?.runs.find(({ text }) => text === 'B.');
    session.choices.showSample(before?.id ?? '', other?.id ?? '');
    await session.chat.send('Why?');
    const [lane] = session.state.lanes;
    assert.deepEqual(
      [lane?.turns.map(({ text }) => text), lane?.run?.text, lane?.samples],
      [['B.', 'Why?'], 'Because.', null],
    );
  });
});

test('lanes that are put in the place of others and run at once know their models', async () => {
  await withSession(prompt, [says('A.'), says('B.')], async (session, { provider }) => {
    const capabilities = { temperature: true } as ModelInfo['capabilities'];
    provider.models = () =>
      new Promise((resolve) =>
        setTimeout(() => resolve([{ id: 'one', name: 'The first', capabilities }] as never), 50),
      );
    await session.runIn(
      [0, 1].map((temperature) => ({ ...sampled, settings: { temperature }, sampleCount: 1 })),
      {},
    );
    await until(() => session.state.lanes.every(({ model }) => model?.name === 'The first'));
  });
});
