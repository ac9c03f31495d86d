import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TokenGroup } from '../tokens.ts';

/** Which groups of a column are in view or nearly so, and how tall the others are. */
export interface Nearby {
  readonly isNear: (group: number) => boolean;
  /** In px; `undefined` while the group has never been drawn. */
  readonly heightOf: (group: number) => number | undefined;
}

/** Groups are drawn when they come this close to what is in view. */
const margin = '800px 0px';

/** Watches the groups, which are the children of `list`, while `scroller` scrolls. */
export function useNearby(
  list: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
  groups: readonly TokenGroup[],
): Nearby {
  const [near, setNear] = useState<ReadonlySet<number>>(firstGroups);
  const heights = useRef(new Map<number, number>());

  useEffect(() => {
    const known = heights.current;
    known.clear();
    const observer = new IntersectionObserver(
      (entries) =>
        setNear((before) => {
          const after = new Set(before);
          for (const { target, isIntersecting } of entries) {
            const group = Number((target as HTMLElement).dataset['group']);
            if (isIntersecting) after.add(group);
            else if (after.delete(group)) known.set(group, (target as HTMLElement).offsetHeight);
          }
          return after;
        }),
      { root: scroller.current, rootMargin: margin },
    );
    for (const element of list.current?.children ?? []) observer.observe(element);
    return () => observer.disconnect();
  }, [groups]);

  return { isNear: (group) => near.has(group), heightOf: (group) => heights.current.get(group) };
}

const firstGroups: ReadonlySet<number> = new Set([0, 1]);
