/** Follow-ups in a real browser: the composer, messages that are edited, and turning between siblings. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { noUsage } from '../../src/core/usage/usage.ts';
import { eventually } from '../eventually.ts';
import type { ChatView } from '../../src/protocol.ts';
import { panelTest } from './panelTest.ts';
import { finished, fitted, lane, prompt, running, talk } from './samples.ts';

const wide = { width: 1180 };
const box = /^Follow-up/;

describe('what the conversation has used', () => {
  const summaries = { ...noUsage, runs: 1, inputTokens: 300, outputTokens: 40, cost: 0.002 };
  const used = {
    ...{ ...noUsage, runs: 3, inputTokens: 4321, outputTokens: 210, cost: 0.0123, unpricedRuns: 1 },
    summaries,
  };

  panelTest(
    'stands below the composer, with what is not known, and changes with every answer',
    async (panel) => {
      await panel.show({ prompt, lanes: [talk], used: { ...used, unpricedRuns: 0 } });
      await panel.shows('.chat-usage', /^so far 4,321 in · 210 out · \$0\.0123$/);
      await panel.send({ type: 'change', state: { used } });
      await panel.shows('.chat-usage', /^so far 4,321 in · 210 out · \$0\.0123 \+ unknown$/);
      await eventually(async () =>
        assert.match(
          (await panel.page.locator('.chat-usage').getAttribute('title')) ?? '',
          /in all its branches and lanes\. 3 runs: .* The cost of 1 run is not known.*Of it for summaries, 1 run: 300 tokens in/,
        ),
      );
      await panel.send({ type: 'change', state: { used: null } });
      await panel.page.locator('.chat-usage').waitFor({ state: 'detached' });
    },
  );
});

describe('the composer', () => {
  panelTest('says why nothing can be asked yet', async (panel) => {
    await panel.show({ prompt });
    const input = panel.page.getByRole('textbox', { name: box });
    await eventually(async () => assert.equal(await input.isDisabled(), true));
    await eventually(async () =>
      assert.equal(
        await input.getAttribute('placeholder'),
        'Run the prompt first, then ask a follow-up here.',
      ),
    );
    const problem = { message: 'Give a value to “topic”, then run.', missing: ['topic'] };
    await panel.show({ prompt, problem, run: finished });
    await eventually(async () => assert.equal(await input.getAttribute('placeholder'), problem.message));
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
      await panel.send({ type: 'sent', isTaken: true });
      await eventually(async () => assert.equal(await input.inputValue(), ''));
      await input.fill('Again');
      await input.press('Control+Enter');
      await panel.send({ type: 'sent', isTaken: true });
      await input.press('Escape');
      await eventually(async () =>
        assert.equal(await panel.page.locator('.composer textarea:focus').count(), 0),
      );
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: 'send', text: 'And\nwhy?' },
          { type: 'send', text: 'Again' },
        ]),
      );
    },
  );

  panelTest('keeps what the host refuses, and what is written before it is taken up', async (panel) => {
    await panel.show({ prompt, run: finished });
    const input = panel.page.getByRole('textbox', { name: box });
    await input.fill('Why?');
    await input.press('Enter');
    await input.press('Enter');
    await panel.send({ type: 'sent', isTaken: false });
    await eventually(async () => assert.equal(await input.inputValue(), 'Why?'));
    await input.press('Enter');
    await input.fill('Why not?');
    await panel.send({ type: 'sent', isTaken: true });
    await eventually(async () => assert.equal(await input.inputValue(), 'Why not?'));
    const send = { type: 'send', text: 'Why?' };
    await eventually(async () => assert.deepEqual((await panel.posted()).slice(1), [send, send]));
  });

  panelTest(
    'leaves out a lane that has answered nothing yet, and says so',
    async (panel) => {
      await panel.show({ prompt, lanes: [lane('1', { run: finished }), lane('2')] });
      const input = panel.page.getByRole('textbox', { name: 'Follow-up in 1 of 2 lanes' });
      await input.fill('Why?');
      await input.press('Enter');
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [{ type: 'send', text: 'Why?', laneIds: ['1'] }]),
      );
    },
    wide,
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
    await eventually(async () => assert.equal(await input.inputValue(), 'Later'));
    await panel.page.reload();
    await panel.show({ prompt, run: finished });
    await eventually(async () => assert.equal(await input.inputValue(), 'Later'));
  });

  panelTest(
    'asks the lanes that are switched on, all of them at first',
    async (panel) => {
      await panel.show({ prompt, lanes: [lane('1', { run: finished }), lane('2', { run: finished })] });
      const input = panel.page.getByRole('textbox', { name: box });
      await input.fill('Both');
      await input.press('Enter');
      await panel.send({ type: 'sent', isTaken: true });
      await panel.page.getByRole('button', { name: 'Follow-ups go to this lane' }).first().click();
      await input.fill('One');
      await input.press('Enter');
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: 'send', text: 'Both' },
          { type: 'send', text: 'One', laneIds: ['2'] },
        ]),
      );
    },
    wide,
  );
});

describe('a chat without a prompt', () => {
  const chat = { id: 'c1', title: 'Tokens', system: '', fitting: { strategy: 'all' } } as const;
  const basis = {
    uri: 'llm-conversation:/c1',
    name: 'Tokens',
    isChat: true,
    fields: [],
    values: {},
  } as const;
  const empty = { prompt: { ...basis, modelId: 'local/demo', settings: {} }, chat };

  panelTest('begins with a message, which Shift and Enter outside sends too', async (panel) => {
    await panel.show(empty);
    const input = panel.page.getByRole('textbox', { name: 'Message' });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: /^Run/ }).count(), 0),
    );
    await input.fill('Hello');
    await input.press('Escape');
    await panel.page.keyboard.press('Shift+Enter');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'send', text: 'Hello' }]),
    );
  });

  panelTest('has a system prompt, which is kept when it is left', async (panel) => {
    await panel.show(empty);
    await panel.page.getByText('System prompt').click();
    const system = panel.page.getByRole('textbox', { name: 'System prompt' });
    await system.fill('Be brief.');
    await system.press('Tab');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'set-system', text: 'Be brief.' }),
    );
  });

  panelTest('shows a continued answer as one, and a message that was never answered', async (panel) => {
    const turn = {
      id: 'u1',
      role: 'user',
      siblings: ['u1'],
      text: 'Hello',
      parts: [],
      at: 0,
      answer: null,
    } as const;
    const message = { id: 'a1', siblings: ['a1'], name: 'Best', favourite: true } as const;
    await panel.show({
      ...empty,
      lanes: [lane('1', { turns: [turn], lead: '**Be', run: { ...finished, text: 'gin**' }, message })],
    });
    await panel.shows('.answer-text strong', /^Begin$/);
    await panel.shows('.newest .turn-tools', /★\s*Best/);
    await panel.show({
      ...empty,
      lanes: [lane('1', { turns: [turn], message: { id: 'u1', siblings: [] } })],
    });
    await panel.page.getByRole('button', { name: 'Answer it' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'retry', laneId: '1' }]),
    );
  });
});

describe('a conversation', () => {
  panelTest('that a run has left can be gone back to', async (panel) => {
    await panel.show({ prompt, run: finished, left: { id: 'c1', title: 'Tokens' } });
    await panel.shows('.left-chat', /Tokens is kept in Conversations/);
    await panel.page.getByRole('button', { name: 'Go back' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'go-back', isWanted: true }]),
    );
  });

  panelTest('has a menu for each branch', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.locator('.newest').getByRole('button', { name: 'Branch…' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'branch', laneId: '1', messageId: 'a3' }]),
    );
  });

  panelTest('shows what was said above the newest answer', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.shows(
      '.turn-answer',
      /^Reasoning\s+A token is a piece of text\.\s+look_up.*On tokens\s+[\d\s:-]+local\/demo · 1,312 in · 198 out · \$0\.00083/s,
    );
    await panel.shows('.turn-user', /^And why\?/);
    await panel.shows('.turn-user .siblings', /^2\/2$/);
    await panel.shows('.newest .siblings', /^2\/2$/);
    await eventually(async () => assert.equal(await panel.page.getByRole('log').count(), 1));
  });

  panelTest('greys what is not sent, and shows what is sent in its place', async (panel) => {
    const chat = { id: 'c1', title: 'Tokens', system: null, fitting: fitted.fit?.fitting } as ChatView;
    await panel.show({ prompt, chat, lanes: [fitted] });
    await panel.shows('.turn.left-out:nth-child(2) .not-sent', /^Not sent · ~420 tokens$/);
    await eventually(async () => assert.equal(await panel.page.locator('.turn.left-out').count(), 2));
    await panel.shows('.summary-card', /^Sent instead of everything above[^]*a piece of text/);
    await panel.page.getByRole('button', { name: 'Older turns are summarised · 2 left out' }).click();
    await panel.page.getByRole('button', { name: 'Edit the summary' }).click();
    await panel.page.getByRole('textbox', { name: 'Summary' }).fill('Tokens were explained.');
    await panel.page.getByRole('button', { name: 'Save' }).click();
    await panel.page.getByRole('button', { name: 'Forget the summary' }).click();
    const messageId = fitted.fit?.summary?.messageId;
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'choose-fitting' },
        { type: 'set-summary', laneId: '1', messageId, text: 'Tokens were explained.' },
        { type: 'set-summary', laneId: '1', messageId, text: '' },
      ]),
    );
  });

  panelTest('without follow-ups is only its answer', async (panel) => {
    await panel.show({ prompt, run: finished });
    await eventually(async () => assert.equal(await panel.page.locator('.turns, .siblings').count(), 0));
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
    await eventually(async () => assert.equal(await editor.inputValue(), 'And why?'));
    await editor.fill('And how?');
    await panel.page.getByRole('button', { name: 'Save & run' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'edit', laneId: '1', messageId: 'u2', text: 'And how?' },
      ]),
    );
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
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'turn-to', laneId: '1', messageId: 'a2' },
        { type: 'turn-to', laneId: '1', messageId: 'u1' },
      ]),
    );
  });

  panelTest('tries the newest answer again, and continues one that was cut off', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.locator('.newest').getByRole('button', { name: 'Try this answer again' }).click();
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: 'Continue' }).count(), 0),
    );
    await panel.show({ prompt, run: { ...finished, outcome: { status: 'stopped' } } });
    await panel.page.getByRole('button', { name: 'Continue' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'retry', laneId: '1', messageId: 'a3' },
        { type: 'continue', laneId: '1' },
      ]),
    );
  });

  panelTest('quotes a message, or what is selected in it, into the composer', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    const quote = panel.page.locator('.turn-user').getByRole('button', { name: 'Quote this message' });
    await quote.click();
    const input = panel.page.getByRole('textbox', { name: box });
    await eventually(async () => assert.equal(await input.inputValue(), '> And why?\n\n'));
    await eventually(async () =>
      assert.equal(await panel.page.locator('.composer textarea:focus').count(), 1),
    );
    await panel.page.evaluate(
      `getSelection().setBaseAndExtent(document.querySelector('.turn-answer strong').firstChild, 0, document.querySelector('.turn-answer strong').firstChild, 5)`,
    );
    const other = panel.page.locator('.turn-answer').getByRole('button', { name: 'Quote this message' });
    await other.dispatchEvent('click');
    await eventually(async () => assert.equal(await input.inputValue(), '> And why?\n\n> token\n\n'));
  });

  panelTest('deletes, tries earlier answers again and with another model', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.getByRole('button', { name: 'Delete this message' }).click();
    const earlier = panel.page.locator('.turn-answer');
    await earlier.hover();
    await earlier.getByRole('button', { name: 'Try this answer again' }).click();
    await earlier.getByRole('button', { name: 'Try again with another model' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'delete-message', laneId: '1', messageId: 'u2' },
        { type: 'retry', laneId: '1', messageId: 'a1' },
        { type: 'retry-with', laneId: '1', messageId: 'a1' },
      ]),
    );
  });

  panelTest('goes from message to message with Alt and an arrow', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.locator('.newest').focus();
    for (const [key, shown] of [
      ['ArrowLeft', 'turn-user'],
      ['ArrowLeft', 'turn-answer'],
      ['ArrowRight', 'turn-user'],
    ] as const) {
      await panel.page.keyboard.press(`Alt+${key}`);
      await eventually(async () => assert.equal(await panel.page.locator(`.${shown}:focus`).count(), 1));
    }
  });

  panelTest('waits for what the tools answer that the model calls', async (panel) => {
    const toolCalls = [{ type: 'tool-call', id: 'c1', name: 'now', arguments: '{"zone":"UTC"}' }] as const;
    const run = {
      ...finished,
      text: '',
      toolCalls,
      outcome: { status: 'finished', reason: 'tool-calls' },
    } as const;
    await panel.show({ prompt, run });
    const send = panel.page.getByRole('button', { name: 'Send the result' });
    await eventually(async () => assert.equal(await send.count(), 0));
    await panel.page.getByRole('textbox', { name: 'Result of now' }).fill('12:00');
    await send.click();
    const results = [{ type: 'tool-result', callId: 'c1', result: '12:00' }];
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'answer-calls', laneId: '1', results }]),
    );
  });
});
