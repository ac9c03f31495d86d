import { type UsageGrouping, nameOfRow, type UsageRow } from './usage.ts';

/**
 * Usage as CSV, with a line of names first. Lines end in CR LF and fields are quoted where RFC 4180 asks for it.
 */
export function usageCsv(grouping: UsageGrouping, rows: readonly UsageRow[]): string {
  const columns: readonly (readonly [name: string, value: (row: UsageRow) => string | number])[] = [
    ...(grouping === 'prompt'
      ? ([
          ['prompt', ({ key }: UsageRow) => nameOfRow('prompt', key)],
          ['uri', ({ key }: UsageRow) => key],
        ] as const)
      : ([[grouping, ({ key }: UsageRow) => key]] as const)),
    ['runs', ({ runs }) => runs],
    ['input_tokens', ({ inputTokens }) => inputTokens],
    ['cached_tokens', ({ cachedTokens }) => cachedTokens],
    ['output_tokens', ({ outputTokens }) => outputTokens],
    ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
    ['cost_usd', ({ cost }) => plainNumber(cost)],
    ['unpriced_runs', ({ unpricedRuns }) => unpricedRuns],
  ];
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))];
  return lines.map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

/**
 * One field. Spreadsheets run a text that begins like a formula, so an apostrophe stands before such a one.
 * Source: OWASP ASVS 1.2.10, read 2026-11-24.
 */
export function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r\n]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Never in powers of ten, which spreadsheets read by their own rules; to a billionth of a dollar. */
function plainNumber(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}
