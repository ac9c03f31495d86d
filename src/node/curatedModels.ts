import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** A model that is worth a download, with what to know before. */
export type CuratedModel = z.infer<typeof curatedModel>;

/** The list that ships with the extension, the smallest first. `root` is the folder that holds `media/`. */
export async function curatedModels(root: string): Promise<readonly CuratedModel[]> {
  const text = await readFile(join(root, 'media', 'models.json'), 'utf8');
  return curatedList.parse(JSON.parse(text)).models;
}

/** Where a model would run: wholly on the graphics card, with the processor's help, or not at all. */
export type ModelPlace = 'card' | 'memory' | 'nowhere';

/** @param machine its memory and graphics memory in gigabytes. */
export function placeOf(
  { memoryGigabytes }: Pick<CuratedModel, 'memoryGigabytes'>,
  machine: { readonly memory: number; readonly graphics: number },
): ModelPlace {
  // The system, the screen and the editor want theirs.
  if (memoryGigabytes <= machine.graphics * 0.9) return 'card';
  return memoryGigabytes <= machine.memory * 0.75 + machine.graphics * 0.9 ? 'memory' : 'nowhere';
}

const curatedModel = z.object({
  name: z.string(),
  /** As `modelSourceOf` reads it. */
  source: z.string(),
  /** Of the download, about. */
  gigabytes: z.number(),
  /** Of memory that a run with a window of 8,192 tokens takes, about. */
  memoryGigabytes: z.number(),
  goodFor: z.string(),
});

const curatedList = z.object({
  /** When the list was last looked over, as YYYY-MM-DD. */
  date: z.string(),
  models: z.array(curatedModel),
});
