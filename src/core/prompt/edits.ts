import type { PromptAnalysis } from './analysis.ts';
import type { VariableShape } from './fields.ts';
import type { FileRange } from './problems.ts';
import { helperNames } from './tree.ts';

/** Text to put in place of a range; an empty range is where it goes in between. */
export interface PromptEdit {
  readonly range: FileRange;
  readonly text: string;
}

/** The places of a variable of the file: its declaration first, then where the template uses it. */
export interface VariablePlaces {
  readonly name: string;
  /** Where the schema, its list of required names and the defaults name it; empty for one that is not declared. */
  readonly declared: readonly FileRange[];
  readonly used: readonly FileRange[];
}

/** The variable whose name stands at a place, or `undefined` where none does. Lines and columns count from 1. */
export function variableAt(
  analysis: PromptAnalysis,
  line: number,
  column: number,
): VariablePlaces | undefined {
  const at = (range: FileRange): boolean => holds(range, line, column);
  const declaration = analysis.declarations.find(({ names }) => names.some(at));
  const reference = analysis.references.find(
    ({ kind, range, closing }) => kind === 'variable' && (at(range) || (closing && at(closing))),
  );
  const name = declaration?.name ?? reference?.name;
  return name === undefined ? undefined : placesOf(analysis, name);
}

/** Every place of a variable in the file. */
export function placesOf(analysis: PromptAnalysis, name: string): VariablePlaces {
  return {
    name,
    declared: analysis.declarations.find((declaration) => declaration.name === name)?.names ?? [],
    used: analysis.references
      .filter((reference) => reference.kind === 'variable' && reference.name === name)
      .flatMap(({ range, closing }) => (closing ? [range, closing] : [range])),
  };
}

/** Whether a place is in a range, its end included, where the cursor stands behind a word. */
export function holds(range: FileRange, line: number, column: number): boolean {
  const { endLine = range.line, endColumn = range.column } = range;
  const afterStart = line > range.line || (line === range.line && column >= range.column);
  return afterStart && (line < endLine || (line === endLine && column <= endColumn));
}

/** What a variable's name can be, so that it needs no quotes in YAML and no brackets in a template, and calls no helper. */
export function isVariableName(name: string): boolean {
  if (helperNames.includes(name)) return false;
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^(true|false|null|undefined|this|else|as)$/.test(name);
}

/**
 * Declares a variable that the template uses, at the end of `input.schema`, with the type that its use tells.
 * `undefined` where the schema is not a map that an entry can be added to.
 */
export function declareVariable(analysis: PromptAnalysis, name: string): PromptEdit | undefined {
  const { entries, fields } = analysis;
  const field = fields.find((candidate) => candidate.name === name && !candidate.declared);
  if (!field || !isVariableName(name)) return undefined;
  const above = entries.some(({ path }) => path.join('.') === 'input.schema.properties')
    ? ['input', 'schema', 'properties']
    : ['input', 'schema'];
  const asJson = above.length === 3;
  const line = asJson ? `${name}: { type: ${jsonType(field)} }` : picoschema(name, field.required, field);
  const map = entries.find(({ path }) => path.join('.') === above.join('.'));
  const siblings = entries.filter(
    ({ path }) => path.length === above.length + 1 && above.every((key, i) => path[i] === key),
  );
  const last = siblings.at(-1);
  if (!map?.value || !last) return undefined;
  if (last.inFlow) {
    const column = map.value.column + 1;
    return { range: { ...empty(map.value.line, column) }, text: `${line}, ` };
  }
  // Behind everything that belongs to the last entry, which may be a map of its own.
  const end = Math.max(
    ...entries
      .filter(({ path }) => last.path.every((key, i) => path[i] === key))
      .map(({ key, value }) => endLineOf(value ?? key)),
  );
  return { range: empty(end + 1, 1), text: `${' '.repeat(last.key.column - 1)}${line}\n` };
}

/**
 * Takes out the declaration of a variable and its default, as whole lines. Empty where one of them is written between
 * braces, or takes the place of others.
 */
export function removeVariable(analysis: PromptAnalysis, name: string): readonly PromptEdit[] {
  const { entries, declarations } = analysis;
  const path = declarations.find((declaration) => declaration.name === name)?.entry.path;
  const roots = entries.filter(
    (entry) => entry.path.join('\0') === path?.join('\0') || isDefaultOf(entry.path, name),
  );
  if (roots.some(({ inFlow }) => inFlow)) return [];
  return roots.flatMap((root) => removeKey(analysis, root.path));
}

/** Takes out a key of the front matter with all that stands below it, as whole lines; empty where it is between braces. */
export function removeKey({ entries }: PromptAnalysis, path: readonly string[]): readonly PromptEdit[] {
  const below = entries.filter((entry) => path.every((key, i) => entry.path[i] === key));
  const root = below.find((entry) => entry.path.length === path.length);
  if (!root || root.inFlow) return [];
  const end = Math.max(...below.map(({ key, value }) => endLineOf(value ?? key)));
  return [{ range: { line: root.key.line, column: 1, endLine: end + 1, endColumn: 1 }, text: '' }];
}

/** Writes another name at every place of a variable. */
export function renameVariable(places: VariablePlaces, name: string): readonly PromptEdit[] {
  return [...places.declared, ...places.used].map((range) => ({ range, text: name }));
}

function isDefaultOf(path: readonly string[], name: string): boolean {
  return path.length === 3 && path[0] === 'input' && path[1] === 'default' && path[2] === name;
}

/** The last line of a range, which may end at the start of the line after it. */
function endLineOf({ line, endLine = line, endColumn }: FileRange): number {
  return endColumn === 1 && endLine > line ? endLine - 1 : endLine;
}

function empty(line: number, column: number): FileRange {
  return { line, column, endLine: line, endColumn: column };
}

function picoschema(name: string, required: boolean, shape: VariableShape): string {
  const key = required ? name : `${name}?`;
  if (shape.type !== 'array') return `${key}: ${scalarType(shape)}`;
  return `${key}(array): ${shape.items ? scalarType(shape.items) : 'any'}`;
}

/** Picoschema's word for what was guessed; what an object has in it is left to the author. */
function scalarType({ type }: VariableShape): string {
  switch (type) {
    case 'text':
    case 'date':
    case 'file':
      return 'string';
    case 'number':
    case 'integer':
    case 'boolean':
      return type;
    case 'enum':
    case 'array':
    case 'object':
    case 'any':
      return 'any';
    default:
      return type satisfies never;
  }
}

function jsonType(shape: VariableShape): string {
  if (shape.type === 'array' || shape.type === 'object') return shape.type;
  const type = scalarType(shape);
  return type === 'any' ? '[string, number, boolean, object, array]' : type;
}
