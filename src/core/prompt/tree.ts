import type {} from 'handlebars';

// The library leaves `type` open on some of its nodes, so that a `switch` over them checks nothing. This union is closed.
export type Program = hbs.AST.Program & { type: 'Program' };
export type Path = hbs.AST.PathExpression;
/** `source` is the name of a partial, and absent for the prompt itself. Lines count from 1, columns from 0. */
export type Place = Omit<hbs.AST.SourceLocation, 'source'> & { readonly source?: string | undefined };
export type Partial = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;
export type Literal =
  | hbs.AST.StringLiteral
  | hbs.AST.NumberLiteral
  | hbs.AST.BooleanLiteral
  | hbs.AST.UndefinedLiteral
  | hbs.AST.NullLiteral;
export type Expression = Path | Literal | hbs.AST.SubExpression;
/** `{{#*inline "name"}}…{{/inline}}`, which defines a partial in the template itself. */
export interface Decorator extends Omit<hbs.AST.BlockStatement, 'type'> {
  type: 'DecoratorBlock';
}
/** What looks a variable up or calls a helper. The library's types promise a hash that is not always there. */
export type Call = Mustache | Block | hbs.AST.SubExpression;
export type Mustache = hbs.AST.MustacheStatement;
export type Block = hbs.AST.BlockStatement;
export type Statement =
  Mustache | Block | Partial | Decorator | hbs.AST.ContentStatement | hbs.AST.CommentStatement;
export type Node = Program | Statement | Expression;

/** The helpers that a template may call: Dotprompt's, then Handlebars' own but for `log`, since a prompt has no console. */
export const helperNames: readonly string[] = [
  ...['role', 'history', 'section', 'media', 'json', 'ifEquals', 'unlessEquals'],
  ...['if', 'unless', 'each', 'with', 'lookup'],
];

/** The name of the helper that is called, known or not, or `undefined` where a variable is looked up. */
export function helperOf(call: Call): string | undefined {
  const { path } = call;
  if (call.type === 'SubExpression' || call.params.length > 0 || argumentsOf(call).length > 0) {
    return (path as Path).original;
  }
  return 'parts' in path && helperNames.includes(path.original) ? path.original : undefined;
}

/** The `name=value` arguments of a node that may have some. */
export function argumentsOf(node: Call | Partial): readonly { key: string; value: Expression }[] {
  const hash = node.hash as hbs.AST.Hash | undefined;
  return (hash?.pairs ?? []) as unknown as { key: string; value: Expression }[];
}

/** The name of a partial, or `undefined` where it is computed. */
export function partialName(node: Partial): string | undefined {
  const { type } = node.name;
  const named = type === 'PathExpression' || (type as string) === 'StringLiteral';
  return named ? (node.name as Path).original : undefined;
}

/** A node and everything below it, in the order of the text. A list, because generators in each other take four times as long. */
function nodesOf(node: Node): readonly Node[] {
  const nodes: Node[] = [];
  collect(node, nodes);
  return nodes;
}

/**
 * Those nodes of statements that call, include or define something, or look up data such as `@index`, in the order of the
 * text. They are found once for the same list of statements.
 */
export function callsIn(statements: readonly Statement[]): readonly Node[] {
  const known = found.get(statements);
  if (known) return known;
  const calls = statements.flatMap((statement) => nodesOf(statement).filter(isCall));
  found.set(statements, calls);
  return calls;
}

const found = new WeakMap<readonly Statement[], readonly Node[]>();

function isCall(node: Node): boolean {
  return 'params' in node || (node.type === 'PathExpression' && node.data);
}

function collect(node: Node, into: Node[]): void {
  into.push(node);
  const { path, name, params, hash, body, program, inverse } = node as AnyNode;
  if (path) collect(path as Node, into);
  if (name) collect(name as Node, into);
  if (params) for (const param of params) collect(param as Node, into);
  if (hash) for (const { value } of hash.pairs) collect(value as Node, into);
  if (body) for (const child of body) collect(child as Node, into);
  if (program) collect(program as Node, into);
  if (inverse) collect(inverse as Node, into);
}

interface AnyNode {
  readonly path?: hbs.AST.Node;
  readonly name?: hbs.AST.Node;
  readonly params?: readonly hbs.AST.Node[];
  readonly hash?: hbs.AST.Hash;
  readonly body?: readonly hbs.AST.Node[];
  readonly program?: hbs.AST.Node;
  readonly inverse?: hbs.AST.Node;
}
