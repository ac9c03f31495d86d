import {
  type Block,
  type Call,
  type Expression,
  helperOf,
  partialName,
  type Path,
  type Program,
  type Statement,
} from '../prompt/tree.ts';
import type { Dialect, ExportedMessage, Printer } from './handlebarsExport.ts';

/** Where a name is looked up. */
interface Scope {
  /** The Jinja expression that `this` is; empty for the values as a whole, absent where it cannot be said. */
  readonly base: string | undefined;
  /** The text that `this` is, where it is one. */
  readonly text?: string;
  readonly names: ReadonlyMap<string, string>;
  readonly parent?: Scope;
  /** The variable of the nearest loop's keys; absent outside of loops and in lists. */
  readonly loop?: { readonly key: string };
}

export interface JinjaOptions {
  readonly name: string;
  readonly image: (url: string) => string | undefined;
  readonly roleMark: Dialect['roleMark'];
  /** What else literal text must not hold. */
  readonly check?: (text: string, warn: (message: string) => void) => void;
}

/** Jinja, or Nunjucks, which takes the same. */
export function jinjaDialect(options: JinjaOptions): Dialect {
  const writer = new JinjaWriter();
  return {
    name: options.name,
    literal: (text, warn) => {
      options.check?.(text, warn);
      return jinjaText(text);
    },
    statement: (node, printer) => writer.statement(node, printer),
    lost: (source) => `{# ${source.replaceAll('#}', '# }')} #}`,
    image: (url) => {
      if (url.type === 'StringLiteral') return options.image(url.value);
      const expression = writer.expression(url);
      return expression === undefined ? undefined : options.image(`{{ ${expression} }}`);
    },
    roleMark: options.roleMark,
  };
}

/** Text as Jinja prints it back. */
function jinjaText(text: string): string {
  if (!/\{[{%#]/.test(text)) return text;
  const isSafe = !/\{%[-+]?\s*endraw/.test(text);
  return isSafe ? `{% raw %}${text}{% endraw %}` : text.replace(/\{(?=[{%#])/g, "{{ '{' }}");
}

const root: Scope = { base: '', names: new Map() };

class JinjaWriter {
  #scope: Scope = root;
  #loops = 0;

  statement(node: Exclude<Statement, { type: 'ContentStatement' }>, printer: Printer): string | undefined {
    switch (node.type) {
      case 'CommentStatement':
        return `{# ${node.value.trim().replaceAll('#}', '# }')} #}`;
      case 'MustacheStatement':
        return this.#printed(node, printer);
      case 'BlockStatement':
        return this.#block(node, printer);
      case 'PartialStatement': {
        const program = printer.template.partials.get(partialName(node) ?? '');
        const isPlain = node.params.length === 0 && !(node.hash as unknown);
        return program && isPlain ? printer.program(program) : undefined;
      }
      case 'PartialBlockStatement':
      case 'DecoratorBlock':
        return undefined;
      default:
        return node satisfies never;
    }
  }

  expression(node: Expression | undefined): string | undefined {
    if (!node) return undefined;
    switch (node.type) {
      case 'StringLiteral':
        return JSON.stringify(node.value);
      case 'NumberLiteral':
        return String(node.value);
      case 'BooleanLiteral':
        return String(node.value);
      case 'NullLiteral':
      case 'UndefinedLiteral':
        return 'none';
      case 'PathExpression':
        return this.#path(node);
      case 'SubExpression':
        return undefined;
      default:
        return node satisfies never;
    }
  }

  #printed(node: Call & { readonly type: 'MustacheStatement' }, printer: Printer): string | undefined {
    const helper = helperOf(node);
    const [first] = node.params as Expression[];
    if (helper === undefined) {
      const path = node.path as Path;
      if (this.#scope.text !== undefined && path.parts.length === 0)
        return printer.literal(this.#scope.text, node);
      const expression = this.expression(path);
      return expression === undefined ? undefined : `{{ ${expression} }}`;
    }
    if (helper === 'section') return '';
    const value = helper === 'json' ? this.expression(first) : undefined;
    if (value === undefined) return undefined;
    printer.warn('{{json …}} became the filter tojson, which writes spaces behind commas and colons.', node);
    return `{{ ${value} | tojson }}`;
  }

  #block(node: Block, printer: Printer): string | undefined {
    const helper = helperOf(node);
    const [first] = node.params as Expression[];
    const program = node.program as Program | undefined;
    const inverse = node.inverse as Program | undefined;
    if (helper === 'with' && first?.type === 'StringLiteral') {
      return this.#inside({ ...this.#scope, base: undefined, text: first.value, parent: this.#scope }, () =>
        printer.program(program),
      );
    }
    if (helper === 'each' || helper === 'with') {
      const subject = this.expression(first);
      if (subject === undefined) return undefined;
      return helper === 'each'
        ? this.#each(subject, program, inverse, printer)
        : this.#with(subject, program, inverse, printer);
    }
    const condition = this.#condition(node);
    if (condition === undefined) return undefined;
    return `{% if ${condition} %}${printer.program(program)}${this.#otherwise(inverse, printer)}{% endif %}`;
  }

  #condition(node: Block): string | undefined {
    const [first, second] = (node.params as Expression[]).map((each) => this.expression(each));
    switch (helperOf(node) ?? '') {
      case 'if':
        return first;
      case 'unless':
        return first === undefined ? undefined : `not ${first}`;
      case 'ifEquals':
        return first === undefined || second === undefined ? undefined : `${first} == ${second}`;
      case 'unlessEquals':
        return first === undefined || second === undefined ? undefined : `${first} != ${second}`;
      default:
        return undefined;
    }
  }

  #otherwise(inverse: Program | undefined, printer: Printer): string {
    if (!inverse) return '';
    const [only] = inverse.body as Statement[];
    const isChained = (inverse as { chained?: boolean }).chained === true && inverse.body.length === 1;
    const condition = isChained && only?.type === 'BlockStatement' ? this.#condition(only) : undefined;
    if (condition !== undefined && only?.type === 'BlockStatement') {
      const rest = this.#otherwise(only.inverse as Program | undefined, printer);
      return `{% elif ${condition} %}${printer.program(only.program as Program)}${rest}`;
    }
    return `{% else %}${printer.program(inverse)}`;
  }

  #each(
    subject: string,
    program: Program | undefined,
    inverse: Program | undefined,
    printer: Printer,
  ): string | undefined {
    const [named, index] = program?.blockParams ?? [];
    if (index !== undefined) return undefined;
    const item = named ?? `item${this.#loops === 0 ? '' : this.#loops + 1}`;
    this.#loops++;
    const scope: Scope = {
      base: item,
      names: new Map([...this.#scope.names, ...(named === undefined ? [] : [[named, named] as const])]),
      parent: this.#scope,
      loop: { key: item },
    };
    const body = this.#inside(scope, () => printer.program(program));
    const rest = inverse ? `{% else %}${printer.program(inverse)}` : '';
    return `{% for ${item} in ${subject} %}${body}${rest}{% endfor %}`;
  }

  #with(
    subject: string,
    program: Program | undefined,
    inverse: Program | undefined,
    printer: Printer,
  ): string {
    const [named] = program?.blockParams ?? [];
    const names = new Map([
      ...this.#scope.names,
      ...(named === undefined ? [] : [[named, subject] as const]),
    ]);
    const scope: Scope = { ...this.#scope, base: subject, names, parent: this.#scope };
    const body = this.#inside(scope, () => printer.program(program));
    return `{% if ${subject} %}${body}${this.#otherwise(inverse, printer)}{% endif %}`;
  }

  #inside(scope: Scope, print: () => string): string {
    const outside = this.#scope;
    this.#scope = scope;
    try {
      return print();
    } finally {
      this.#scope = outside;
    }
  }

  #path(path: Path): string | undefined {
    const [first = '', ...rest] = path.parts;
    if (path.data) {
      if (first === 'root') return joined('', rest);
      return this.#scope.loop && rest.length === 0 ? loopValues.get(first) : undefined;
    }
    const isScoped = /^(\.|this\b)/.test(path.original);
    const named = isScoped ? undefined : this.#scope.names.get(first);
    if (named !== undefined) return joined(named, rest);
    let scope: Scope | undefined = this.#scope;
    for (let up = 0; up < path.depth; up++) scope = scope?.parent;
    return scope?.base === undefined ? undefined : joined(scope.base, path.parts);
  }
}

/** A Jinja expression for steps from another; `undefined` where the first is no name. */
function joined(base: string, parts: readonly string[]): string | undefined {
  if (
    base === '' &&
    (parts.length === 0 || !/^[A-Za-z_]\w*$/.test(parts[0] ?? '') || words.has(parts[0] ?? ''))
  )
    return undefined;
  let expression = base;
  for (const part of parts) {
    if (expression === '') expression = part;
    else if (part === 'length') expression = `(${expression} | length)`;
    else if (/^\d+$/.test(part)) expression += `[${part}]`;
    else expression += /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  }
  return expression;
}

const words: ReadonlySet<string> = new Set(
  'and or not is in if else elif true false none True False None loop self'.split(' '),
);

const loopValues: ReadonlyMap<string, string> = new Map([
  ['index', 'loop.index0'],
  ['first', 'loop.first'],
  ['last', 'loop.last'],
]);

/** The line that begins a message in a Prompty. */
export function promptyRole(role: ExportedMessage['role']): string {
  return `\n${role}:\n`;
}
