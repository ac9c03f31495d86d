import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResponseFormat } from '../../src/core/chat.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { checkAnswers } from '../../src/host/answerChecks.ts';
import { emptyLane } from '../../src/host/lane.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type Outcome,
  type PanelState,
  type Run,
} from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';

const schema = { type: 'object', required: ['name'] };
const held: ResponseFormat = { type: 'json-schema', name: 'answer', schema };
const finished: Outcome = { status: 'finished', reason: 'stop' };

test('an answer is checked once it has ended, with what it goes on from', async () => {
  const session = answering();
  session.show(runOf('a', '"x"}', { status: 'running' }), '{"name": ');
  session.post({ type: 'run-events', runs: [{ runId: 'a', events: [{ type: 'end', ...ended }] }] });
  await session.checked({ runId: 'a', against: 'json-schema', mismatches: [], more: 0 });
});

test('each answer is checked once, and the next one anew', async () => {
  const session = answering();
  session.show(runOf('a', '{}'));
  session.show(runOf('a', '{}'));
  await session.checked({
    runId: 'a',
    against: 'json-schema',
    mismatches: [{ path: '', message: 'lacks "name"' }],
    more: 0,
  });
  session.show(runOf('b', '{"name": 1}'));
  await session.checked({ runId: 'b', against: 'json-schema', mismatches: [], more: 0 });
  assert.equal(session.told, 2);
});

test('of many mismatches the first twenty are told one by one', async () => {
  const session = answering();
  const items = { type: 'json-schema', name: 'a', schema: { items: { type: 'string' } } } as const;
  session.show(runOf('a', JSON.stringify(Array.from({ length: 25 }, (_, at) => at)), finished, items));
  await eventually(() => {
    const { check } = session.state.lanes[0] ?? {};
    assert.deepEqual([check?.mismatches.length, check?.more], [20, 5]);
    return Promise.resolve();
  });
});

test('what was stopped, or may be anything, is not checked', async () => {
  const session = answering();
  session.show(runOf('a', '{', { status: 'stopped' }));
  session.show(runOf('b', '{', finished, { type: 'gbnf', grammar: 'root ::= "{"' }));
  session.show(runOf('c', '{"name": 1}', finished, { type: 'json' }));
  await session.checked({ runId: 'c', against: 'json', mismatches: [], more: 0 });
  assert.equal(session.told, 1);
});

const ended = { outcome: finished, timing: { totalMs: 1 } };

function runOf(id: string, text: string, outcome: Outcome = finished, responseFormat = held): Run {
  return {
    ...emptyOutput,
    id,
    startedAt: 1,
    variables: {},
    modelId: 'local/demo',
    request: { model: 'demo', messages: [], settings: {}, responseFormat },
    text,
    outcome,
  };
}

/** A session of one lane, whose answers are checked. */
function answering() {
  let state: PanelState = { ...emptyPanel, lanes: [{ ...emptyLane, id: '1' }] };
  let listen: (message: HostMessage) => void = () => undefined;
  let told = 0;
  const post = (message: HostMessage) => {
    state = foldPanel(state, message);
    listen(message);
  };
  const session = {
    get state() {
      return state;
    },
    get told() {
      return told;
    },
    onMessage: (listener: (message: HostMessage) => void) => {
      listen = listener;
      return { dispose: () => undefined };
    },
    tell: (message: HostMessage) => {
      told++;
      post(message);
    },
  };
  checkAnswers(session, { log: { warn: (line: string) => assert.fail(line) } });
  return Object.assign(session, {
    post,
    show: (run: Run, lead = '') => post({ type: 'lane', laneId: '1', lane: { run, lead } }),
    checked: (check: PanelState['lanes'][number]['check']) =>
      eventually(() => {
        assert.deepEqual(state.lanes[0]?.check, check);
        return Promise.resolve();
      }),
  });
}
