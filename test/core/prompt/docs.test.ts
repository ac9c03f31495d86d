import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldNames } from '../../../src/core/prompt/frontMatter.ts';
import { fieldDocs } from '../../../src/core/prompt/frontMatterDocs.ts';
import { helperDocs } from '../../../src/core/prompt/helperDocs.ts';
import { helperNames } from '../../../src/core/prompt/tree.ts';
import { settingDocs } from '../../../src/core/prompt/settingDocs.ts';
import { settingsOf } from '../../../src/core/prompt/settings.ts';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { parse } from 'yaml';

test('every field of the front matter is described, and no other', () => {
  const paths = Object.entries(fieldNames).flatMap(([above, names]) =>
    names.map((name) => (above === '' ? name : `${above}.${name}`)),
  );
  assert.deepEqual([...fieldDocs.keys()].sort(), paths.sort());
});

test('every helper is described, and no other', () => {
  assert.deepEqual([...helperDocs.keys()], [...helperNames]);
});

test('every helper is described by a call of it that is right', async () => {
  for (const { usage } of helperDocs.values()) {
    assert.deepEqual((await analyzePrompt(usage)).problems, [], usage);
  }
});

test('every setting is described with a value that it takes', () => {
  for (const [name, { example }] of Object.entries(settingDocs)) {
    assert.deepEqual(settingsOf({ [name]: parse(example) as unknown }).warnings, [], name);
  }
});
