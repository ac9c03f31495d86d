import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { textMessage, type Usage } from '../../src/core/chat.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import type { Run, RunOutput } from '../../src/core/store.ts';
import { noUsage, usageOf } from '../../src/core/usage/usage.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { SqliteUsage } from '../../src/node/sqliteUsage.ts';

const folder = mkdtempSync(join(tmpdir(), 'usage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
let runs = 0;

function historyOf(...recorded: readonly Partial<Run>[]): string {
  const file = join(folder, `${++files}.sqlite`);
  using store = new SqliteStore(file, Date.now);
  for (const changes of recorded) {
    const run = runWith(changes);
    store.insert(run);
    const { id, ...output } = run;
    store.update(id, output satisfies RunOutput);
  }
  return file;
}

function runWith(changes: Partial<Run>): Run {
  return {
    ...emptyOutput,
    id: `run-${++runs}`,
    startedAt: at('2026-11-24', 12),
    prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version: 'abc' },
    variables: {},
    modelId: 'openai/gpt-5',
    request: { model: 'gpt-5', messages: [textMessage('user', 'Hi')], settings: {} },
    servedModel: 'gpt-5',
    outcome: { status: 'finished', reason: 'stop' },
    ...changes,
  };
}

function spent(usage: Usage, total?: number): Partial<Run> {
  const rest = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, source: { kind: 'local' } } as const;
  return { usage, ...(total === undefined ? {} : { cost: { total, ...rest } }) };
}

function at(day: string, hour: number): number {
  return new Date(`${day}T${String(hour).padStart(2, '0')}:00:00`).getTime();
}

const running = { status: 'running' } as const;
const small = spent({ inputTokens: 10, outputTokens: 5 }, 0.5);
const large = spent({ inputTokens: 100, outputTokens: 50, cachedTokens: 20, reasoningTokens: 30 }, 2);

describe('what a conversation has used', () => {
  test('counts each of its runs once, in every branch, and those of no other', () => {
    const file = join(folder, `${++files}.sqlite`);
    using store = new SqliteStore(file, Date.now);
    using usage = new SqliteUsage(file);
    const [first, again, other, unpriced, under] = [small, large, large, {}, { outcome: running }].map(
      runWith,
    );
    for (const run of [first, again, other, unpriced, under]) store.insert(run ?? assert.fail());
    const { conversations } = store;
    const { id } = conversations.create();
    const asked = conversations.append(id, { parentId: null, role: 'user', content: [] });
    const answer = (runId: string | undefined) =>
      conversations.append(id, {
        parentId: asked.id,
        role: 'assistant',
        content: [],
        runId: runId ?? assert.fail(),
      });
    answer(first?.id);
    const tried = answer(again?.id);
    answer(unpriced?.id);
    answer(under?.id);
    const used = {
      runs: 3,
      inputTokens: 110,
      cachedTokens: 20,
      outputTokens: 55,
      reasoningTokens: 30,
      cost: 2.5,
      unpricedRuns: 1,
    };
    assert.deepEqual(usage.ofConversation(id), { ...used, summaries: noUsage });
    assert.deepEqual(usageOf([first, again, unpriced, under].flatMap((run) => run ?? [])), used);
    conversations.deleteBranch(tried.id);
    assert.deepEqual(usage.ofConversation(id), { ...used, summaries: noUsage });
    assert.deepEqual(usage.ofConversation('none'), { ...noUsage, summaries: noUsage });
  });

  test('counts the runs that wrote its summaries, and tells them apart', () => {
    const file = historyOf(small, { ...large, summaryOf: 'c1' }, { ...large, summaryOf: 'c2' });
    using usage = new SqliteUsage(file);
    const written = usageOf([runWith(large)]);
    assert.deepEqual(usage.ofConversation('c1'), { ...written, summaries: written });
  });

  test('is told of a file that knows no summaries yet', () => {
    const file = historyOf(small);
    using older = new DatabaseSync(file);
    older.exec('DROP INDEX runs_of_summaries; ALTER TABLE runs DROP COLUMN summary_of');
    using usage = new SqliteUsage(file);
    assert.deepEqual(usage.ofConversation('c1'), { ...noUsage, summaries: noUsage });
  });
});

describe('usage', () => {
  test('adds up tokens and costs, and tells the runs whose cost is unknown', () => {
    using usage = new SqliteUsage(historyOf(small, large, spent({ inputTokens: 1, outputTokens: 1 })));
    assert.deepEqual(usage.totals(), {
      runs: 3,
      inputTokens: 111,
      cachedTokens: 20,
      outputTokens: 56,
      reasoningTokens: 30,
      cost: 2.5,
      unpricedRuns: 1,
    });
  });

  test('a run that no service answered has no unknown cost, and one that runs still is left out', () => {
    const { servedModel: _, ...unanswered } = runWith({
      outcome: { status: 'failed', error: { kind: 'auth', message: 'No key.', retryable: false } },
    });
    const file = join(folder, 'unanswered.sqlite');
    using store = new SqliteStore(file, Date.now);
    store.insert(unanswered);
    store.update(unanswered.id, unanswered);
    store.insert(runWith({ outcome: { status: 'running' } }));
    using usage = new SqliteUsage(file);
    assert.deepEqual(usage.totals(), { ...noUsage, runs: 1 });
  });

  test('is told by day of the local calendar, the newest first', () => {
    using usage = new SqliteUsage(
      historyOf(
        { ...small, startedAt: at('2026-11-23', 23) },
        { ...small, startedAt: at('2026-11-24', 0) },
        { ...large, startedAt: at('2026-11-24', 23) },
      ),
    );
    assert.deepEqual(
      usage.by('day').map(({ key, runs: count, cost }) => [key, count, cost]),
      [
        ['2026-11-24', 2, 2.5],
        ['2026-11-23', 1, 0.5],
      ],
    );
  });

  test('is told by model and by prompt, the most expensive first', () => {
    const { prompt: _, ...noFile } = runWith({ ...small, modelId: 'local/demo' });
    const file = historyOf(small, large);
    using store = new SqliteStore(file, Date.now);
    store.insert(noFile);
    using usage = new SqliteUsage(file);
    const keyed = (grouping: 'model' | 'prompt') => usage.by(grouping).map(({ key, cost }) => [key, cost]);
    assert.deepEqual(keyed('model'), [
      ['openai/gpt-5', 2.5],
      ['local/demo', 0.5],
    ]);
    assert.deepEqual(keyed('prompt'), [
      ['file:///a.prompt', 2.5],
      ['', 0.5],
    ]);
  });

  test('keeps to a span, its end excluded', () => {
    using usage = new SqliteUsage(
      historyOf({ ...small, startedAt: 100 }, { ...small, startedAt: 200 }, { ...small, startedAt: 300 }),
    );
    assert.equal(usage.totals({ from: 100, to: 300 }).runs, 2);
    assert.equal(usage.by('model', { from: 200 })[0]?.runs, 2);
  });

  test('of a file that is not there is none, and a file that is made later is found', () => {
    const file = join(folder, 'later.sqlite');
    using usage = new SqliteUsage(file);
    assert.deepEqual([usage.totals(), usage.by('day')], [noUsage, []]);
    using store = new SqliteStore(file, Date.now);
    store.insert(runWith(small));
    assert.equal(usage.totals().runs, 1);
  });

  test('finds the newest runs of a model whose input was reported', () => {
    const file = historyOf(
      { ...small, startedAt: 1, id: 'old' },
      { ...large, startedAt: 2, id: 'new' },
      { startedAt: 3, id: 'unreported' },
      { ...small, startedAt: 4, id: 'other', modelId: 'local/demo' },
    );
    using usage = new SqliteUsage(file);
    assert.deepEqual(usage.reportedRuns('openai/gpt-5', 9), [
      { id: 'new', inputTokens: 100 },
      { id: 'old', inputTokens: 10 },
    ]);
    assert.equal(usage.reportedRuns('openai/gpt-5', 1).length, 1);
  });

  test('is read from the index alone', () => {
    using database = new DatabaseSync(historyOf(small));
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT model_id, total(json_extract(details, '$.cost.total')) FROM runs
          WHERE status <> 'running' AND started_at >= 0 GROUP BY 1`,
      )
      .all();
    assert.match(String(plan[0]?.['detail']), /COVERING INDEX runs_usage/);
  });
});
