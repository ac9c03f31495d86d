import type { GenerationSettings, ResponseFormat } from '../chat.ts';
import type { FrontMatter, ParsedPrompt } from '../prompt/parse.ts';
import type { Template } from '../prompt/template.ts';
import type { VariableField } from '../prompt/variables.ts';
import type { VariableValues } from '../store.ts';

/** A prompt that has been read, as the writers take it. */
export interface ExportedPrompt {
  readonly prompt: ParsedPrompt;
  readonly template: Template;
  readonly frontMatter: FrontMatter;
  readonly settings: GenerationSettings;
  readonly fields: readonly VariableField[];
  readonly responseFormat: ResponseFormat | undefined;
  /** The values of the last run, or the defaults. */
  readonly values: VariableValues;
}
