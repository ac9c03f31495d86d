import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** How near to the end, in px, still counts as being there. */
const nearEnd = 24;

/**
 * Keeps the end of a growing text in view while the reader is there, and leaves the reader alone otherwise.
 * `toEnd` goes there and follows again. Every run starts by being followed.
 */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  runId: string | undefined,
  running: boolean,
): { readonly atEnd: boolean; readonly toEnd: () => void } {
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);

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
    let last = element.scrollTop;
    const onScroll = () => {
      const top = element.scrollTop;
      if (element.scrollHeight - top - element.clientHeight < nearEnd) follow(true);
      else if (top < last) follow(false);
      last = top;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [follow, scroller]);

  useLayoutEffect(() => {
    if (!content.current || !running) return;
    follow(true);
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
