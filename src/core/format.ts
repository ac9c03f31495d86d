/** Figures as people read them, the same in the panel, the editor and the terminal. American digits everywhere. */

/** A duration: `412 ms`, `3.4 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A count: `1 token`, `12,345 tokens`. */
export function formatTokens(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'token' : 'tokens'}`;
}

/** Money: `$0`, `$0.00042`, `$1.37`. Below a cent two digits count, so that no price rounds to nothing. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  if (usd >= 0.01) return `$${usd.toFixed(usd >= 1 ? 2 : 4).replace(/(\.\d\d+?)0+$/, '$1')}`;
  const digits = Math.min(20, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(digits).replace(/0+$/, '')}`;
}

/** A speed in tokens per second: `17.3 tok/s`, `1,250 tok/s`. */
export function formatSpeed(tokensPerSecond: number): string {
  const digits = tokensPerSecond < 100 ? 1 : 0;
  return `${tokensPerSecond.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} tok/s`;
}
