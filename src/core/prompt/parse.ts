import type { VariableValue } from '../store.ts';
import type { FileRange, PromptProblem } from './problems.ts';

/** What the front matter says, checked field by field; a field of the wrong type is a problem and left out. */
export interface FrontMatter {
  readonly name?: string;
  readonly description?: string;
  /** As written: `1.10` stays "1.10". */
  readonly version?: string;
  /** `provider/model`; absent means the user's default model. */
  readonly model?: string;
  /** See `settingsOf`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: {
    /** Picoschema or JSON Schema; absent where the template alone tells the variables. */
    readonly schema?: unknown;
    readonly default: Readonly<Record<string, VariableValue>>;
  };
  readonly output: { readonly format?: string; readonly schema?: unknown };
  /** Names of tools. */
  readonly tools: readonly string[];
  /** Keys with a dot: `a.b.c: 1` is `ext['a.b'].c`. */
  readonly ext: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A prompt's text, taken apart. Nothing in it has been rendered, and its template may not even parse. */
export interface ParsedPrompt {
  readonly frontMatter: FrontMatter;
  /** The Handlebars text after the front matter, with LF for CRLF. */
  readonly template: string;
  /** The line of the file on which the template begins, from 1; it begins in column 1. */
  readonly templateLine: number;
  /** Where the template begins in the file's text, in UTF-16 units. */
  readonly templateOffset: number;
  /** In the order of the file. */
  readonly problems: readonly PromptProblem[];
  /** Where a front matter field is, such as `['config', 'temperature']`, or the deepest part of the path that is there. */
  readonly locate: (path: readonly string[]) => FileRange;
}

/** Takes a prompt apart. It never throws: what is wrong is in `problems`. */
export function parsePrompt(text: string): ParsedPrompt {
  throw new Error(`not yet ${text}`);
}
