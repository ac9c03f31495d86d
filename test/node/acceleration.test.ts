import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accelerationReport, measureBackend, possibleBackends } from '../../src/node/acceleration.ts';
import { scriptedModel } from '../models/scripted.ts';
import { entry, write } from './localFixture.ts';

const path = write('measured.gguf', scriptedModel());
const options = { entry, threads: 1, path, log: () => undefined };
const always = new AbortController().signal;

test('the processor is measured in a process of its own', async () => {
  const measured = await measureBackend('cpu', options, always);
  assert.ok(!('problem' in measured), JSON.stringify(measured));
  assert.deepEqual(measured.devices, []);
  assert.ok(measured.promptSpeed > 10 && measured.decodeSpeed > 10 && measured.startMs > 0);
});

test('a backend that this machine cannot have says why, and one that crashes how', async () => {
  const backend = process.platform === 'darwin' ? 'cuda' : 'metal';
  const measured = await measureBackend(backend, options, always);
  assert.match('problem' in measured ? measured.problem : '', /The processor computes instead\.$/);
  const broken = await measureBackend('cpu', { ...options, entry: '/no/such/entry.mjs' }, always);
  assert.match('problem' in broken ? broken.problem : '', /The local runtime crashed/);
});

test('measuring can be stopped', async () => {
  await assert.rejects(measureBackend('cpu', options, AbortSignal.timeout(50)), { kind: 'cancelled' });
});

test('only what a system can have is measured', () => {
  assert.deepEqual(possibleBackends('linux', 'x64'), ['cuda', 'vulkan', 'cpu']);
  assert.deepEqual(possibleBackends('darwin', 'arm64'), ['metal', 'cpu']);
  assert.deepEqual(possibleBackends('darwin', 'x64'), ['cpu']);
});

test('the report marks what is in use, and says in words what failed', () => {
  const speeds = { startMs: 1234, promptSpeed: 1500, decodeSpeed: 52.34 };
  const measurements = [
    { backend: 'cuda', problem: 'This extension has no CUDA build.' },
    { backend: 'vulkan', devices: ['Card'], ...speeds },
    { backend: 'cpu', devices: [], ...speeds },
  ] as const;
  const rowsFor = (choice: Parameters<typeof accelerationReport>[1]): string[] =>
    accelerationReport(measurements, choice, 'Demo')
      .split('\n')
      .filter((line) => /^\| (CPU|CUDA|Vulkan)/.test(line));
  assert.deepEqual(rowsFor('auto'), [
    '| CUDA | – | – | – | This extension has no CUDA build. |',
    '| Vulkan **← in use** | 1,500 tok/s | 52.3 tok/s | 1.23 s | Card |',
    '| CPU | 1,500 tok/s | 52.3 tok/s | 1.23 s | this machine’s processor |',
  ]);
  const inUse = (choice: Parameters<typeof accelerationReport>[1]): string | undefined =>
    rowsFor(choice)
      .find((row) => row.includes('in use'))
      ?.slice(2, 8);
  assert.deepEqual([inUse('cpu'), inUse('vulkan'), inUse('cuda')], ['CPU **', 'Vulkan', 'CPU **']);
});
