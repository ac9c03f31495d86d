import { LineCounter, isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { messageOf } from '../errors.ts';
import { PromptError } from '../prompt/problems.ts';
import type { FilePlace } from './conversion.ts';

/** Leads to a value: keys of maps and indexes of lists. */
export type DataPath = readonly (string | number)[];

/** Data, and where each part of it stands in its file. */
export interface Located {
  readonly value: unknown;
  /** Where a key or an item stands, or else the deepest part of the path that is there. */
  readonly placeOf: (path: DataPath) => FilePlace;
  /** The place of a line of a text, counted from 0; the text's own beginning where its lines are not lines of the file. */
  readonly placeInText: (path: DataPath, line: number) => FilePlace;
}

/**
 * Reads YAML, and JSON where `what` is a YAML file that holds it.
 * @param what the subject of the error, such as `The front matter`.
 * @param firstLine the line of the file on which `text` begins, from 1.
 * @throws PromptError when it is not YAML, or grows beyond measure by its aliases.
 */
export function readYaml(text: string, what: string, firstLine = 1): Located {
  const lineCounter = new LineCounter();
  const place = (offset: number): FilePlace => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    const [error] = document.errors;
    if (error) throw notYaml(what, error.message, place(error.pos[0]), error);
    const root = document.contents;
    return {
      value: document.toJS(),
      placeOf: (path) => place(nodeAt(root, path).key?.range?.[0] ?? 0),
      placeInText: (path, line) => {
        const { key, value } = nodeAt(root, path);
        const start = place((value ?? key)?.range?.[0] ?? 0);
        const isLiteral = isScalar(value) && value.type === 'BLOCK_LITERAL';
        return isLiteral ? { line: start.line + 1 + line, column: 1 } : start;
      },
    };
  } catch (error) {
    if (error instanceof PromptError) throw error;
    // Aliases are resolved only in `toJS`: one without an anchor, or a few that expand to millions of values.
    const reason = error instanceof RangeError ? 'it is nested too deeply' : messageOf(error);
    throw notYaml(what, reason, { line: firstLine, column: 1 }, error);
  }
}

function notYaml(what: string, reason: string, place: FilePlace, cause: unknown): PromptError {
  return new PromptError(`${what} is not YAML: ${reason.replace(/[.:]$/, '')}.`, place, { cause });
}

/** The key that leads to a value, or the item itself in a list, and the value; of the deepest part that is there. */
function nodeAt(root: Node | null, path: DataPath): { key: Node | null; value: Node | null } {
  let key: Node | null = root;
  let value: Node | null = root;
  for (const step of path) {
    let pair: { key: unknown; value: unknown } | undefined;
    if (isMap(value))
      pair = value.items.find((each) => isScalar(each.key) && String(each.key.value) === step);
    else if (isSeq(value)) pair = { key: value.items[Number(step)], value: value.items[Number(step)] };
    if (!pair || !isNode(pair.key)) break;
    key = pair.key;
    value = isNode(pair.value) ? pair.value : null;
  }
  return { key, value };
}
