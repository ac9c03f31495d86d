import { isMap, isNode, isScalar, isSeq, type Node, type Range } from 'yaml';
import type { FileRange } from './problems.ts';

/** One key of the front matter and where it stands, or one item of a list. */
export interface FrontMatterEntry {
  /** The keys that lead to it, such as `['config', 'temperature']`; an item of a list has its index, from 0. */
  readonly path: readonly string[];
  /** The key without quotes around it; for an item of a list the same as `value`. */
  readonly key: FileRange;
  /** The value without quotes around it; absent where nothing follows the colon. */
  readonly value?: FileRange;
  /** The value where it is text, a number or a truth; absent for maps and lists. */
  readonly scalar?: string | number | boolean | null;
  /** Whether the value has quotes around it. */
  readonly isQuoted?: boolean;
  /** Whether it stands between braces or brackets, and not on a line of its own. */
  readonly inFlow: boolean;
}

/** Makes a range of the file from offsets in the front matter; the end is exclusive. */
type RangeOf = (start: number, end: number) => FileRange;

/** Every key below `root`, in the order of the file. What an alias stands for is not entered again. */
export function entriesOf(root: unknown, rangeOf: RangeOf): readonly FrontMatterEntry[] {
  const entries: FrontMatterEntry[] = [];
  collect(root, [], rangeOf, entries);
  return entries;
}

function collect(
  node: unknown,
  above: readonly string[],
  rangeOf: RangeOf,
  entries: FrontMatterEntry[],
): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key) || !key.range) continue;
      const path = [...above, String(key.value)];
      const range = textRange(key, key.range, rangeOf);
      entries.push({ path, key: range, ...valueOf(value, rangeOf), inFlow: node.flow === true });
      collect(value, path, rangeOf, entries);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, i) => {
      const { value, ...scalar } = valueOf(item, rangeOf);
      if (!value) return;
      const path = [...above, String(i)];
      entries.push({ path, key: value, value, ...scalar, inFlow: node.flow === true });
      collect(item, path, rangeOf, entries);
    });
  }
}

function valueOf(node: unknown, rangeOf: RangeOf): Pick<FrontMatterEntry, 'value' | 'scalar' | 'isQuoted'> {
  const range = isNode(node) ? (node as Node).range : undefined;
  // A key without a value has an empty one behind its colon.
  if (!range || range[0] === range[1]) return {};
  return {
    value: textRange(node, range, rangeOf),
    ...(isScalar(node) ? { scalar: node.value as string | number | boolean | null } : {}),
    ...(isQuoted(node) ? { isQuoted: true } : {}),
  };
}

function textRange(node: unknown, [start, end]: Range, rangeOf: RangeOf): FileRange {
  return isQuoted(node) ? rangeOf(start + 1, end - 1) : rangeOf(start, end);
}

function isQuoted(node: unknown): boolean {
  return isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
}
