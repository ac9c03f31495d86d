import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readPromptFile } from '../../src/node/promptFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'in'));
writeFileSync(join(folder, 'in', 'a.prompt'), 'Hello');
writeFileSync(join(folder, 'in', '_tone.prompt'), 'Be kind.');
writeFileSync(join(folder, 'secret.prompt'), 'secret');

test('a partial is the file beside the prompt whose name begins with an underscore', async () => {
  const { name, text, partials } = await readPromptFile(join(folder, 'in', 'a.prompt'));
  assert.deepEqual([name, text, await partials('tone')], ['a.prompt', 'Hello', 'Be kind.']);
});

test('a partial that is not there, or would lead out of the folder, is none', async () => {
  const { partials } = await readPromptFile(join(folder, 'in', 'a.prompt'));
  assert.deepEqual(
    [await partials('none'), await partials('/../../secret'), await partials('..\\secret')],
    [undefined, undefined, undefined],
  );
});
