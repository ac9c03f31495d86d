/** The command line as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cli, type CliOutcome, folder, runCli, write } from './cli/cliFixture.ts';
import { defaultAnswer, scriptedModel } from './models/scripted.ts';

// Tests may not look for a GPU on the machine they run on.
const environment = { ...process.env, NODE_LLAMA_CPP_GPU: 'false' };

const scripted = write('scripted.gguf', scriptedModel());
const endless = write('endless.gguf', scriptedModel({ endless: true, contextLength: 100_000 }));
const prompt = write(
  'a.prompt',
  '---\ninput:\n  schema:\n    topic: string\n    count?: integer\n---\nExplain {{topic}} {{count}} times.\n',
);

describe('run', () => {
  test('writes the answer to standard output and one line of figures to standard error', () => {
    const { status, stdout, stderr } = run(
      'run',
      prompt,
      '--var',
      'topic=tokens',
      '--model',
      `local/${scripted}`,
    );
    assert.equal(stdout.trim(), defaultAnswer.trim());
    assert.match(
      stderr,
      /^scripted\.gguf · \d+ tokens in · \d+ tokens out · \$0 · TTFT .+ · total .+ · [\d.,]+ tok\/s · stop$/m,
    );
    assert.equal(status, 0);
  });

  test('takes its values from a JSON file, and --var over it', () => {
    const values = write('values.json', '{"topic": "tokens", "count": 2}');
    const { status } = run(
      'run',
      prompt,
      '--vars',
      values,
      '--var',
      'count=3',
      '--model',
      `local/${scripted}`,
    );
    assert.equal(status, 0);
  });

  test('names the variables that are missing', () => {
    assertFails(run('run', prompt), 2, /needs --var topic=…/);
  });

  test('names the variables there are when one is not known', () => {
    assertFails(run('run', prompt, '--var', 'topc=x'), 2, /no variable "topc".*topic, count/);
  });

  test('says what a value must be', () => {
    assertFails(run('run', prompt, '--var', 'topic=x', '--var', 'count=many'), 1, /count/);
  });

  test('says where in the file the front matter is wrong', () => {
    const broken = write('broken.prompt', '---\nconfig: {temperature: 1\n---\nHello\n');
    assertFails(run('run', broken), 1, /broken\.prompt:[23]:\d+: /);
  });

  test('says where in the file a helper is not known', () => {
    const unknown = write('unknown.prompt', 'Hello\n{{shout "me"}}\n');
    assertFails(run('run', unknown), 1, /unknown\.prompt:2:3: There is no helper "shout"/);
  });

  test('fails with what to do next for a file, a model and a provider that are not there', () => {
    assertFails(run('run', join(folder, 'none.prompt')), 1, /none\.prompt/);
    assertFails(run('run', prompt, '--var', 'topic=x', '--model', 'local/none'), 1, /"local\/demo"/);
    assertFails(run('run', prompt, '--var', 'topic=x', '--model', 'nobody/x'), 1, /no provider "nobody"/);
  });

  test('stops at Ctrl+C, with what has arrived and its figures', async () => {
    const child = spawn(
      process.execPath,
      [cli, 'run', prompt, '--var', 'topic=x', '--model', `local/${endless}`, '--threads', '1'],
      { env: environment },
    );
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 130);
    assert.match(stderr, /^endless\.gguf · .* · stopped$/m);
  });
});

test('models lists what can be named', () => {
  assert.match(run('models').stdout, /^local\/demo\tPlayground demo \(2\.7M\), 1,024 context: /m);
});

test('a wrong command line shows the usage', () => {
  assertFails(run('walk'), 2, /There is no command "walk"[^]*Usage:/);
  assertFails(run('run', '--colour'), 2, /--colour[^]*Usage:/);
});

function run(...args: string[]): CliOutcome {
  const threads = args[0] === 'run' ? ['--threads', '1'] : [];
  return runCli([...args, ...threads], { env: environment });
}

function assertFails({ status, stderr }: CliOutcome, expected: number, message: RegExp): void {
  assert.match(stderr, message);
  assert.equal(status, expected);
}
