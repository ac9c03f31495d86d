import { applyEdits, modify } from 'jsonc-parser';
import { isJsonObject, parseJson } from '../json.ts';
import type { VariableValues } from '../store.ts';

/** Values of a prompt's variables under a name of their own, such as a test case that is tried again and again. */
export interface InputSet {
  readonly name: string;
  readonly values: VariableValues;
}

/** The file beside a prompt that keeps its sets: `summarize.prompt` has them in `summarize.prompt.inputs.json`. */
export function inputSetsFileName(promptFileName: string): string {
  return `${promptFileName}.inputs.json`;
}

/**
 * The sets of such a file, in its order: one JSON object, from names of sets to objects of values. Empty text has none.
 * @throws Error that says what is wrong, as a sentence that follows the name of the file.
 */
export function readInputSets(text: string): readonly InputSet[] {
  if (text.trim() === '') return [];
  const file = parseJson(text);
  if (!isJsonObject(file)) {
    throw new Error('It must hold one JSON object, from names of sets to objects of values.');
  }
  return Object.entries(file).map(([name, values]) => {
    if (isJsonObject(values)) return { name, values };
    throw new Error(`Its set “${name}” must be an object, from variable names to values.`);
  });
}

/**
 * The text of such a file with one more set, or with another one in place of that of the same name. The
 * values of the others stay as they are written.
 * @throws Error as {@link readInputSets} does; what cannot be read is never written over.
 */
export function withInputSet(text: string, { name, values }: InputSet): string {
  readInputSets(text);
  const before = text.trim() === '' ? '{}\n' : text;
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: before.includes('\r\n') ? '\r\n' : '\n' };
  return applyEdits(before, modify(before, [name], values, { formattingOptions }));
}
