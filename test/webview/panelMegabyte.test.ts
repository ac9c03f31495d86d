/** An answer of a megabyte in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { answer, lane, prompt, running } from './samples.ts';

/** As long as a megabyte, in the pieces in which a fast model would fill frames. */
const chunks = Array.from(
  { length: 300 },
  (_, at) => `## Part ${at}\n\n${answer}\n\n${'word '.repeat(520)}\n\n`,
);
const text = chunks.join('');

test('the answer is as long as a megabyte', () => assert.ok(text.length >= 1_000_000, `${text.length}`));

panelTest('an answer of 1 MB comes in to its end, and the panel can be used', async (panel) => {
  await panel.show({ prompt, lanes: [lane('1', { run: { ...running, text: '' } })] });
  const start = performance.now();
  for (let at = 0; at < chunks.length; at += 5) {
    const events = chunks.slice(at, at + 5).map((piece) => ({ type: 'text' as const, text: piece }));
    await panel.send({ type: 'run-events', runs: [{ runId: running.id, events }] });
  }
  await panel.send({
    type: 'run-events',
    runs: [
      {
        runId: running.id,
        events: [{ type: 'end', outcome: { status: 'finished', reason: 'stop' }, timing: { totalMs: 1 } }],
      },
    ],
  });
  const { page } = panel;
  await page.getByRole('heading', { name: `Part ${chunks.length - 1}` }).waitFor();
  const streamed = performance.now() - start;
  await eventually(async () =>
    assert.equal(await page.locator('.answer-text .code').count(), chunks.length * codeBlocks(answer)),
  );

  const typedAt = performance.now();
  await page.getByRole('textbox', { name: 'Follow-up' }).fill('And now?');
  await eventually(async () => assert.equal((await panel.drafts()).at(-1)?.text, 'And now?'));
  const typed = performance.now() - typedAt;
  const rawAt = performance.now();
  await page.getByRole('button', { name: 'Raw' }).click();
  // To the letter, but for the ends of lines, at which pieces are laid out.
  const withoutBreaks = `document.querySelector('.answer-text').textContent.replaceAll('\\n', '').length`;
  await eventually(async () =>
    assert.equal(await page.evaluate(withoutBreaks), text.replaceAll('\n', '').length),
  );
  const raw = performance.now() - rawAt;
  const ms = (value: number) => `${Math.round(value)} ms`;
  console.log(
    `1 MB: streamed and drawn in ${ms(streamed)}, a word typed in ${ms(typed)}, shown raw in ${ms(raw)}`,
  );
});

function codeBlocks(markdown: string): number {
  return [...markdown.matchAll(/^```/gm)].length / 2;
}
