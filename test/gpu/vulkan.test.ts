import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';
import { defaultAnswer } from '../models/scripted.ts';
import { textOfAnswer } from '../providers/contract.ts';
import { answer, ask, newRuntime, scripted } from '../node/localFixture.ts';

/** Mesa's driver that computes on the processor, so that the path over a graphics card is tested without one. */
const driver = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
const skip = existsSync(driver)
  ? false
  : 'needs Mesa’s software Vulkan: apt-get install mesa-vulkan-drivers libvulkan1';

test('a model answers on a Vulkan device, which the state names with what lies on it', { skip }, async () => {
  const runtime = vulkanRuntime({ GGML_VK_VISIBLE_DEVICES: '0', VK_ICD_FILENAMES: driver });
  const plan = await runtime.plan(scripted, 512, new AbortController().signal);
  assert.equal(plan.gpuLayers, plan.layers);
  assert.equal(textOfAnswer(await answer(runtime, ask(scripted, { contextSize: 512 }))), defaultAnswer);
  const state = await runtime.stateNow(AbortSignal.timeout(20_000));
  assert.equal(state?.backend, 'vulkan');
  assert.match(state.devices.join(), /llvmpipe/);
  const [model] = state.models;
  assert.ok(model && model.gpuLayers === model.layers && model.vramBytes > 0);
  assert.equal(state.vram?.own, model.vramBytes);
});

test(
  'a driver without a device leaves the work to the processor, and the state says so',
  { skip },
  async () => {
    const runtime = vulkanRuntime({ VK_ICD_FILENAMES: '/no/such/driver.json' });
    const events = await answer(runtime, ask(scripted));
    assert.deepEqual(events[0]?.type === 'start' ? events[0].warnings : undefined, []);
    const state = await runtime.stateNow(AbortSignal.timeout(20_000));
    assert.equal(state?.backend, 'cpu');
    assert.match(state.whyNotGpu ?? '', /^Vulkan (finds no graphics device|does not load)/);
  },
);

function vulkanRuntime(variables: Readonly<Record<string, string>>): LocalRuntime {
  const env: NodeJS.ProcessEnv = { ...process.env, ...variables };
  delete env['NODE_LLAMA_CPP_GPU'];
  return newRuntime({ backend: 'auto', env });
}
