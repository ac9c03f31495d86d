import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { type ConversationUsage, noUsage } from '../../src/core/usage/usage.ts';
import { keepAll } from '../../src/core/context/fitting.ts';
import { showConversationUsage } from '../../src/host/conversationUsage.ts';
import { emptyLane } from '../../src/host/lane.ts';
import { emptyPanel, foldPanel, type HostMessage, type LaneView, type Run } from '../../src/protocol.ts';

test('what was used is read again when a run has ended, and only then', () => {
  const session = sessionOf(() => ({ ...nothing, runs: session.reads, inputTokens: 10 * session.reads }));
  session.post({ type: 'change', state: { chat, lanes: [laneOf(runOf('one'))] } });
  assert.equal(session.state.used?.inputTokens, 10);
  session.post({ type: 'change', state: { lanes: [laneOf(runOf('two', { outcome: running }))] } });
  const answering = session.reads;
  for (const text of ['Be', 'cause'])
    session.post({ type: 'run-events', runs: [{ runId: 'two', events: [{ type: 'text', text }] }] });
  assert.equal(session.reads, answering);
  const timing = { totalMs: 1 };
  session.post({
    type: 'run-events',
    runs: [{ runId: 'two', events: [{ type: 'end', outcome: { status: 'stopped' }, timing }] }],
  });
  assert.equal(session.reads, answering + 1);
  session.post({ type: 'change', state: { chat: null } });
  assert.equal(session.state.used, null);
});

test('what a summary has used is shown also where nothing could be sent after it', () => {
  const session = sessionOf(() => ({ ...nothing, runs: session.reads }));
  session.post({ type: 'change', state: { chat, lanes: [laneOf(runOf('one'))] } });
  const before = session.reads;
  const problem = { message: 'The budget of this month is spent.', missing: [] };
  session.post({ type: 'lane', laneId: '1', lane: { problem } });
  assert.deepEqual([session.reads, session.state.used?.runs], [before + 1, before + 1]);
});

test('answers that the history did not take are counted beside those that it has, each once', () => {
  const session = sessionOf(() => ({ ...nothing, runs: 1, inputTokens: 100 }));
  const unsaved = { unsaved: 'The disk is full.', usage: { inputTokens: 7, outputTokens: 1 } };
  for (const run of [runOf('one', unsaved), runOf('two', unsaved), runOf('one', unsaved)])
    session.post({ type: 'change', state: { chat, lanes: [laneOf(run)] } });
  assert.deepEqual(
    [session.state.used?.runs, session.state.used?.inputTokens, session.state.used?.outputTokens],
    [3, 114, 2],
  );
});

test('summaries that the history did not take are counted too, as what they are', () => {
  const usage = { inputTokens: 30, outputTokens: 4 };
  const session = sessionOf(() => ({ ...nothing, runs: 1, inputTokens: 100 }), [runOf('summary', { usage })]);
  session.post({ type: 'change', state: { chat, lanes: [laneOf(runOf('one'))] } });
  const { used } = session.state;
  assert.deepEqual(
    [used?.runs, used?.inputTokens, used?.summaries.runs, used?.summaries.inputTokens],
    [2, 130, 1, 30],
  );
});

test('a history that cannot be read shows nothing, and says why in the log', () => {
  const session = sessionOf(() => {
    throw new Error('The file is damaged.');
  });
  session.post({ type: 'change', state: { chat } });
  assert.equal(session.state.used, null);
  assert.deepEqual(session.warnings, ['What the conversation has used is not known: The file is damaged.']);
});

const chat = { id: 'c1', title: 'Tokens', system: null, fitting: keepAll };
const nothing = { ...noUsage, summaries: noUsage };
const running = { status: 'running' } as const;

function runOf(id: string, changes: Partial<Run> = {}): Run {
  return {
    ...emptyOutput,
    id,
    startedAt: 0,
    variables: {},
    modelId: 'openai/gpt-5',
    request: { model: 'gpt-5', messages: [], settings: {} },
    outcome: { status: 'finished', reason: 'stop' },
    ...changes,
  };
}

function laneOf(run: Run): LaneView {
  return { ...emptyLane, id: '1', run, message: { id: run.id, siblings: [run.id] } };
}

/** The state of a session, which changes by messages as it does there. */
function sessionOf(used: () => ConversationUsage, unsavedSummaries: readonly Run[] = []) {
  const listeners: ((message: HostMessage) => void)[] = [];
  const warnings: string[] = [];
  const session = {
    state: emptyPanel,
    reads: 0,
    warnings,
    onMessage: (listener: (message: HostMessage) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
    showUsed: (totals: ConversationUsage | null) => session.post({ type: 'change', state: { used: totals } }),
    post: (message: HostMessage) => {
      session.state = foldPanel(session.state, message);
      for (const listener of listeners) listener(message);
    },
  };
  showConversationUsage(session, {
    usedIn: () => {
      session.reads++;
      return used();
    },
    summaries: { unsavedOf: () => unsavedSummaries },
    log: { warn: (line: string) => void warnings.push(line) },
  });
  return session;
}
