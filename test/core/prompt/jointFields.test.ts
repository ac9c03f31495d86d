import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jointFields } from '../../../src/core/prompt/jointFields.ts';
import type { VariableField } from '../../../src/core/prompt/variables.ts';

test('several versions share one form: each variable once, required where one of them requires it', () => {
  const joint = jointFields([
    [field('topic', { description: 'What to explain' }), field('tone', { required: false })],
    [field('audience'), field('tone', { required: true, description: 'Another word for it' })],
  ]);
  assert.deepEqual(joint, [
    field('topic', { description: 'What to explain' }),
    field('tone', { required: true }),
    field('audience'),
  ]);
});

test('the default of one version stands for all', () => {
  assert.deepEqual(
    jointFields([[field('tone')], [field('tone', { default: 'dry' })], [field('tone', { default: 'warm' })]]),
    [field('tone', { default: 'dry' })],
  );
});

test('one version has its own form', () => {
  const own = [field('topic'), field('tone', { required: false, default: 'dry' })];
  assert.deepEqual(jointFields([own]), own);
});

function field(name: string, more: Partial<VariableField> = {}): VariableField {
  return { name, type: 'text', required: true, declared: true, range: { line: 1, column: 1 }, ...more };
}
