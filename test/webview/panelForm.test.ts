/** Filling the form: what is asked of the host, and what becomes of its answer. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { field, finished, prompt } from './samples.ts';

const fields = [
  field('topic'),
  field('due', { type: 'date' }),
  field('report', { type: 'file', required: false }),
  field('sizes', { type: 'array', items: { type: 'integer' }, required: false }),
];
const asked = { ...prompt, fields, values: {} };

describe('filling the form', () => {
  panelTest('asks the host with what stands there, and names what does not fit', async (panel) => {
    await panel.show({ prompt: asked });
    await panel.page.getByRole('textbox', { name: /topic/ }).fill('tokens');
    await panel.page.getByRole('textbox', { name: /sizes/ }).fill('one');
    await panel.page.getByRole('button', { name: 'Fill from…', exact: true }).click();
    await panel.page.getByRole('button', { name: 'Fill topic from…' }).click();
    await panel.page.getByRole('button', { name: 'Browse…' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'fill', values: { topic: 'tokens' }, unfit: ['sizes'] },
        { type: 'fill-field', name: 'topic' },
        { type: 'fill-field', name: 'report', source: 'file' },
      ]),
    );
  });

  panelTest('leaves what it does not fill as it was typed, and Undo brings back the rest', async (panel) => {
    await panel.show({ prompt: asked });
    const topic = panel.page.getByRole('textbox', { name: /topic/ });
    const report = panel.page.getByRole('textbox', { name: /report/ });
    await topic.fill('typed');
    await report.fill('typed too');
    await panel.send({
      type: 'filled',
      id: 'f1',
      from: 'the last run',
      values: { topic: 'filled', due: '2026-11-27' },
      texts: {},
    });
    await panel.shows('.form-lead', /Filled from the last run\./);
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).findLast(({ type }) => type === 'has-filled'),
        {
          type: 'has-filled',
          id: 'f1',
        },
      ),
    );
    await eventually(async () => assert.equal(await topic.inputValue(), 'filled'));
    await eventually(async () => assert.equal(await report.inputValue(), 'typed too'));
    await panel.page.getByRole('button', { name: 'Undo' }).click();
    await eventually(async () => assert.equal(await topic.inputValue(), 'typed'));
    await eventually(async () => assert.equal(await report.inputValue(), 'typed too'));
    await eventually(async () => assert.equal(await panel.page.locator('input[type=date]').inputValue(), ''));
  });

  panelTest('stays when the file of the prompt is renamed, also over a reload', async (panel) => {
    await panel.show({ prompt: asked });
    const topic = panel.page.getByRole('textbox', { name: /topic/ });
    await topic.fill('typed');
    const moved = { ...asked, name: 'new.prompt', uri: 'file:///new.prompt' };
    await panel.send({ type: 'change', state: { prompt: moved } });
    await panel.shows('.prompt-name', /new\.prompt/);
    await eventually(async () => assert.equal(await topic.inputValue(), 'typed'));
    await panel.page.reload();
    await panel.show({ prompt: moved });
    await eventually(async () => assert.equal(await topic.inputValue(), 'typed'));
  });

  panelTest('survives a reload of the page as if it was typed', async (panel) => {
    await panel.show({ prompt: asked });
    await panel.send({ type: 'filled', id: 'f1', from: 'a file', values: {}, texts: { report: 'a text' } });
    await panel.page.reload();
    await panel.show({ prompt: asked });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /report/ }).inputValue(), 'a text'),
    );
  });

  panelTest('says at once what does not fit', async (panel) => {
    await panel.show({ prompt: asked });
    await panel.send({
      type: 'filled',
      id: 'f1',
      from: 'the clipboard',
      values: { due: '2026-02-30', sizes: [1, 'two'] },
      texts: {},
    });
    await panel.shows('.form', /due[^]*must be a date[^]*sizes[^]*"sizes\[1\]" must be a whole number/);
    await eventually(async () =>
      assert.equal(await panel.page.locator('.field-error:not(:empty)').count(), 2),
    );
  });

  panelTest('opens the form where the values of a run are shown in one line', async (panel) => {
    await panel.show({ prompt: { ...asked, values: finished.variables }, run: finished });
    await panel.page.locator('.chips').waitFor();
    await panel.send({ type: 'filled', id: 'f1', from: 'a file', values: {}, texts: { topic: 'another' } });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /topic/ }).inputValue(), 'another'),
    );
  });
});

describe('fields', () => {
  panelTest('a date is chosen in a calendar and sent as a day', async (panel) => {
    await panel.show({ prompt: { ...asked, values: { topic: 'x' } } });
    await panel.page.getByLabel(/due/).fill('2026-11-27');
    await panel.page.getByRole('button', { name: 'Run', exact: true }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'run',
        values: { topic: 'x', due: '2026-11-27' },
      }),
    );
  });

  panelTest('a date that is missing is asked for there', async (panel) => {
    await panel.show({ prompt: { ...asked, values: { topic: 'x' } } });
    await panel.page.keyboard.press('Shift+Enter');
    await panel.shows('.field-invalid', /due[^]*Needs a value/);
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('document.activeElement.type'), 'date'),
    );
  });

  panelTest('an image is shown by its type and size, and can be taken out', async (panel) => {
    await panel.show({ prompt: asked });
    const image = `data:image/png;base64,${'A'.repeat(4000)}`;
    await panel.send({ type: 'filled', id: 'f1', from: 'a file', values: {}, texts: { report: image } });
    await panel.shows('.file-data', /^image\/png · 3 KB$/);
    await panel.page.getByRole('button', { name: 'Clear' }).click();
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /report/ }).inputValue(), ''),
    );
  });
});
