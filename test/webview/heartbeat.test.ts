import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { beatMs, Heartbeat, patience } from '../../webview/heartbeat.ts';

/** A page that can be hidden, in front of a host that answers or does not, on a clock of the test's own. */
function watched() {
  mock.timers.enable({ apis: ['setInterval'] });
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const silences: boolean[] = [];
  const host = { answers: true, asked: 0 };
  const heartbeat = new Heartbeat({
    ask: () => {
      host.asked += 1;
      if (host.answers) heartbeat.heard();
    },
    onSilence: (isSilent) => silences.push(isSilent),
    page,
  });
  heartbeat.start();
  return {
    host,
    heartbeat,
    silences,
    beats: (count: number) => mock.timers.tick(count * beatMs),
    show: (visibilityState: 'visible' | 'hidden') => {
      Object.assign(page, { visibilityState });
      page.dispatchEvent(new Event('visibilitychange'));
    },
    [Symbol.dispose]: () => mock.timers.reset(),
  };
}

test('a host that answers is never said to be silent', () => {
  using page = watched();
  page.beats(100);
  assert.deepEqual([page.host.asked, page.silences], [100, []]);
});

test('a host that has left so many questions open is silent, until it answers', () => {
  using page = watched();
  page.host.answers = false;
  page.beats(patience);
  assert.deepEqual(page.silences, [], 'it may be busy');
  page.beats(20);
  assert.deepEqual(page.silences, [true]);
  page.host.answers = true;
  page.beats(1);
  assert.deepEqual(page.silences, [true, false]);
});

test('whatever the host says is an answer', () => {
  using page = watched();
  page.host.answers = false;
  for (let news = 0; news < 10; news++) {
    page.beats(patience - 1);
    page.heartbeat.heard();
  }
  assert.deepEqual(page.silences, []);
});

test('a page that is hidden asks nothing, and waits anew once it is seen', () => {
  using page = watched();
  page.host.answers = false;
  page.beats(patience);
  page.show('hidden');
  page.beats(100);
  page.show('visible');
  page.beats(patience);
  assert.deepEqual([page.host.asked, page.silences], [2 * patience, []]);
  page.beats(1);
  assert.deepEqual(page.silences, [true]);
});
