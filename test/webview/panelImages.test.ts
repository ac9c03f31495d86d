/** Images in follow-ups, in a real browser. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from '../eventually.ts';
import { type PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { finished, lane, model, prompt, talk } from './samples.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const file = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') };
const url = `data:image/png;base64,${pixel}`;
const seeing = { ...model, capabilities: { ...model.capabilities, images: true } };
const shown = { prompt, lanes: [lane('1', { run: finished, model: seeing })] };

describe('images', () => {
  panelTest('are chosen, shown, taken out, and sent with the text', async (panel) => {
    await panel.show(shown);
    await choose(panel, file, { ...file, name: 'other.png' });
    await eventually(async () => assert.equal(await panel.page.locator('.image-chip img').count(), 2));
    await eventually(async () => assert.equal(await natural(panel, '.image-chip img'), 1));
    await panel.page.getByRole('button', { name: 'Take out other.png' }).click();
    await panel.page.getByRole('textbox', { name: 'Follow-up' }).fill('What is this?');
    await panel.page.keyboard.press('Enter');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'send', text: 'What is this?', images: [url] }),
    );
    await eventually(async () =>
      assert.equal(await panel.page.locator('.image-chip').count(), 1, 'it stays until it is taken up'),
    );
    await panel.send({ type: 'sent', isTaken: true });
    await eventually(async () => assert.equal(await panel.page.locator('.image-chip').count(), 0));
  });

  panelTest('are pasted and dropped', async (panel) => {
    await panel.show(shown);
    for (const [type, target, key] of [
      ['paste', '.composer textarea', 'clipboardData'],
      ['drop', '.composer', 'dataTransfer'],
    ]) {
      await panel.page.evaluate(`
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob('${pixel}'), (c) => c.charCodeAt(0))], 'dot.png', { type: 'image/png' }));
        const Kind = { paste: ClipboardEvent, drop: DragEvent }['${type}'];
        document.querySelector('${target}').dispatchEvent(new Kind('${type}', { ${key}: data, bubbles: true, cancelable: true }));
      `);
    }
    await eventually(async () => assert.equal(await panel.page.locator('.image-chip img').count(), 2));
  });

  panelTest('that cannot be sent are left out, and it says why', async (panel) => {
    await panel.show(shown);
    await choose(panel, { ...file, name: 'large.png', buffer: Buffer.alloc(5 * 1024 * 1024 + 1) });
    await panel.shows('.images [role=alert]', /^large\.png is larger than 5 MB/);
    await choose(panel, { ...file, name: 'page.pdf', mimeType: 'application/pdf' });
    await panel.shows(
      '.images [role=alert]',
      /^page\.pdf is neither text in UTF-8 nor a PNG, JPEG, GIF or WebP image\.$/,
    );
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: 'Attach images' }).click();
    await panel.shows('.images [role=alert]', /^Demo does not take images\.$/);
    await eventually(async () => assert.equal(await panel.page.locator('.image-chip').count(), 0));
  });

  panelTest('of a message are shown with it; those of elsewhere are not loaded', async (panel) => {
    const [answer, question] = talk.turns;
    if (!answer || !question) assert.fail();
    const parts = [
      { type: 'image', url },
      { type: 'image', url: 'https://evil.example/x.png' },
    ] as const;
    await panel.show({ prompt, lanes: [{ ...talk, turns: [answer, { ...question, parts }] }] });
    await eventually(async () => assert.equal(await natural(panel, '.bubble img'), 1));
    await eventually(async () => assert.equal(await panel.page.locator('.bubble img').count(), 1));
    await panel.shows('.bubble', /Image: https:\/\/evil\.example\/x\.png/);
  });
});

async function choose(
  panel: PanelPage,
  ...files: readonly { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }[]
): Promise<void> {
  await panel.page.locator('.composer input[type=file]').setInputFiles([...files]);
}

/** The width of an image once it has been loaded, in px. */
async function natural(panel: PanelPage, selector: string): Promise<number> {
  return panel.page
    .locator(selector)
    .first()
    .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
}
