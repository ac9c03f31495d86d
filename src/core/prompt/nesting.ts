/**
 * Whether the blocks or the parentheses of a template stand in each other so deeply that it must not be parsed. The
 * parser's time grows with the square of the depth: 500 blocks take 80 ms, 6,000 take 18 s.
 */
export function isTooDeep(template: string): boolean {
  /** For each block that is open: itself, and one more for each `{{else if}}`, which stands inside the one before. */
  const open: number[] = [];
  let depth = 0;
  for (const [tag, kind] of template.matchAll(
    /\{\{[~{]*\s*(#|\/|\^(?=\s*[^\s~}])|else(?=\s+[^\s~}]))?[^{}]*/g,
  )) {
    if (kind === '#' || kind === '^') {
      open.push(1);
      depth++;
    } else if (kind === '/') {
      depth -= open.pop() ?? 0;
    } else if (kind === 'else' && open.length > 0) {
      open.push((open.pop() ?? 0) + 1);
      depth++;
    }
    if (depth > deepest || tag.split('(', deepest + 2).length > deepest + 1) return true;
  }
  return false;
}

const deepest = 300;
