import type { TemplateUses } from './infer.ts';
import type { ParsedPrompt } from './parse.ts';
import { byPlace, type FileRange } from './problems.ts';
import type { Template } from './template.ts';
import { type Block, helperOf, type Node, partialName, type Path, type Place } from './tree.ts';

/** A name in the template of the prompt's own file, and where it stands. */
export interface TemplateReference {
  /** A `role` is the call of that helper, and of `history`, which begins messages of its own. */
  readonly kind: 'variable' | 'helper' | 'partial' | 'role';
  readonly name: string;
  /** The name alone: of `{{user.name}}` the variable is `user`. For a `role` it is the whole `{{role "system"}}`. */
  readonly range: FileRange;
  /** The same name where its block is closed, `{{/each}}`; absent for what is no block. */
  readonly closing?: FileRange;
}

/** Every name that the template of the file refers to, in the order of the file; those in partials are not in it. */
export function referencesIn(
  prompt: ParsedPrompt,
  template: Template,
  uses: TemplateUses,
): readonly TemplateReference[] {
  if (!template.program) return [];
  const places = new Places(prompt, template);
  const blocks = new Map<Place, Block>();
  const references: TemplateReference[] = [];
  for (const node of template.calls) {
    references.push(...named(node, places));
    if (node.type === 'BlockStatement') blocks.set(node.path.loc, node);
  }
  for (const [name, use] of uses.root.fields) {
    for (const place of use.places) {
      if (place.source !== undefined) continue;
      const block = blocks.get(place);
      references.push({
        kind: 'variable',
        name,
        range: places.firstName(name, place),
        ...(block && places.closing(block, name)),
      });
    }
  }
  return references.sort((a, b) => byPlace(a.range, b.range));
}

function named(node: Node, places: Places): readonly TemplateReference[] {
  if (node.type === 'PartialStatement' || node.type === 'PartialBlockStatement') {
    const name = partialName(node);
    if (name === undefined || node.name.type === 'SubExpression') return [];
    return [{ kind: 'partial', name, range: places.of(node.name.loc) }];
  }
  if (node.type !== 'MustacheStatement' && node.type !== 'BlockStatement' && node.type !== 'SubExpression') {
    return [];
  }
  const helper = helperOf(node);
  if (helper === undefined) return [];
  const call: TemplateReference = {
    kind: 'helper',
    name: helper,
    range: places.of((node.path as Path).loc),
    ...(node.type === 'BlockStatement' ? places.closing(node, helper) : {}),
  };
  const [first] = node.params;
  const role = helper === 'history' ? helper : helper === 'role' && first?.type === 'StringLiteral';
  if (role === false) return [call];
  const name = role === true ? (first as hbs.AST.StringLiteral).value : role;
  return [{ kind: 'role', name, range: places.of(node.loc) }, call];
}

/** Finds names in the text that a node of the tree covers. */
class Places {
  readonly #template: Template;
  readonly #text: string;
  #lines: readonly string[] | undefined;

  constructor(prompt: ParsedPrompt, template: Template) {
    this.#template = template;
    this.#text = prompt.template;
  }

  of(place: Place): FileRange {
    return this.#template.rangeOf(place);
  }

  /** Where a path such as `../[my name].first` has its first name, without the brackets. */
  firstName(name: string, place: Place): FileRange {
    const { line, column } = this.of(place);
    const path = this.#line(place.start.line).slice(place.start.column);
    const before = /^(?:@root[./]?)?(?:(?:\.\.|\.|this)[./])*\[?/.exec(path)?.[0].length ?? 0;
    return { line, column: column + before, endLine: line, endColumn: column + before + name.length };
  }

  /** Where a block is closed: empty for one that ends in another's `{{/if}}`, as `{{else if}}` does. */
  closing({ loc }: Block, name: string): { readonly closing?: FileRange } {
    const line = this.#line(loc.end.line).slice(0, loc.end.column);
    const tag = /\{\{~?\/\s*(\S+?)\s*~?\}\}$/.exec(line);
    if (tag?.[1] === undefined) return {};
    const written = tag[1];
    const start =
      tag.index + tag[0].indexOf(written, 3) + (written.length - written.replace(/^\[/, '').length);
    if (!line.startsWith(name, start)) return {};
    const end = { line: loc.end.line, column: start + name.length };
    return { closing: this.of({ start: { line: loc.end.line, column: start }, end }) };
  }

  #line(number: number): string {
    this.#lines ??= this.#text.split('\n');
    return this.#lines[number - 1] ?? '';
  }
}
