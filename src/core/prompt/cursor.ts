/** What stands at the cursor while a prompt is written, told from the text before it alone: it seldom parses then. */
export type CursorContext =
  | {
      /** A key of the front matter is being written. */
      readonly in: 'key';
      /** The keys above it. */
      readonly path: readonly string[];
      readonly word: string;
    }
  | {
      /** The value of a key is being written. */
      readonly in: 'value';
      /** Ends in its own key. */
      readonly path: readonly string[];
      readonly word: string;
    }
  | {
      /** The first word after `{{`, `{{#` (`isBlock`) or `(`: a helper or a variable. */
      readonly in: 'call';
      readonly isBlock: boolean;
      /** Paths such as `user.na` as far as they are written. */
      readonly word: string;
    }
  | {
      /** What a helper is called with, or the name of a partial, a role, or of the block that is closed. */
      readonly in: 'argument' | 'partial' | 'role' | 'close';
      readonly word: string;
    }
  | { readonly in: 'text' };

/**
 * Tells what stands before a place. Lines and columns count from 1.
 * @param lineAt a line of the file, without its end.
 */
export function cursorContext(lineAt: (line: number) => string, line: number, column: number): CursorContext {
  const before = lineAt(line).slice(0, column - 1);
  return isInFrontMatter(lineAt, line)
    ? inFrontMatter(lineAt, line, before)
    : inTemplate(lineAt, line, before);
}

const isFence = (line: string): boolean => /^\uFEFF?---[ \t]*$/.test(line);

function isInFrontMatter(lineAt: (line: number) => string, line: number): boolean {
  if (line === 1 || !isFence(lineAt(1))) return false;
  for (let above = 2; above <= line; above++) if (isFence(lineAt(above))) return false;
  return true;
}

function inFrontMatter(lineAt: (line: number) => string, line: number, before: string): CursorContext {
  const [, indent = '', written = ''] = /^( *)(?:- +)?(.*)$/.exec(before) ?? [];
  const path = keysAbove(lineAt, line, indent.length);
  const value = /^(["']?)([^"':#]+)\1\s*:\s+["']?(.*)$/.exec(written);
  if (value) return { in: 'value', path: [...path, value[2] ?? ''], word: value[3] ?? '' };
  return /^[^:#"']*$/.test(written) ? { in: 'key', path, word: written } : { in: 'text' };
}

function keysAbove(lineAt: (line: number) => string, line: number, indent: number): readonly string[] {
  const path: string[] = [];
  let below = indent;
  for (let above = line - 1; above > 1 && below > 0; above--) {
    const [, spaces = '', key] = /^( *)["']?([^\s#"'-][^:"']*)["']?\s*:/.exec(lineAt(above)) ?? [];
    if (key === undefined || spaces.length >= below) continue;
    path.unshift(key);
    below = spaces.length;
  }
  return path;
}

/** How many lines a `{{…}}` may have to be seen from its end. */
const longestTag = 20;

function inTemplate(lineAt: (line: number) => string, line: number, before: string): CursorContext {
  let text = before;
  for (let above = line - 1; above >= 1 && !text.includes('{{') && line - above < longestTag; above--) {
    text = `${lineAt(above)}\n${text}`;
    if (text.includes('}}')) break;
  }
  const open = text.lastIndexOf('{{');
  const tag = text.slice(open + 2).replace(/^[~{&]+/, '');
  if (open < 0 || tag.includes('}}') || /^\s*!/.test(tag) || text[open - 1] === '\\') return { in: 'text' };

  const partial = /^\s*#?>\s*([^\s}]*)$/.exec(tag);
  if (partial) return { in: 'partial', word: partial[1] ?? '' };
  const close = /^\s*\/\s*(\S*)$/.exec(tag);
  if (close) return { in: 'close', word: close[1] ?? '' };
  const role = /^\s*role\s+["']?(\w*)$/.exec(tag);
  if (role) return { in: 'role', word: role[1] ?? '' };
  const call = /^\s*(?:([#^])|else\s+)?\s*([\w@./-]*)$/.exec(tag) ?? /\((\s*)([\w@./-]*)$/.exec(tag);
  if (call) return { in: 'call', isBlock: call[1] === '#', word: call[2] ?? '' };
  const argument = /[\s=]([\w@./-]*)$/.exec(tag);
  return argument ? { in: 'argument', word: argument[1] ?? '' } : { in: 'text' };
}
