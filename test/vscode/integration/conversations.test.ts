import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Run } from '../../../src/core/store.ts';
import { ConversationActions } from '../../../src/host/conversations/conversationActions.ts';
import { ConversationDocuments } from '../../../src/host/conversations/conversationDocuments.ts';
import {
  type ConversationsRow,
  ConversationsView,
} from '../../../src/host/conversations/conversationsView.ts';
import { importFile } from '../../../src/host/conversations/importConversations.ts';
import { conversationIdOf } from '../../../src/host/conversations/entry.ts';
import { found } from '../../../src/host/conversations/searchConversations.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { SqliteUsage } from '../../../src/node/sqliteUsage.ts';
import { test } from './suite.ts';

test('a run appears in the Conversations view once it is polled', async () => {
  await withHistory(({ store, view }) => {
    assert.deepEqual(rowsOf(view), []);
    store.insert(runOf('one', Date.now()));
    let changes = 0;
    view.onDidChangeTreeData(() => changes++);
    view.poll();
    view.poll();
    assert.equal(changes, 1);
    assert.deepEqual(rowsOf(view), [['Today', 'Why is the sky blue? Rayleigh.']]);
  });
});

test('a renamed and pinned run is a conversation under Pinned', async () => {
  await withHistory(async ({ store, view, actions }) => {
    store.insert(runOf('one', Date.now()));
    store.conversations.rename(conversationIdOf(store, { kind: 'run', id: 'one' }), 'The sky');
    const [entry] = store.conversations.list({ limit: 1 }).entries;
    assert.ok(entry?.kind === 'conversation');
    await actions.setPinned({ kind: 'conversation', id: entry.conversation.id }, true);
    assert.deepEqual(rowsOf(view), [['Pinned', 'The sky']]);
  });
});

test('hovering over a conversation says what all its runs have used', async () => {
  await withHistory(({ store, view }) => {
    const usage = { inputTokens: 100, outputTokens: 20 };
    store.insert({ ...runOf('one', Date.now()), usage, servedModel: 'demo' });
    conversationIdOf(store, { kind: 'run', id: 'one' });
    const [group] = view.getChildren();
    const [row] = view.getChildren(group);
    assert.ok(row);
    const { tooltip } = view.resolveTreeItem(view.getTreeItem(row), row);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    // Markdown of a plain text has its blanks and signs escaped.
    const said = tooltip.value.replaceAll('&nbsp;', ' ').replaceAll('\\', '');
    assert.match(said, /1 run: 100 tokens in and 20 out, at a cost that is not known\./);
  });
});

test('a deleted entry is gone at once, and restored it is back', async () => {
  await withHistory(({ store, view, actions }) => {
    store.insert(runOf('one', Date.now()));
    const id = conversationIdOf(store, { kind: 'run', id: 'one' });
    // It waits for the Undo button.
    void actions.delete({ kind: 'conversation', id });
    assert.deepEqual(rowsOf(view), []);
    store.conversations.restore(id);
    assert.equal(rowsOf(view).length, 1);
  });
});

test('search finds what was answered, and a page has a More… row', async () => {
  await withHistory(({ store, view }) => {
    for (let count = 0; count < 51; count++) store.insert(runOf(`run ${count}`, Date.now()));
    assert.equal(found(store, '"sky blue" rayl').length, 50);
    assert.deepEqual(rowsOf(view).at(-1), ['Today', 'More…']);
    view.showMore();
    assert.equal(rowsOf(view).length, 51);
  });
});

test('an export writes the file in the format of its name', async () => {
  await withHistory(async ({ store, actions, folder }) => {
    store.insert(runOf('one', Date.now()));
    const texts: string[] = [];
    for (const format of ['json', 'md', 'html']) {
      const file = join(folder, `sky.${format}`);
      await actions.export({ kind: 'run', id: 'one' }, vscode.Uri.file(file));
      texts.push((await readFile(file, 'utf8')).slice(0, 9));
    }
    assert.deepEqual(texts, ['{\n  "form', '# Why is ', '<!doctype']);
  });
});

test('a file is imported and opened, and a broken one adds nothing', async () => {
  await withHistory(async ({ store, view, actions, folder, opened }) => {
    store.insert(runOf('one', Date.now()));
    const file = vscode.Uri.file(join(folder, 'sky.json'));
    await actions.export({ kind: 'run', id: 'one' }, file);
    const broken = vscode.Uri.file(join(folder, 'broken.json'));
    await vscode.workspace.fs.writeFile(broken, new TextEncoder().encode('{"format":'));
    await assert.rejects(
      importFile(store, broken),
      /^Error: broken.json was not imported. The file is not JSON/,
    );
    void actions.import([file]);
    while (opened.length === 0) await delay(10);
    assert.deepEqual(
      rowsOf(view).map(([, title]) => title),
      ['Why is the sky blue? Rayleigh.', 'Why is the sky blue? Rayleigh.'],
    );
  });
});

test('an archived entry leaves the list, and a filter shows it or one model alone', async () => {
  await withHistory(async ({ store, view, actions }) => {
    store.insert(runOf('one', Date.now()));
    store.insert({ ...runOf('two', Date.now()), modelId: 'openai/gpt-5' });
    await Promise.race([actions.setArchived({ kind: 'run', id: 'one' }, true), delay(50)]);
    assert.equal(rowsOf(view).length, 1);
    view.show({ archived: true });
    assert.deepEqual(rowsOf(view), [['Today', 'Why?']]);
    view.show({ modelId: 'local/demo' });
    assert.equal(rowsOf(view).length, 0);
    view.show({ modelId: 'openai/gpt-5' });
    assert.equal(rowsOf(view).length, 1);
    assert.deepEqual(store.conversations.facets().modelIds, ['local/demo', 'openai/gpt-5']);
  });
});

test('the search box opens what was run before', async () => {
  const document = await vscode.workspace.openTextDocument({
    language: 'llm-prompt',
    content: 'Say something about zebras.',
  });
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('llmPlayground.run');
  await vscode.commands.executeCommand('llmPlayground.searchConversations');
  await delay(500);
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  while (!tabs().some(({ label }) => label.startsWith('Say something'))) await delay(20);
  // Other tests look at which columns there are.
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

function tabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

interface Fixture {
  readonly store: SqliteStore;
  readonly view: ConversationsView;
  readonly actions: ConversationActions;
  readonly folder: string;
  /** The conversations that were opened in panels. */
  readonly opened: readonly string[];
}

/** A view over a history of its own. */
async function withHistory(use: (fixture: Fixture) => Promise<void> | void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'conversations-'));
  const file = join(folder, 'history.sqlite');
  const store = new SqliteStore(file, Date.now);
  const usage = new SqliteUsage(file);
  const view = new ConversationsView(store, (id) => usage.ofConversation(id), Date.now);
  const opened: string[] = [];
  const panels = {
    open: (id: string) => Promise.resolve(void opened.push(id)),
    changed: () => undefined,
  };
  const actions = new ConversationActions(store, new ConversationDocuments(store), panels, () => view.poll());
  try {
    await use({ store, view, actions, folder, opened });
  } finally {
    view.dispose();
    usage[Symbol.dispose]();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The entries of a view, each after its group. */
function rowsOf(view: ConversationsView): unknown[][] {
  const labelOf = (row: ConversationsRow): unknown => view.getTreeItem(row).label;
  return view
    .getChildren()
    .flatMap((group) => view.getChildren(group).map((row) => [labelOf(group), labelOf(row)]));
}

function runOf(id: string, startedAt: number): Run {
  return {
    id,
    startedAt,
    variables: {},
    modelId: 'local/demo',
    request: {
      model: 'demo',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Why?' }] }],
      settings: {},
    },
    warnings: [],
    text: 'Why is the sky blue? Rayleigh.',
    reasoning: '',
    toolCalls: [],
    logprobs: [],
    outcome: { status: 'finished', reason: 'stop' },
  };
}
