/** The command line as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { importConversation } from '../../src/core/conversation/import.ts';
import { historyPlaces } from '../../src/node/historyPlaces.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { run as runOf, wholeTree } from '../core/conversation/fixtures.ts';
import { type CliOutcome, runCli } from './cliFixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-history-'));
after(() => rmSync(folder, { recursive: true }));

// Nobody's own history is read, wherever the tests run.
const home = join(folder, 'home');
const environment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: home,
  USERPROFILE: home,
  APPDATA: join(home, 'AppData'),
  NODE_NO_WARNINGS: '1',
};

const prompt = join(folder, 'ä (1).prompt');
const database = join(folder, 'history.sqlite');
const uri = `file://${folder}/%C3%A4%20%281%29.prompt`;
{
  using store = new SqliteStore(database, Date.now);
  store.insert(
    runOf('loose', { startedAt: 0, text: 'A needle.', prompt: { uri, name: 'ä (1).prompt', version: '1' } }),
  );
  store.conversations.import({ ...wholeTree, messages: wholeTree.messages });
}

test('history list prints a line for each conversation and loose run, newest first', () => {
  assert.deepEqual(run('list', '--database', database), {
    status: 0,
    stdout: `c\t2026-11-24 12:31 UTC\t5 messages, local/demo\tTokens
loose\t1970-01-01 00:00 UTC\trun, local/demo\tä (1).prompt
`,
    stderr: '',
  });
});

test('history list takes a limit, a model and a prompt by its file', () => {
  const limited = run('list', '--limit', '1', '--database', database);
  assert.match(limited.stdout, /^c\t[^\n]*\n$/);
  assert.match(limited.stderr, /There is more/);
  assert.match(run('list', '--prompt', prompt, '--database', database).stdout, /^loose\t[^\n]*\n$/);
  assert.equal(run('list', '--model', 'openai/none', '--database', database).stdout, '');
  const entries = JSON.parse(run('list', '--json', '--database', database).stdout) as { kind: string }[];
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['conversation', 'run'],
  );
});

test('history search prints what was found with the text around it', () => {
  const { status, stdout } = run('search', 'NEED', '--database', database);
  assert.equal(stdout, 'loose\t1970-01-01 00:00 UTC\tlocal/demo\trun\n  A needle.\n');
  assert.equal(status, 0);
  const hits = JSON.parse(run('search', 'need', '--json', '--database', database).stdout) as object[];
  assert.deepEqual(hits.length, 1);
  assert.match(run('search', 'nowhere', '--database', database).stderr, /Nothing was found/);
});

test('history show prints a conversation and a run as Markdown', () => {
  const shown = run('show', 'c', '--database', database);
  assert.match(shown.stdout, /^# Tokens\n[^]*## User\n\nu1\n\n## Assistant · local\/demo\n\nanswer of r2\n/);
  assert.match(shown.stderr, /Of 5 messages these 2 are one branch/);
  assert.match(
    run('show', 'loose', '--database', database).stdout,
    /## User\n\nu1\n\n## Assistant[^]*A needle\./,
  );
  const none = run('show', 'none', '--database', database);
  assert.deepEqual(
    [none.status, none.stderr],
    [1, 'The history has neither a conversation nor a run "none".\n'],
  );
});

test('history export writes JSON that can be imported, Markdown and HTML', () => {
  const out = join(folder, 'out.json');
  const { status, stdout } = run(
    'export',
    'c',
    '--format',
    'json',
    '--logprobs',
    '--out',
    out,
    '--database',
    database,
  );
  assert.deepEqual([status, stdout], [0, '']);
  assert.deepEqual(importConversation(readFileSync(out, 'utf8')), wholeTree);
  const single = run('export', 'loose', '--format', 'json', '--database', database).stdout;
  assert.equal(importConversation(single).runs[0]?.text, 'A needle.');
  assert.match(run('export', 'c', '--format', 'md', '--database', database).stdout, /^# Tokens/);
  assert.match(run('export', 'c', '--format', 'html', '--database', database).stdout, /^<!doctype html>/);
});

test('history changes nothing in the file that it reads', () => {
  const before = statSync(database).mtimeMs;
  run('list', '--database', database);
  assert.equal(statSync(database).mtimeMs, before);
});

test('history wants a command line that makes sense', () => {
  for (const args of [
    [],
    ['delete'],
    ['show'],
    ['search'],
    ['list', '--limit', 'x'],
    ['export', 'c', '--format', 'pdf'],
    ['export', 'c'],
  ]) {
    assert.equal(run(...args, '--database', database).status, 2, args.join(' '));
  }
});

test('history without a file says where it has looked, and with a wrong one what is wrong', () => {
  const none = run('list');
  assert.equal(none.status, 1);
  assert.match(
    none.stderr,
    /no history yet in any of these places. Name the file with --database FILE.\n {2}.*Code/,
  );
  const missing = run('list', '--database', join(folder, 'none.sqlite'));
  assert.match(missing.stderr, /^There is no history at .*none\.sqlite\.\n$/);
  const rubbish = join(folder, 'rubbish.sqlite');
  writeFileSync(rubbish, 'no database '.repeat(100));
  assert.match(
    run('list', '--database', rubbish).stderr,
    /rubbish\.sqlite cannot be read: file is not a database/,
  );
  assert.equal(readFileSync(rubbish, 'utf8').startsWith('no database'), true);

  const [place = ''] = historyPlaces(process.platform, environment, home);
  mkdirSync(dirname(place), { recursive: true });
  {
    using store = new SqliteStore(place, Date.now);
    store.insert(runOf('found'));
  }
  const { stdout, stderr } = run('list');
  assert.match(stdout, /^found\t/);
  assert.equal(stderr, `History: ${place}\n`);
});

test('each platform keeps its settings in its own place', () => {
  const first = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined =>
    historyPlaces(platform, env, '/home')[0]?.replaceAll('\\', '/');
  const rest = 'Code/User/globalStorage/llm-playground.llm-playground/history.sqlite';
  assert.deepEqual(
    [
      first('linux', {}),
      first('linux', { XDG_CONFIG_HOME: '/x' }),
      first('darwin', {}),
      first('win32', { APPDATA: '/a' }),
    ],
    [`/home/.config/${rest}`, `/x/${rest}`, `/home/Library/Application Support/${rest}`, `/a/${rest}`],
  );
});

function run(...args: string[]): CliOutcome {
  return runCli(['history', ...args], { env: environment });
}
