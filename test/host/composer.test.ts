import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import type { Part } from '../../src/core/chat.ts';
import type { AttachedText } from '../../src/host/attachments/attachedText.ts';
import { KeptAttachments } from '../../src/host/attachments/keptAttachments.ts';
import { Composer, type ComposerSession } from '../../src/host/composer.ts';
import { emptyLane } from '../../src/host/lane.ts';
import { emptyPanel, foldPanel, type HostMessage, type PanelState } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';

const selection: AttachedText = {
  attachment: { path: 'src/a.ts', lines: [3, 4] },
  text: 'a + b',
  language: 'ts',
};

test('what is attached is shown with its tokens, for the model of the first lane', async () => {
  const { composer, state, model, counted } = composing();
  composer.attach({ ...selection, remark: 'It lies outside.' });
  assert.deepEqual(
    state().attachments.map(({ path, tokens }) => [path, tokens]),
    [['src/a.ts', null]],
  );
  const length = composer.parts[0]?.text.length ?? 0;
  await eventually(() => {
    assert.deepEqual(state().attachments[0]?.tokens, { count: length, isExact: false });
    return Promise.resolve();
  });
  assert.equal(state().attachments[0]?.note, 'Characters of one. It lies outside.');
  model('scripted/two');
  await eventually(() => {
    assert.equal(state().attachments[0]?.note, 'Characters of two. It lies outside.');
    return Promise.resolve();
  });
  assert.deepEqual(counted, ['scripted/one', 'scripted/two']);
});

test('what is attached again takes the place of what was, and what is taken out is gone', () => {
  const { composer, state } = composing();
  composer.attach(selection);
  composer.attach({ ...selection, text: 'a - b' });
  assert.deepEqual([composer.parts.length, composer.parts[0]?.text.includes('a - b')], [1, true]);
  composer.detach(state().attachments[0]?.id ?? '');
  assert.deepEqual([composer.parts, state().attachments], [[], []]);
});

test('what is attached goes along before the text and is gone once it is taken up', async () => {
  const { composer, state, sent } = composing();
  composer.attach(selection);
  const [part] = composer.parts;
  await composer.send({ type: 'send', text: 'Why?', images: ['data:image/png;base64,AA'] });
  assert.deepEqual(sent, [['Why?', [{ type: 'image', url: 'data:image/png;base64,AA' }, part]]]);
  assert.deepEqual(state().attachments, []);
});

test('what is refused stays attached', async () => {
  const { composer, state } = composing({ isTaken: false });
  composer.attach(selection);
  await composer.send({ type: 'send', text: 'Why?' });
  assert.equal(state().attachments.length, 1);
});

test('a file is sent as it is by then', async () => {
  const { composer, sent } = composing();
  composer.attach({ ...selection, reread: () => Promise.resolve('a * b') });
  await composer.send({ type: 'send', text: 'Why?' });
  assert.match(JSON.stringify(sent), /a \* b/);
});

test('a file that is gone keeps the message from being sent and says so, until it is back or taken out', async () => {
  const { composer, state, sent, posted } = composing();
  let isThere = false;
  const reread = () => (isThere ? Promise.resolve('a + b') : Promise.reject(new Error('a.ts is not there.')));
  composer.attach({ ...selection, reread });
  await composer.send({ type: 'send', text: 'Why?' });
  assert.deepEqual([sent, state().attachments[0]?.problem], [[], 'a.ts is not there.']);
  assert.deepEqual(posted.at(-1), { type: 'sent', isTaken: false });
  isThere = true;
  await composer.refresh();
  assert.equal(state().attachments[0]?.problem, undefined);
  await composer.send({ type: 'send', text: 'Why?' });
  assert.equal(sent.length, 1);
});

test('what is attached is there again after a reload, files as they are by then, until it is sent', async () => {
  const memory = mementoOf();
  const before = composing({ memory });
  before.composer.attach({ ...selection, remark: 'It lies outside.' });
  const file = 'file:///w/b.ts';
  const reread = () => Promise.resolve('b');
  const attachment = { path: 'b.ts' };
  before.composer.attach({ attachment, text: 'b', language: 'ts', file, reread });
  // A file may be long, and is read again.
  assert.doesNotMatch(JSON.stringify(memory.get('llmPlayground.attachments')), /"text":"b"/);

  const after = composing({ memory, files: { [file]: 'b, changed' } });
  await after.composer.restore();
  assert.deepEqual(
    after.composer.parts.map(({ text }) => /(a \+ b|b, changed)/.exec(text)?.[0]),
    ['a + b', 'b, changed'],
  );
  assert.match(after.state().attachments[0]?.note ?? '', /It lies outside\./);
  await after.composer.send({ type: 'send', text: 'Why?' });

  const last = composing({ memory });
  await last.composer.restore();
  assert.deepEqual(last.state().attachments, []);
});

test('an attached file that is gone after a reload is shown with what to do', async () => {
  const memory = mementoOf();
  const file = 'file:///w/b.ts';
  composing({ memory }).composer.attach({ ...selection, file, reread: () => Promise.resolve('b') });
  const { composer, state } = composing({ memory });
  await composer.restore();
  assert.deepEqual(
    state().attachments.map(({ problem }) => problem),
    [`${file} is not there.`],
  );
});

/** What VS Code keeps with a workspace. */
function mementoOf() {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => structuredClone(kept.get(key)),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, structuredClone(value))),
  } as Memento;
}

/** A composer of a session that takes up what is sent, or refuses it. */
function composing({
  isTaken = true,
  memory = mementoOf(),
  files = {},
}: { isTaken?: boolean; memory?: Memento; files?: Readonly<Record<string, string>> } = {}) {
  let state: PanelState = { ...emptyPanel, lanes: [{ ...emptyLane, id: '1', modelId: 'scripted/one' }] };
  const posted: HostMessage[] = [];
  const sent: (readonly [string, readonly Part[] | undefined])[] = [];
  const counted: string[] = [];
  const listeners = new Set<(message: HostMessage) => void>();
  const post = (message: HostMessage) => {
    posted.push(message);
    state = foldPanel(state, message);
    for (const listener of listeners) listener(message);
  };
  const session: ComposerSession = {
    chat: {
      send: (text, along) => {
        if (isTaken) sent.push([text, along]);
        post({ type: 'sent', isTaken });
        return Promise.resolve();
      },
    },
    surroundings: {
      attachments: new KeptAttachments(memory),
      textOfFile: (address) => {
        const text = files[address];
        return text === undefined
          ? Promise.reject(new Error(`${address} is not there.`))
          : Promise.resolve(text);
      },
      countTokens: (modelId, texts) => {
        counted.push(modelId);
        const note = `Characters of ${modelId.slice(modelId.indexOf('/') + 1)}.`;
        return Promise.resolve({ counts: texts.map(({ length }) => length), exactness: 'estimate', note });
      },
      log: { warn: (line: string) => assert.fail(line) } as unknown as ComposerSession['surroundings']['log'],
    },
    uri: () => 'file:///a.prompt',
    state: () => state,
    post,
    onMessage: (listener) => {
      listeners.add(listener);
      const dispose = (): void => void listeners.delete(listener);
      return { dispose };
    },
  };
  const model = (modelId: string) => post({ type: 'lane', laneId: '1', lane: { modelId } });
  return { composer: new Composer(session), state: () => state, posted, sent, counted, model };
}
