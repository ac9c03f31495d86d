import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { salvage } from '../../src/node/sqliteSalvage.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { run, wholeTree } from '../core/conversation/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'salvage-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(folder, `${++files}.sqlite`);

/** A history with a whole conversation, and loose runs that fill many pages. */
function filled(runs: number): string {
  const file = newFile();
  using store = new SqliteStore(file, Date.now);
  store.conversations.import(wholeTree);
  store.versions.keep('v1', 'What is {{it}}?');
  for (let index = 0; index < runs; index++) {
    const loose = run(`loose-${index}`, { text: `answer ${index} `.repeat(200) });
    store.insert(loose);
    store.update(loose.id, loose);
  }
  return file;
}

function withoutLog(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  database.close();
}

test('everything comes out of a file that is whole, once', () => {
  const file = filled(3);
  using into = new SqliteStore(newFile(), Date.now);
  assert.deepEqual(salvage(file, into), { conversations: 1, runs: 5, isWhole: true });
  const { conversation, messages } = into.conversations.get('c') ?? assert.fail();
  assert.deepEqual(conversation, wholeTree.conversation);
  assert.deepEqual(messages, wholeTree.messages);
  assert.deepEqual(into.conversations.runs('c'), wholeTree.runs);
  assert.equal(into.get('loose-2')?.text, 'answer 2 '.repeat(200));
  assert.equal(into.versions.textOf('v1'), 'What is {{it}}?');
  assert.deepEqual(salvage(file, into), { conversations: 0, runs: 0, isWhole: true });
  assert.equal(into.conversations.count(), 4);
});

test('pages that are damaged take no others with them', () => {
  const file = filled(60);
  withoutLog(file);
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 4096 / 2) * 4096;
  writeFileSync(file, bytes.fill(0xa5, middle, middle + 4096 * 3));
  using into = new SqliteStore(newFile(), Date.now);
  const { runs, isWhole } = salvage(file, into);
  assert.equal(isWhole, false);
  assert.ok(runs >= 30 && runs < 62, `${runs} of 62 runs`);
  assert.ok(into.get('loose-0') && into.get('loose-59'), 'runs before and behind the damage');
});

test('what is lost leaves a gap: a conversation without its row, an answer without its run, a message without what it follows', () => {
  const file = filled(0);
  const database = new DatabaseSync(file);
  database.exec('PRAGMA foreign_keys = OFF');
  database.exec(
    "DELETE FROM conversations; DELETE FROM runs WHERE id = 'r1'; DELETE FROM messages WHERE id = 't1'",
  );
  database.close();
  using into = new SqliteStore(newFile(), Date.now);
  assert.equal(salvage(file, into).conversations, 1);
  const { conversation, messages } = into.conversations.get('c') ?? assert.fail();
  assert.equal(conversation.title, 'Recovered conversation');
  const lost = messages.find(({ id }) => id === 'a1');
  assert.equal(lost?.runId, undefined);
  assert.deepEqual(lost?.content, [{ type: 'text', text: '[This answer could not be recovered.]' }]);
  assert.equal(messages.find(({ id }) => id === 'u2')?.parentId, null);
});

test('a run that lost a message that it sent keeps the others', () => {
  const file = newFile();
  {
    using store = new SqliteStore(file, Date.now);
    const messages = [textMessage('system', 'Be brief.'), textMessage('user', 'Why?')];
    store.insert(run('r', { request: { model: 'demo', messages, settings: {} } }));
  }
  const database = new DatabaseSync(file);
  database.exec('DELETE FROM sent_messages WHERE id = 1');
  database.close();
  using into = new SqliteStore(newFile(), Date.now);
  salvage(file, into);
  assert.deepEqual(into.get('r')?.request.messages, [textMessage('user', 'Why?')]);
});

test('a file that is no database says so', () => {
  const file = newFile();
  writeFileSync(file, 'nothing of a history '.repeat(500));
  using into = new SqliteStore(newFile(), Date.now);
  assert.throws(() => salvage(file, into), /Nothing of .* can be read: file is not a database/);
});
