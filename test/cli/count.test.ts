/** `count` as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { scriptedModel } from '../models/scripted.ts';
import { type CliOutcome, folder, runCli, write } from './cliFixture.ts';

write('hello.txt', 'Hello world\n');
write('end.txt', '<|endoftext|>');
write('empty.txt', '');
write('docs/b.md', 'a b');
write('docs/a.md', '\uFEFFa b c');
write('docs/deep/c.md', 'a');
write('model.gguf', scriptedModel({ answer: 'Hello world' }));
write('latin1.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9]));

describe('count', () => {
  test('writes a line for each file and their total, and names the tokenizer aside', () => {
    assert.deepEqual(count('hello.txt', 'end.txt', 'empty.txt'), {
      status: 0,
      stdout: '3\thello.txt\n7\tend.txt\n0\tempty.txt\n10\ttotal\n',
      stderr: 'Counted with o200k_base.\n',
    });
  });

  test('counts standard input where no file is named', () => {
    const stdin = { input: 'Hello world\n' };
    assert.equal(countWith(stdin).stdout, '3\t-\n');
    assert.equal(countWith(stdin, '-', 'end.txt').stdout, '3\t-\n7\tend.txt\n10\ttotal\n');
  });

  test('finds the files of a pattern, each once', () => {
    const expected = '3\tdocs/a.md\n2\tdocs/b.md\n1\tdocs/deep/c.md\n6\ttotal\n';
    assert.equal(count('docs/**/*.md', 'docs/a.md').stdout, expected);
  });

  test('takes an encoding by its name', () => {
    const { stdout, stderr } = count('hello.txt', '--encoding', 'r50k_base');
    assert.deepEqual([stdout, stderr], ['3\thello.txt\n', 'Counted with r50k_base.\n']);
  });

  test('marks an estimate and says whose tokenizer it is', () => {
    const { stdout, stderr } = count('hello.txt', 'end.txt', '--model', 'anthropic/claude-sonnet-5');
    assert.equal(stdout, '~3\thello.txt\n~7\tend.txt\n~10\ttotal\n');
    assert.equal(
      stderr,
      'Estimated with o200k_base: the tokenizer of anthropic/claude-sonnet-5 is not public.\n',
    );
  });

  test('counts for a local model with the tokenizer in its file', () => {
    const model = `local/${join(folder, 'model.gguf')}`;
    const { stdout, stderr } = count('hello.txt', '--model', model);
    assert.equal(stdout, '3\thello.txt\n');
    assert.equal(stderr, `Exact, counted with model.gguf, the tokenizer of ${model}.\n`);
  });

  test('says what is wrong with a model file that cannot be counted with', () => {
    write('cut.gguf', scriptedModel({ answer: 'Hello world' }).subarray(0, 3000));
    const { status, stdout, stderr } = count('hello.txt', '--model', `local/${join(folder, 'cut.gguf')}`);
    assert.match(stderr, /cut\.gguf" is (damaged or )?cut off.* Download it again or choose another\./);
    assert.deepEqual([status, stdout], [1, '']);
  });

  test('gives JSON, also of what could not be counted', () => {
    const { stdout, status } = count('hello.txt', 'none.txt', '--model', 'openai/gpt-5', '--json');
    assert.deepEqual(JSON.parse(stdout), {
      tokenizer: 'o200k_base',
      model: 'openai/gpt-5',
      exactness: 'exact',
      files: [
        { file: 'hello.txt', tokens: 3 },
        { file: 'none.txt', error: 'There is no such file.' },
      ],
      total: 3,
    });
    assert.equal(status, 1);
  });

  test('fails over the limit, and says so', () => {
    assert.equal(count('hello.txt', 'end.txt', '--limit', '10').status, 0);
    const { status, stderr } = count('hello.txt', 'end.txt', '--limit', '9');
    assert.equal(status, 1);
    assert.match(stderr, /^10 tokens: over the limit of 9\.$/m);
    const { limit, overLimit } = JSON.parse(count('hello.txt', '--limit', '2', '--json').stdout) as Record<
      string,
      unknown
    >;
    assert.deepEqual([limit, overLimit], [2, true]);
  });

  test('counts the others where a file cannot be counted, and fails', () => {
    const { status, stdout, stderr } = count('model.gguf', 'latin1.txt', 'docs', '*.none', 'hello.txt');
    assert.equal(status, 1);
    assert.equal(stdout, '3\thello.txt\n3\ttotal\n');
    assert.deepEqual(stderr.split('\n').slice(0, 4), [
      'model.gguf: It is a binary file, not text.',
      'latin1.txt: It is not text in UTF-8. Save it in that encoding.',
      'docs: It is a folder. Name its files, such as "folder/**/*.md".',
      '*.none: There is no such file.',
    ]);
  });

  test('takes standard input that is no text as little as such a file', () => {
    const binary = countWith({ input: Buffer.from([1, 0, 2, 0]) });
    assert.deepEqual([binary.status, binary.stderr.split('\n')[0]], [1, '-: It is a binary file, not text.']);
    const latin1 = countWith({ input: Buffer.from('größe', 'latin1') });
    assert.match(latin1.stderr, /^-: It is not text in UTF-8\./);
  });

  test('says what a wrong command line should have been', () => {
    const wrong = [
      ['--encoding', 'o300k'],
      ['--limit', 'many'],
      ['--model', 'openai/gpt-5', '--encoding', 'o200k_base'],
    ].map((args) => count('hello.txt', ...args));
    assert.deepEqual(
      wrong.map(({ status, stderr }) => [status, stderr.split('\n')[0]]),
      [
        [
          2,
          'There is no encoding "o300k". The encodings are o200k_base, cl100k_base, p50k_base, r50k_base; name a model with --model.',
        ],
        [2, '--limit many is not a number of tokens.'],
        [2, 'Give --model or --encoding, not both.'],
      ],
    );
    const none = count('hello.txt', '--model', 'local/none');
    assert.deepEqual([none.status, /There is no local model "none"/.test(none.stderr)], [1, true]);
  });
});

function count(...args: string[]): CliOutcome {
  return countWith({}, ...args);
}

function countWith({ input = '' }: { readonly input?: string | Buffer }, ...args: string[]): CliOutcome {
  return runCli(['count', ...args], { cwd: folder, input });
}
