import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type PanelSurroundings, Panels } from '../../../src/host/panels.ts';
import type { Session } from '../../../src/host/session.ts';
import { Sessions } from '../../../src/host/sessions.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { type Filled, type HostMessage, protocolVersion, type ViewMessage } from '../../../src/protocol.ts';
import { ScriptedProvider } from '../../core/run/scriptedProvider.ts';
import { surroundingsOf } from './sessionFixture.ts';
import { test } from './suite.ts';

test('what a form is filled with comes again with each page, until one says that it has it', async () => {
  await withPanel(({ page, session }) => {
    session.tell(filled);
    // The page that was there then is gone; this one is new.
    page.send({ type: 'ready', protocol: protocolVersion });
    assert.deepEqual(page.taken().slice(-2), ['snapshot', 'filled']);
    page.send({ type: 'has-filled', id: filled.id });
    page.send({ type: 'ready', protocol: protocolVersion });
    assert.equal(page.taken().at(-1), 'snapshot');
    return Promise.resolve();
  });
});

test('a page that asks whether its host is there is answered', async () => {
  await withPanel(({ page }) => {
    page.send({ type: 'ping' });
    assert.equal(page.taken().at(-1), 'pong');
    return Promise.resolve();
  });
});

test('what the page of an ended host had kept goes to the panel of its prompt, once', async () => {
  await withPanel(async ({ page, session, panels }) => {
    const kept = { promptUri: session.uri.toString(), followUp: 'And then?' };
    await panels.replace(kept);
    const given = () =>
      page.messages.flatMap((message) => (message.type === 'snapshot' ? [message.kept] : []));
    assert.deepEqual(given(), [kept]);
    page.send({ type: 'ready', protocol: protocolVersion });
    assert.deepEqual(given(), [kept, undefined]);
    // What is no page of ours says nothing.
    await panels.replace({ promptUri: 7 });
    await panels.replace(undefined);
    assert.deepEqual(given(), [kept, undefined]);
  });
});

interface OnePanel {
  readonly panels: Panels;
  readonly session: Session;
  readonly page: ReturnType<typeof pageOf>;
}

/** A panel of a new prompt, with a history of its own. */
async function withPanel(use: (panel: OnePanel) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'panels-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const surroundings = surroundingsOf(store, new ScriptedProvider());
  const sessions = new Sessions(surroundings);
  const panels = new Panels({
    sessions,
    extensionUri: vscode.Uri.file(folder),
    contexts: { onModelsKnown: new vscode.EventEmitter().event, log: surroundings.log },
    log: surroundings.log,
  } as unknown as PanelSurroundings);
  try {
    const { uri } = await vscode.workspace.openTextDocument({ language: 'llm-prompt', content: '{{topic}}' });
    const page = pageOf();
    await panels.deserializeWebviewPanel(page.panel, { promptUri: uri.toString() });
    await use({ panels, session: sessions.of(uri), page });
  } finally {
    panels.dispose();
    sessions.dispose();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

const filled: Filled = { type: 'filled', id: 'f1', from: 'a file', values: {}, texts: { topic: 'tokens' } };

/** A panel that VS Code brings back, of whose page the test is the other side. */
function pageOf() {
  const received = new vscode.EventEmitter<ViewMessage>();
  const messages: HostMessage[] = [];
  const webview = {
    onDidReceiveMessage: received.event,
    postMessage: (message: HostMessage) => Promise.resolve(messages.push(message) > 0),
    asWebviewUri: (uri: vscode.Uri) => uri,
    cspSource: '',
  };
  const panel = {
    webview,
    title: '',
    reveal: () => undefined,
    dispose: () => undefined,
    onDidDispose: new vscode.EventEmitter().event,
    onDidChangeViewState: new vscode.EventEmitter().event,
  };
  return {
    panel: panel as unknown as vscode.WebviewPanel,
    messages: messages as readonly HostMessage[],
    send: (message: ViewMessage) => received.fire(message),
    /** What the page was told, in order. */
    taken: () => messages.map(({ type }) => type),
  };
}
