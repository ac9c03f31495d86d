/** The command line as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CliOutcome, folder, runCli, write } from './cliFixture.ts';

const github = `name: Greet
model: openai/gpt-4o
messages:
  - role: user
    content: Hello {{name}}
extra: 1
`;
const dotprompt = `---
name: Greet
model: openai/gpt-4o
github.extra: 1
---
Hello {{name}}
`;

test('convert makes a .prompt of a foreign file and warns on standard error', () => {
  const file = write('greet.prompt.yml', github);
  assert.deepEqual(run('convert', file), {
    status: 0,
    stdout: dotprompt,
    stderr: `${file}:6:1: warning: "extra" has no meaning here; it is kept as "github.extra".\n`,
  });
});

test('convert makes a foreign file of a .prompt, and of another foreign one', () => {
  const ours = write('greet.prompt', dotprompt);
  const theirs = write('again.prompt.yml', github);
  assert.equal(run('convert', ours, '--to', 'github').stdout, github);
  assert.equal(run('convert', theirs, '--to', 'github').stdout, github);
});

test('convert --out writes a file, and never over one that is there', () => {
  const out = join(folder, 'out.prompt');
  assert.equal(run('convert', write('a.prompt.yml', github), '--out', out).stdout, '');
  assert.equal(readFileSync(out, 'utf8'), dotprompt);
  const { status, stderr } = run('convert', write('a.prompt.yml', github), '--out', out);
  assert.match(stderr, /EEXIST/);
  assert.equal(status, 1);
});

test('convert shows the code of a run with its values, for the model that is asked for', () => {
  const file = write('code.prompt', dotprompt);
  const { stdout, status } = run('convert', file, '--to', 'curl', '--var', "name=O'Hara");
  assert.equal(status, 0);
  assert.match(stdout, /^curl --no-buffer https:\/\/api\.openai\.com\/v1\/chat\/completions/);
  assert.match(stdout, /\$\{OPENAI_API_KEY\}/);
  assert.match(stdout, /"Hello O'\\''Hara"/);
  const other = ['--model', 'mine/x', '--endpoint', 'mine=http://127.0.0.1:9/v1'];
  assert.match(
    run('convert', file, '--to', 'python', '--var', 'name=x', ...other).stdout,
    /base_url="http:\/\/127\.0\.0\.1:9\/v1"/,
  );
});

test('convert says what is missing and what is wrong, with the place', () => {
  const file = write('wrong.prompt', dotprompt);
  assert.match(run('convert', file, '--to', 'curl').stderr, /needs --var name=…/);
  assert.equal(run('convert', file).status, 2);
  assert.match(run('convert', file, '--to', 'word').stderr, /There is no format "word"/);
  assert.match(
    run('convert', file, '--to', 'curl', '--var', 'name=x', '--model', 'local/demo').stderr,
    /runs inside the editor/,
  );
  const broken = write('broken.json', '{\n  "messages": [}\n}');
  assert.match(run('convert', broken).stderr, /broken\.json:2:16: This is not JSON/);
});

function run(...args: string[]): CliOutcome {
  return runCli(args);
}
