import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundledModels } from '../../src/node/bundledModels.ts';
import { HeaderReader } from '../../src/node/localModelsReader.ts';

test('what is said of the demo model is what its file says', async () => {
  const [demo] = bundledModels(join(import.meta.dirname, '../..'));
  assert.ok(demo);
  using reader = new HeaderReader();
  const { parameters, contextWindow } = await reader.read(demo.path, AbortSignal.timeout(30_000));
  assert.equal(demo.name, `Playground demo (${parameters ?? '?'})`);
  assert.equal(demo.contextWindow, contextWindow);
  assert.equal(demo.bytes, statSync(demo.path).size);
  assert.match(demo.description ?? '', /2\.7 million parameters in 5\.5 MB: .* knows nothing else/);
});
