import { helperOf, type Path } from '../prompt/tree.ts';
import type { Dialect } from './handlebarsExport.ts';

export interface PlainOptions {
  readonly name: string;
  /** A variable by its path; `undefined` where its name cannot be written. */
  readonly variable: (path: readonly string[]) => string | undefined;
  /** Finds what would be read as a variable in text that is none. */
  readonly mistaken: RegExp;
}

/** A language that has variables and nothing else. What it cannot say stays as it is written. */
export function plainDialect({ name, variable, mistaken }: PlainOptions): Dialect {
  let hasTold = false;
  return {
    name,
    literal: (text, warn) => {
      const [found] = mistaken.exec(text) ?? [];
      if (found !== undefined) warn(`The text ${found} would be read as a variable by ${name}.`);
      return text;
    },
    statement: (node, { warn }) => {
      if (node.type === 'CommentStatement') {
        if (!hasTold) warn(`Comments are left out: ${name} have none.`, node);
        hasTold = true;
        return '';
      }
      if (node.type === 'BlockStatement' && helperOf(node) === 'with') {
        // How an import writes braces behind a backslash.
        const [value] = node.params as { readonly type: string; readonly value?: unknown }[];
        if (value?.type === 'StringLiteral') return String(value.value);
      }
      if (node.type !== 'MustacheStatement' || helperOf(node) !== undefined) return undefined;
      const path = node.path as Path;
      const isPlain = !path.data && path.depth === 0 && path.parts.length > 0;
      const parts = path.data && path.parts[0] === 'root' ? path.parts.slice(1) : isPlain ? path.parts : [];
      return parts.length > 0 ? variable(parts) : undefined;
    },
    lost: (source) => source,
    image: () => undefined,
    roleMark: () => undefined,
  };
}
