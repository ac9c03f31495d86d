import { contentOf } from '../core/prompt/versions.ts';
import type {
  LastRun,
  Move,
  TaggedVersion,
  VersionRun,
  VersionRuns,
  VersionStore,
  VersionTag,
} from '../core/prompt/versionStore.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { earlierUrisOf, movePrompts, promptIdAt, promptIdsOf } from './sqlitePromptNames.ts';

/**
 * Texts and names of prompt versions, in the file of the history. What is known of their runs comes from the rows of the
 * runs by an index that holds all of it, so that a list reads no answer.
 */
export class SqliteVersions implements VersionStore {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  keep(version: string, text: string): void {
    this.#file.run(
      'INSERT OR IGNORE INTO prompt_versions (hash, text, first_seen) VALUES (?, ?, ?)',
      version,
      contentOf(text),
      this.#file.now,
    );
  }

  textOf(version: string): string | undefined {
    const row = this.#file.first('SELECT text FROM prompt_versions WHERE hash = ?', version);
    return row && String(row['text']);
  }

  runsOf(promptUris: readonly string[]): readonly VersionRuns[] {
    return this.#file
      .all(
        `SELECT prompt_version, count(*) AS count, sum(total_cost) AS cost, count(total_cost) AS priced,
                max(started_at) AS started_at, status
         FROM runs
         WHERE prompt_uri IN (SELECT value FROM json_each(?)) AND prompt_version IS NOT NULL
         GROUP BY prompt_version ORDER BY max(started_at) DESC`,
        this.#idsOf(promptUris),
      )
      .map((row) => ({
        version: String(row['prompt_version']),
        count: Number(row['count']),
        cost: row['cost'] === null ? undefined : Number(row['cost']),
        isCostPartial: Number(row['priced']) < Number(row['count']),
        last: lastRunOf(row),
      }));
  }

  runsOfVersion(promptUris: readonly string[], version: string, limit: number): readonly VersionRun[] {
    return this.#file
      .all(
        `SELECT id, started_at, status, model_id, total_cost FROM runs
         WHERE prompt_uri IN (SELECT value FROM json_each(?)) AND prompt_version = ?
         ORDER BY started_at DESC LIMIT ?`,
        this.#idsOf(promptUris),
        version,
        limit,
      )
      .map((row) => ({
        ...lastRunOf(row),
        id: String(row['id']),
        modelId: String(row['model_id']),
        cost: row['total_cost'] === null ? undefined : Number(row['total_cost']),
      }));
  }

  lastRuns(): ReadonlyMap<string, LastRun> {
    const rows = this.#file.all(
      `SELECT coalesce(uri, prompt_uri) AS prompt_now, max(started_at) AS started_at, status FROM (
         SELECT prompt_uri, max(started_at) AS started_at, status FROM runs
         WHERE prompt_uri IS NOT NULL GROUP BY prompt_uri
       ) LEFT JOIN prompt_names ON id = prompt_uri GROUP BY prompt_now`,
    );
    return new Map(rows.map((row) => [String(row['prompt_now']), lastRunOf(row)]));
  }

  tag(
    promptUri: string,
    version: string,
    text: string,
    { name, note }: Pick<VersionTag, 'name' | 'note'>,
  ): void {
    this.#file.transaction(() => {
      this.keep(version, text);
      this.#file.run(
        `INSERT INTO version_tags (hash, name, note, created_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (hash, name) DO UPDATE SET note = excluded.note`,
        version,
        name,
        note,
        this.#file.now,
      );
      const id = promptIdAt(this.#file, promptUri);
      this.#file.run('INSERT OR IGNORE INTO tagged_prompts VALUES (?, ?, ?)', version, name, id);
    });
  }

  untag(version: string, name: string): void {
    this.#file.transaction(() => {
      for (const table of ['version_tags', 'tagged_prompts'])
        this.#file.run(`DELETE FROM ${table} WHERE hash = ? AND name = ?`, version, name);
    });
  }

  taggedIn(promptUris: readonly string[]): readonly TaggedVersion[] {
    return this.#file
      .all(
        `SELECT hash, max(created_at) AS at FROM tagged_prompts JOIN version_tags USING (hash, name)
         WHERE prompt_uri IN (SELECT value FROM json_each(?)) GROUP BY hash ORDER BY at DESC`,
        this.#idsOf(promptUris),
      )
      .map((row) => ({ version: String(row['hash']), at: Number(row['at']) }));
  }

  tags(): ReadonlyMap<string, readonly VersionTag[]> {
    const rows = this.#file.all('SELECT * FROM version_tags ORDER BY created_at, rowid');
    const tags = new Map<string, VersionTag[]>();
    for (const row of rows) {
      const version = String(row['hash']);
      tags.set(version, [...(tags.get(version) ?? []), tagOf(row)]);
    }
    return tags;
  }

  move(moves: readonly Move[]): void {
    this.#file.transaction(() => {
      for (const move of moves) movePrompts(this.#file, move);
    });
  }

  earlierUris(promptUri: string): readonly string[] {
    return earlierUrisOf(this.#file, promptUri);
  }

  #idsOf(promptUris: readonly string[]): string {
    return JSON.stringify(promptIdsOf(this.#file, promptUris));
  }
}

function tagOf(row: Row): VersionTag {
  return { name: String(row['name']), note: String(row['note']), createdAt: Number(row['created_at']) };
}

/** Where a row has `max(started_at)`, SQLite takes the other columns from the row that has the maximum. */
function lastRunOf(row: Row): LastRun {
  return { startedAt: Number(row['started_at']), status: String(row['status']) as LastRun['status'] };
}
