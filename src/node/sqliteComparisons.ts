import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { ComparisonStore, NamedComparison } from '../core/run/namedComparison.ts';
import { overridesFrom } from '../core/run/overridesFrom.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { promptIdAt, promptIdsOf, promptUriNow } from './sqlitePromptNames.ts';

/** Named comparisons in the file of the history; those of a prompt go along when it is moved. */
export class SqliteComparisons implements ComparisonStore {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  list(promptUri?: string): readonly NamedComparison[] {
    const columns = `id, name, lanes, variables, ${promptUriNow} AS uri`;
    const listed = 'deleted_at IS NULL ORDER BY name COLLATE NOCASE, created_at';
    const rows =
      promptUri === undefined
        ? this.#file.all(`SELECT ${columns} FROM named_comparisons WHERE ${listed}`)
        : this.#file.all(
            `SELECT ${columns} FROM named_comparisons
             WHERE prompt_uri IN (SELECT value FROM json_each(?)) AND ${listed}`,
            JSON.stringify(promptIdsOf(this.#file, [promptUri])),
          );
    return rows.flatMap((row) => comparisonOf(row) ?? []);
  }

  save({ promptUri, name, lanes, values }: Omit<NamedComparison, 'id'>): void {
    this.#file.transaction(() => {
      const prompt = promptIdAt(this.#file, promptUri);
      this.#file.run(
        'DELETE FROM named_comparisons WHERE prompt_uri = ? AND name = ? AND deleted_at IS NULL',
        prompt,
        name,
      );
      this.#file.run(
        'INSERT INTO named_comparisons (id, prompt_uri, name, lanes, variables, created_at) VALUES (?, ?, ?, ?, ?, ?)',
        randomUUID(),
        prompt,
        name,
        JSON.stringify(lanes),
        JSON.stringify(values),
        this.#file.now,
      );
    });
  }

  rename(id: string, name: string): void {
    this.#file.run('UPDATE named_comparisons SET name = ? WHERE id = ?', name, id);
  }

  delete(id: string): void {
    this.#file.run('UPDATE named_comparisons SET deleted_at = ? WHERE id = ?', this.#file.now, id);
  }

  restore(id: string): void {
    this.#file.run('UPDATE named_comparisons SET deleted_at = NULL WHERE id = ?', id);
  }
}

const laneSchema = z.object({
  modelId: z.nullable(z.string()),
  settings: z.record(z.string(), z.json()),
  promptVersion: z.nullable(z.string()),
  sampleCount: z.optional(z.number()),
});
const lanesSchema = z.array(laneSchema);
const valuesSchema = z.record(z.string(), z.json());

/** `undefined` for a row that another version of the playground has written in a form of its own. */
function comparisonOf(row: Row): NamedComparison | undefined {
  const lanes = lanesSchema.safeParse(JSON.parse(String(row['lanes'])));
  const values = valuesSchema.safeParse(JSON.parse(String(row['variables'])));
  if (!lanes.success || !values.success || lanes.data.length === 0) return undefined;
  return {
    id: String(row['id']),
    promptUri: String(row['uri']),
    name: String(row['name']),
    lanes: lanes.data.map((lane) => ({ ...lane, settings: overridesFrom(lane.settings) })),
    values: values.data,
  };
}
