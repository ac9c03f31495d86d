import type { PromptTool } from '../prompt/frontMatter.ts';
import type { VariableValue } from '../store.ts';

/** A prompt as another tool keeps it. */
export interface ForeignFile {
  /** The file's name without its folders; its ending tells formats apart. */
  readonly name: string;
  readonly text: string;
}

/** A place in a file. Lines and columns count from 1, columns in UTF-16 units. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/** Something that a conversion could not carry over, or carried over differently. */
export interface ConversionWarning extends Partial<FilePlace> {
  /** Says what it is and what became of it. */
  readonly message: string;
}

/** What a conversion found on its way, in the order of its finding. */
export class Warnings {
  readonly list: ConversionWarning[] = [];

  /** @param place where in the file that is read; absent where it is about the whole. */
  add(message: string, place?: FilePlace): void {
    this.list.push({ message, ...(place ? { line: place.line, column: place.column } : {}) });
  }
}

/** A foreign prompt in our own words: what every reader makes, and what the front matter and the template are made of. */
export interface ImportedPrompt {
  readonly name?: string;
  readonly description?: string;
  readonly version?: string;
  /** `provider/model`. */
  readonly model?: string;
  /** Settings by our names, each of them in its range. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly ImportedInput[];
  readonly output?: { readonly format: 'json'; readonly schema?: unknown };
  readonly tools: readonly PromptTool[];
  /** What has no place here, by a key with a dot such as `github.testData`; kept, and not used. */
  readonly kept: Readonly<Record<string, unknown>>;
  /** Handlebars, with `{{role …}}` where a message begins. */
  readonly template: string;
}

/** A variable that the foreign file declares. */
export interface ImportedInput {
  readonly name: string;
  readonly type: InputType;
  readonly description?: string;
  /** The only values that it takes. */
  readonly choices?: readonly VariableValue[];
  readonly required: boolean;
  readonly default?: VariableValue;
}

export type InputType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'any';
