import type { FrontMatterEntry } from './frontMatterEntries.ts';
import type { ParsedPrompt } from './parse.ts';
import type { FileRange } from './problems.ts';
import { pathOf } from './schema.ts';
import type { VariableField } from './variables.ts';

/** Where the front matter names a variable. */
export interface Declaration {
  readonly name: string;
  /** Its key in `input.schema`. */
  readonly entry: FrontMatterEntry;
  /** The name alone, wherever the front matter has it: in the schema, in its `required` and in `input.default`. */
  readonly names: readonly FileRange[];
}

/** The declarations of `input.schema`, in the order of `fields`; none of a schema that is written in another way. */
export function declarationsOf(
  prompt: ParsedPrompt,
  entries: readonly FrontMatterEntry[],
  fields: readonly VariableField[],
): readonly Declaration[] {
  const byPath = new Map(entries.map((entry) => [entry.path.join('\0'), entry]));
  const required = entries.filter(({ path }) => path.slice(0, 3).join('.') === 'input.schema.required');
  return fields.flatMap(({ name, declared }): readonly Declaration[] => {
    const path = declared ? pathOf(name, prompt.frontMatter.input.schema) : [];
    const entry = byPath.get(path.join('\0'));
    if (!entry || path.length < 3) return [];
    const others = [
      byPath.get(['input', 'default', name].join('\0')),
      ...(path.length === 4 ? required.filter(({ scalar }) => scalar === name) : []),
    ];
    const places = [entry, ...others.filter((other) => other !== undefined)];
    return [{ name, entry, names: places.map(({ key }) => nameIn(key, name)) }];
  });
}

/** A name without what Picoschema writes behind it. */
function nameIn({ line, column }: FileRange, name: string): FileRange {
  return { line, column, endLine: line, endColumn: column + name.length };
}
