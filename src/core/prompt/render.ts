import type { Message } from '../chat.ts';
import { messageOf } from '../errors.ts';
import type { VariableValues } from '../store.ts';
import { dotpromptHelpers } from './helpers.ts';
import { joinedAsText } from './joinedText.ts';
import { type Mark, Marks } from './marks.ts';
import { messagesOf } from './messages.ts';
import type { ParsedPrompt } from './parse.ts';
import { noPartials, type PartialLoader } from './partials.ts';
import { PromptError, throwFirstError } from './problems.ts';
import { createHandlebars, readTemplate, type Template } from './template.ts';
import { helperNames, type Place } from './tree.ts';
import { mismatch, missingPaths, type PartialValues, valueOf, withDefaults } from './values.ts';
import { fieldsOf, type VariableField } from './variables.ts';

export interface RenderOptions {
  /** Finds the partials that the template names with `{{> name}}`. Default: there are none. */
  readonly partials?: PartialLoader;
  /** The conversation so far: stands where `{{history}}` is, or else before the last user message. Default: none. */
  readonly history?: readonly Message[];
}

export interface RenderedPrompt {
  /** Empty where the template renders to nothing. */
  readonly messages: readonly Message[];
  /** The values that were rendered, defaults included: what a run records. */
  readonly values: VariableValues;
}

/**
 * Renders a prompt to the messages of a request. Text in values never becomes a role, a message or an image of its own.
 * Every call has a Handlebars of its own, so that no render sees another's partials.
 * @throws PromptError when the prompt has an error, or a value is missing or of the wrong type.
 */
export async function renderPrompt(
  prompt: ParsedPrompt,
  values: PartialValues,
  { partials = noPartials, history = [] }: RenderOptions = {},
): Promise<RenderedPrompt> {
  throwFirstError(prompt.problems);
  const template = await readTemplate(prompt, partials);
  throwFirstError(template.problems);

  const fields = await fieldsOf(prompt, template);
  const complete = withDefaults(defaultsOf(prompt, fields), values);
  throwIfUnfit(fields, complete);
  const pieces = await print(template, complete, history);
  return { messages: messagesOf(pieces, history), values: complete };
}

function defaultsOf(prompt: ParsedPrompt, fields: readonly VariableField[]): VariableValues {
  const ofFields = fields.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]));
  return { ...prompt.frontMatter.input.default, ...(Object.fromEntries(ofFields) as VariableValues) };
}

function throwIfUnfit(fields: readonly VariableField[], values: VariableValues): void {
  const first = fields.find((field) => missingPaths([field], values).length > 0);
  if (first) {
    const names = missingPaths(fields, values).map((path) => `"${path}"`);
    throw new PromptError(
      `There is no value for ${names.join(', ')}. Give one, or write a default under "input.default".`,
      first.range,
    );
  }
  for (const field of fields) {
    const value = valueOf(values, field.name);
    const wrong = value === undefined ? undefined : mismatch(field, value);
    if (wrong !== undefined) throw new PromptError(wrong, field.range);
  }
}

/** Runs the template: its text, and the marks that its helpers left in it. */
async function print(
  template: Template,
  values: VariableValues,
  history: readonly Message[],
): Promise<readonly (string | Mark)[]> {
  const handlebars = await createHandlebars();
  const fail = (message: string, place: Place | undefined): never => {
    const problem = template.errorAt(message, place);
    throw new PromptError(problem.message, problem);
  };
  try {
    const marks = new Marks([JSON.stringify(values), ...template.texts]);
    handlebars.registerHelper(dotpromptHelpers({ marks, history, fail }));
    for (const [name, partial] of template.partials) {
      handlebars.registerPartial(
        name,
        handlebars.compile(joinedAsText(partial, marks.nothing), compileOptions),
      );
    }
    const program = template.program && joinedAsText(template.program, marks.nothing);
    return marks.split(handlebars.compile(program, compileOptions)(values, ownPropertiesOnly));
  } catch (error) {
    if (error instanceof PromptError) throw error;
    const range = template.rangeOf(undefined);
    throw new PromptError(`The template cannot be rendered: ${messageOf(error)}.`, range, { cause: error });
  }
}

const compileOptions: CompileOptions = {
  // Handlebars knows `log` by itself.
  knownHelpers: { ...Object.fromEntries(helperNames.map((name) => [name, true])), log: false },
  knownHelpersOnly: true,
  // A prompt is not HTML.
  noEscape: true,
};

// The default is the same, with a line on the console for each property that is refused.
const ownPropertiesOnly: RuntimeOptions = {
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
};
