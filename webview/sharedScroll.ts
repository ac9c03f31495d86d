import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** While `on`, every scroller in `root` goes where the reader scrolls one of them. A text that follows its end does not lead. */
export function useSharedScroll(root: RefObject<HTMLElement | null>, on: boolean): void {
  useEffect(() => {
    const element = root.current;
    if (!element || !on) return;
    // The one that the reader has in hand: what the others do follows from it.
    let leader: Element | null = null;
    const lead = ({ target }: Event) => {
      leader = target instanceof Element ? target.closest('.scroller') : null;
    };
    const onScroll = ({ target }: Event) => {
      if (target !== leader || !(target instanceof HTMLElement)) return;
      for (const other of element.querySelectorAll('.scroller')) {
        if (other !== target) other.scrollTop = target.scrollTop;
      }
    };
    const leads = ['wheel', 'pointerdown', 'keydown', 'touchstart'];
    for (const type of leads) element.addEventListener(type, lead, { passive: true });
    // Scrolling does not bubble, but it can be caught on its way down.
    element.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      for (const type of leads) element.removeEventListener(type, lead);
      element.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [root, on]);
}
