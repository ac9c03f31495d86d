import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** How near to the end, in px, still counts as being there. */
const nearEnd = 24;
/** A place is remembered when the reader has rested there for this long, in ms. */
const restMs = 200;

/** Where a reader was when the page went away, and how to remember it for the next time. */
export interface ReadingPlace {
  /** In px from the top; `undefined` for nowhere yet, and while what is written is followed. */
  readonly top: number | undefined;
  readonly remember: (top: number | undefined) => void;
}

/**
 * Keeps the end of a growing text in view while the reader is there, and leaves the reader alone otherwise.
 * `toEnd` goes there and follows again. Every run starts by being followed, but for one that the reader had left.
 * @param chatId the conversation above the text, which is opened at its end; `undefined` where there is none.
 */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  runId: string | undefined,
  running: boolean,
  chatId: string | undefined,
  place: ReadingPlace,
): { readonly atEnd: boolean; readonly toEnd: () => void } {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const isRestored = useRef(false);
  const isRunning = useRef(running);
  isRunning.current = running;

  const follow = useCallback((on: boolean) => {
    following.current = on;
    setAtEnd(on);
  }, []);

  const toEnd = useCallback(() => {
    follow(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [follow, scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (place.top !== undefined) {
      element.scrollTop = place.top;
      isRestored.current = true;
      follow(false);
    }
    let last = element.scrollTop;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      const top = element.scrollTop;
      if (element.scrollHeight - top - element.clientHeight < nearEnd) follow(true);
      else if (top < last) follow(false);
      last = top;
      clearTimeout(timer);
      timer = setTimeout(
        () => place.remember(isRunning.current && following.current ? undefined : element.scrollTop),
        restMs,
      );
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
    };
    // A place is gone back to once, when the lane is drawn for the first time.
  }, [follow, scroller]);

  useLayoutEffect(() => {
    if (chatId !== undefined && place.top === undefined && !isRunning.current) toEnd();
    // The place is of the conversation that comes with it.
  }, [chatId, toEnd]);

  useLayoutEffect(() => {
    if (!content.current || !running) return;
    if (!isRestored.current) follow(true);
    isRestored.current = false;
    const observer = new ResizeObserver(() => {
      if (following.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    });
    observer.observe(content.current);
    return () => {
      observer.disconnect();
      // The last piece of text and the end of the run come in one frame.
      if (following.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    };
  }, [runId, running, follow, content, scroller]);

  return { atEnd, toEnd };
}
