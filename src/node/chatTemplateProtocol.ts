import type { ErrorData } from '../core/errors.ts';
import type { TemplateRequest } from '../core/template/renderChat.ts';

export interface TemplateQuestion {
  readonly id: number;
  /** The GGUF file, absolute. */
  readonly file: string;
  readonly request: TemplateRequest;
  /** Whether the template is left out, as it is for a file that has none. */
  readonly isRaw: boolean;
}

/** Messages in a model's own words, taken apart so that they can be counted. */
export interface RenderedTemplate {
  /** What is plain text, the contents of the messages included, in order. Each is counted by itself. */
  readonly texts: readonly string[];
  /** Control tokens between the texts, each of which is one token. */
  readonly controlTokens: number;
  /** Whether the engine is known to make the same of it. */
  readonly isExact: boolean;
}

export type TemplateAnswer =
  | { readonly id: number; readonly rendered: RenderedTemplate }
  | { readonly id: number; readonly error: ErrorData };
