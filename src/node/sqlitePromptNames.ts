import { randomUUID } from 'node:crypto';
import type { Move } from '../core/prompt/versionStore.ts';
import type { SqliteFile } from './sqliteFile.ts';

/*
 * The rows of a prompt have an id of it in their `prompt_uri`: the URI that it had when it was first recorded. A prompt
 * that was moved has a row in `prompt_names`, which says where it is now; any other is where its id says. So a move writes
 * one row, however many runs there are. Several prompts may have gone by one URI, one after another; the file that is there
 * now is the one that came last.
 */

/** SQL for the URI that the prompt of a row of runs or conversations has now; NULL where none stands behind it. */
export const promptUriNow = 'coalesce((SELECT uri FROM prompt_names WHERE id = prompt_uri), prompt_uri)';

/** The ids of all prompts that go by these URIs. */
export function promptIdsOf(file: SqliteFile, uris: readonly string[]): readonly string[] {
  return file
    .all(
      `WITH uris AS (SELECT value FROM json_each(?))
       SELECT id FROM prompt_names WHERE uri IN (SELECT value FROM uris)
       UNION SELECT value FROM uris WHERE value NOT IN (SELECT id FROM prompt_names)`,
      JSON.stringify(uris),
    )
    .map(({ id }) => String(id));
}

/** The id of the prompt that is at a URI now, for a new row. Where the one of that name has gone, the file is a new prompt. */
export function promptIdAt(file: SqliteFile, uri: string): string {
  const known = currentIdAt(file, uri);
  if (known !== undefined) return known;
  const id = randomUUID();
  place(file, id, uri, []);
  return id;
}

/** The URIs that the prompt which is at this one had before, newest first. */
export function earlierUrisOf(file: SqliteFile, uri: string): readonly string[] {
  const id = currentIdAt(file, uri);
  return id === undefined ? [] : earlierUrisOfId(file, id);
}

/** Writes down that a prompt is somewhere else now; with a folder, all prompts in it and those that were in it once. */
export function movePrompts(file: SqliteFile, { from, to, inFolder }: Move): void {
  const there = new Set(inFolder ?? [from]);
  const known = inFolder ? urisBelow(file, `${from}/`).filter((uri) => !there.has(uri)) : [];
  for (const uri of [...there, ...known]) {
    // What is known may have left before.
    const id = there.has(uri) ? promptIdAt(file, uri) : currentIdAt(file, uri);
    if (id !== undefined) moveTo(file, id, uri, to + uri.slice(from.length));
  }
}

/** `undefined` where the only prompt that had this URI has gone. */
function currentIdAt(file: SqliteFile, uri: string): string | undefined {
  const last = file.first('SELECT id FROM prompt_names WHERE uri = ? ORDER BY moved DESC LIMIT 1', uri);
  if (last) return String(last['id']);
  return file.first('SELECT 1 FROM prompt_names WHERE id = ?', uri) ? undefined : uri;
}

function moveTo(file: SqliteFile, id: string, from: string, to: string): void {
  place(file, id, to, [from, ...earlierUrisOfId(file, id).filter((uri) => uri !== from && uri !== to)]);
}

function place(file: SqliteFile, id: string, uri: string, earlierUris: readonly string[]): void {
  file.run(
    `INSERT INTO prompt_names (id, uri, moved, earlier_uris)
     VALUES (?, ?, (SELECT coalesce(max(moved), 0) + 1 FROM prompt_names), ?)
     ON CONFLICT (id) DO UPDATE SET uri = excluded.uri, moved = excluded.moved, earlier_uris = excluded.earlier_uris`,
    id,
    uri,
    JSON.stringify(earlierUris),
  );
}

function earlierUrisOfId(file: SqliteFile, id: string): readonly string[] {
  const row = file.first('SELECT earlier_uris FROM prompt_names WHERE id = ?', id);
  return row ? (JSON.parse(String(row['earlier_uris'])) as readonly string[]) : [];
}

/** The tables whose rows have the id of a prompt. */
const recorded = ['runs', 'conversations', 'tagged_prompts', 'named_comparisons'];

/** The URIs below a folder, which ends in `/`, that prompts are known by. */
function urisBelow(file: SqliteFile, folder: string): readonly string[] {
  // The character after `/`: whatever begins with the folder's name sorts between the two.
  const end = folder.slice(0, -1) + '0';
  const uris = file.all(
    `SELECT uri FROM prompt_names WHERE uri >= ?1 AND uri < ?2
     ${recorded.map((table) => `UNION SELECT prompt_uri FROM ${table} WHERE prompt_uri >= ?1 AND prompt_uri < ?2`).join(' ')}`,
    folder,
    end,
  );
  return uris.map(({ uri }) => String(uri));
}
