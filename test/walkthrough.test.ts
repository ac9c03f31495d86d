import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

test('every step of the walkthrough has its page, and its buttons and ends are commands that there are', () => {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const commands = new Set(contributes.commands.map(({ command }) => command));
  const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
  assert.ok(steps.length > 0);
  for (const { id, description, media, completionEvents } of steps) {
    assert.match(readFileSync(join(root, media.markdown), 'utf8'), /^# /, id);
    const named = [
      ...[...description.matchAll(/\(command:([^)]+)\)/g)].map(([, command]) => command ?? ''),
      ...completionEvents.map((event) => event.replace(/^onCommand:/, '')),
    ];
    assert.deepEqual(
      named.filter((command) => !commands.has(command)),
      [],
    );
  }
});
