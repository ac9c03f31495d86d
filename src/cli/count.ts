import { parseArgs } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { formatCount, formatTokens } from '../core/format.ts';
import { type EncodingName, encodingNames } from '../core/tokens/encodings.ts';
import { type ModelTokenizer, modelTokenizer, tokenizerName, tokenizerNote } from '../node/modelTokenizer.ts';
import { filesFor, readText } from '../node/textFiles.ts';
import { Tokenizer } from '../node/tokenizer.ts';
import { type Command, UsageError } from './command.ts';
import { localRuntime } from './runtime.ts';

/**
 * Counts the tokens of files: one line each and a total to standard output, what they were counted with to
 * standard error. A file that cannot be counted does not keep the others from it.
 */
export const count: Command = {
  usage:
    'count [FILE | GLOB | -]… [--model PROVIDER/MODEL | --encoding NAME] [--limit TOTAL] [--json]\n' +
    `  An encoding is one of ${encodingNames.join(', ')}; without a model it is ${encodingNames[0]}.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        encoding: { type: 'string' },
        limit: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const limit = limitOf(values.limit);
    using tokenizer = new Tokenizer();
    const counter = await counterFor(values, tokenizer);
    const files = positionals.length > 0 ? positionals : ['-'];
    const report = await countFiles(files, counter.source, tokenizer);

    if (values.json) console.log(JSON.stringify(jsonOf(report, counter, limit), undefined, 2));
    else printLines(report, counter);
    console.error(noteOn(counter));
    const isOver = limit !== undefined && report.total > limit;
    if (isOver) console.error(`${formatTokens(report.total)}: over the limit of ${formatCount(limit)}.`);
    return isOver || report.files.some(({ tokens }) => tokens === undefined) ? 1 : 0;
  },
};

/** What counts, and what it counts for. */
interface Counter extends ModelTokenizer {
  /** `provider/model`; absent for an encoding by its name. */
  readonly modelId?: string;
}

interface Report {
  /** In the order of the command line. `tokens` is absent where the file could not be counted. */
  readonly files: readonly { readonly file: string; readonly tokens?: number; readonly error?: string }[];
  readonly total: number;
}

async function counterFor(
  { model, encoding }: { readonly model?: string | undefined; readonly encoding?: string | undefined },
  tokenizer: Tokenizer,
): Promise<Counter> {
  if (model !== undefined) {
    if (encoding !== undefined) throw new UsageError('Give --model or --encoding, not both.');
    const localFileOf = (name: string): string => localRuntime().fileOf(name);
    const surroundings = { tokenizer, localFileOf };
    return { ...(await modelTokenizer(model, surroundings, new AbortController().signal)), modelId: model };
  }
  return { source: encodingOf(encoding ?? encodingNames[0]), exactness: 'exact' };
}

function encodingOf(name: string): EncodingName {
  const encoding = encodingNames.find((known) => known === name);
  if (!encoding)
    throw new UsageError(
      `There is no encoding "${name}". The encodings are ${encodingNames.join(', ')}; name a model with --model.`,
    );
  return encoding;
}

async function countFiles(
  named: readonly string[],
  source: Counter['source'],
  tokenizer: Tokenizer,
): Promise<Report> {
  const files: Report['files'][number][] = [];
  for await (const file of filesFor(named)) {
    try {
      const texts = [await readText(file)];
      const [tokens = 0] = await tokenizer.count({ texts, tokenizer: source }, new AbortController().signal);
      files.push({ file, tokens });
    } catch (error) {
      console.error(`${file}: ${messageOf(error)}`);
      files.push({ file, error: messageOf(error) });
    }
  }
  return { files, total: files.reduce((sum, { tokens = 0 }) => sum + tokens, 0) };
}

function printLines({ files, total }: Report, { exactness }: Counter): void {
  const mark = exactness === 'exact' ? '' : '~';
  for (const { file, tokens } of files) if (tokens !== undefined) console.log(`${mark}${tokens}\t${file}`);
  if (files.length > 1) console.log(`${mark}${total}\ttotal`);
}

function jsonOf(report: Report, { source, exactness, modelId }: Counter, limit: number | undefined): unknown {
  return {
    tokenizer: tokenizerName(source),
    ...(modelId === undefined ? {} : { model: modelId }),
    exactness,
    files: report.files,
    total: report.total,
    ...(limit === undefined ? {} : { limit, overLimit: report.total > limit }),
  };
}

function noteOn(counter: Counter): string {
  return counter.modelId === undefined
    ? `Counted with ${tokenizerName(counter.source)}.`
    : tokenizerNote(counter.modelId, counter);
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (text.trim() === '' || !Number.isInteger(limit) || limit < 0)
    throw new UsageError(`--limit ${text} is not a number of tokens.`);
  return limit;
}
