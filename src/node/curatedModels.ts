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
