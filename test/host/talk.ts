/** Lanes of one prompt or chat at a scripted model, for tests of what is said in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { textMessage, textOf } from '../../src/core/chat.ts';
import type { PreparedRun } from '../../src/core/run/prepareRun.ts';
import type { RunEstimate } from '../../src/core/store.ts';
import { Chat, type Turn } from '../../src/host/chat.ts';
import { fitTurn } from '../../src/host/chatFitting.ts';
import { laneMessage } from '../../src/host/chatTurns.ts';
import { EventBatch } from '../../src/host/eventBatch.ts';
import { followUp } from '../../src/host/followUp.ts';
import { emptyLane, Lane } from '../../src/host/lane.ts';
import type { SessionSurroundings } from '../../src/host/sessionSurroundings.ts';
import { Summaries } from '../../src/host/summaries.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type LaneView,
  type PanelState,
  type PromptView,
} from '../../src/protocol.ts';
import { wordEstimator } from './wordEstimator.ts';
import { ScriptedProvider, start, type Step, stop, text } from '../core/run/scriptedProvider.ts';

export const folder = mkdtempSync(join(tmpdir(), 'chat-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

export function says(answer: string): Step[] {
  return [start, text(answer), stop];
}

const sendsAll: SessionSurroundings['fitter'] = {
  fit: ({ request }) => Promise.resolve({ request, view: null }),
};

/** Lanes of one prompt at a scripted model, over a history of their own. */
export function talkOf(
  options:
    | readonly string[]
    | ({
        readonly ids: readonly string[];
        readonly store?: SqliteStore | undefined;
        readonly chatId?: string;
        readonly prepared?: PreparedRun;
      } & Partial<Pick<SessionSurroundings, 'fitter'> & { readonly summariserWindow: number }>),
  ...scripts: (readonly Step[])[]
) {
  const {
    ids,
    store = new SqliteStore(join(folder, `${++files}.sqlite`), Date.now),
    chatId,
    prepared: asPrompt = plain,
    summariserWindow,
    fitter = sendsAll,
  } = 'ids' in options ? options : { ids: options };
  const provider = new ScriptedProvider(...scripts);
  const chat = new Chat(
    store,
    chatId === undefined ? { promptUri: () => 'file:///a.prompt' } : { id: chatId },
  );
  const prompt: PromptView | null =
    chatId === undefined
      ? null
      : { uri: 'c', name: 'c', isChat: true, modelId: 'scripted/one', settings: {}, fields: [], values: {} };
  let state: PanelState = { ...emptyPanel, lanes: ids.map((id) => ({ ...emptyLane, id })) };
  const posted: HostMessage[] = [];
  const post = (message: HostMessage) => {
    posted.push(message);
    state = foldPanel(state, message);
  };
  const viewOf = (id: string): LaneView => state.lanes.find((lane) => lane.id === id) ?? { ...emptyLane, id };
  const change = (laneId: string, lane: Partial<LaneView>) => post(laneMessage(state, laneId, lane));
  const summaries = new Summaries({
    providers: [provider],
    store,
    priceOf: () => Promise.resolve(undefined),
    holdToBudget: () => Promise.resolve(),
    estimator: wordEstimator(summariserWindow),
    shown: (action) => action(new AbortController().signal),
  });
  const surroundings = {
    providers: [provider],
    store,
    priceOf: () => Promise.resolve(undefined),
    estimateOf: () => Promise.resolve(expected),
    log: { error: () => undefined },
    fitter,
    summaries,
  } as unknown as SessionSurroundings;
  const batch = new EventBatch((runs) => post({ type: 'run-events', runs }));
  const lanes = ids.map(
    (id) =>
      new Lane(id, {
        surroundings,
        batch,
        view: () => viewOf(id),
        change: (changed) => change(id, changed),
        leaveChat: () => chat.leave(state.lanes, id),
      }),
  );
  const laneOf = (id: string) => lanes.find((lane) => lane.id === id);
  return {
    store,
    chat,
    provider,
    summaries,
    posted,
    change,
    lane: viewOf,
    run: async (id: string) => laneOf(id)?.run(Promise.resolve(asPrompt)),
    ask: async (id: string, turn: (chat: Chat, lane: LaneView) => Turn) =>
      laneOf(id)?.converse(async (signal) => {
        const before = chat.runBefore(viewOf(id));
        const next = turn(chat, viewOf(id));
        const whole = followUp(before, prompt, next.messages);
        const asked = { turn: next, lane: viewOf(id), prepared: whole };
        const { prepared, fit } = await fitTurn(chat, surroundings, asked, signal);
        return { prepared, begin: (run) => ({ ...next.begin(run), fit }) };
      }),
    turnTo: (id: string, messageId: string) => change(id, chat.turnTo(viewOf(id), messageId) ?? {}),
    /** What was sent last, whole. */
    sentParts: () => provider.requests.at(-1)?.messages ?? [],
    /** What was sent last. */
    sent: () => provider.requests.at(-1)?.messages.map((message) => `${message.role}: ${textOf(message)}`),
    /** What a reader of the lane sees, from the first answer on. */
    shown: (id: string) => [...viewOf(id).turns.map((turn) => turn.text), viewOf(id).run?.text],
    [Symbol.dispose]: () => {
      batch.dispose();
      store[Symbol.dispose]();
    },
  };
}

/** What is expected of every run. */
export const expected: RunEstimate = { inputTokens: 9, exactness: 'exact' };

/** A run of a prompt that has no version. */
export const plain: PreparedRun = {
  warnings: [],
  input: {
    variables: {},
    modelId: 'scripted/one',
    request: { model: 'one', messages: [textMessage('user', 'What is a token?')], settings: {} },
  },
};
