import type { VariableField } from './fields.ts';
import type { Template } from './template.ts';
import {
  argumentsOf,
  type Block,
  type Call,
  type Expression,
  helperOf,
  type Node,
  type Partial,
  partialName,
  type Path,
  type Place,
  type Program,
  type Statement,
} from './tree.ts';
import { Use } from './use.ts';

/**
 * The variables that a template uses, in the order of their first use. One that the template tests with `#if`,
 * `#unless` or an `{{else}}` of `#each` is optional, because the author has thought of its absence.
 */
export function fieldsUsed(template: Template, { root }: TemplateUses): readonly VariableField[] {
  return root.fieldList(template.rangeOf);
}

/** How a template uses its values. */
export interface TemplateUses {
  /** The values as a whole; its fields are the variables. */
  readonly root: Use;
  /** Names that are looked up where nothing is known of the context, which can be the values or something in them. */
  readonly unplaced: ReadonlySet<string>;
}

/** The uses that {@link fieldsUsed} draws its conclusions from. */
export function usesOf(template: Template): TemplateUses {
  const root = new Use();
  const walker = new Walker(template, root);
  walker.program(template.program, { context: root, names: new Map() });
  return { root, unplaced: walker.unplaced };
}

/** Where names are looked up. `undefined` stands for a value of which nothing is known. */
interface Scope {
  readonly context: Use | undefined;
  /** Block parameters and a partial's arguments. */
  readonly names: ReadonlyMap<string, Use | undefined>;
  /** What `../` means; `#if` makes no scope of its own. */
  readonly parent?: Scope;
}

class Walker {
  readonly unplaced = new Set<string>();
  readonly #template: Template;
  readonly #root: Use;
  /** The partials being walked, so that one that includes itself ends. */
  readonly #open = new Set<string>();

  constructor(template: Template, root: Use) {
    this.#template = template;
    this.#root = root;
  }

  program(program: Program | undefined, scope: Scope): void {
    for (const statement of (program?.body ?? []) as Statement[]) this.#statement(statement, scope);
  }

  #statement(node: Statement, scope: Scope): void {
    switch (node.type) {
      case 'MustacheStatement':
        this.#call(node, scope);
        break;
      case 'BlockStatement':
        this.#block(node, scope);
        break;
      case 'PartialStatement':
      case 'PartialBlockStatement':
        this.#partial(node, scope);
        break;
      case 'DecoratorBlock':
        this.program(node.program as Program | undefined, scope);
        break;
      case 'ContentStatement':
      case 'CommentStatement':
        break;
      default:
        node satisfies never;
    }
  }

  /** A mustache or a subexpression: a variable that is printed, or a helper's arguments. */
  #call(node: Call, scope: Scope): void {
    const helper = helperOf(node);
    if (helper === undefined) {
      const use = this.#use(node.path as Expression, scope);
      if (use) use.printed = true;
      return;
    }
    const takesAnything = helper === 'json' || helper === 'lookup';
    const named = argumentsOf(node).map(({ value }) => value);
    for (const argument of [...(node.params as Expression[]), ...named]) {
      const use = this.#use(argument, scope);
      if (!use) continue;
      if (helper === 'if' || helper === 'unless') use.tested = true;
      else if (takesAnything) use.whole = true;
      else use.printed = true;
    }
  }

  #block(node: Block, scope: Scope): void {
    const program = node.program as Program | undefined;
    const inverse = node.inverse as Program | undefined;
    const helper = helperOf(node);
    if (helper === 'each' || helper === 'with') {
      const subject = this.#use(node.params[0] as Expression | undefined, scope);
      const context = helper === 'each' ? subject?.item() : subject;
      const names = new Map(scope.names);
      const [item, index] = program?.blockParams ?? [];
      if (item !== undefined) names.set(item, context);
      if (index !== undefined) names.set(index, undefined);
      if (subject && inverse) subject.tested = true;
      this.program(program, { context, names, parent: scope });
    } else if (helper === undefined) {
      const subject = this.#use(node.path, scope);
      // `{{#name}}` prints once, or per item, or with another context, as the value has it.
      if (subject) subject.tested = subject.whole = true;
      this.program(program, { context: undefined, names: scope.names, parent: scope });
    } else {
      this.#call(node, scope);
      this.program(program, scope);
    }
    this.program(inverse, scope);
  }

  #partial(node: Partial, scope: Scope): void {
    if ('program' in node) this.program(node.program as Program, scope);
    if (node.name.type === 'SubExpression') {
      this.#call(node.name, scope);
      // Which partial that is shows when it is rendered.
      if (scope.context) scope.context.whole = true;
    }
    const given = node.params[0] as Expression | undefined;
    const context = given ? this.#use(given, scope) : scope.context;
    const names = argumentsOf(node).map(({ key, value }) => [key, this.#use(value, scope)] as const);

    const name = partialName(node) ?? '';
    const program = this.#template.partials.get(name);
    if (!program || this.#open.has(name)) return;
    this.#open.add(name);
    this.program(program, { context, names: new Map(names), parent: scope });
    this.#open.delete(name);
  }

  /** The use that an expression names, made known as it is first met; `undefined` for literals and `@index`. */
  #use(node: Node | undefined, scope: Scope): Use | undefined {
    if (node?.type === 'SubExpression') this.#call(node, scope);
    return node?.type === 'PathExpression' ? this.#path(node, scope) : undefined;
  }

  #path(path: Path, scope: Scope): Use | undefined {
    if (path.data) {
      return path.parts[0] === 'root' ? follow(this.#root, path.parts.slice(1), path.loc) : undefined;
    }
    const [first, ...rest] = path.parts;
    const scoped = /^(\.|this\b)/.test(path.original);
    if (first !== undefined && !scoped && scope.names.has(first)) {
      return follow(scope.names.get(first), rest, path.loc);
    }
    let at: Scope | undefined = scope;
    for (let up = 0; up < path.depth; up++) at = at?.parent;
    if (!at?.context && first !== undefined) this.unplaced.add(first);
    return follow(at?.context, path.parts, path.loc);
  }
}

function follow(start: Use | undefined, parts: readonly string[], place: Place): Use | undefined {
  let use = start;
  for (const part of parts) {
    // An array's length and its items by number belong to the array, not to an object.
    if (part === 'length') return use;
    use = /^\d+$/.test(part) ? use?.item() : use?.field(part, place);
  }
  return use;
}
