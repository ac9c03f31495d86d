/** What an answer can do to the panel in a real VS Code, whose policy stands around the panel's own: nothing. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { scriptedModel } from '../../models/scripted.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { runByLens, writePrompts } from './answers.ts';

const hostile = `Before it.

<script>window.attacked = 'script';</script>
<img src="x" onerror="window.attacked = 'image'">
<svg onload="window.attacked = 'svg'"></svg>
<iframe srcdoc="<script>parent.attacked = 'frame'</script>"></iframe>
<style>.answer { display: none; }</style>

![picture](https://attacker.example/picture.png) [link](javascript:window.attacked=1)

That was all`;

const editor = packedEditor({
  async prepare(folder) {
    const model = join(folder, 'hostile.gguf');
    await writeFile(model, scriptedModel({ answer: hostile }));
    await writePrompts(folder, { hostile: `---\nmodel: local/${model}\n---\nHello\n` });
  },
});

test('a script in an answer does not run, and nothing of an answer is fetched', async () => {
  const { refused, requests } = watched();
  const panel = await runByLens(editor, 'hostile.prompt', 'That was all');
  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
  await eventually(async () => assert.equal(await panel.locator('.answer').isVisible(), true));
  // Time enough for what would be fetched, or would fail to be.
  await panel.waitForTimeout(1_000);
  assert.equal(await attacked(panel), undefined);
  const elements = panel
    .locator('.answer-text')
    .locator('script, img, svg, iframe, style, [onerror], [onload]');
  assert.equal(await elements.count(), 0);
  assert.equal(await panel.locator('.answer-text a[href^="javascript" i]').count(), 0);
  assert.deepEqual(requests(), []);
  assert.deepEqual(refused(), [], 'the page itself keeps to its policy');
  await editor.workbench.screenshot('hostile-answer');
});

test('the policy of the panel refuses a script that gets into the page, and says so', async () => {
  const { refused } = watched();
  const panel = await runByLens(editor, 'hostile.prompt', 'That was all');
  await panel.evaluate(`
    const script = document.createElement('script');
    script.textContent = "window.attacked = 'inline'";
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="https://attacker.example/x.png">');
  `);
  await eventually(() => {
    assert.ok(
      refused().some((line) => /inline script/.test(line)),
      refused().join('\n'),
    );
    assert.ok(
      refused().some((line) => /attacker\.example/.test(line)),
      refused().join('\n'),
    );
    return Promise.resolve();
  });
  assert.equal(await attacked(panel), undefined);
});

/** What a policy refuses from now on outside of the workbench's own page, and what is asked of the attacker. */
function watched() {
  const { page } = editor.workbench;
  const lines: string[] = [];
  const addresses: string[] = [];
  page.on('console', (message) => {
    const isOfWorkbench = message.location().url.includes('/vs/code/');
    if (/Content Security Policy/i.test(message.text()) && !isOfWorkbench) lines.push(message.text());
  });
  page.on('request', (request) => {
    if (request.url().includes('attacker.example')) addresses.push(request.url());
  });
  return { refused: () => lines, requests: () => addresses };
}

function attacked(panel: Frame): Promise<unknown> {
  return panel.evaluate('window.attacked');
}
