import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isContinuePrompt } from '../core/convert/continuePrompt.ts';
import type { ConversionWarning } from '../core/convert/conversion.ts';
import { exportFormats, exportPrompt } from '../core/convert/exportPrompt.ts';
import { importPrompt } from '../core/convert/importPrompt.ts';
import { missingIn, openPrompt, type PromptSource } from '../core/run/prepareRun.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import { readPromptFile } from '../node/promptFiles.ts';
import { codeLanguages, viewCode } from '../providers/viewCode/viewCode.ts';
import { type Command, UsageError } from './command.ts';
import { located } from './promptFile.ts';
import { endpointOf } from './providers.ts';
import { type ValueOptions, valueOptions, valuesFrom, valueUsage } from './values.ts';

/** Turns prompts of other tools into `.prompt` files, and those into other tools' prompts or the code that sends them. */
export const convert: Command = {
  usage:
    `convert FILE [--to FORMAT] [--out FILE] [--model PROVIDER/MODEL] ${valueUsage} [--endpoint ID=URL]\n` +
    `  A format is one of dotprompt, ${[...Object.keys(exportFormats), ...Object.keys(codeLanguages)].join(', ')}.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...valueOptions,
        to: { type: 'string' },
        out: { type: 'string' },
        model: { type: 'string' },
        endpoint: { type: 'string', multiple: true, default: [] as string[] },
      },
    });
    const [file] = positionals;
    if (file === undefined) throw new UsageError('Name the file to convert.');
    const source = await located(file, readPromptFile(file));
    const isOurs = source.name.endsWith('.prompt') && !isContinuePrompt(source.text);
    const to = values.to ?? (isOurs ? undefined : 'dotprompt');
    if (to === undefined) throw new UsageError(`Say what ${file} becomes: --to FORMAT.`);

    const imported = isOurs ? source : await importedSource(file, source);
    const text = await located(file, converted(file, imported, to, values));
    if (values.out === undefined) process.stdout.write(text);
    // A file that is there is not written over.
    else await writeFile(values.out, text, { flag: 'wx' });
    return 0;
  },
};

interface ConvertOptions extends ValueOptions {
  /** `provider/model`; wins over the prompt's own. */
  readonly model?: string | undefined;
  /** `ID=URL` each. */
  readonly endpoint: readonly string[];
}

/** A foreign file as the `.prompt` that it becomes; its partials are the files beside it. */
async function importedSource(file: string, source: PromptSource): Promise<PromptSource> {
  const { text, warnings } = await located(file, importPrompt(source));
  print(warnings, file);
  return { ...source, text };
}

async function converted(
  file: string,
  source: PromptSource,
  to: string,
  options: ConvertOptions,
): Promise<string> {
  if (to === 'dotprompt') return source.text;
  const isCode = isKeyOf(codeLanguages, to);
  if (!isCode && !isKeyOf(exportFormats, to)) {
    const known = ['dotprompt', ...Object.keys(exportFormats), ...Object.keys(codeLanguages)];
    throw new UsageError(`There is no format "${to}". The formats are ${known.join(', ')}.`);
  }
  const opened = await openPrompt(source);
  const values = await valuesFrom(options, opened.fields, file);
  if (!isCode) {
    const { text, warnings } = await exportPrompt(
      { text: source.text, partials: source.partials, values },
      to,
    );
    print(warnings, source.name);
    return text;
  }
  const missing = missingIn(opened, values);
  if (missing.length > 0) {
    throw new UsageError(`${source.name} needs ${missing.map((name) => `--var ${name}=…`).join(' ')}`);
  }
  const modelId = options.model ?? opened.frontMatter.model ?? defaultModelId;
  const { input, warnings } = await opened.prepare(values, modelId);
  const id = modelId.slice(0, Math.max(0, modelId.indexOf('/')));
  const endpoint = options.endpoint.map(endpointOf).find((each) => each.id === id) ?? { id };
  const view = await viewCode(input.request, endpoint, to);
  for (const { subject, message } of [...warnings, ...view.warnings]) {
    console.error(`Warning (${subject}): ${message}`);
  }
  return view.code;
}

function print(warnings: readonly ConversionWarning[], file: string): void {
  for (const { line, column, message } of warnings) {
    const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
    console.error(`${file}${place}: warning: ${message}`);
  }
}

function isKeyOf<Names extends object>(names: Names, name: string): name is Extract<keyof Names, string> {
  return Object.hasOwn(names, name);
}
