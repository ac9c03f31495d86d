/** Follow-ups in a real browser: the composer, messages that are edited, and turning between siblings. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { finished, lane, prompt, running, talk } from './samples.ts';

const wide = { width: 1180 };
const box = /^Follow-up/;

describe('the composer', () => {
  panelTest('says why nothing can be asked yet', async (panel) => {
    await panel.show({ prompt });
    const input = panel.page.getByRole('textbox', { name: box });
    assert.equal(await input.isDisabled(), true);
    assert.equal(await input.getAttribute('placeholder'), 'Run the prompt first, then ask a follow-up here.');
    const problem = { message: 'Give a value to “topic”, then run.', missing: ['topic'] };
    await panel.show({ prompt, problem, run: finished });
    assert.equal(await input.getAttribute('placeholder'), problem.message);
  });

  panelTest(
    'sends with Enter, breaks the line with Shift and Enter, and is left with Escape',
    async (panel) => {
      await panel.show({ prompt, run: finished });
      const input = panel.page.getByRole('textbox', { name: box });
      await input.fill('And');
      await input.press('Shift+Enter');
      await input.pressSequentially('why?');
      await input.press('Enter');
      await eventually(async () => assert.equal(await input.inputValue(), ''));
      await input.fill('Again');
      await input.press('Control+Enter');
      await input.press('Escape');
      assert.equal(await panel.page.locator('.composer textarea:focus').count(), 0);
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'send', text: 'And\nwhy?' },
        { type: 'send', text: 'Again' },
      ]);
    },
  );

  panelTest('grows with its text, to 8 lines', async (panel) => {
    await panel.show({ prompt, run: finished });
    const input = panel.page.getByRole('textbox', { name: box });
    const height = async () => (await input.boundingBox())?.height ?? 0;
    const one = await height();
    await input.fill('1\n2\n3');
    const three = await height();
    await input.fill('line\n'.repeat(30));
    const most = await height();
    assert.ok(one < three && three < most && most < 9 * (three - one), `${one} ${three} ${most}`);
  });

  panelTest('keeps what is written while the answer is under way, and over a reload', async (panel) => {
    await panel.show({ prompt, run: running });
    const input = panel.page.getByRole('textbox', { name: box });
    await input.fill('Later');
    await input.press('Enter');
    assert.equal(await input.inputValue(), 'Later');
    await panel.page.reload();
    await panel.show({ prompt, run: finished });
    assert.equal(await input.inputValue(), 'Later');
  });

  panelTest(
    'asks the lanes that are switched on, all of them at first',
    async (panel) => {
      await panel.show({ prompt, lanes: [lane('1', { run: finished }), lane('2', { run: finished })] });
      const input = panel.page.getByRole('textbox', { name: box });
      await input.fill('Both');
      await input.press('Enter');
      await panel.page.getByRole('button', { name: 'Follow-ups go to this lane' }).first().click();
      await input.fill('One');
      await input.press('Enter');
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'send', text: 'Both' },
        { type: 'send', text: 'One', laneIds: ['2'] },
      ]);
    },
    wide,
  );
});

describe('a conversation', () => {
  panelTest('shows what was said above the newest answer', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.shows(
      '.turn-answer',
      /^Reasoning\s+A token is a piece of text\.\s+look_up.*On tokens\s+local\/demo · 1,312 in · 198 out · \$0\.00083/s,
    );
    await panel.shows('.turn-user', /^And why\?/);
    await panel.shows('.turn-user .siblings', /^2\/2$/);
    await panel.shows('.newest .siblings', /^2\/2$/);
    assert.equal(await panel.page.getByRole('log').count(), 1);
  });

  panelTest('without follow-ups is only its answer', async (panel) => {
    await panel.show({ prompt, run: finished });
    assert.equal(await panel.page.locator('.turns, .turn-tools, .siblings').count(), 0);
  });

  panelTest('runs an edited message, or leaves it as it was', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    const pencil = panel.page.getByRole('button', { name: 'Edit this message' });
    const editor = panel.page.getByRole('textbox', { name: 'Edit the message' });
    await pencil.click();
    await editor.fill('Never mind');
    await editor.press('Escape');
    await panel.shows('.turn-user', /^And why\?/);
    await pencil.click();
    assert.equal(await editor.inputValue(), 'And why?');
    await editor.fill('And how?');
    await panel.page.getByRole('button', { name: 'Save & run' }).click();
    assert.deepEqual((await panel.posted()).slice(1), [
      { type: 'edit', laneId: '1', messageId: 'u2', text: 'And how?' },
    ]);
  });

  panelTest('turns to siblings by button, and by Alt and an arrow', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page
      .locator('.newest')
      .getByRole('button', { name: /^Previous version/ })
      .click();
    await panel.page.locator('.turn-user').focus();
    await panel.page.keyboard.press('Alt+ArrowDown');
    await panel.page.keyboard.press('Alt+ArrowUp');
    assert.deepEqual((await panel.posted()).slice(1), [
      { type: 'turn-to', laneId: '1', messageId: 'a2' },
      { type: 'turn-to', laneId: '1', messageId: 'u1' },
    ]);
  });

  panelTest('tries the newest answer again, and continues one that was cut off', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.getByRole('button', { name: 'Try this answer again' }).click();
    assert.equal(await panel.page.getByRole('button', { name: 'Continue' }).count(), 0);
    await panel.show({ prompt, run: { ...finished, outcome: { status: 'stopped' } } });
    await panel.page.getByRole('button', { name: 'Continue' }).click();
    assert.deepEqual((await panel.posted()).slice(1), [
      { type: 'retry', laneId: '1' },
      { type: 'continue', laneId: '1' },
    ]);
  });
});
