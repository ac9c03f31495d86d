/** Long answers in a real browser: what they cost is printed, that nothing is drawn anew is asserted. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { panelTest } from './panelTest.ts';
import { lane, prompt, running } from './samples.ts';

describe('100,000 characters', () => {
  const kinds = {
    prose: (index: number) =>
      `Paragraph ${index} with **bold**, \`code\` and [a link](https://a.example/). ${'Plain words. '.repeat(20)}\n\n`,
    'one list': (index: number) => `- item ${index} with **bold** words, and a few more to fill the line\n`,
    'one block of code': (index: number) =>
      `${index === 0 ? '```ts\n' : ''}const value${index} = compute(${index}); // a comment\n`,
    'one paragraph': () => 'words without an end ',
  };
  for (const [kind, part] of Object.entries(kinds)) {
    panelTest(`of ${kind} stream without being drawn anew`, async (panel) => {
      const whole = Array.from({ length: 5000 }, (_, index) => part(index))
        .join('')
        .slice(0, 100_000);
      await panel.show({ prompt, run: running });
      const figures = await panel.page.evaluate<StreamFigures>(
        `(${streamInFrames})(${JSON.stringify({ whole, runId: running.id })})`,
      );
      console.log(
        `100,000 characters of ${kind}, 800 a frame: ${figures.total} ms, ${figures.draws} times drawn, a frame lasts ` +
          `${figures.firstFrames} ms at first, ${figures.lastFrames} ms at the end and ${figures.worst} ms at worst; ` +
          `${figures.added} nodes were made for ${figures.nodes}.`,
      );
      assert.equal(figures.firstKept, true);
      assert.ok(figures.added < 2 * figures.nodes + 2 * figures.draws, JSON.stringify(figures));
    });
  }
});

describe('what streams while somebody types', () => {
  /**
   * Runs in the page: a piece of the answer comes and a key is pressed, `count` times.
   * @returns what was seen in the 30 ms after each key: whether the piece was there.
   */
  const typed = (count: number, everyMs: number) => `(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const input = document.querySelector('.composer textarea');
    const seen = [];
    for (let at = 0; at < ${count}; at++) {
      const events = [{ type: 'text', text: 'Piece' + at + ' ' }];
      const runs = [{ runId: ${JSON.stringify(running.id)}, events }];
      window.dispatchEvent(new MessageEvent('message', { data: { type: 'run-events', runs } }));
      input.value += 'k';
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      for (const start = performance.now(); ; ) {
        await frame();
        if (performance.now() - start > 30) break;
        seen.push(document.querySelector('.answer-text').textContent.includes('Piece' + at));
      }
      await new Promise((done) => setTimeout(done, ${everyMs}));
    }
    return seen;
  })()`;
  const lanes = [lane('1', { run: { ...running, text: 'Begun. ' } })];

  panelTest('is not drawn in the frame that shows a key, and is a little later', async (panel) => {
    await panel.show({ prompt, lanes });
    await panel.shows('.answer-text', /Begun/);
    const seen = await panel.page.evaluate<boolean[]>(typed(3, 600));
    assert.deepEqual(new Set(seen), new Set([false]));
    await panel.shows('.answer-text', /Piece2/);
    assert.equal(await panel.page.locator('.composer textarea').inputValue(), 'kkk');
  });

  panelTest('is drawn also while a key is held down', async (panel) => {
    await panel.show({ prompt, lanes });
    await panel.shows('.answer-text', /Begun/);
    const done = panel.page.evaluate(typed(80, 10));
    await panel.shows('.answer-text', /Piece9/);
    const written = (await panel.page.locator('.composer textarea').inputValue()).length;
    await done;
    assert.ok(written < 80, `${written} keys before anything was drawn`);
  });
});

/** Times are in ms. */
interface StreamFigures {
  readonly total: number;
  /** How often the answer was changed. */
  readonly draws: number;
  /** How long one of the first and of the last 50 frames lasts, in the median, and the longest of all. */
  readonly firstFrames: number;
  readonly lastFrames: number;
  readonly worst: number;
  /** Nodes, with those inside them, that were put into the answer on the way, and those that it has in the end. */
  readonly added: number;
  readonly nodes: number;
  /** Whether the very first element is still the one that was made first. */
  readonly firstKept: boolean;
}

/** Runs in the page: the host sends one message in every frame that the browser gets to show. */
const streamInFrames = `async ({ whole, runId }) => {
  const answer = document.querySelector('.answer-text');
  const nodesIn = (root) => {
    const walker = document.createTreeWalker(root);
    let nodes = 1;
    while (walker.nextNode()) nodes++;
    return nodes;
  };
  let added = 0;
  let draws = 0;
  new MutationObserver((records) => {
    draws++;
    for (const record of records) for (const node of record.addedNodes) added += nodesIn(node);
  }).observe(answer, { childList: true, characterData: true, subtree: true });
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const send = (event) => {
    const message = { type: 'run-events', runs: [{ runId, events: [event] }] };
    window.dispatchEvent(new MessageEvent('message', { data: message }));
  };

  const ends = [await frame()];
  let first;
  for (let at = 0; at < whole.length; at += 800) {
    send({ type: 'text', text: whole.slice(at, at + 800) });
    ends.push(await frame());
    first ??= answer.querySelector('.markdown > div > *');
  }
  send({ type: 'end', outcome: { status: 'finished', reason: 'stop' }, timing: { totalMs: 1 } });
  while (answer.classList.contains('streaming')) ends.push(await frame());

  const frames = ends.slice(1).map((end, index) => end - ends[index]);
  const median = (list) => Math.round(list.toSorted((a, b) => a - b)[list.length >> 1]);
  return {
    total: Math.round(ends.at(-1) - ends[0]),
    draws,
    firstFrames: median(frames.slice(0, 50)),
    lastFrames: median(frames.slice(-50)),
    worst: Math.round(Math.max(...frames)),
    added,
    nodes: nodesIn(answer),
    firstKept: first === answer.querySelector('.markdown > div > *'),
  };
}`;
