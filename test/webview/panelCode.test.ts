/** Blocks of code in answers, in a real browser: their colours and their buttons. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { finished, prompt, running } from './samples.ts';

const code = 'const a = "<b>";\nrun(a);';

describe('a block of code', () => {
  panelTest('gets its colours as it streams, from a script that is loaded for it', async (panel) => {
    await panel.show({ prompt, run: running });
    assert.equal(panel.requests.filter((address) => address.endsWith('highlight.js')).length, 0);
    for (const text of ['```ts\n', ...(code.match(/.{1,5}/gs) ?? []), '\n```\n']) {
      await panel.send({
        type: 'run-events',
        runs: [{ runId: running.id, events: [{ type: 'text', text }] }],
      });
    }
    await eventually(async () =>
      assert.deepEqual(await panel.page.locator('.code .hljs-keyword').allInnerTexts(), ['const']),
    );
    await eventually(async () =>
      assert.equal(await panel.page.locator('.code code').innerText(), `${code}\n`),
    );
    const color = (selector: string) =>
      panel.page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);
    await eventually(async () => assert.notEqual(await color('.hljs-keyword'), await color('.code code')));
  });

  panelTest('goes to the cursor, into a file, or in the place of the selection', async (panel) => {
    await panel.show({ prompt, run: { ...finished, text: `\`\`\`ts\n${code}\n\`\`\`\n` } });
    for (const name of [/^Apply/, /^Insert/, /^Open as/]) {
      await panel.page.getByRole('button', { name }).click();
    }
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).slice(1),
        ['apply', 'insert', 'open'].map((action) => ({
          type: 'code',
          action,
          code: `${code}\n`,
          language: 'ts',
        })),
      ),
    );
    await panel.page.getByRole('button', { name: 'Copy: ts code' }).click();
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('navigator.clipboard.readText()'), `${code}\n`),
    );
  });
});
