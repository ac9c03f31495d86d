import { messageOf } from '../errors.ts';
import { nearest } from './nearest.ts';
import { isTooDeep } from './nesting.ts';
import { parsePrompt, type ParsedPrompt } from './parse.ts';
import type { PartialLoader } from './partials.ts';
import { byPlace, type FileRange, type PromptProblem } from './problems.ts';
import { syntaxError, type SyntaxFault } from './syntaxError.ts';
import { parseInBlocks, type TemplateBlock } from './templateBlocks.ts';
import {
  callsIn,
  helperNames,
  helperOf,
  type Node,
  type Partial,
  partialName,
  type Path,
  type Place,
  type Program,
  type Statement,
} from './tree.ts';

/** A prompt's template and every partial it reaches, parsed and checked as far as that goes without values. */
export interface Template {
  /** Absent where the template does not parse. */
  readonly program: Program | undefined;
  /** Every place in `program` that calls or includes something; see `callsIn`. */
  readonly calls: readonly Node[];
  readonly partials: ReadonlyMap<string, Program>;
  /** What the next reading can take over: the blocks of the last template that parsed, this one or an earlier one. */
  readonly blocks: readonly TemplateBlock[];
  /** Everything above as it is written. */
  readonly texts: readonly string[];
  /** In the order of the file. */
  readonly problems: readonly PromptProblem[];
  /** The place in the prompt's file; for one inside a partial, where the prompt's own text includes that. */
  readonly rangeOf: (place: Place | undefined) => FileRange;
  /** An error at a place of the tree; one inside a partial names it. */
  readonly errorAt: (message: string, place: Place | undefined) => PromptProblem;
}

/** Handlebars with nothing registered by anyone else. It is imported at first use, because that takes 50 ms. */
export async function createHandlebars(): Promise<typeof Handlebars> {
  const handlebars = await import('handlebars');
  return handlebars.default.create();
}

/**
 * Parses a prompt's template and its partials. It never throws: what `load` throws is a problem where the partial is named.
 * @param before another reading, whose tree is taken over as far as the text is the same; not for a template that is rendered,
 *   see `parseInBlocks`.
 */
export async function readTemplate(
  prompt: ParsedPrompt,
  load: PartialLoader,
  before?: Template,
): Promise<Template> {
  return new TemplateReader(await createHandlebars(), prompt, load, before).read();
}

/** What `@` can stand before: Handlebars sets these, and a framework's own, such as `@state`, are not set here. */
const dataNames = ['root', 'index', 'key', 'first', 'last', 'partial-block'];

type Fix = Pick<PromptProblem, 'code' | 'subject' | 'instead'>;

interface PartialSource {
  readonly prompt: ParsedPrompt;
  /** Where the prompt's own text includes it, directly or through other partials. */
  readonly includedAt: FileRange;
}

class TemplateReader {
  readonly #handlebars: typeof Handlebars;
  readonly #prompt: ParsedPrompt;
  readonly #load: PartialLoader;
  readonly #before: Template | undefined;
  readonly #sources = new Map<string, PartialSource>();
  readonly #partials = new Map<string, Program>();
  readonly #problems: PromptProblem[] = [];
  #blocks: readonly TemplateBlock[];

  constructor(
    handlebars: typeof Handlebars,
    prompt: ParsedPrompt,
    load: PartialLoader,
    before: Template | undefined,
  ) {
    this.#handlebars = handlebars;
    this.#prompt = prompt;
    this.#load = load;
    this.#before = before;
    this.#blocks = before?.blocks ?? [];
  }

  async read(): Promise<Template> {
    const program = this.#parseOwn(this.#prompt.template);
    const calls = program ? this.#blocks.flatMap(({ body }) => callsIn(body)) : [];
    await this.#check(calls, []);
    return {
      program,
      calls,
      partials: this.#partials,
      blocks: this.#blocks,
      texts: [this.#prompt.template, ...[...this.#sources.values()].map(({ prompt }) => prompt.template)],
      problems: this.#problems.sort(byPlace),
      rangeOf: (place) => this.#rangeOf(place),
      errorAt: (message, place) => this.#errorAt(message, place),
    };
  }

  #parseOwn(text: string): Program | undefined {
    if (this.#before?.program && this.#before.texts[0] === text) return this.#before.program;
    const parsed = parseInBlocks(this.#handlebars, text, this.#blocks);
    if ('fault' in parsed) {
      this.#fault(parsed.fault, undefined);
      return undefined;
    }
    this.#blocks = parsed.blocks;
    return parsed.program;
  }

  #parsePartial(text: string, source: string): Program | undefined {
    try {
      if (isTooDeep(text)) throw new RangeError('nested too deeply');
      return this.#handlebars.parse(text, { srcName: source }) as Program;
    } catch (error) {
      this.#fault(syntaxError(error, this.#handlebars), source);
      return undefined;
    }
  }

  #fault({ message, line, column }: SyntaxFault, source: string | undefined): void {
    const position = { line, column };
    this.#report(message, { source, start: position, end: position });
  }

  /** `path` is the partials that lead to these calls, the outermost first. */
  async #check(calls: readonly Node[], path: readonly string[]): Promise<void> {
    const inline = new Set<unknown>(['@partial-block']);
    for (const node of calls) {
      if (node.type !== 'DecoratorBlock') continue;
      inline.add((node.params[0] as { value?: unknown } | undefined)?.value);
    }
    for (const node of calls) {
      if (node.type === 'PartialStatement' || node.type === 'PartialBlockStatement') {
        const name = partialName(node);
        if (name !== undefined && !inline.has(name)) await this.#include(name, node, path);
      } else if (node.type === 'PathExpression') {
        if (node.data && !dataNames.includes(node.parts[0] ?? '')) {
          this.#report(`There is no ${node.original}. There are @${dataNames.join(', @')}.`, node.loc);
        }
      } else if ('params' in node && node.type !== 'DecoratorBlock') {
        const helper = helperOf(node);
        if (helper !== undefined && !helperNames.includes(helper)) {
          this.#report(
            `There is no helper "${helper}". The helpers are ${helperNames.join(', ')}.`,
            (node.path as Path).loc,
            { code: 'unknown-helper', subject: helper, instead: nearest(helper, helperNames) },
          );
        }
      }
    }
  }

  async #include(name: string, node: Partial, path: readonly string[]): Promise<void> {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' → ');
      this.#report(`The partial "${name}" includes itself: ${circle}.`, node.loc);
      return;
    }
    if (this.#sources.has(name)) return;

    let text: string | undefined;
    try {
      text = await this.#load(name);
    } catch (error) {
      this.#report(`The partial "${name}" cannot be read: ${messageOf(error)}`, node.name.loc);
      return;
    }
    if (text === undefined) {
      // A partial with a block brings its own text for this case.
      if (node.type === 'PartialStatement') {
        this.#report(`There is no partial "${name}".`, node.name.loc, {
          code: 'missing-partial',
          subject: name,
        });
      }
      return;
    }
    const prompt = parsePrompt(text);
    const includedAt = this.#rangeOf(node.loc);
    this.#sources.set(name, { prompt, includedAt });
    for (const { line, message, severity } of prompt.problems) {
      this.#problems.push({
        severity,
        message: `In the partial "${name}", line ${line}: ${message}`,
        ...includedAt,
      });
    }
    const program = this.#parsePartial(prompt.template, name);
    if (!program) return;
    this.#partials.set(name, program);
    await this.#check(callsIn(program.body as Statement[]), [...path, name]);
  }

  #report(message: string, place: Place, fix: Fix = {}): void {
    // What a fix would change stands in the partial's own file.
    this.#problems.push({ ...this.#errorAt(message, place), ...(place.source === undefined ? fix : {}) });
  }

  #errorAt(message: string, place: Place | undefined): PromptProblem {
    const source = place?.source === undefined ? undefined : this.#sources.get(place.source);
    if (!place || !source) return { severity: 'error', message, ...this.#rangeOf(place) };
    const line = place.start.line + source.prompt.templateLine - 1;
    return {
      severity: 'error',
      message: `In the partial "${place.source ?? ''}", line ${line}: ${message}`,
      ...source.includedAt,
    };
  }

  #rangeOf(place: Place | undefined): FileRange {
    const before = this.#prompt.templateLine - 1;
    if (!place) return { line: before + 1, column: 1 };
    const source = place.source === undefined ? undefined : this.#sources.get(place.source);
    if (source) return source.includedAt;
    return {
      line: place.start.line + before,
      column: place.start.column + 1,
      endLine: place.end.line + before,
      endColumn: place.end.column + 1,
    };
  }
}
