/** After a slow frame the next one waits this many times as long, so that drawing takes a quarter of the time. */
const restPerWork = 3;

/** A frame within this time, in ms, is no reason to wait. */
const quickFrame = 10;

/** The longest wait, in ms. */
const longestRest = 500;

/** Draws in the next animation frame, once however often it is asked. */
export interface Frames {
  /** For what the user did or waits for. */
  now(): void;
  /** For one more piece of a stream: not while the last piece is still being paid for. */
  unhurried(): void;
}

/** Calls `draw` for every frame that is asked for. Whatever streams, the panel stays usable. */
export function framesOf(draw: () => void): Frames {
  let asked: 'no' | 'later' | 'now' = 'no';
  let rested = 0;

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

  return {
    now() {
      if (asked === 'now') return;
      asked = 'now';
      requestAnimationFrame(() => asked === 'now' && frame());
    },
    unhurried() {
      if (asked !== 'no') return;
      asked = 'later';
      setTimeout(
        () => requestAnimationFrame(() => asked === 'later' && frame()),
        Math.max(0, rested - performance.now()),
      );
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
