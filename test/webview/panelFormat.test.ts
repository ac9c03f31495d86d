/** What answers must be: asked for in the settings, and told below the answers, in a real browser. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { LaneView } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import type { PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { finished, lane as anyLane, model as anyModel, prompt } from './samples.ts';

const schema = { type: 'object', properties: { name: { type: 'string' } } };
const held = { responseFormat: { type: 'json-schema', name: 'answer', schema } } as const;

const model = { ...anyModel, capabilities: { ...anyModel.capabilities, jsonSchema: true } };
const lane = (more: Partial<LaneView>): LaneView => anyLane('1', { run: finished, model, ...more });

describe('the response format', () => {
  panelTest('is chosen, marked where it differs from the file, and taken back', async (panel) => {
    await panel.show({ prompt, lanes: [lane({})] });
    await openSettings(panel);
    const choice = panel.page.getByLabel('Response format');
    await choice.selectOption('JSON');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { responseFormat: { type: 'json' } },
      }),
    );
    await panel.page.getByRole('button', { name: 'Back to the file: Text' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'set-settings', laneId: '1', settings: {} }),
    );
    await eventually(async () => assert.equal(await choice.inputValue(), 'text'));
  });

  panelTest('of a file can be left, and asks for free text then', async (panel) => {
    const ofFile = { ...prompt, settings: { ...prompt.settings, ...held } };
    await panel.show({ prompt: ofFile, lanes: [lane({})] });
    await openSettings(panel);
    await panel.page.getByLabel('Response format').selectOption('Text');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { responseFormat: null },
      }),
    );
    await eventually(async () =>
      assert.equal(
        await panel.page.getByRole('button', { name: 'Back to the file: JSON Schema' }).count(),
        1,
      ),
    );
  });

  panelTest('has a schema that is typed, taken over once it is one, and laid out', async (panel) => {
    await panel.show({ prompt, lanes: [lane({ settings: held })] });
    await openSettings(panel);
    const field = panel.page.getByRole('textbox', { name: 'JSON Schema of the answer' });
    await eventually(async () => assert.equal(await field.inputValue(), JSON.stringify(schema, null, 2)));
    await field.fill('{"type": "arr');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'check-schema',
        laneId: '1',
        text: '{"type": "arr',
      }),
    );
    assert.equal(
      (await panel.posted()).some(({ type }) => type === 'set-settings'),
      false,
    );
    await field.fill('{"type": "array"}');
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).find(({ type }) => type === 'set-settings'),
        {
          type: 'set-settings',
          laneId: '1',
          settings: { responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'array' } } },
        },
      ),
    );
    await panel.page.getByRole('button', { name: 'Format' }).click();
    await eventually(async () => assert.equal(await field.inputValue(), '{\n  "type": "array"\n}'));
  });

  panelTest('names line and column of what is wrong with a schema, and leads there', async (panel) => {
    await panel.show({ prompt, lanes: [lane({ settings: held })] });
    await openSettings(panel);
    const field = panel.page.getByRole('textbox', { name: 'JSON Schema of the answer' });
    const text = '{\n  "type": "strin"\n}';
    await field.fill(text);
    const problems = [{ line: 2, column: 3, message: 'type must be one of "array", "string".' }];
    await panel.send({ type: 'lane', laneId: '1', lane: { schemaCheck: { text, problems } } });
    await panel.shows('.schema-problems', /^\s*Line 2, column 3\s+type must be one of "array", "string"\.$/);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await panel.page.getByRole('button', { name: 'Line 2, column 3' }).click();
    await eventually(async () =>
      assert.deepEqual(
        await panel.page.evaluate('[document.activeElement.tagName, document.activeElement.selectionStart]'),
        ['TEXTAREA', 4],
      ),
    );
    await field.fill('{}');
    await eventually(async () =>
      assert.equal(await panel.page.locator('.schema-problems').count(), 0, 'they are of another text'),
    );
  });

  panelTest('is opened in an editor, and another schema that comes from there is shown', async (panel) => {
    await panel.show({ prompt, lanes: [lane({ settings: held })] });
    await openSettings(panel);
    const field = panel.page.getByRole('textbox', { name: 'JSON Schema of the answer' });
    await field.fill('{"type": "array"}');
    await panel.page.getByRole('button', { name: 'Open in Editor' }).click();
    await eventually(async () =>
      assert.ok(
        (await panel.posted()).some(
          (message) => message.type === 'edit-schema' && message.text === '{"type": "array"}',
        ),
      ),
    );
    const responseFormat = { type: 'json-schema', name: 'answer', schema: { type: 'number' } } as const;
    await panel.send({ type: 'lane', laneId: '1', lane: { settings: { responseFormat } } });
    await eventually(async () => assert.match(await field.inputValue(), /"number"/));
  });

  panelTest('is not offered where the model takes none', async (panel) => {
    const capabilities = { ...model.capabilities, jsonSchema: false };
    await panel.show({ prompt, lanes: [lane({ model: { ...model, capabilities } })] });
    await openSettings(panel);
    await panel.shows('.drawer', /Response format: Demo does not take it\./);
    assert.equal(await panel.page.getByLabel('Response format').count(), 0);
  });
});

describe('an answer that was checked', () => {
  panelTest('says that it is valid, or each place where it is not', async (panel) => {
    const check = { runId: finished.id, against: 'json-schema', mismatches: [], more: 0 } as const;
    await panel.show({ prompt, lanes: [lane({ check })] });
    await panel.shows('.answer-check', /^\s*Valid against the schema$/);
    const mismatches = [
      { path: '', message: 'lacks "name"' },
      { path: 'items[1].kind', message: 'must be string' },
    ];
    await panel.send({ type: 'lane', laneId: '1', lane: { check: { ...check, mismatches, more: 2 } } });
    await panel.shows(
      '.answer-check',
      /^\s*Not valid against the schema: 4 mismatches\s+The answer lacks "name"\s+items\[1\]\.kind must be string\s+and 2 more$/,
    );
  });

  panelTest('says nothing of an answer that came after it', async (panel) => {
    const check = { runId: 'another', against: 'json', mismatches: [], more: 0 } as const;
    await panel.show({ prompt, lanes: [lane({ check })] });
    await panel.shows('.answer', /./);
    assert.equal(await panel.page.locator('.answer-check').count(), 0);
  });
});

async function openSettings(panel: PanelPage): Promise<void> {
  await panel.page.getByRole('button', { name: 'Settings' }).click();
  const advanced = panel.page.locator('.drawer details');
  if ((await advanced.getAttribute('open')) === null) await advanced.locator('summary').click();
}
