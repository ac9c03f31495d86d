import type { DatabaseSync } from 'node:sqlite';

/**
 * The steps from an empty file to today's schema, in order. Append only: a step that has shipped is never edited,
 * because somebody's history has already taken it.
 */
const migrations: readonly { readonly name: string; readonly why: string; readonly sql: string }[] = [
  {
    name: 'runs',
    why: 'One row a call. What is searched or shown in lists has a column; the rest is JSON in the words of core.',
    sql: `
      CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        started_at INTEGER NOT NULL,
        owner TEXT NOT NULL,
        status TEXT NOT NULL,
        prompt_uri TEXT,
        model_id TEXT NOT NULL,
        input TEXT NOT NULL,
        text TEXT NOT NULL,
        details TEXT NOT NULL,
        logprobs TEXT NOT NULL DEFAULT '[]'
      ) STRICT;
      CREATE INDEX runs_newest ON runs (started_at DESC);
      CREATE INDEX runs_of_prompt ON runs (prompt_uri, started_at DESC);
    `,
  },
  {
    name: 'owners',
    why: 'A running row is interrupted when the process that owns it is gone; a pid alone can be reused, hence seen_at.',
    sql: `
      CREATE TABLE owners (
        id TEXT PRIMARY KEY,
        pid INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'costs-by-cache',
    why: 'A cost tells cache reads from writes and whose price it is. Until here only models on the own machine had one.',
    sql: `
      UPDATE runs SET details = json_set(
        json_remove(details, '$.cost.cache'),
        '$.cost.cacheRead', json_extract(details, '$.cost.cache'),
        '$.cost.cacheWrite', 0,
        '$.cost.source', json('{"kind":"local"}')
      ) WHERE json_extract(details, '$.cost.cache') IS NOT NULL;
    `,
  },
];

/**
 * Takes the steps that `database` has not taken yet, each in a transaction of its own. Two windows may do so at once.
 * @throws Error when the file was written by a newer version of the extension.
 */
export function migrate(database: DatabaseSync, now: number): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
  );
  const known = new Set(migrations.map(({ name }) => name));
  for (const name of appliedNames(database)) {
    if (!known.has(name)) {
      throw new Error(
        `The history was written by a newer version of LLM Playground (it has "${name}"). Update the extension.`,
      );
    }
  }
  for (const { name, sql } of migrations) {
    database.exec('BEGIN IMMEDIATE');
    try {
      if (!appliedNames(database).has(name)) {
        database.exec(sql);
        database.prepare('INSERT INTO migrations VALUES (?, ?)').run(name, now);
      }
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}

function appliedNames(database: DatabaseSync): Set<string> {
  return new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map((row) => String(row['name'])),
  );
}
