import type { Message } from '../chat.ts';
import { parsePrompt, type ParsedPrompt } from '../prompt/parse.ts';
import { renderPrompt } from '../prompt/render.ts';
import type { PromptSource } from '../run/prepareRun.ts';
import type { VariableValue, VariableValues } from '../store.ts';

/** The texts that one variable put into the messages, in their order. */
export interface VariableTexts {
  readonly name: string;
  readonly texts: readonly string[];
}

/**
 * Which part of the rendered `messages` came from which variable. The prompt is rendered once more with marks around the
 * text of every value; where the messages without the marks are not the same, such as when the template compares a
 * value, each variable is tried alone, and one that cannot be told apart is left out. Truth values put in no text.
 */
export async function variableTexts(
  source: PromptSource,
  values: VariableValues,
  messages: readonly Message[],
): Promise<readonly VariableTexts[]> {
  const parsed = parsePrompt(source.text);
  // Without its schema a prompt takes marked text for a number or a choice.
  const prompt = { ...parsed, frontMatter: { ...parsed.frontMatter, input: { default: {} } } };
  const marker = markerFor([source.text, JSON.stringify(values)]);
  const names = Object.keys(values);
  if (marker === undefined || names.length === 0) return [];
  const trial = { prompt, source, values, messages, marker };
  const together = await textsOf(names, trial);
  if (together) return together;
  const alone = await Promise.all(names.map((name) => textsOf([name], trial)));
  return alone.flatMap((texts) => texts ?? []);
}

interface Trial {
  readonly prompt: ParsedPrompt;
  readonly source: PromptSource;
  readonly values: VariableValues;
  readonly messages: readonly Message[];
  readonly marker: Marker;
}

/** Two characters that no text of the prompt holds: `open` stands before and after a number, `close` at the end. */
interface Marker {
  readonly open: string;
  readonly close: string;
}

/** The texts of `names`, or `undefined` where marks change what is rendered. */
async function textsOf(
  names: readonly string[],
  { prompt, source, values, messages, marker }: Trial,
): Promise<VariableTexts[] | undefined> {
  const marked = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const index = names.indexOf(name);
      return [name, index < 0 ? value : markedValue(value, index, marker)];
    }),
  );
  const rendered = await renderPrompt(prompt, marked, { partials: source.partials }).catch(() => undefined);
  if (rendered?.messages.length !== messages.length) return undefined;
  const found = names.map((name): { name: string; texts: string[] } => ({ name, texts: [] }));
  for (const [index, { content }] of rendered.messages.entries()) {
    const expected = messages[index]?.content ?? [];
    if (content.length !== expected.length) return undefined;
    for (const [place, part] of content.entries()) {
      const real = expected[place];
      if (part.type !== 'text' || real?.type !== 'text') continue;
      const { text, spans } = withoutMarks(part.text, marker);
      const start = text.indexOf(real.text);
      // Marks at the edges keep white space that is cut off otherwise.
      if (
        start < 0 ||
        text.slice(0, start).trim() !== '' ||
        text.slice(start + real.text.length).trim() !== ''
      )
        return undefined;
      for (const span of spans) {
        const inside = text.slice(Math.max(span.start, start), Math.min(span.end, start + real.text.length));
        if (inside !== '') found[span.index]?.texts.push(inside);
      }
    }
  }
  return found;
}

function markedValue(value: VariableValue, index: number, marker: Marker): VariableValue {
  const { open, close } = marker;
  if (typeof value === 'string') return value === '' ? value : `${open}${index}${open}${value}${close}`;
  // 0 is no value to a template, and text is one.
  if (typeof value === 'number') return value === 0 ? value : `${open}${index}${open}${value}${close}`;
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) {
    return (value as readonly VariableValue[]).map((item) => markedValue(item, index, marker));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, markedValue(inner, index, marker)]),
  );
}

interface Span {
  /** The variable's place among those that are marked. */
  readonly index: number;
  /** In the text without marks. */
  readonly start: number;
  readonly end: number;
}

function withoutMarks(marked: string, { open, close }: Marker): { text: string; spans: readonly Span[] } {
  let text = '';
  const spans: Span[] = [];
  let current: { readonly index: number; readonly start: number } | undefined;
  for (const piece of marked.split(new RegExp(`(${open}\\d+${open}|${close})`))) {
    if (piece === close) {
      if (current) spans.push({ ...current, end: text.length });
      current = undefined;
    } else if (piece.startsWith(open)) {
      current = { index: Number(piece.slice(1, -1)), start: text.length };
    } else {
      text += piece;
    }
  }
  return { text, spans };
}

/** From the end of what Unicode leaves to private use, because a render takes its own marks from the beginning. */
function markerFor(texts: readonly string[]): Marker | undefined {
  const free: string[] = [];
  for (let code = 0xf8ff; code > 0xf000 && free.length < 2; code--) {
    const character = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(character))) free.push(character);
  }
  const [open, close] = free;
  return open === undefined || close === undefined ? undefined : { open, close };
}
