import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { promptTemplates } from '../../../src/host/language/promptTemplates.ts';

test('New Prompt offers every template of the folder', () => {
  const files = readdirSync(new URL('../../../prompts/templates/', import.meta.url));
  assert.deepEqual(promptTemplates.map(({ file }) => `${file}.prompt`).sort(), files.sort());
});
