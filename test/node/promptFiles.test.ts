import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { analyzePrompt } from '../../src/core/prompt/analysis.ts';
import { openPrompt } from '../../src/core/run/prepareRun.ts';
import { readPromptFile } from '../../src/node/promptFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
after(() => rmSync(folder, { recursive: true }));
for (const part of ['in', 'other', 'in/deep']) mkdirSync(join(folder, part));
write('in/a.prompt', 'Hello');
write('in/_tone.prompt', 'Be kind.');
write('other/a.prompt', 'Hello too');
write('other/_tone.prompt', 'Be brief.');
write('secret.prompt', 'secret');

test('a partial is the file beside the prompt whose name begins with an underscore', async () => {
  const { name, text, partials } = await readPromptFile(join(folder, 'in', 'a.prompt'));
  assert.deepEqual([name, text, await partials('tone')], ['a.prompt', 'Hello', 'Be kind.']);
});

test('two prompts of one name have partials of their own', async () => {
  const files = await Promise.all(
    ['in', 'other'].map((part) => readPromptFile(join(folder, part, 'a.prompt'))),
  );
  assert.deepEqual(await Promise.all(files.map(async ({ partials }) => partials('tone'))), [
    'Be kind.',
    'Be brief.',
  ]);
  assert.notEqual(files[0]?.uri, files[1]?.uri);
});

test('a partial that is not there, or would lead out of the folder, is none', async () => {
  const { partials } = await readPromptFile(join(folder, 'in', 'a.prompt'));
  assert.deepEqual(
    [await partials('none'), await partials('/../../secret'), await partials('..\\secret')],
    [undefined, undefined, undefined],
  );
});

describe('a partial behind a link', () => {
  test('is refused where it leads out of the folder, with what to do at its place', async () => {
    symlinkSync(join(folder, 'secret.prompt'), join(folder, 'in', '_out.prompt'));
    assert.deepEqual(await problemsOf('in/links.prompt', 'Hi\n{{> out}}'), [
      '2:5 error The partial "out" cannot be read: it is a link that leads out of the workspace. Put a copy of the file in its place.',
    ]);
    await assert.rejects(openPrompt(await readPromptFile(join(folder, 'in/links.prompt'))), {
      name: 'PromptError',
    });
  });

  test('is read where it stays inside', async () => {
    write('in/deep/shared.prompt', 'Shared.');
    symlinkSync('deep/shared.prompt', join(folder, 'in', '_linked.prompt'));
    const { partials } = await readPromptFile(join(folder, 'in', 'a.prompt'));
    assert.equal(await partials('linked'), 'Shared.');
  });

  test('is a problem where links go round in circles', async () => {
    symlinkSync('_two.prompt', join(folder, 'in', '_one.prompt'));
    symlinkSync('_one.prompt', join(folder, 'in', '_two.prompt'));
    assert.match((await problemsOf('in/circle.prompt', '{{> one}}')).join(), /"one" cannot be read: .*ELOOP/);
  });
});

describe('a file that is no prompt', () => {
  const binary = 'The prompt cannot be read. It is a binary file, not text.';
  const latin = 'The prompt cannot be read. It is not text in UTF-8. Save it in that encoding.';

  test('is told as a whole: binary, and not UTF-8', async () => {
    for (const [name, bytes, message] of [
      ['binary.prompt', Buffer.from([0x89, 0x50, 0, 1]), binary],
      ['latin.prompt', Buffer.from('---\nname: Gr\xFCn\n---\n', 'latin1'), latin],
    ] as const) {
      writeFileSync(join(folder, name), bytes);
      await assert.rejects(readPromptFile(join(folder, name)), (error: { problem?: object }) => {
        assert.deepEqual(error.problem, { severity: 'error', message, line: 1, column: 1 });
        return true;
      });
    }
  });

  test('is told where it is included', async () => {
    writeFileSync(join(folder, 'in', '_binary.prompt'), Buffer.from([1, 0, 2]));
    assert.deepEqual(await problemsOf('in/bad.prompt', '{{> binary}}'), [
      '1:5 error The partial "binary" cannot be read: It is a binary file, not text.',
    ]);
  });

  test('is refused unread at 50 MB, and when its text is too long', async () => {
    const large = join(folder, 'large.prompt');
    writeFileSync(large, '');
    truncateSync(large, 50_000_000);
    const message = /^This file is too long to be run: a prompt has at most 10 million characters\./;
    await assert.rejects(readPromptFile(large), { name: 'PromptError', message });
    const source = { uri: 'file:///a.prompt', name: 'a.prompt', partials: () => undefined };
    const start = performance.now();
    await assert.rejects(openPrompt({ ...source, text: 'x'.repeat(50_000_000) }), { message });
    assert.ok(performance.now() - start < 1000);
  });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

async function problemsOf(name: string, text: string): Promise<readonly string[]> {
  write(name, text);
  const { partials } = await readPromptFile(join(folder, name));
  const { problems } = await analyzePrompt(text, { partials });
  return problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
}
