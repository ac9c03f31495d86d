/** Figures as people read them: the same in the panel, the editor and the terminal. English digits throughout. */

// Made at their first use: with the first of its kind V8 loads tables, which takes up to 20 ms of a program's start.
let grouped: Intl.NumberFormat | undefined;
let ages: Intl.RelativeTimeFormat | undefined;

/** `412 ms`, `2.31 s`, `12.3 s`, `1 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Time that is still running: tenths of a second, so that its width changes once in ten seconds at most. */
export function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatDuration(ms);
}

/** `1,234`. */
export function formatCount(count: number): string {
  grouped ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return grouped.format(count);
}

/** `1 token`, `1,234 tokens`. */
export function formatTokens(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'token' : 'tokens'}`;
}

/** `812 KB`, `639 MB`, `4.92 GB`: decimal, as shops and disks count. */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  if (bytes < 999.5e3) return `${Math.round(bytes / 1e3)} KB`;
  if (bytes < 999.5e6) return `${Math.round(bytes / 1e6)} MB`;
  return `${(bytes / 1e9).toFixed(bytes < 99.95e9 ? (bytes < 9.995e9 ? 2 : 1) : 0)} GB`;
}

/** `54.3 tok/s`; tenths only where they can be told apart. */
export function formatSpeed(tokensPerSecond: number): string {
  return `${tokensPerSecond < 99.95 ? tokensPerSecond.toFixed(1) : formatCount(tokensPerSecond)} tok/s`;
}

/** `$0`, `$0.00081`, `$0.0123`, `$4.20`: two significant digits at least, never in powers of ten. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 1e-6) return '< $0.000001';
  if (usd >= 1) return `$${usd.toFixed(2)}`;
  if (usd >= 0.01) return `$${usd.toFixed(4)}`;
  return `$${usd.toFixed(1 - Math.floor(Math.log10(usd)))}`;
}

/** The probability of a natural-log probability: `83.1%`. Only what is certain is 100%, only nothing is 0%. */
export function formatProbability(logprob: number): string {
  const percent = Math.exp(logprob) * 100;
  if (percent < 0.01) return '< 0.01%';
  if (percent < 1) return `${percent.toFixed(2)}%`;
  if (percent > 99.95) return logprob === 0 ? '100%' : '> 99.9%';
  return `${percent.toFixed(1)}%`;
}

/** An entropy in bits, from between which two values it lies in nats: `1.23 bits`, or `1.2–1.9 bits` where they differ. */
export function formatEntropy([least, most]: readonly [least: number, most: number]): string {
  const [from, to] = [least / Math.LN2, most / Math.LN2];
  return to - from < 0.05
    ? `${((from + to) / 2).toFixed(2)} bits`
    : `${from.toFixed(1)}–${to.toFixed(1)} bits`;
}

/** `just now`, `5 minutes ago`, `yesterday`, `3 months ago`: how long ago `at` was, both in ms since 1970. */
export function formatAge(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  if (seconds < 60) return 'just now';
  const [unit, length] = ageUnits.findLast(([, unitSeconds]) => seconds >= unitSeconds) ?? ageUnits[0];
  ages ??= new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return ages.format(-Math.floor(seconds / length), unit);
}

/** In seconds. */
const ageUnits: readonly [[Intl.RelativeTimeFormatUnit, number], ...[Intl.RelativeTimeFormatUnit, number][]] =
  [
    ['minute', 60],
    ['hour', 3600],
    ['day', 86_400],
    ['week', 604_800],
    ['month', 2_629_800],
    ['year', 31_557_600],
  ];
