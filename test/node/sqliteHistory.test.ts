import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import type { HistoryFilter, SearchHit } from '../../src/core/conversation/store.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { run } from '../core/conversation/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'history-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, `${++files}.sqlite`);

/** A store whose clock goes on by one each time that it is asked. */
function opened(file = newFile()): SqliteStore {
  let now = 0;
  return new SqliteStore(file, () => ++now);
}

function say(store: SqliteStore, id: string, text: string): string {
  return store.conversations.append(id, { parentId: null, role: 'user', content: [{ type: 'text', text }] })
    .id;
}

describe('the list of the history', () => {
  test('has conversations and loose runs in one order, page by page, each once', () => {
    using store = opened();
    const { conversations } = store;
    for (let count = 0; count < 20; count++) {
      const { id } = conversations.create({ title: `c${count}` });
      say(store, id, 'Hi');
      store.insert(run(`r${count}`, { startedAt: count * 6 }));
    }
    const seen: string[] = [];
    const times: number[] = [];
    for (let after: string | undefined, page = 0; page === 0 || after !== undefined; page++) {
      const list = conversations.list({ limit: 7, ...(after === undefined ? {} : { after }) });
      for (const entry of list.entries) {
        seen.push(entry.kind === 'run' ? entry.run.id : entry.conversation.title);
        times.push(entry.kind === 'run' ? entry.run.startedAt : entry.conversation.updatedAt);
      }
      after = list.next;
    }
    assert.equal(new Set(seen).size, 40);
    assert.equal(seen.length, 40);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    assert.equal(conversations.count(), 40);
  });

  test('pages through entries of one moment', () => {
    using store = new SqliteStore(newFile(), () => 1000);
    for (let count = 0; count < 5; count++) {
      store.conversations.create({ title: `c${count}` });
      store.insert(run(`r${count}`));
    }
    const seen = new Set<string>();
    for (let after: string | undefined, page = 0; page === 0 || after !== undefined; page++) {
      const list = store.conversations.list({ limit: 3, ...(after === undefined ? {} : { after }) });
      for (const entry of list.entries) seen.add(entry.kind === 'run' ? entry.run.id : entry.conversation.id);
      after = list.next;
    }
    assert.equal(seen.size, 10);
  });

  test('says how many messages a conversation has, and which models', () => {
    using store = opened();
    const { id } = store.conversations.create();
    for (const modelId of ['openai/gpt-5', 'local/demo', 'local/demo']) {
      const parentId = say(store, id, 'Hi');
      const runId = `${modelId} ${parentId}`;
      store.insert(run(runId, { modelId }));
      store.conversations.append(id, { parentId, role: 'assistant', content: [], runId });
    }
    const [entry] = store.conversations.list({ limit: 1 }).entries;
    assert.ok(entry?.kind === 'conversation');
    assert.deepEqual([entry.messageCount, entry.modelIds], [6, ['local/demo', 'openai/gpt-5']]);
  });

  test('lets through what a filter asks for', () => {
    using store = opened();
    const { conversations } = store;
    const make = (title: string, promptUri?: string): string =>
      conversations.create({ title, ...(promptUri === undefined ? {} : { promptUri }) }).id;
    const [plain, prompt, pinned, archived] = [
      make('plain'),
      make('prompt', 'file:///a.prompt'),
      make('pinned'),
      make('archived 100%'),
    ];
    conversations.setPinned(pinned, true);
    conversations.setArchived(archived, true);
    const parentId = say(store, plain, 'Where is the needle?');
    store.insert(run('r1', { modelId: 'openai/gpt-5', text: 'In the haystack.' }));
    conversations.append(plain, { parentId, role: 'assistant', content: [], runId: 'r1' });
    say(store, prompt, 'x');
    store.insert(
      run('r2', {
        startedAt: 0,
        text: 'A needle, loose.',
        prompt: { uri: 'file:///a.prompt', name: 'a', version: '1' },
      }),
    );

    const found = (filter: HistoryFilter): string[] => {
      const names = conversations
        .list({ limit: 9 }, filter)
        .entries.map((entry) => (entry.kind === 'run' ? entry.run.id : entry.conversation.title));
      assert.equal(conversations.count(filter), names.length);
      return names;
    };
    assert.deepEqual(found({}), ['prompt', 'plain', 'pinned', 'r2']);
    assert.deepEqual(found({ promptUri: 'file:///a.prompt' }), ['prompt', 'r2']);
    assert.deepEqual(found({ modelId: 'openai/gpt-5' }), ['plain']);
    assert.deepEqual(found({ modelId: 'local/demo' }), ['r2']);
    assert.deepEqual(found({ pinned: true }), ['pinned']);
    assert.deepEqual(found({ pinned: false }), ['prompt', 'plain', 'r2']);
    assert.deepEqual(found({ archived: true }), ['archived 100%']);
    assert.deepEqual(found({ text: 'NEEDLE' }), ['plain', 'r2']);
    assert.deepEqual(found({ text: 'haystack', modelId: 'openai/gpt-5' }), ['plain']);
    assert.deepEqual(found({ text: 'inne' }), ['pinned']);
    assert.deepEqual(found({ text: '0%', archived: true }), ['archived 100%']);
    assert.deepEqual(found({ text: '   ' }), ['prompt', 'plain', 'pinned', 'r2']);
    assert.deepEqual(found({ text: 'nowhere' }), []);
  });

  test('is read by an index for every filter that can be large', () => {
    const file = newFile();
    {
      using store = opened(file);
      store.conversations.create();
    }
    const database = new DatabaseSync(file);
    const planOf = (sql: string): string =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .join('; ');
    const newest = 'ORDER BY updated_at DESC, id DESC LIMIT 5';
    const from = 'SELECT id FROM conversations WHERE deleted_at IS NULL AND archived = 0';
    assert.deepEqual(
      [
        `${from} AND (updated_at, id) < (5, 'a') ${newest}`,
        `${from} AND pinned = 1 ${newest}`,
        `${from} AND prompt_uri = 'a' ${newest}`,
        "SELECT id FROM runs WHERE conversation_id IS NULL AND (started_at, id) < (5, 'a') ORDER BY started_at DESC, id DESC LIMIT 5",
        "SELECT * FROM messages WHERE conversation_id = 'a' AND deleted_at IS NULL ORDER BY seq",
        'SELECT id FROM conversations WHERE change > 3 AND change <= 9',
        'SELECT id FROM runs WHERE conversation_id IS NULL AND change > 3 AND change <= 9',
        "SELECT id FROM runs WHERE conversation_id = 'a' AND model_id = 'b'",
        "SELECT 1 FROM messages WHERE run_id = 'a'",
      ].map((sql) => /USING (?:COVERING )?INDEX (\w+)/.exec(planOf(sql))?.[1] ?? planOf(sql)),
      [
        'conversations_newest',
        'conversations_pinned',
        'conversations_of_prompt',
        'runs_loose',
        'messages_of_conversation',
        'conversations_changed',
        'runs_changed',
        'runs_of_conversation',
        'messages_of_run',
      ],
    );
    assert.doesNotMatch(planOf(`${from} ${newest}`), /TEMP B-TREE/);
    database.close();
  });
});

describe('the search', () => {
  const marked = ({ snippet }: SearchHit): string =>
    snippet.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('');
  const found = (store: SqliteStore, words: string): string[] =>
    store.conversations.search(words, { limit: 9 }).hits.map(marked);

  test('finds messages and answers, newest first, and says where they are', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create({ title: 'T' });
    const parentId = say(store, id, 'Where is the needle?');
    store.insert(run('r1', { text: 'The Needle is in the haystack.' }));
    const answer = conversations.append(id, { parentId, role: 'assistant', content: [], runId: 'r1' });
    store.insert(run('loose', { startedAt: 7, text: 'needles' }));
    const { hits } = conversations.search('needle', { limit: 9 });
    assert.deepEqual(
      hits.map(({ snippet: _, ...hit }) => hit),
      [
        { runId: 'loose', modelId: 'local/demo', at: 7 },
        {
          conversationId: id,
          title: 'T',
          messageId: answer.id,
          runId: 'r1',
          modelId: 'local/demo',
          at: answer.createdAt,
        },
        { conversationId: id, title: 'T', messageId: parentId, at: hits[2]?.at },
      ],
    );
    assert.deepEqual(hits.map(marked), [
      '[needles]',
      'The [Needle] is in the haystack.',
      'Where is the [needle]?',
    ]);
  });

  test('wants all words, the last one as a beginning, and words in quotes as they stand', () => {
    using store = opened();
    const { id } = store.conversations.create();
    for (const text of ['the quick brown fox', 'brown and quick', 'Ünïcode café', 'x snake_case y'])
      say(store, id, text);
    assert.deepEqual(found(store, 'quick bro'), ['[brown] and [quick]', 'the [quick] [brown] fox']);
    assert.deepEqual(found(store, '"quick brown"'), ['the [quick brown] fox']);
    assert.deepEqual(found(store, '"quick bro"'), []);
    assert.deepEqual(found(store, 'unicode CAFE'), ['[Ünïcode] [café]']);
    assert.deepEqual(found(store, 'snake_case'), ['x [snake_case] y']);
    assert.deepEqual(found(store, 'quick fox -'), ['the [quick] brown [fox]']);
  });

  test('takes what would be a language of queries as words', () => {
    using store = opened();
    const { id } = store.conversations.create();
    say(store, id, 'near OR far AND col text');
    for (const words of [
      'NEAR(',
      'a OR',
      '"',
      '""',
      'text:',
      '^near',
      '*',
      '-',
      '\0',
      '{x}',
      "'; DROP TABLE runs",
      '',
    ]) {
      assert.doesNotThrow(() => found(store, words), words);
    }
    assert.deepEqual(found(store, 'near OR'), ['[near] [OR] far AND col text']);
    assert.deepEqual(found(store, 'far "unclosed'), []);
  });

  test('finds words in scripts that put no spaces between them', () => {
    using store = opened();
    const { id } = store.conversations.create();
    say(store, id, '我想知道什么是分词器，谢谢。');
    say(store, id, 'Nothing of that');
    assert.deepEqual(found(store, '分词器'), ['我想知道什么是[分词器]，谢谢。']);
    assert.deepEqual(found(store, '知道 分词'), ['我想[知道]什么是[分词]器，谢谢。']);
    assert.equal(store.conversations.count({ text: '分词' }), 1);
  });

  test('goes on where a page ended', () => {
    using store = opened();
    const { id } = store.conversations.create();
    for (let count = 0; count < 5; count++) say(store, id, `needle ${count}`);
    const first = store.conversations.search('needle', { limit: 3 });
    const second = store.conversations.search('needle', { limit: 3, after: first.next ?? 0 });
    assert.deepEqual(
      [...first.hits, ...second.hits].map(marked),
      [4, 3, 2, 1, 0].map((count) => `[needle] ${count}`),
    );
    assert.equal(second.next, undefined);
  });

  test('finds an answer once it has ended, also where it was taken for dead and went on', () => {
    const file = newFile();
    using store = opened(file);
    store.insert(run('r1', { text: '', outcome: { status: 'running' } }));
    store.update('r1', { ...emptyOutput, text: 'early words' });
    assert.deepEqual(found(store, 'early'), []);
    const other = new DatabaseSync(file);
    other.exec("UPDATE runs SET status = 'interrupted'");
    assert.deepEqual(found(store, 'early'), ['[early] words']);
    store.update('r1', { ...emptyOutput, text: 'early words and more' });
    store.update('r1', { ...emptyOutput, text: 'late words', outcome: { status: 'stopped' } });
    assert.deepEqual([found(store, 'early'), found(store, 'late')], [[], ['[late] words']]);
    other.exec(`INSERT INTO search (search) VALUES ('integrity-check')`);
    other.close();
  });
});
