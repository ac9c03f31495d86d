import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { lockedPackages } from '../../.ci/targets.ts';
import { asLlmError } from '../../src/core/errors.ts';
import { AddedPackages, type AddingProgress } from '../../src/node/addedPackages.ts';
import { cudaPackages } from '../../src/node/cudaPackages.ts';
import { PackageRegistry } from '../support/packageRegistry.ts';
import { answer, ask, newRuntime, scripted } from './localFixture.ts';

const root = mkdtempSync(join(tmpdir(), 'packages-'));
const registry = await PackageRegistry.start();
after(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  Object.assign(registry, {
    breakAt: undefined,
    ignoresRanges: false,
    pauseMs: 0,
    status: undefined,
    other: undefined,
  });
  registry.requests.length = 0;
});

const content = randomBytes(200_000);
const packages = ['@maker/main', '@maker/more'].map((name) =>
  registry.publish(name, '1.2.3', { 'bins/x.node': content, 'dist/index.js': 'export {};' }),
);
const [first] = packages;
assert.ok(first);
const always = new AbortController().signal;

test('packages come from the registry, whole, and are found once all are there', async () => {
  const added = newAdded();
  assert.equal(added.folder, undefined);
  const seen: AddingProgress[] = [];
  await added.add((progress) => seen.push(progress), always);
  const { folder = '' } = added;
  for (const { name } of packages)
    assert.ok(readFileSync(join(folder, name, 'bins', 'x.node')).equals(content));
  const { packedBytes } = await added.sizes();
  assert.deepEqual(seen.at(-1), { phase: 'unpacking', doneBytes: packedBytes, totalBytes: packedBytes });
  assert.deepEqual(readdirSync(join(folder, '..')), ['1.2.3']);
});

test('what broke off goes on where it stopped, also in another window', async () => {
  const folder = mkdtempSync(join(root, 'x-'));
  registry.breakAt = 100_000;
  await assert.rejects(
    newAdded({ folder }).add(() => undefined, always),
    {
      kind: 'network',
      message:
        /^@maker\/main did not come to its end \(.*\)\. What has come is kept; add it again to go on\.$/,
    },
  );
  const added = newAdded({ folder });
  const { hereBytes } = await added.sizes();
  assert.ok(hereBytes > 60_000, `${hereBytes} bytes are here`);
  await added.add(() => undefined, always);
  assert.ok(
    registry.requests.includes(`-/@maker/main/1.2.3.tgz bytes=${hereBytes}-`),
    registry.requests.join(),
  );
  assert.ok(added.folder);
});

test('a server that knows no ranges sends it from its beginning', async () => {
  const folder = mkdtempSync(join(root, 'x-'));
  registry.breakAt = 100_000;
  await assert.rejects(newAdded({ folder }).add(() => undefined, always));
  registry.ignoresRanges = true;
  const added = newAdded({ folder });
  await added.add(() => undefined, always);
  assert.ok(added.folder);
});

test('a stop keeps what has come and installs nothing', async () => {
  registry.pauseMs = 20;
  const added = newAdded();
  const stop = new AbortController();
  const failed = added.add(({ doneBytes }) => {
    if (doneBytes > 50_000) stop.abort();
  }, stop.signal);
  await assert.rejects(failed, { kind: 'cancelled' });
  assert.equal(added.folder, undefined);
  assert.ok((await added.sizes()).hereBytes > 0);
});

test('another package than the one that is known by its hash is deleted and never unpacked', async () => {
  registry.other = randomBytes(first.packedBytes);
  const folder = mkdtempSync(join(root, 'x-'));
  const added = newAdded({ folder });
  await assert.rejects(
    added.add(() => undefined, always),
    {
      kind: 'provider',
      message: /sent as @maker\/main is not that package: its checksum is another\. It was deleted/,
    },
  );
  assert.equal((await added.sizes()).hereBytes, 0);
  assert.equal(existsSync(join(folder, '1.2.3')), false);
});

test('a part that was spoiled on the disk is noticed', async () => {
  const folder = mkdtempSync(join(root, 'x-'));
  registry.breakAt = 100_000;
  await assert.rejects(newAdded({ folder }).add(() => undefined, always));
  const [part = ''] = readdirSync(join(folder, 'parts'));
  const path = join(folder, 'parts', part);
  truncateSync(path, 0);
  writeFileSync(path, randomBytes(1000));
  await assert.rejects(
    newAdded({ folder }).add(() => undefined, always),
    /its checksum is another/,
  );
  await newAdded({ folder }).add(() => undefined, always);
});

test('a registry without it, one that is none, and one that is not there say so', async () => {
  const messageOf = async (registryAddress: string): Promise<string> => {
    try {
      await newAdded({ registryAddress }).add(() => undefined, always);
      return '';
    } catch (error) {
      return asLlmError(error).message;
    }
  };
  assert.match(
    await messageOf(`${registry.address}/none`),
    /has no @maker\/main 1\.2\.3\. Set "llmPlayground\.local\.registry"/,
  );
  assert.match(
    await messageOf('http://127.0.0.1:1'),
    /^127\.0\.0\.1:1 cannot be reached \(.*\)\. Check the connection/,
  );
  registry.status = 503;
  assert.match(await messageOf(registry.address), /answered 503 for @maker\/main\. Try again later\.$/);
  registry.status = 204;
  assert.match(await messageOf(registry.address), /does not answer as a registry of npm packages does/);
});

test('they can be removed', async () => {
  const added = newAdded();
  await added.add(() => undefined, always);
  await added.remove();
  assert.equal(added.folder, undefined);
  assert.equal((await added.sizes()).hereBytes, 0);
});

test('the CUDA packages are of the version of the library, whose loader takes no other', () => {
  const wanted = lockedPackages()['node_modules/node-llama-cpp']?.version;
  for (const platform of ['linux', 'win32'] as const)
    for (const one of cudaPackages(platform, 'x64') ?? []) assert.equal(one.version, wanted);
  assert.equal(cudaPackages('darwin', 'arm64'), undefined);
});

test(
  'the runtime takes a backend from where it was added',
  { skip: cudaPackages() === undefined },
  async () => {
    const name = cudaPackages()?.[0]?.name ?? '';
    const mark = join(root, 'imported');
    const one = registry.publish(name, '3.21.1', {
      'bins/x/llama-addon.node': 'no library',
      'dist/index.js': `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, '');`,
    });
    const added = newAdded({ packages: [one] });
    const warningsWith = async (folder: string | undefined): Promise<string> => {
      const runtime = newRuntime({
        backend: 'cuda',
        ...(folder === undefined ? {} : { addedBackends: folder }),
      });
      const [start] = await answer(runtime, ask(scripted));
      return start?.type === 'start' ? start.warnings.map(({ message }) => message).join() : '';
    };
    assert.match(
      await warningsWith(added.folder),
      /^CUDA is not installed\. Add it with "LLM Playground: Add CUDA/,
    );
    await added.add(() => undefined, always);
    assert.match(
      await warningsWith(added.folder),
      /^CUDA does not load: NVIDIA's driver or the CUDA 12\.4 runtime/,
    );
    assert.ok(existsSync(mark), 'the package was not imported');
  },
);

function newAdded({
  folder = mkdtempSync(join(root, 'x-')),
  registryAddress = registry.address,
  packages: wanted = packages,
} = {}): AddedPackages {
  return new AddedPackages({ folder, packages: wanted, registry: () => registryAddress, fetch });
}
