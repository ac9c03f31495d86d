/** The panel at twice the size, in high contrast and without motion, in a real browser. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { attachedPart } from '../../src/core/attachment.ts';
import { eventually } from '../eventually.ts';
import type { PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { failed, finished, lane, prompt, running, talk, threeLanes } from './samples.ts';

describe('at a zoom of 200 %', () => {
  // What a column of 600 × 800 then is in the units of its page.
  const zoomed = { width: 300, height: 400 };

  panelTest(
    'everything that is used is in sight, and nothing reaches out of the page',
    async (panel) => {
      const tokens = { count: 1204, isExact: false };
      await panel.show({
        prompt,
        lanes: [talk],
        attachments: [{ id: 'a', path: 'a/long/way/to/the/name/of_a_file.ts', tokens, note: '' }],
      });
      await panel.shows('.turns', /And why\?/);
      for (const used of [
        panel.page.getByRole('textbox', { name: 'Follow-up' }),
        panel.page.getByRole('button', { name: 'Send' }),
        panel.page.getByRole('button', { name: 'Run again' }),
        panel.page.getByRole('button', { name: 'Settings' }),
        panel.page.getByRole('button', { name: 'Take out a/long/way/to/the/name/of_a_file.ts' }),
      ])
        await inSight(panel, used);
      await eventually(async () => assert.deepEqual(await reachingOut(panel), []));
      // There is room to read beside it.
      const { height = 0 } = (await panel.page.locator('.scroller').boundingBox()) ?? {};
      assert.ok(height >= 80, `${height} px for the conversation`);
    },
    zoomed,
  );

  panelTest(
    'the settings can be reached to the last one and closed',
    async (panel) => {
      await panel.show({ prompt, lanes: [lane('1', { run: finished })] });
      await panel.page.getByRole('button', { name: 'Settings' }).click();
      await inSight(panel, panel.page.getByRole('button', { name: 'Close the settings (Escape)' }));
      await panel.page.getByLabel('Token probabilities').focus();
      await inSight(panel, panel.page.getByLabel('Token probabilities'));
      await eventually(async () => assert.deepEqual(await reachingOut(panel), []));
    },
    zoomed,
  );
});

describe('in high contrast', () => {
  for (const theme of ['contrast', 'contrastLight'] as const) {
    panelTest(
      `text stands out from what is behind it by 4.5 to 1 (${theme})`,
      async (panel) => {
        const [answer, question] = talk.turns;
        if (!answer || !question) assert.fail();
        const part = attachedPart({ path: 'src/a.ts', lines: [3, 9] }, 'x', 'ts');
        const chat = { ...talk, turns: [answer, { ...question, parts: [part] }] };
        const refused = { id: 'a', path: 'a.ts', tokens: null, note: '', problem: 'a.ts is not there.' };
        for (const state of [
          { prompt, lanes: [chat], attachments: [refused] },
          { prompt, run: failed },
          { prompt, lanes: threeLanes },
        ]) {
          await panel.show(state);
          await panel.shows('.prompt-name', /explain/);
          await eventually(async () => assert.deepEqual(await tooFaint(panel, 4.5), []));
        }
      },
      { theme, width: 1180 },
    );

    panelTest(
      `what is told by a shade elsewhere has a line around it (${theme})`,
      async (panel) => {
        const attachments = [{ id: 'a', path: 'a.ts', tokens: null, note: '' }];
        await panel.show({ prompt, lanes: [talk], attachments });
        for (const shaded of ['.message-input', '.attachment', '.bubble', '.chips .chip', '.tools .code'])
          await eventually(async () => assert.equal(await hasLine(panel, shaded), true, shaded));
      },
      { theme },
    );
  }
});

describe('with reduced motion', () => {
  panelTest('nothing moves by itself, where else the caret of an answer does', async (panel) => {
    const moving = `document.getAnimations().filter(({ playState }) => playState === 'running').length`;
    await panel.page.emulateMedia({ reducedMotion: 'no-preference' });
    await panel.show({ prompt, run: { ...running, text: 'A token' } });
    await eventually(async () => assert.ok((await panel.page.evaluate<number>(moving)) > 0));
    await panel.page.emulateMedia({ reducedMotion: 'reduce' });
    await eventually(async () => assert.equal(await panel.page.evaluate(moving), 0));
    // Nor what is unfolded.
    await panel.page.locator('.fold > summary').first().click();
    assert.equal(await panel.page.evaluate(moving), 0);
  });
});

async function inSight(panel: PanelPage, used: ReturnType<PanelPage['page']['locator']>): Promise<void> {
  await eventually(async () => {
    const box = await used.boundingBox();
    const { width = 0, height = 0 } = panel.page.viewportSize() ?? {};
    const isIn =
      box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
    assert.ok(isIn, `${String(used)} at ${JSON.stringify(box)}`);
  });
}

/** What is wider than its page and cannot be scrolled to by itself. */
function reachingOut(panel: PanelPage): Promise<readonly string[]> {
  return panel.page.evaluate(`(() => {
    const isScrolled = (element) =>
      element && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || isScrolled(element.parentElement));
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !isScrolled(element.parentElement))
      .map((element) => element.className || element.tagName);
  })()`);
}

/**
 * Texts whose contrast (WCAG 2.2, section 1.4.3) is lower than wanted: colour against the nearest background that is not
 * transparent. Those inside the toolkit's own elements are left out, whose colours are VS Code's.
 */
function tooFaint(panel: PanelPage, least: number): Promise<readonly string[]> {
  return panel.page.evaluate(`((least) => {
    const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const luminance = ([r, g, b]) => {
      const [red, green, blue] = [r, g, b].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const backgroundOf = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = channels(getComputedStyle(at).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color;
      }
      return [0, 0, 0];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest('vscode-button, [hidden]') || !element.checkVisibility()) continue;
      const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(backgroundOf(element))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (ratio < least) found.push(node.data.trim().slice(0, 40) + ' ' + ratio.toFixed(1) + ' ' + element.className);
    }
    return found;
  })(${least})`);
}

/** Whether the first of these elements has a line that can be seen on every side. */
function hasLine(panel: PanelPage, selector: string): Promise<boolean> {
  return panel.page.evaluate(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    if (!element) return undefined;
    const style = getComputedStyle(element);
    return ['Top', 'Right', 'Bottom', 'Left'].every((side) =>
      parseFloat(style['border' + side + 'Width']) > 0 && !/, 0\\)$|transparent/.test(style['border' + side + 'Color']));
  })()`);
}
