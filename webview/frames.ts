/** After a slow frame the next one waits this many times as long, so that drawing takes a quarter of the time. */
const restPerWork = 3;

/** A frame within this time, in ms, is no reason to wait. */
const quickFrame = 10;

/** The longest wait, in ms. */
const longestRest = 500;

/** For this long after a key nothing that streams is drawn, in ms, so that the frame that shows the key is a short one. */
const typingRest = 40;

/** Draws in the next animation frame, once however often it is asked. */
export interface Frames {
  /** For what the user did or waits for. */
  now(): void;
  /** For one more piece of a stream: not while the last piece is still being paid for. */
  unhurried(): void;
  /** For what was typed, which the browser shows by itself: the rest of what it changes is drawn a little later. */
  typed(): void;
}

/** Calls `draw` for every frame that is asked for. Whatever streams, the panel stays usable. */
export function framesOf(draw: () => void): Frames {
  let asked: 'no' | 'later' | 'now' = 'no';
  let rested = 0;
  /** Since when a piece waits to be drawn. */
  let waited = 0;

  const frame = (): void => {
    const start = performance.now();
    const streaming = asked === 'later';
    asked = 'no';
    draw();
    if (streaming) afterPaint(() => rest(performance.now() - start));
  };
  const rest = (work: number): void => {
    rested = work > quickFrame ? performance.now() + Math.min(restPerWork * work, longestRest) : 0;
  };
  const frameOnceRested = (): void => {
    setTimeout(
      () =>
        requestAnimationFrame(() => {
          if (asked !== 'later') return;
          if (rested > performance.now()) frameOnceRested();
          else frame();
        }),
      Math.max(0, rested - performance.now()),
    );
  };
  const unhurried = (): void => {
    if (asked !== 'no') return;
    asked = 'later';
    waited = performance.now();
    frameOnceRested();
  };

  return {
    now() {
      if (asked === 'now') return;
      asked = 'now';
      requestAnimationFrame(() => asked === 'now' && frame());
    },
    unhurried,
    typed() {
      unhurried();
      // A key that is held down stops no stream.
      rested = Math.max(rested, Math.min(performance.now() + typingRest, waited + longestRest));
    },
  };
}

/** A message is delivered after the browser has laid out and painted the frame. */
function afterPaint(action: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    action();
  };
  port2.postMessage(null);
}
