import type { ForeignFile, ImportedPrompt, Warnings } from './conversion.ts';
import { inputOf } from './declaredInputs.ts';
import { Fields } from './fields.ts';
import { splitFrontMatter } from './frontMatterText.ts';
import { labelsOf, modelOf } from './commonFields.ts';
import { outputOf } from './outputFormat.ts';
import { promptyBody, type PromptyFormat } from './promptyBody.ts';

/**
 * Reads a Prompty of version 1 (the specification in its repository, 2024): `model.api`, `model.configuration`,
 * `model.parameters`, `sample`.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readPromptyV1(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const split = splitFrontMatter(file.text);
  const fields = new Fields(split.head, [], warnings);
  const kept: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};

  const modelFields = fields.map('model');
  const name = fields.text('model');
  const configuration = modelFields?.map('configuration');
  const deployed = configuration?.text('azure_deployment') ?? configuration?.text('name');
  const provider = configuration?.text('type') ?? configuration?.text('provider');
  const model = modelOf(fields, name ?? deployed, provider);
  if (modelFields?.text('api') === 'completion') {
    modelFields.warn('The completion API takes plain text; here every prompt is sent as messages.', 'api');
  }
  modelFields?.text('response');
  const parameters = modelFields?.map('parameters');
  const output = parameters && outputOf(parameters);
  parameters?.settings(config);
  for (const each of [parameters, configuration, modelFields]) each?.keepRest('prompty', kept);

  const samples = fields.map('sample');
  const declared = fields.map('inputs');
  const names = new Set([...(declared?.names() ?? []), ...(samples?.names() ?? [])]);
  const inputs = [...names].map((each) =>
    declared?.has(each)
      ? inputOf(declared, each, samples?.take(each), kept)
      : inputOf(samples ?? fields, each, undefined, kept),
  );
  const prompt = {
    ...labelsOf(fields),
    ...(model === undefined ? {} : { model }),
    config,
    inputs,
    ...(output ? { output } : {}),
    tools: [],
    template: promptyBody(split, formatOf(fields), warnings),
  };
  fields.keepRest('prompty', kept);
  return { ...prompt, kept };
}

function formatOf(fields: Fields): PromptyFormat {
  const written = fields.text('template') ?? fields.map('template')?.text('type') ?? 'jinja2';
  if (/^(mustache|handlebars)$/i.test(written)) return 'mustache';
  if (!/^(jinja2?|nunjucks|prompty)$/i.test(written)) {
    fields.warn(`The template format "${written}" is not known; it was read as Jinja.`, 'template');
  }
  return 'jinja2';
}
