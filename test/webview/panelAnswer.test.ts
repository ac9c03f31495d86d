/** The answer in a real browser, as it streams and afterwards. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Run } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { answer, events, finished, prompt, retry, running, streamOf, text, withTokens } from './samples.ts';

describe('an answer', () => {
  panelTest('streams in as rendered text and ends with its figures', async (panel) => {
    await panel.show({ prompt, run: running });
    const all = streamOf(answer, 7);
    await panel.send(events(...all.slice(0, 12)));
    await panel.shows('.answer-text', /^Tokenization\n+A tokenizer cuts text/);
    await panel.shows('.footer', /Answering/);
    await panel.send(...all.slice(12).map((event) => events(event)));
    await panel.shows('.answer-text', /See the paper for where it comes from\.$/);
    await eventually(async () => assert.equal(await panel.page.locator('.markdown table td').count(), 6));
    await panel.shows(
      '.footer',
      /TTFT 90 ms\s+total 900 ms\s+148 tok\/s\s+in 12\s+out 120\s+cost unknown\s+stop/,
    );
  });

  panelTest('that is waited for says for how long and why, until it begins', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.send(events(retry));
    await panel.shows(
      '.notices',
      /Waiting 8\.00 s, then trying again \(2 of 3\)\. OpenAI takes no more requests/,
    );
    await panel.send(events(...streamOf('Some text.', 3)));
    await panel.shows('.answer-text', /Some text/);
    await eventually(async () => assert.equal(await panel.page.getByText('trying again').count(), 0));
  });

  panelTest('is announced when it begins and when it ends, and not between', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.shows('[role=status]', /^The model is answering\.$/);
    await panel.send(events(...streamOf('Some text.', 3)));
    await panel.shows('[role=status]', /^Answer finished, 120 tokens\.$/);
    await eventually(async () =>
      assert.equal(await panel.page.locator('[aria-live] .answer, .answer[aria-live]').count(), 0),
    );
  });

  panelTest('shows its raw text on demand and remembers that over a reload', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: 'Raw' }).click();
    await panel.shows('.answer-text', /^## Tokenization/);
    await panel.page.reload();
    await panel.show({ prompt, run: finished });
    await panel.shows('.answer-text', /^## Tokenization/);
  });

  panelTest('is copied as the model wrote it, a code block without its fence', async (panel) => {
    await panel.show({ prompt, run: finished });
    const clipboard = () => panel.page.evaluate<string>('navigator.clipboard.readText()');
    await panel.page.getByRole('button', { name: 'Copy the answer' }).click();
    await eventually(async () => assert.equal(await clipboard(), answer));
    await panel.page.getByRole('button', { name: 'Copy: python code' }).click();
    await eventually(async () => assert.match(await clipboard(), /^def count[^`]*\n$/));
  });

  panelTest('can do nothing but be read', async (panel) => {
    const attacks = [
      '<script>window.hacked = 1</script>',
      '<img src="https://evil.example/pixel" onerror="window.hacked = 2">',
      '<svg onload="window.hacked = 3"><style>*{display:none}</style>',
      '<iframe src="https://evil.example/"></iframe>',
      '[click](javascript:window.hacked=4) [click](JaVaScRiPt&colon;window.hacked=5) [click](data:text/html,<script>1</script>)',
      '[click](command:workbench.action.quit) [click](vscode://evil)',
      '<javascript:window.hacked=6>',
      '![pixel](https://evil.example/pixel.png) ![x](" onerror="window.hacked=7)',
      '[x]: javascript:window.hacked=8\n\n[x]',
      '<form action="https://evil.example/"><input name="a"><button>Send</button></form>',
      '```"><img src=x onerror=window.hacked=9>\ncode <b>x</b>\n```',
      '<a href="https://a.example" onclick="window.hacked=10" id="root" class="panel">a</a>',
      '`<img src=x onerror=window.hacked=11>` <code><img src=x onerror=window.hacked=12>',
      '| <img src=x onerror=window.hacked=13> |\n|---|\n| <script>window.hacked=14</script> |',
    ].join('\n\n');
    await panel.show({ prompt, run: running });
    await panel.send(...streamOf(attacks, 5).map((event) => events(event)));
    for (const link of await panel.page.locator('.markdown a').all()) {
      await eventually(async () => assert.match((await link.getAttribute('href')) ?? '', /^https?:\/\//));
    }
    const dangerous =
      '.markdown :is(script, style, img, svg:not(.icon), iframe, form, input, [id], [onerror], [onclick], [onload])';
    await eventually(async () => assert.equal(await panel.page.locator(dangerous).count(), 0));
    await eventually(async () =>
      assert.equal(await panel.page.locator('.markdown button:not(.code-button)').count(), 0),
    );
    await eventually(async () => assert.equal(await panel.page.evaluate('window.hacked'), undefined));
    assert.deepEqual(
      panel.requests.filter((address) => !address.startsWith('http://localhost/')),
      [],
    );
    await panel.shows('.answer-text', /<script>window\.hacked = 1<\/script>/);
  });

  panelTest('shows reasoning and tool calls', async (panel) => {
    const calls: Run['toolCalls'] = [
      { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"city":"Ulm"}' },
    ];
    await panel.show({ prompt, run: { ...finished, reasoning: 'Hm, let me think.', toolCalls: calls } });
    await eventually(async () =>
      assert.equal(await panel.page.getByText('Hm, let me think.').isVisible(), false),
    );
    await panel.page.getByText('Reasoning').click();
    await eventually(async () =>
      assert.equal(await panel.page.getByText('Hm, let me think.').isVisible(), true),
    );
    await panel.shows('.tools', /weather[^]*call_1[^]*"city": "Ulm"/);
  });

  panelTest('stays in view while it grows, unless the reader has scrolled up', async (panel) => {
    const distance = () =>
      panel.page.evaluate<number>(
        "(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.querySelector('.scroller'))",
      );
    await panel.show({ prompt, run: running });
    await panel.send(events(text('line\n\n'.repeat(60) + 'one')));
    await panel.shows('.markdown', /one$/);
    await eventually(async () => assert.ok((await distance()) < 2));
    await panel.page.locator('.scroller').hover();
    await panel.page.mouse.wheel(0, -400);
    await panel.page.getByRole('button', { name: 'Jump to end' }).waitFor();
    await panel.send(events(text('line\n\n'.repeat(20) + 'two')));
    await panel.shows('.markdown', /two$/);
    await eventually(async () => assert.ok((await distance()) > 400));
    await panel.page.getByRole('button', { name: 'Jump to end' }).click();
    await panel.send(events(...streamOf('line\n\n'.repeat(20) + 'three', 50)));
    await panel.shows('.markdown', /three$/);
    await eventually(async () => assert.ok((await distance()) < 2));
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: 'Jump to end' }).count(), 0),
    );
  });

  panelTest('keeps the marks of the reader while it grows', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.send(events(text('First words of an open paragraph')));
    await panel.shows('.markdown', /paragraph/);
    await panel.page.evaluate(
      "getSelection().setBaseAndExtent(document.querySelector('.markdown p').firstChild, 0, document.querySelector('.markdown p').firstChild, 11)",
    );
    await panel.send(events(text(' that goes on')), events(text('\n\nand on')));
    await panel.shows('.markdown', /and on/);
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('getSelection().toString()'), 'First words'),
    );
  });
});

describe('the probabilities', () => {
  panelTest('of tokens are reached by keys and shown with the alternatives', async (panel) => {
    await panel.show({ prompt, run: withTokens });
    await panel.page.getByRole('button', { name: 'Tokens' }).click();
    await panel.page.locator('.tokens').waitFor();
    await panel.page.keyboard.press('Tab');
    await panel.page.keyboard.press('Tab');
    await panel.shows('.token-card', /A\s+\(chosen\)\s+62\.0%[^]*Token\s+21\.0%/);
    await panel.page.keyboard.press('ArrowDown');
    await panel.shows('.token-card', /␣cuts[^]*12\.0%[^]*␣splits\s+44\.0%/);
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('ArrowLeft');
    await panel.shows('.token-card', /\.\s+\(chosen\)\s+55\.0%/);
    await eventually(async () => assert.equal(await panel.page.locator('.tokens [tabindex="0"]').count(), 1));
  });

  panelTest('are offered only where there are any', async (panel) => {
    await panel.show({ prompt, run: finished });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: 'Tokens' }).count(), 0),
    );
  });
});

panelTest(
  'characters that turn text around are shown by their number and turn nothing around',
  async (panel) => {
    const text = 'if (admin\u202E) return;\u2066 // so\n\n```js\nlet a = "\u202Eb";\n```\n';
    await panel.show({ prompt, run: { ...finished, text } });
    const marks = await panel.page.evaluate<string[]>(
      `[...document.querySelectorAll('.answer-text [data-mark]')].map(({ dataset }) => dataset.mark)`,
    );
    assert.deepEqual(marks, ['U+202E', 'U+2066', 'U+202E']);
    await panel.page.getByRole('button', { name: 'Copy: js code' }).click();
    await eventually(async () =>
      assert.equal(await panel.page.evaluate('navigator.clipboard.readText()'), 'let a = "\u202Eb";\n'),
    );
    await panel.page.getByRole('button', { name: 'Raw' }).click();
    await eventually(async () =>
      assert.equal(await panel.page.locator('.answer-text [data-mark]').count(), 3),
    );
  },
);

panelTest(
  'a question mark outside of a text opens the keys of the panel, Escape closes them',
  async (panel) => {
    await panel.show({ prompt, run: finished });
    const sheet = panel.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await panel.page.getByRole('textbox', { name: 'Follow-up' }).press('?');
    await eventually(async () => assert.equal(await sheet.count(), 0));
    await panel.page.getByRole('button', { name: 'Raw' }).press('?');
    await sheet.waitFor();
    await panel.page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await sheet.count(), 0));
    await eventually(async () => assert.deepEqual((await panel.posted()).slice(1), []));
  },
);
