import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { messageOf } from '../core/errors.ts';
import {
  addedUsage,
  type ConversationUsage,
  noUsage,
  type UsageGrouping,
  type UsageRow,
  type UsageTotals,
} from '../core/usage/usage.ts';
import { promptUriNow } from './sqlitePromptNames.ts';

/** Runs of a time, in ms since 1970. */
export interface UsageSpan {
  /** Included; absent means from the first run on. */
  readonly from?: number;
  /** Excluded; absent means up to now. */
  readonly to?: number;
}

/** A finished run and the input that its service reported. */
export interface ReportedRun {
  readonly id: string;
  readonly inputTokens: number;
}

/**
 * What the runs in the history's file have used, added up by SQLite. The file is only read, by a connection of its own that
 * is opened at first use; one that is not there yet has no usage. Runs that are still under way are left out.
 *
 * All methods throw Error when the file cannot be read.
 */
export class SqliteUsage implements Disposable {
  readonly #file: string;
  #database: DatabaseSync | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  totals(span: UsageSpan = {}): UsageTotals {
    const [row] = this.#all(`SELECT ${sums} FROM runs WHERE ${inSpan}`, ...bounds(span));
    return row ? totalsOf(row) : noUsage;
  }

  /**
   * What a conversation has used: every run counts once, whichever branches and lanes show its answer, and also where its
   * branch was deleted, for as long as that can be restored. The runs that wrote its summaries count too.
   */
  ofConversation(id: string): ConversationUsage {
    const answers = this.#where('conversation_id', id);
    const summaries = this.#knowsSummaries() ? this.#where('summary_of', id) : noUsage;
    return { ...addedUsage(answers, summaries), summaries };
  }

  /** The newest day first; models and prompts from the most expensive on, and then by their tokens. */
  by(grouping: UsageGrouping, span: UsageSpan = {}): readonly UsageRow[] {
    const order = grouping === 'day' ? 'key DESC' : 'cost DESC, input_tokens + output_tokens DESC, key';
    const key = grouping === 'prompt' && this.#knowsNames() ? promptNow : keys[grouping];
    const rows = this.#all(
      `SELECT ${key} AS key, ${sums} FROM runs WHERE ${inSpan} GROUP BY 1 ORDER BY ${order}`,
      ...bounds(span),
    );
    return rows.map((row) => ({ key: String(row['key']), ...totalsOf(row) }));
  }

  /** The newest finished runs of a model, `provider/model`, whose service reported what went in. */
  reportedRuns(modelId: string, limit: number): readonly ReportedRun[] {
    const rows = this.#all(
      `SELECT id, ${figure('usage.inputTokens')} AS input_tokens FROM runs
        WHERE model_id = ? AND status = 'finished' AND input_tokens > 0 AND octet_length(logprobs) < ?
        ORDER BY started_at DESC LIMIT ?`,
      modelId,
      mostLogprobBytes,
      limit,
    );
    return rows.map((row) => ({ id: String(row['id']), inputTokens: Number(row['input_tokens']) }));
  }

  [Symbol.dispose](): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #where(column: 'conversation_id' | 'summary_of', id: string): UsageTotals {
    const [row] = this.#all(`SELECT ${sums} FROM runs WHERE ${column} = ? AND status <> 'running'`, id);
    return row ? totalsOf(row) : noUsage;
  }

  /** A file that was last written by an older version does not say which runs wrote summaries. */
  #knowsSummaries(): boolean {
    return this.#all("SELECT 1 FROM pragma_table_info('runs') WHERE name = 'summary_of'").length > 0;
  }

  /** A file that was last written by an older version has no names of prompts. */
  #knowsNames(): boolean {
    return this.#all("SELECT 1 FROM sqlite_master WHERE name = 'prompt_names'").length > 0;
  }

  #all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    if (!this.#database && !existsSync(this.#file)) return [];
    try {
      return this.#open()
        .prepare(sql)
        .all(...values);
    } catch (error) {
      // A file that another window has just made has no table yet.
      if (messageOf(error).includes('no such table: runs')) return [];
      // The next question finds a file that has been replaced.
      this[Symbol.dispose]();
      throw new Error(`The history in ${this.#file} cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }

  #open(): DatabaseSync {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    this.#database ??= new DatabaseSync(this.#file, { timeout: 1000, readOnly: true });
    return this.#database;
  }
}

type Row = Record<string, SQLOutputValue>;

/** The index `runs_usage` holds these very expressions, so that no run's text is read. */
function figure(path: string): string {
  return `json_extract(details, '$.${path}')`;
}

const sums = `
  count(*) AS runs,
  total(${figure('usage.inputTokens')}) AS input_tokens,
  total(${figure('usage.cachedTokens')}) AS cached_tokens,
  total(${figure('usage.outputTokens')}) AS output_tokens,
  total(${figure('usage.reasoningTokens')}) AS reasoning_tokens,
  total(${figure('cost.total')}) AS cost,
  count(*) FILTER (WHERE ${figure('cost.total')} IS NULL AND ${figure('servedModel')} IS NOT NULL) AS unpriced_runs`;

const inSpan = `status <> 'running' AND started_at >= ? AND started_at < ?`;

const keys: Readonly<Record<UsageGrouping, string>> = {
  day: `date(started_at / 1000, 'unixepoch', 'localtime')`,
  model: 'model_id',
  prompt: `coalesce(prompt_uri, '')`,
};

const promptNow = `coalesce(${promptUriNow}, '')`;

/** Runs with more are not worth reading to learn a ratio from. */
const mostLogprobBytes = 200_000;

function bounds({ from = 0, to = Number.MAX_SAFE_INTEGER }: UsageSpan): [number, number] {
  return [from, to];
}

function totalsOf(row: Row): UsageTotals {
  return {
    runs: Number(row['runs']),
    inputTokens: Number(row['input_tokens']),
    cachedTokens: Number(row['cached_tokens']),
    outputTokens: Number(row['output_tokens']),
    reasoningTokens: Number(row['reasoning_tokens']),
    cost: Number(row['cost']),
    unpricedRuns: Number(row['unpriced_runs']),
  };
}
