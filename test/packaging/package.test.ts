import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertIsLocked } from '../../.ci/binaries.ts';
import { binariesOf, isTarget, lockedPackages, targets } from '../../.ci/targets.ts';
import { problemsOf } from '../../.ci/vsixContents.ts';

const locked = lockedPackages();

for (const target of Object.keys(targets).filter(isTarget)) {
  test(`the binaries for ${target} are locked by their hash, fit the platform, and are of the library's version`, () => {
    const [platform = '', arch = ''] = target.split('-');
    for (const name of binariesOf(target)) {
      const { version, integrity, os, cpu } = locked[`node_modules/${name}`] ?? {};
      assert.equal(version, locked['node_modules/node-llama-cpp']?.version);
      assert.match(integrity ?? '', /^sha512-/);
      assert.ok(os?.includes(platform) && cpu?.includes(arch), name);
    }
  });
}

test('a package that is not the one of the lock file is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    const file = join(folder, 'x.tgz');
    writeFileSync(file, 'something else');
    assert.throws(
      () => assertIsLocked('@node-llama-cpp/mac-x64', file, 'sha512-AAAA'),
      /The registry's @node-llama-cpp\/mac-x64 is not the one of package-lock\.json: sha512-\S+, not sha512-AAAA\./,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a VSIX without its binary, with one of another platform, with a bundled package, or with maps is wrong', () => {
  const file = (path: string): { path: string; bytes: number; packedBytes: number } => ({
    path,
    bytes: 1,
    packedBytes: 1,
  });
  const binary = 'dist/runtime/node_modules/@node-llama-cpp/mac-x64';
  const problems = problemsOf('darwin-x64', [
    file(`${binary}/package.json`),
    file(`${binary}/dist/index.js`),
    file('dist/runtime/node_modules/@node-llama-cpp/linux-x64/package.json'),
    file('dist/runtime/node_modules/node-llama-cpp/package.json'),
    file('dist/runtime/node_modules/node-llama-cpp/dist/index.js'),
    file('dist/extension.mjs.map'),
  ]);
  assert.ok(problems.includes(`${binary}/bins/mac-x64/llama-addon.node is missing.`));
  assert.ok(problems.includes('linux-x64 is for another platform.'));
  assert.ok(problems.includes('dist/extension.mjs.map is for developers only.'));
  assert.ok(problems.includes('media/demo.gguf is missing.'));
  assert.ok(
    problems.includes('dist/runtime/node_modules/node-llama-cpp/dist/index.js belongs into the bundle.'),
  );
  const ofWhatIsRight = problems.filter((problem) => problem.includes('/package.json '));
  assert.deepEqual(ofWhatIsRight, []);
});
