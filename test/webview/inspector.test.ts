/** The token inspector's page in a real browser, with what the real tokenizers say. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { emptyInspector } from '../../src/inspectorProtocol.ts';
import { eventually } from '../eventually.ts';
import { launchBrowser, openPanel } from './harness.ts';
import { bundleInspector, InspectorPage, sample, SampleInspection } from './inspectorSamples.ts';

const sampled = new SampleInspection();
const browser = await launchBrowser();
const bundle = await bundleInspector();
after(async () => {
  sampled[Symbol.dispose]();
  await browser.close();
});

/** A test with a page of its own, which shows the sample. Whatever it does, the page must not throw or break its policy. */
function inspectorTest(name: string, body: (page: InspectorPage) => Promise<void>, text = sample): void {
  void test(name, async () => {
    const panel = await openPanel(browser, bundle, { width: 900 });
    try {
      const page = new InspectorPage(panel);
      await page.show(await sampled.inspect(text));
      await body(page);
      assert.deepEqual(panel.problems, []);
    } finally {
      await panel.close();
    }
  });
}

describe('the tokens', () => {
  inspectorTest(
    'stand in a column for each tokenizer that is shown, with white space made visible',
    async (page) => {
      const columns = page.panel.page.locator('.column');
      await eventually(async () =>
        assert.deepEqual(await columns.locator('h2').allInnerTexts(), ['o200k_base', 'cl100k_base', 'demo']),
      );
      await eventually(async () =>
        assert.match(
          await columns.first().locator('.token-list').innerText(),
          /^Tokenization·splits·text·into·pieces\.↵\nA·byte/,
        ),
      );
      await eventually(async () =>
        assert.match(await columns.first().locator('.token-list').innerText(), /⇥const/),
      );
      await eventually(async () =>
        assert.match(
          await page.panel.page.locator('.tokenizers').innerText(),
          /o200k_base\s+gpt-5[^]*1\.00×/,
        ),
      );
    },
  );

  inspectorTest(
    'are read out with their place, id and bytes, and reached by the arrow keys',
    async (page) => {
      const { page: browserPage } = page.panel;
      const focused = () => browserPage.evaluate<string>('document.activeElement.getAttribute("aria-label")');
      await browserPage.locator('.token-list').first().locator('[tabindex="0"]').focus();
      await eventually(async () =>
        assert.match(await focused(), /^token 1 of 50, id \d+, 'Token', bytes 54 6F 6B 65 6E$/),
      );
      await browserPage.keyboard.press('ArrowRight');
      await browserPage.keyboard.press('ArrowRight');
      await eventually(async () =>
        assert.match(await focused(), /^token 3 of 50, id \d+, ' splits', bytes 20 73/),
      );
      await page.panel.shows('.token-card', /·splits\s+id\s+\d+\s+bytes\s+20 73 70 6C 69 74 73 \(7\)/);
      await browserPage.keyboard.press('ArrowDown');
      await eventually(async () => assert.match(await focused(), /^token [67] of 50, /));
      await browserPage.keyboard.press('End');
      await eventually(async () => assert.match(await focused(), /^token 50 of 50, /));
      await browserPage.keyboard.press('ArrowRight');
      await eventually(async () => assert.match(await focused(), /^token 50 of 50, /));
      await eventually(async () =>
        assert.equal(await browserPage.locator('.token-list').first().locator('[tabindex="0"]').count(), 1),
      );
    },
  );

  inspectorTest('that are pointed at are marked in the other columns', async (page) => {
    await page.panel.page.locator('.column').first().locator('[data-index="1"]').hover();
    await page.panel.shows('.token-card', /ization/);
    const marked = page.panel.page.locator('.column').nth(1).locator('.token.marked');
    await eventually(async () => assert.deepEqual(await marked.allInnerTexts(), ['ization']));
  });

  inspectorTest('that are parts of a character show their bytes', async (page) => {
    const partial = page.panel.page.locator('.column').first().locator('.token.partial');
    await eventually(async () => assert.ok((await partial.allInnerTexts()).includes('⟨A9⟩')));
    await eventually(async () =>
      assert.match((await partial.last().getAttribute('aria-label')) ?? '', /part of a character/),
    );
  });

  inspectorTest('are copied as JSON', async (page) => {
    await page.panel.page.getByRole('button', { name: 'Copy the tokens of o200k_base as JSON' }).click();
    const json = JSON.parse(await page.panel.page.evaluate<string>('navigator.clipboard.readText()')) as {
      readonly count: number;
      readonly tokens: readonly { readonly text: string }[];
    };
    assert.equal(json.count, 50);
    assert.equal(json.tokens.map(({ text }) => text).join(''), sample);
  });

  inspectorTest(
    'of a long text are drawn where they are looked at, and counted all',
    async (page) => {
      const { page: browserPage } = page.panel;
      const drawn = () => browserPage.locator('.token').count();
      await eventually(async () => assert.ok((await drawn()) < 9000, String(await drawn())));
      await browserPage.locator('.token-list').first().locator('[tabindex="0"]').focus();
      await browserPage.keyboard.press('End');
      await eventually(async () =>
        assert.match(
          await browserPage.evaluate<string>('document.activeElement.getAttribute("aria-label")'),
          /^token 20,000 of 80,001, /,
        ),
      );
      await eventually(async () => assert.ok((await drawn()) < 9000, String(await drawn())));
      await page.panel.shows(
        '.column:first-child .limit',
        /^The first 20,000 of 80,001 tokens are shown; all are counted\.$/,
      );
    },
    'the quick brown fox '.repeat(20_000),
  );
});

describe('a search', () => {
  inspectorTest('goes from place to place by text, also over several tokens', async (page) => {
    const { page: browserPage } = page.panel;
    await browserPage.getByRole('searchbox').fill('enization');
    await page.panel.shows('.search-status', /^1 in o200k_base$/);
    await eventually(async () =>
      assert.deepEqual(await browserPage.locator('.column').first().locator('.found').allInnerTexts(), [
        'Token',
        'ization',
      ]),
    );
    await browserPage.getByRole('searchbox').fill('.');
    await page.panel.shows('.search-status', /^3 in o200k_base$/);
    await browserPage.keyboard.press('Enter');
    await browserPage.keyboard.press('Enter');
    await page.panel.shows('.search-status', /^2 of 3 in o200k_base$/);
    await eventually(async () => assert.equal(await browserPage.locator('.current').count(), 1));
    await browserPage.getByRole('searchbox').fill('zebra');
    await page.panel.shows('.search-status', /^Not found in o200k_base$/);
  });

  inspectorTest('finds a token by its id', async (page) => {
    const first = page.panel.page.locator('.column').first();
    const label = (await first.locator('[data-index="3"]').getAttribute('aria-label')) ?? '';
    await page.panel.page.getByRole('searchbox').fill(/id (\d+)/.exec(label)?.[1] ?? '');
    await page.panel.shows('.search-status', /^2 in o200k_base$/);
    await eventually(async () =>
      assert.deepEqual(await first.locator('.found').allInnerTexts(), ['·text', '·text']),
    );
  });
});

describe('the merges of a word', () => {
  inspectorTest('are gone through step by step, forth and back', async (page) => {
    const { page: browserPage } = page.panel;
    await browserPage.locator('.column').first().locator('[data-index="0"]').click();
    await page.answerSteps(sampled);
    const parts = async () => (await browserPage.locator('.part-text').allInnerTexts()).join(' ');
    await page.panel.shows('.steps [role=status]', /^The word starts as 12 parts\.$/);
    await eventually(async () => assert.equal(await parts(), 'T o k e n i z a t i o n'));
    await browserPage.getByRole('button', { name: 'To the end' }).click();
    await eventually(async () => assert.equal(await parts(), 'Token ization'));
    await page.panel.shows('.steps [role=status]', /became “Token”, id \d+\. These are the tokens\.$/);
    await browserPage.getByRole('button', { name: 'One step back' }).click();
    await eventually(async () => assert.notEqual(await parts(), 'Token ization'));
    await browserPage.keyboard.press('Escape');
    await browserPage.locator('.steps').waitFor({ state: 'detached' });
  });

  inspectorTest('go when there is another text', async (page) => {
    const { page: browserPage } = page.panel;
    await browserPage.locator('.column').first().locator('[data-index="0"]').click();
    await page.answerSteps(sampled);
    await browserPage.locator('.steps').waitFor();
    const { subject, tokenizers } = await sampled.inspect('Another text');
    await page.send({ type: 'change', state: { subject, tokenizers } });
    await browserPage.locator('.steps').waitFor({ state: 'detached' });
  });

  inspectorTest('play to their end by themselves, without movement where that is asked for', async (page) => {
    const { page: browserPage } = page.panel;
    await browserPage.locator('.column').first().locator('[data-index="3"]').click();
    await page.answerSteps(sampled);
    await browserPage.getByRole('button', { name: 'Play' }).click();
    await browserPage.getByRole('button', { name: 'Pause' }).waitFor();
    await page.panel.shows('.steps [role=status]', /This is the token\.$/);
    await eventually(async () =>
      assert.equal(
        await browserPage.evaluate<string>(
          'getComputedStyle(document.querySelector(".part.made")).animationName',
        ),
        'none',
      ),
    );
  });
});

describe('the cost', () => {
  inspectorTest(
    'stands beside the count: unknown is said, local is free, an encoding has none',
    async (page) => {
      await page.show(
        await sampled.inspect(sample, { added: ['anthropic/claude-sonnet-4-5', 'acme/nameless'] }),
      );
      const rows = page.panel.page.locator('.tokenizers tbody tr');
      const costs = async () =>
        (await rows.locator('td:nth-child(4)').allInnerTexts()).map((text) => text.trim());
      await eventually(async () =>
        assert.deepEqual(await costs(), ['$0.000063', '—', '—', '—', 'free', '~$0.00015', 'unknown']),
      );
      await eventually(async () =>
        assert.deepEqual(await page.panel.page.locator('.column-count').allTextContents(), [
          '50 tokens · $0.000063',
          '52 tokens',
          '91 tokens · free',
          '50 tokens · ~$0.00015',
          '50 tokens · cost unknown',
        ]),
      );
    },
  );

  inspectorTest('of another model comes and goes with its row', async (page) => {
    await page.show(await sampled.inspect(sample, { added: ['openai/gpt-4o'] }));
    await page.panel.page.getByRole('button', { name: 'Add model…' }).click();
    await page.panel.page.getByRole('button', { name: 'Compare with gpt-4o no longer' }).click();
    await eventually(async () =>
      assert.deepEqual((await page.posted()).slice(1), [
        { type: 'add' },
        { type: 'remove', id: 'added:openai/gpt-4o' },
      ]),
    );
  });
});

describe('the page', () => {
  inspectorTest('asks the host for what the user wants to see', async (page) => {
    const { page: browserPage } = page.panel;
    await browserPage.getByRole('checkbox', { name: 'r50k_base' }).click();
    await browserPage.getByRole('button', { name: 'Remove the column of demo' }).click();
    await browserPage.getByRole('checkbox', { name: 'Follow the selection' }).click();
    await browserPage.locator('.column').first().locator('[data-index="3"]').click();
    await eventually(async () =>
      assert.deepEqual((await page.posted()).slice(1), [
        { type: 'show', id: 'r50k_base', isShown: true },
        { type: 'show', id: 'model', isShown: false },
        { type: 'follow', isFollowing: false },
        { type: 'steps', request: 1, id: 'o200k_base', word: ' text', isStart: false },
      ]),
    );
  });

  inspectorTest('says what to do where there is nothing to inspect', async (page) => {
    await page.show(emptyInspector);
    await page.panel.shows('.message', /^Nothing to inspect yet\s+Select some text/);
    await page.send({ type: 'snapshot', version: 99, state: emptyInspector });
    await page.panel.shows('.message', /another version/);
  });
});
