import type { LaneChoice } from '../core/run/overrides.ts';

/** What came of each version of a prompt; `null` is the file as it is. */
export type ByVersion<T> = ReadonlyMap<string | null, PromiseSettledResult<T>>;

/** Tries each version once, all at a time. One that fails keeps no other from it. */
export async function forEachVersion<T>(
  versions: Iterable<string | null>,
  make: (version: string | null) => Promise<T>,
): Promise<ByVersion<T>> {
  const results = Array.from(new Set(versions), async (version) => {
    const [result] = await Promise.allSettled([make(version)]);
    return [version, result] as const;
  });
  return new Map(await Promise.all(results));
}

/** What came out well. */
export function fulfilledIn<T>(results: ByVersion<T>): readonly T[] {
  return [...results.values()].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** @throws what kept it from coming out well. */
export function resultOf<T>(results: ByVersion<T>, version: string | null): T {
  const result = results.get(version);
  if (result?.status !== 'fulfilled') throw result?.reason;
  return result.value;
}

/** Those of the versions that these lanes run. */
export function only<T>(results: ByVersion<T>, lanes: readonly LaneChoice[]): ByVersion<T> {
  return new Map([...results].filter(([version]) => lanes.some((lane) => lane.promptVersion === version)));
}
