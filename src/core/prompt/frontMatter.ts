import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Range } from 'yaml';
import { messageOf } from '../errors.ts';
import { isRecord } from '../isRecord.ts';
import type { VariableValue, VariableValues } from '../store.ts';
import { entriesOf, type FrontMatterEntry } from './frontMatterEntries.ts';
import { nearest } from './nearest.ts';
import { byPlace, type FileRange, type PromptProblem } from './problems.ts';

/** What the front matter says, checked field by field; a field of the wrong type is a problem and left out. */
export interface FrontMatter {
  readonly name?: string;
  readonly description?: string;
  /** As written: `1.10` stays "1.10". */
  readonly version?: string;
  /** Which of several prompts of one name this is, for programs that choose between them. */
  readonly variant?: string;
  /** `provider/model`; absent means the user's default model. */
  readonly model?: string;
  /** See `settingsOf`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: {
    /** Picoschema or JSON Schema; absent where the template alone tells the variables. */
    readonly schema?: unknown;
    readonly default: VariableValues;
  };
  /** See `responseFormatOf`. */
  readonly output: { readonly format?: string; readonly schema?: unknown; readonly grammar?: string };
  /** See `toolsOf`. */
  readonly tools: readonly PromptTool[];
  /** Merged into the service's request last; absent where there are none. */
  readonly providerOptions?: Readonly<Record<string, unknown>>;
  /** Keys with a dot: `a.b.c: 1` is `ext['a.b'].c`. */
  readonly ext: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A tool that the model may call, as the front matter names or defines it. */
export interface PromptTool {
  readonly name: string;
  readonly description?: string;
  /** Picoschema or JSON Schema of its arguments. */
  readonly inputSchema?: unknown;
  /** Whether there is nothing but a name, which programs that know the tool can look up. */
  readonly isNameOnly?: boolean;
}

export interface FrontMatterReading {
  readonly data: FrontMatter;
  readonly problems: readonly PromptProblem[];
  readonly locate: (path: readonly string[]) => FileRange;
  readonly entries: () => readonly FrontMatterEntry[];
}

/** Reads the text between the two lines of `---`, which has LF line ends and begins on the file's second line. */
export function readFrontMatter(yaml: string): FrontMatterReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter, prettyErrors: false, logLevel: 'error' });
  // Readers of this file ask for entries, runs of it do not.
  const entries = (): readonly FrontMatterEntry[] => entriesOf(document.contents, rangeOf);

  const rangeOf = (start: number, end: number): FileRange => {
    const from = lineCounter.linePos(start);
    const to = lineCounter.linePos(end);
    return { line: from.line + 1, column: from.col, endLine: to.line + 1, endColumn: to.col };
  };
  const locate = (path: readonly string[]): FileRange => {
    const range = keyRange(document.contents, path);
    return range ? rangeOf(range[0], range[1]) : { line: 1, column: 1 };
  };

  const notYaml = (message: string, range: FileRange): PromptProblem => ({
    severity: 'error',
    message: `The front matter is not YAML: ${message.replace(/[.:]$/, '')}.`,
    ...range,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => notYaml(message, rangeOf(pos[0], pos[1])));
    return { data: nothing, problems, locate, entries };
  }

  let root: unknown;
  try {
    root = document.toJS();
  } catch (error) {
    // Aliases are resolved only here: one without an anchor, or a few that expand to millions of values.
    return { data: nothing, problems: [notYaml(messageOf(error), locate([]))], locate, entries };
  }
  const reader = new FieldReader(locate);
  const version = document.getIn(['version'], true);
  // The source of a version is kept because YAML reads 1.10 as the number 1.1.
  const data = reader.read(root, isScalar(version) ? version.source : undefined);
  return { data, problems: reader.problems.sort(byPlace), locate, entries };
}

/** The fields that are read, by the field they are in; `''` is the front matter itself, and `tools` each item of it. */
export const fieldNames = {
  '': [
    'name',
    'description',
    'version',
    'variant',
    'model',
    'config',
    'input',
    'output',
    'tools',
    'providerOptions',
  ],
  input: ['schema', 'default'],
  output: ['format', 'schema', 'grammar'],
  tools: ['name', 'description', 'inputSchema'],
} as const;

/** Takes over the fields of the right type and complains about the others. */
class FieldReader {
  readonly problems: PromptProblem[] = [];
  readonly #locate: (path: readonly string[]) => FileRange;

  constructor(locate: (path: readonly string[]) => FileRange) {
    this.#locate = locate;
  }

  read(root: unknown, version: string | undefined): FrontMatter {
    const data: Writable<FrontMatter> = { ...nothing };
    const ext = new Map<string, Map<string, unknown>>();
    for (const [key, value] of this.#entries([], root)) {
      const dot = key.lastIndexOf('.');
      if (key === 'name' || key === 'description' || key === 'variant' || key === 'model') {
        if (typeof value === 'string') data[key] = value;
        else this.#wrongType([key], 'text');
      } else if (key === 'version') {
        if (typeof value === 'string') data.version = value;
        else if (typeof value === 'number' && version) data.version = version;
        else this.#wrongType([key], 'text or a number');
      } else if (key === 'config') {
        data.config = Object.fromEntries(this.#entries([key], value));
      } else if (key === 'input') {
        data.input = this.#input(value);
      } else if (key === 'output') {
        data.output = this.#output(value);
      } else if (key === 'tools') {
        data.tools = this.#tools(value);
      } else if (key === 'providerOptions') {
        data.providerOptions = Object.fromEntries(this.#entries([key], value));
      } else if (dot > 0) {
        const namespace = key.slice(0, dot);
        const fields = ext.get(namespace) ?? new Map<string, unknown>();
        ext.set(namespace, fields.set(key.slice(dot + 1), value));
      } else {
        this.#unknown([key], fieldNames[''], `; write one of your own as "namespace.${key}"`);
      }
    }
    data.ext = Object.fromEntries([...ext].map(([name, fields]) => [name, Object.fromEntries(fields)]));
    return data;
  }

  #input(value: unknown): FrontMatter['input'] {
    const input: Writable<FrontMatter['input']> = { default: {} };
    for (const [key, field] of this.#entries(['input'], value)) {
      if (key === 'schema') {
        input.schema = field;
      } else if (key === 'default') {
        // YAML's core schema gives JSON values only, which is what a VariableValue is.
        const defaults = this.#entries(['input', key], field) as [string, VariableValue][];
        input.default = Object.fromEntries(defaults);
      } else {
        this.#unknown(['input', key], fieldNames.input);
      }
    }
    return input;
  }

  #output(value: unknown): FrontMatter['output'] {
    const output: Writable<FrontMatter['output']> = {};
    for (const [key, field] of this.#entries(['output'], value)) {
      if (key === 'schema') output.schema = field;
      else if (key === 'grammar') {
        if (typeof field === 'string') output.grammar = field;
        else this.#wrongType(['output', key], 'text');
      } else if (key !== 'format') this.#unknown(['output', key], fieldNames.output);
      else if (field === 'text' || field === 'json') output.format = field;
      else this.#wrongType(['output', key], 'text or json');
    }
    return output;
  }

  #tools(value: unknown): readonly PromptTool[] {
    if (!Array.isArray(value)) {
      this.#wrongType(['tools'], 'a list of tools');
      return [];
    }
    const names = new Set<string>();
    return (value as unknown[]).flatMap((item, i): readonly PromptTool[] => {
      const tool = this.#tool(['tools', String(i)], item);
      if (!tool) return [];
      if (names.has(tool.name)) this.#error(['tools', String(i)], `There are two tools "${tool.name}".`);
      names.add(tool.name);
      return [tool];
    });
  }

  #tool(path: readonly string[], item: unknown): PromptTool | undefined {
    if (typeof item === 'string') return { name: item, isNameOnly: true };
    const tool: Partial<Writable<PromptTool>> = {};
    const fields = isRecord(item) ? this.#entries(path, item) : [];
    for (const [key, field] of fields) {
      if (key === 'inputSchema') tool.inputSchema = field;
      else if (key !== 'name' && key !== 'description') this.#unknown([...path, key], fieldNames.tools);
      else if (typeof field === 'string') tool[key] = field;
      else this.#wrongType([...path, key], 'text');
    }
    const { name = '' } = tool;
    // Services take only these characters, and 64 of them.
    if (/^[\w-]{1,64}$/.test(name)) return { ...tool, name };
    this.#error(path, 'A tool needs a "name" of at most 64 letters, digits, _ and -.');
    return undefined;
  }

  /** The entries of a map that have a value; none, with a complaint, for anything else but an empty one. */
  #entries(path: readonly string[], value: unknown): [string, unknown][] {
    if (value == null) return [];
    if (isRecord(value)) {
      return Object.entries(value).filter(([, field]) => field != null);
    }
    this.#wrongType(path, 'a map of names to values');
    return [];
  }

  #wrongType(path: readonly string[], expected: string): void {
    const subject = path.length === 0 ? 'The front matter' : `"${path.join('.')}"`;
    this.#error(path, `${subject} must be ${expected}.`);
  }

  #error(path: readonly string[], message: string): void {
    this.problems.push({ severity: 'error', message, ...this.#locate(path) });
  }

  #unknown(path: readonly string[], known: readonly string[], advice = ''): void {
    const subject = path.at(-1) ?? '';
    this.problems.push({
      severity: 'warning',
      message: `"${path.join('.')}" is not a field that is read here. The fields are ${listOf(known)}${advice}.`,
      ...this.#locate(path),
      code: 'unknown-key',
      subject,
      instead: nearest(subject, known),
    });
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const nothing: FrontMatter = { config: {}, input: { default: {} }, output: {}, tools: [], ext: {} };

/** Where the last key of `path` stands that is there, as offsets. */
function keyRange(node: Node | null, path: readonly string[]): Range | undefined {
  const [name, ...rest] = path;
  if (name !== undefined && isSeq(node)) {
    const item = node.items[Number(name)] as Node | undefined;
    return keyRange(item ?? null, rest) ?? item?.range ?? undefined;
  }
  if (name === undefined || !isMap(node)) return path.length === 0 ? (node?.range ?? undefined) : undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  if (!pair) return undefined;
  const below = rest.length === 0 ? undefined : keyRange(pair.value as Node | null, rest);
  return below ?? (pair.key as Node).range ?? undefined;
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
