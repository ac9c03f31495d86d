import type { ResponseFormat, Warning } from '../chat.ts';
import {
  type FrontMatter,
  longestPrompt,
  type ParsedPrompt,
  parsePrompt,
  tooLongToRun,
} from '../prompt/parse.ts';
import type { PartialLoader } from '../prompt/partials.ts';
import { PromptError, wholeFile } from '../prompt/problems.ts';
import { renderPrompt } from '../prompt/render.ts';
import { responseFormatOf } from '../prompt/schema.ts';
import { settingsOf } from '../prompt/settings.ts';
import { toolsOf, toolWarnings } from '../prompt/tools.ts';
import { missingVariables, type VariableField, variablesOf } from '../prompt/variables.ts';
import { versionOf } from '../prompt/versions.ts';
import type { PromptReference, RunInput, VariableValues } from '../store.ts';

/** A prompt file as it was read, perhaps from an editor that has not saved it. */
export interface PromptSource {
  readonly uri: string;
  /** The file's name, for people. */
  readonly name: string;
  readonly text: string;
  /** Finds the file's partials. */
  readonly partials: PartialLoader;
}

/** A prompt that has been read and understood, and not rendered yet. */
export interface OpenedPrompt {
  readonly reference: PromptReference;
  readonly frontMatter: FrontMatter;
  readonly fields: readonly VariableField[];
  /** What its `output` asks the answer to be; absent for free text. */
  readonly responseFormat?: ResponseFormat;
  /**
   * The run that these values make.
   * @throws PromptError when the prompt does not render with them; {@link missingIn} tells beforehand what is missing.
   */
  prepare(values: VariableValues, modelId: string): Promise<PreparedRun>;
}

export interface PreparedRun {
  readonly input: RunInput;
  /** The text of the prompt's file as it was read; absent where no file stands behind the run. */
  readonly promptText?: string;
  /** What the prompt asks for and does not get; shown with the run. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads a prompt.
 * @throws PromptError the first error in it, with its place in the file.
 */
export async function openPrompt(source: PromptSource): Promise<OpenedPrompt> {
  if (source.text.length > longestPrompt) throw new PromptError(tooLongToRun, wholeFile);
  const prompt = parsePrompt(source.text);
  const error = prompt.problems.find(({ severity }) => severity === 'error');
  if (error) throw new PromptError(error.message, error);

  const [version, fields, responseFormat] = await Promise.all([
    versionOf(source.text),
    variablesOf(prompt, source.partials),
    responseFormatOf(prompt),
  ]);
  const reference: PromptReference = { uri: source.uri, name: source.name, version };
  return {
    reference,
    frontMatter: prompt.frontMatter,
    fields,
    ...(responseFormat ? { responseFormat } : {}),
    prepare: async (values, modelId) => ({
      ...(await prepare(prompt, reference, source.partials, values, modelId)),
      promptText: source.text,
    }),
  };
}

/** The names of the variables that a run with `values` would lack. */
export function missingIn(opened: OpenedPrompt, values: VariableValues): readonly string[] {
  return missingVariables(opened.fields, values).map(({ name }) => name);
}

async function prepare(
  prompt: ParsedPrompt,
  reference: PromptReference,
  partials: PartialLoader,
  values: VariableValues,
  modelId: string,
): Promise<PreparedRun> {
  const [rendered, responseFormat, tools] = await Promise.all([
    renderPrompt(prompt, values, { partials }),
    responseFormatOf(prompt),
    toolsOf(prompt),
  ]);
  const { config, providerOptions } = prompt.frontMatter;
  const { settings, warnings } = settingsOf(config);
  return {
    warnings: [...warnings, ...toolWarnings(prompt)],
    input: {
      prompt: reference,
      variables: rendered.values,
      modelId,
      request: {
        model: modelId.slice(modelId.indexOf('/') + 1),
        messages: rendered.messages,
        settings,
        ...(tools.length > 0 ? { tools } : {}),
        ...(responseFormat ? { responseFormat } : {}),
        ...(providerOptions ? { providerOptions } : {}),
      },
    },
  };
}
