import { isMap, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';
import type { ResponseFormat } from '../chat.ts';
import type { SettingOverrides } from '../run/overrides.ts';
import { parsePrompt } from './parse.ts';
import { PromptError, wholeFile } from './problems.ts';
import { settingNamed } from './settings.ts';

/** What to write into a front matter. */
export interface WriteBack {
  /** `provider/model`; absent leaves the model as it is. */
  readonly modelId?: string;
  /** Values for `config`, and for `output` the response format; `null` takes one out. */
  readonly settings: SettingOverrides;
}

/**
 * A prompt's text with another model and other settings in its front matter, which is made where there is none. All
 * else, comments, order and quotes included, stays as it is to the byte.
 * @throws PromptError when the front matter is not YAML, or its `config` or `output` is not a map of its own, as for an
 * alias.
 */
export function writeBack(text: string, { modelId, settings }: WriteBack): string {
  let written = text;
  if (modelId !== undefined) written = withKey(written, [], (key) => key === 'model', 'model', modelId);
  const { responseFormat, ...config } = settings;
  if (responseFormat !== undefined) written = withFormat(written, responseFormat);
  for (const [name, value] of Object.entries(config)) {
    const isName = (key: string): boolean => settingNamed(key) === name;
    written = withKey(written, ['config'], isName, name, value);
  }
  return written;
}

/** A prompt's text whose `output` asks for another format; `null` asks for none. */
function withFormat(text: string, format: ResponseFormat | null): string {
  const schema = format?.type === 'json-schema' ? format.schema : null;
  if (schema && typeof schema['type'] !== 'string' && !isMapLike(schema['properties'])) {
    throw new PromptError(
      'A front matter takes a JSON Schema that says at its top what "type" the answer has. Add it, then apply again.',
      wholeFile,
    );
  }
  const values = {
    format: format && format.type !== 'gbnf' ? 'json' : null,
    grammar: format?.type === 'gbnf' ? format.grammar : null,
    schema,
  };
  // What goes last may take the empty map along, so it goes first.
  return Object.entries(values)
    .toSorted(([, one], [, other]) => Number(one !== null) - Number(other !== null))
    .reduce(
      (written, [name, value]) => withKey(written, ['output'], (key) => key === name, name, value),
      text,
    );
}

function isMapLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Where two texts differ: what stands between `start` and `end` of `before` is `text` in `after`. UTF-16 offsets. */
export function changeBetween(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly text: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/** Sets, adds or takes out one key of the map at `path`, or of the front matter itself. `null` takes it out. */
function withKey(
  text: string,
  path: readonly string[],
  isKey: (key: string) => boolean,
  name: string,
  value: unknown,
): string {
  const place = frontMatterOf(text);
  if (!place) {
    if (value === null) return text;
    const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const newLine = text.includes('\r\n') ? '\r\n' : '\n';
    return withKey(`${bom}---${newLine}---${newLine}${text.slice(bom.length)}`, path, isKey, name, value);
  }
  const { yaml, start } = place;
  const splice = (from: number, to: number, put: string): string =>
    text.slice(0, start + from) + put + text.slice(start + to);

  const root = rootOf(yaml);
  const above = path.length === 0 ? root : mapIn(root, path[0] ?? '', yaml);
  const pair = above && pairOf(above, isKey);
  if (value === null) {
    if (!above || !pair) return text;
    const [from, to] = extentOf(above, pair, yaml);
    return splice(from, to, '');
  }
  const newLine = text.slice(0, start).endsWith('\r\n') ? '\r\n' : '\n';
  if (pair) {
    const range = rangeOf(pair.value);
    // A block of lines ends behind its last line break.
    if (range) {
      const end = range[0] + yaml.slice(range[0], range[1]).trimEnd().length;
      return splice(range[0], end, flowOf(value));
    }
    // A key that nothing follows.
    const [, keyEnd = 0] = rangeOf(pair.key) ?? [];
    const colon = yaml.indexOf(':', keyEnd) + 1;
    return splice(colon, colon, ` ${flowOf(value)}`);
  }
  const line = `${name}: ${flowOf(value)}`;
  if (above && above.items.length > 0) {
    if (above.flow) {
      const last = rangeOf(above.items.at(-1)?.value) ?? rangeOf(above.items.at(-1)?.key);
      return splice(last?.[1] ?? 0, last?.[1] ?? 0, `, ${line}`);
    }
    const at = endOfLines(above, yaml);
    return splice(at, at, `${startOfLine(yaml, at, newLine)}${indentOf(above, yaml)}${line}${newLine}`);
  }
  if (above?.flow) {
    const [open = 0, close = 0] = rangeOf(above) ?? [];
    return splice(open, close, `{ ${line} }`);
  }
  if (path.length === 0) {
    // Only comments, or nothing at all.
    return splice(yaml.length, yaml.length, `${startOfLine(yaml, yaml.length, newLine)}${line}${newLine}`);
  }
  const empty = root && pairOf(root, (key) => key === path[0]);
  if (empty) {
    const [, keyEnd = 0] = rangeOf(empty.key) ?? [];
    const at = lineEnd(yaml, keyEnd);
    return splice(at, at, `${startOfLine(yaml, at, newLine)}  ${line}${newLine}`);
  }
  const at = root && root.items.length > 0 ? endOfLines(root, yaml) : yaml.length;
  return splice(at, at, `${startOfLine(yaml, at, newLine)}${path[0]}:${newLine}  ${line}${newLine}`);
}

/**
 * The text between the two lines of `---`, and where it starts; `undefined` where there is none.
 * @throws PromptError when it is not YAML, or a field has the wrong type.
 */
export function frontMatterOf(text: string): { readonly yaml: string; readonly start: number } | undefined {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (!opening) return undefined;
  const { templateOffset, problems } = parsePrompt(text);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new PromptError(error.message, error);
  const closing = /(?:^|\n)---[ \t]*(?:\r?\n)?$/.exec(text.slice(0, templateOffset));
  const end = (closing?.index ?? 0) + (closing?.[0].startsWith('\n') ? 1 : 0);
  return { yaml: text.slice(opening[0].length, Math.max(end, opening[0].length)), start: opening[0].length };
}

function rootOf(yaml: string): YAMLMap | undefined {
  const { contents } = parseDocument(yaml, { logLevel: 'error' });
  return isMap(contents) ? contents : undefined;
}

/** The map under a key of the root; `undefined` where the key is not there or has no value. */
function mapIn(root: YAMLMap | undefined, name: string, yaml: string): YAMLMap | undefined {
  const pair = root && pairOf(root, (key) => key === name);
  if (!pair || !rangeOf(pair.value)) return undefined;
  if (isMap(pair.value)) return pair.value;
  const line = yaml.slice(0, rangeOf(pair.key)?.[0]).split('\n').length + 1;
  throw new PromptError(`"${name}" is not a map of its own, so it cannot be written to. Change it by hand.`, {
    line,
    column: 1,
  });
}

function pairOf(map: YAMLMap, isKey: (key: string) => boolean): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && isKey(String(key.value)));
}

/** Start and end of a value, comments behind it left out; `undefined` where nothing is written. */
function rangeOf(node: unknown): readonly [number, number] | undefined {
  const { range } = (node ?? {}) as { readonly range?: readonly [number, number, number] | null };
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined;
}

/** What goes with an entry that is taken out: its whole lines, or between braces one comma too. */
function extentOf(map: YAMLMap, pair: Pair, yaml: string): readonly [number, number] {
  const from = rangeOf(pair.key)?.[0] ?? 0;
  const to = (rangeOf(pair.value) ?? rangeOf(pair.key))?.[1] ?? from;
  if (!map.flow) {
    if (map.items.length === 1) return lastEntry(map, pair, yaml);
    return [yaml.lastIndexOf('\n', from - 1) + 1, lineEnd(yaml, Math.max(from, to - 1))];
  }
  const index = map.items.indexOf(pair);
  const next = rangeOf(map.items[index + 1]?.key)?.[0];
  if (next !== undefined) return [from, next];
  const before = map.items[index - 1];
  return [(rangeOf(before?.value) ?? rangeOf(before?.key))?.[1] ?? from, to];
}

/** The last entry of `config` goes with the key above it, so that no empty map is left behind. */
function lastEntry(map: YAMLMap, pair: Pair, yaml: string): readonly [number, number] {
  const root = rootOf(yaml);
  const above = root?.items.find(({ value }) => rangeOf(value)?.[0] === rangeOf(map)?.[0]);
  const from = rangeOf(above?.key ?? pair.key)?.[0] ?? 0;
  const to = (rangeOf(pair.value) ?? rangeOf(pair.key))?.[1] ?? from;
  return [yaml.lastIndexOf('\n', from - 1) + 1, lineEnd(yaml, Math.max(from, to - 1))];
}

/** Behind the lines of a block map's last entry. */
function endOfLines(map: YAMLMap, yaml: string): number {
  const last = map.items.at(-1);
  const end = (rangeOf(last?.value) ?? rangeOf(last?.key))?.[1] ?? 0;
  return lineEnd(yaml, Math.max(0, end - 1));
}

function lineEnd(yaml: string, at: number): number {
  const end = yaml.indexOf('\n', at);
  return end < 0 ? yaml.length : end + 1;
}

/** A line break where the text before does not end with one. */
function startOfLine(yaml: string, at: number, newLine: string): string {
  return at === 0 || yaml[at - 1] === '\n' ? '' : newLine;
}

function indentOf(map: YAMLMap, yaml: string): string {
  const first = rangeOf(map.items[0]?.key)?.[0] ?? 0;
  return yaml.slice(yaml.lastIndexOf('\n', first - 1) + 1, first);
}

/** A value on one line, with quotes only where YAML needs them. */
function flowOf(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, blockQuote: false }).trimEnd();
}
