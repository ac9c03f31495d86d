/** Texts that go along with a follow-up, in a real browser. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { attachedPart, type AttachmentView } from '../../src/core/attachment.ts';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { finished, prompt, talk } from './samples.ts';

const selection: AttachmentView = {
  id: 'a',
  path: 'src/core/parse.ts',
  lines: [3, 9],
  tokens: { count: 1204, isExact: false },
  note: 'Estimated with o200k_base.',
};
const file: AttachmentView = { id: 'b', path: 'notes.md', tokens: { count: 1, isExact: true }, note: '' };

describe('attachments', () => {
  panelTest('are shown with their tokens, and taken out with the keyboard', async (panel) => {
    await panel.show({ prompt, run: finished, attachments: [selection, file] });
    await panel.shows('.attachments', /^parse\.ts:3–9\s+~1,204 tokens\s+notes\.md\s+1 token$/);
    const chip = panel.page.locator('.attachment').first();
    assert.equal(
      await chip.getAttribute('title'),
      'src/core/parse.ts, lines 3–9\nEstimated with o200k_base.',
    );
    await panel.page.getByRole('button', { name: 'Take out src/core/parse.ts, lines 3–9' }).focus();
    await panel.page.keyboard.press('Enter');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'detach', id: 'a' }),
    );
  });

  panelTest('are sent without a word, and wait where they cannot be', async (panel) => {
    const refused = { ...file, problem: 'notes.md is not there any more.' };
    await panel.show({ prompt, run: finished, attachments: [refused] });
    await panel.shows('.attached [role=alert]', /^notes\.md is not there any more\.$/);
    await panel.page.getByRole('textbox', { name: 'Follow-up' }).press('Enter');
    await eventually(async () => assert.deepEqual((await panel.posted()).at(-1), { type: 'send', text: '' }));
  });

  panelTest('are asked for by a button, after which the user writes on', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: 'Attach context' }).click();
    await eventually(async () => assert.deepEqual((await panel.posted()).at(-1), { type: 'attach' }));
    await panel.send({ type: 'change', state: { attachments: [file] } });
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('document.activeElement.className'), 'message-input'),
    );
  });

  panelTest('are dropped, from outside as texts and from the editor as addresses', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.evaluate(`
      const drop = (fill) => {
        const dataTransfer = new DataTransfer();
        fill(dataTransfer);
        const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
        document.querySelector('.composer').dispatchEvent(event);
        return event.defaultPrevented;
      };
      const isTaken = [
        drop((data) => data.items.add(new File(['# Notes'], 'notes.md', { type: 'text/markdown' }))),
        drop((data) => data.setData('application/vnd.code.uri-list', 'file:///a.ts\\r\\nfile:///b.ts')),
        drop((data) => data.setData('text/uri-list', 'https://example.org/')),
      ];
      if (isTaken.join() !== 'true,true,false') throw new Error(isTaken.join());
    `);
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).filter(({ type }) => type.startsWith('attach-')),
        [
          { type: 'attach-files', uris: ['file:///a.ts', 'file:///b.ts'] },
          { type: 'attach-text', name: 'notes.md', text: '# Notes' },
        ],
      ),
    );
  });

  panelTest('that are no text or too long are left out, and it says why', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.evaluate(`
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array([0xff, 0, 1])], 'app.bin'));
      dataTransfer.items.add(new File(['x'.repeat(2_000_001)], 'long.txt', { type: 'text/plain' }));
      document.querySelector('.composer').dispatchEvent(
        new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
      );
    `);
    await panel.shows(
      '.images [role=alert]',
      /app\.bin is neither text in UTF-8 nor .* long\.txt is larger than 2 MB/,
    );
    await eventually(async () =>
      assert.equal(
        (await panel.posted()).some(({ type }) => type === 'attach-text'),
        false,
      ),
    );
  });

  panelTest('of a message are folded in it, and show exactly what was sent', async (panel) => {
    const [answer, question] = talk.turns;
    if (!answer || !question) assert.fail();
    const part = attachedPart({ path: 'src/parse.ts', lines: [3, 9] }, 'const a = <b>1</b>;', 'ts');
    await panel.show({ prompt, lanes: [{ ...talk, turns: [answer, { ...question, parts: [part] }] }] });
    const folded = panel.page.locator('.bubble details');
    await eventually(async () => assert.equal(await folded.innerText(), 'src/parse.ts, lines 3–9'));
    await folded.locator('summary').click();
    await panel.shows(
      '.bubble details .plain',
      /^From `src\/parse\.ts`, lines 3–9:\n+```ts\nconst a = <b>1<\/b>;\n```$/,
    );
    await panel.page.getByRole('button', { name: 'Edit this message' }).click();
    await eventually(async () =>
      assert.equal(
        await panel.page.getByRole('textbox', { name: 'Edit the message' }).inputValue(),
        question.text,
      ),
    );
  });
});
