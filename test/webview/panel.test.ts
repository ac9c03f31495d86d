/** The panel in a real browser: what the user sees and does, and what the host is told. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { emptyPanel, protocolVersion } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { events, failed, field, finished, lane, prompt, running, text } from './samples.ts';

describe('a panel that opens', () => {
  panelTest('says that it is ready, with its version of the protocol', async (panel) => {
    await eventually(async () =>
      assert.deepEqual(await panel.posted(), [{ type: 'ready', protocol: protocolVersion }]),
    );
  });

  panelTest('waits for a whole snapshot before it draws', async (panel) => {
    await panel.send({ type: 'lane', laneId: '1', lane: { run: finished } });
    await eventually(async () => assert.equal(await panel.page.locator('#root').innerText(), ''));
    await panel.show({ prompt, run: finished });
    await panel.shows('.prompt-name', /explain\.prompt/);
  });

  panelTest('asks to be reloaded when the host speaks another protocol', async (panel) => {
    await panel.send({
      type: 'snapshot',
      protocol: protocolVersion + 1,
      state: { ...emptyPanel, prompt, lanes: [lane('1', { run: finished })] },
    });
    await panel.shows('h1', /Reload this panel/);
  });

  panelTest('keeps the prompt that it belongs to, so that the host can bring it back', async (panel) => {
    await panel.show({ prompt });
    const state = await panel.page.evaluate<{ promptUri: string }>(
      "JSON.parse(sessionStorage.getItem('state'))",
    );
    assert.equal(state.promptUri, prompt.uri);
  });

  panelTest('rebuilds a run that is under way from one snapshot and goes on', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.send(events(text('One **two')));
    await panel.page.reload();
    await panel.show({ prompt, run: { ...running, text: 'One **two' } });
    await panel.send(events(text('** three')));
    await panel.shows('.markdown', /^One two three$/);
    await eventually(async () =>
      assert.equal(await panel.page.locator('.markdown strong').innerText(), 'two'),
    );
  });
});

describe('the form', () => {
  const values = { topic: 'tokens', sentences: 3, audience: 'engineer', examples: true };

  panelTest('runs with what was typed, by button and by keys', async (panel) => {
    await panel.show({ prompt: { ...prompt, values: {} } });
    await panel.page.getByRole('textbox', { name: /topic/ }).fill('tokens');
    await panel.page.getByRole('textbox', { name: /sentences/ }).fill('5');
    await panel.page.getByRole('combobox', { name: /audience/ }).selectOption('beginner');
    await panel.page.getByRole('checkbox', { name: /examples/ }).click();
    await panel.page.getByRole('button', { name: 'Run', exact: true }).click();
    for (const keys of ['Control+Enter', 'Shift+Enter', 'Meta+Enter']) await panel.page.keyboard.press(keys);
    const run = {
      type: 'run',
      values: { topic: 'tokens', sentences: 5, audience: 'beginner', examples: true },
    } as const;
    await eventually(async () => assert.deepEqual((await panel.posted()).slice(1), [run, run, run, run]));
  });

  panelTest('keeps a prompt from running that lacks a value, says so there and goes there', async (panel) => {
    await panel.show({ prompt: { ...prompt, values: { sentences: 1.5 } } });
    await panel.page.keyboard.press('Shift+Enter');
    await panel.shows('.form', /topic[^]*Needs a value\.[^]*sentences[^]*must be a whole number/);
    const focused = 'document.activeElement.localName + document.activeElement.value';
    await eventually(async () => assert.equal(await panel.page.evaluate(focused), 'vscode-text-area'));
    await eventually(async () => assert.equal((await panel.posted()).length, 1));
    await panel.page.keyboard.type('x');
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /topic/ }).inputValue(), 'x'),
    );
    await eventually(async () =>
      assert.equal(await panel.page.locator('.field-error:not(:empty)').count(), 1),
    );
  });

  panelTest('asks for what the host misses, even while an older run is shown', async (panel) => {
    await panel.show({ prompt: { ...prompt, values: {} }, run: { ...finished, variables: {} } });
    await panel.send({
      type: 'change',
      state: { problem: { message: 'Give a value to “topic”.', missing: ['topic'] } },
    });
    await panel.shows('.form', /Give a value to “topic”[^]*topic[^]*Needs a value\./);
    const focused = 'document.activeElement.localName';
    await eventually(async () => assert.equal(await panel.page.evaluate(focused), 'vscode-text-area'));
    await panel.page.keyboard.type('tokens');
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /topic/ }).inputValue(), 'tokens'),
    );
    const described = "document.querySelector('vscode-text-area').control.ariaDescribedByElements.length";
    await eventually(async () => assert.equal(await panel.page.evaluate(described), 1));
  });

  panelTest('folds into chips while its run is shown, and opens at a click', async (panel) => {
    await panel.show({ prompt, run: finished });
    await eventually(async () => assert.equal(await panel.page.locator('.form').count(), 0));
    await panel.shows('.chips', /topic = tokenization/);
    await panel.page.locator('.chips').press('Enter');
    const focused = 'document.activeElement.localName';
    await eventually(async () => assert.equal(await panel.page.evaluate(focused), 'vscode-text-area'));
    await panel.page.keyboard.press('Control+A');
    await panel.page.keyboard.type('merges');
    await panel.page.keyboard.press('Control+Enter');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'run',
        values: { ...values, topic: 'merges' },
      }),
    );
    await panel.send({
      type: 'lane',
      laneId: '1',
      lane: { run: { ...running, id: 'run-2', variables: { ...values, topic: 'merges' } } },
    });
    await panel.shows('.chips', /topic = merges/);
  });

  panelTest('keeps what was typed over a reload', async (panel) => {
    await panel.show({ prompt: { ...prompt, values: {} } });
    await panel.page.getByRole('textbox', { name: /topic/ }).fill('half a thou');
    await panel.page.reload();
    await panel.show({ prompt: { ...prompt, values: {} } });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: /topic/ }).inputValue(), 'half a thou'),
    );
  });

  panelTest('takes lists and objects', async (panel) => {
    const fields = [
      field('tags', { type: 'array', items: { type: 'text' } }),
      field('user', { type: 'object' }),
    ];
    await panel.show({ prompt: { ...prompt, fields, values: { tags: ['a'], user: { name: 'Ada' } } } });
    await panel.page.getByRole('textbox', { name: /tags/ }).fill('one\ntwo');
    await panel.page.getByRole('textbox', { name: /user/ }).fill('{"name": ');
    await panel.page.keyboard.press('Shift+Enter');
    await panel.shows('.field-invalid', /Write a JSON object/);
    await panel.page.getByRole('textbox', { name: /user/ }).fill('{"name": "Bob"}');
    await panel.page.keyboard.press('Shift+Enter');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'run',
        values: { tags: ['one', 'two'], user: { name: 'Bob' } },
      }),
    );
  });
});

describe('a run', () => {
  panelTest('is stopped by its button and by Escape, and not started twice', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.page.keyboard.press('Control+Enter');
    await panel.page.getByRole('button', { name: 'Stop' }).click();
    await panel.page.keyboard.press('Escape');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'stop' }, { type: 'stop' }]),
    );
    const usage = { inputTokens: 12, outputTokens: 0, isPartial: true } as const;
    await panel.send(events({ type: 'end', outcome: { status: 'stopped' }, timing: { totalMs: 10 }, usage }));
    await panel.page.keyboard.press('Escape');
    await eventually(async () => assert.equal((await panel.posted()).length, 3));
    await panel.shows('.notices', /Stopped/);
    // How many tokens came out was not told.
    await panel.shows('.stats-line', /in\s*12/);
    assert.doesNotMatch(await panel.page.locator('.stats-line').innerText(), /out/);
  });

  panelTest('keeps the focus on its button, and a double click on Run does not stop it', async (panel) => {
    await panel.show({ prompt });
    await panel.page.getByRole('button', { name: 'Run', exact: true }).click();
    await panel.send({ type: 'lane', laneId: '1', lane: { run: running } });
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('document.activeElement.innerText.trim()'), 'Stop'),
    );
    await panel.page.getByRole('button', { name: 'Stop' }).click({ clickCount: 2 });
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).map(({ type }) => type),
        ['ready', 'run', 'stop'],
      ),
    );
  });

  panelTest('that failed says why, keeps its text and can be run again', async (panel) => {
    await panel.show({ prompt, run: failed });
    await panel.shows('[role=alert]', /Failed[^]*The connection to api\.example\.com broke/);
    await panel.shows('.answer-text', /^A tokenizer cuts/);
    await panel.shows('.notices', /Not saved[^]*the disk is full[^]*topK/);
    await panel.page.getByRole('alert').getByRole('button', { name: 'Run again' }).click();
    await panel.page.getByRole('button', { name: 'Show log' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'run', values: prompt.values },
        { type: 'action', action: 'show-log' },
      ]),
    );
  });

  panelTest('that was interrupted says what that means', async (panel) => {
    await panel.show({ prompt, run: { ...failed, outcome: { status: 'interrupted' } } });
    await panel.shows('.notices', /The window or the extension host ended during this run; this is what had/);
  });

  panelTest('that did not start says where to look', async (panel) => {
    const problem = {
      message: 'The template is not closed.',
      missing: [],
      position: { line: 12, column: 3 },
      action: 'open-prompt',
    } as const;
    await panel.show({ prompt, problem });
    await panel.page.getByRole('button', { name: 'Line 12, column 3' }).click();
    await panel.page.getByRole('button', { name: 'Open the prompt' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'action', action: 'open-prompt' },
        { type: 'action', action: 'open-prompt' },
      ]),
    );
  });

  panelTest('says how far what was reported lies from what was expected', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: /breakdown/ }).click();
    const rows = panel.page.locator('.breakdown table', { hasText: 'Estimate of the input' }).locator('tr');
    await eventually(async () =>
      assert.deepEqual(
        (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim()),
        [
          'Expected ~1,280',
          '· counted 1,181',
          '· learned correction 1.08× learned from 12 runs',
          'Reported 1,312, +32 (+2.5 %)',
          'Cost expected $0.00047',
          'Charged $0.00039',
        ],
      ),
    );
    const { estimate: _, ...unexpected } = finished;
    await panel.show({ prompt, run: unexpected });
    await rows.first().waitFor({ state: 'detached' });
  });

  panelTest('lays everything open in the breakdown and in what was sent', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: /breakdown/ }).click();
    await panel.shows(
      '.breakdown',
      /first token\s412 ms[^]*cache\s1,024[^]*Total\s\$0\.00083\s+Priced as\sdemo, table of 2026-09-23[^]*end_turn[^]*seed\s42[^]*run-1/,
    );
    await panel.page.getByText('Sent: 2 messages').click();
    await panel.shows('.sent', /system\nYou explain things[^]*user\nExplain tokenization/);
  });

  panelTest('of an unknown and of no cost says so', async (panel) => {
    await panel.show({ prompt, run: { ...failed, usage: { inputTokens: 1, outputTokens: 1 } } });
    await panel.shows('.footer', /cost unknown/);
    await panel.show({
      prompt,
      run: {
        ...finished,
        cost: { total: 0, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, source: { kind: 'local' } },
      },
    });
    await panel.shows('.footer', /\$0\s/);
  });
});
