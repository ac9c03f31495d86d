/** How far a figure lies from another: `+12 (+4.0 %)`, `−3 (−1.2 %)`; `undefined` where they are the same. */
export function formatDifference(expected: number, actual: number): string | undefined {
  const difference = actual - expected;
  if (difference === 0) return undefined;
  const percent = expected === 0 ? '' : ` (${signed((difference / expected) * 100, 1)} %)`;
  return `${signed(difference, 0)}${percent}`;
}

function signed(figure: number, digits: number): string {
  return `${figure > 0 ? '+' : '−'}${Math.abs(figure).toFixed(digits)}`;
}
