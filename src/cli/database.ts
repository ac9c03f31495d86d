import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { historyPlaces, newestHistory } from '../node/historyPlaces.ts';

/**
 * The history's file: the one named, or else the one that an editor on this machine wrote to last, which is told.
 * @throws Error when there is none.
 */
export function databaseOf(named: string | undefined): string {
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`There is no history at ${resolve(named)}.`);
    return named;
  }
  const places = historyPlaces();
  const found = newestHistory(places);
  if (found === undefined) {
    throw new Error(
      `There is no history yet in any of these places. Name the file with --database FILE.\n${places.map((place) => `  ${place}`).join('\n')}`,
    );
  }
  console.error(`History: ${found}`);
  return found;
}
