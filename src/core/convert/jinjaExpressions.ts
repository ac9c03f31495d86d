import { pathText, segmentText, stringText } from './handlebarsText.ts';

/** Which names mean what where an expression stands. */
export interface JinjaScope {
  /** Names of loops around, which Handlebars knows as block parameters. */
  readonly names: ReadonlySet<string>;
  /** Whether a loop is around: then a variable is looked up from the root. */
  readonly inLoop: boolean;
}

/** A variable as Handlebars writes it, without braces; `undefined` where it has no such form. */
export function handlebarsPath(expression: string, { names, inLoop }: JinjaScope): string | undefined {
  const parts = pathParts(expression);
  const [first, ...rest] = parts ?? [];
  if (!parts || first === undefined) return undefined;
  if (first === 'loop' && inLoop) return rest.length === 1 ? loopValues.get(rest[0] ?? '') : undefined;
  if (names.has(first)) return parts.length === 1 ? first : join(first, rest);
  if (!inLoop) return pathText(parts);
  const path = parts.map(segmentText);
  return path.includes(undefined) ? undefined : `@root.${path.join('.')}`;
}

/** A text that an expression is, without its quotes; `undefined` for any other expression. */
export function textOfLiteral(expression: string): string | undefined {
  const match = /^(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(expression);
  return match ? (match[1] ?? match[2]) : undefined;
}

/** A condition as the helpers that must hold, such as `if x` and `ifEquals y "z"`. */
export interface Condition {
  /** The outermost first; more than one only for `and`. */
  readonly calls: readonly string[];
  /** Says where Handlebars decides differently. */
  readonly difference?: string;
}

/** A condition in Handlebars; `undefined` where it has no such form. */
export function handlebarsCondition(expression: string, scope: JinjaScope): Condition | undefined {
  const inner = /^\(([^()]*)\)$/.exec(expression)?.[1] ?? expression;
  // A text that holds the word makes terms that are none, so that the whole has no form.
  const terms = inner.split(/\s+and\s+/);
  const conditions = terms.map((term) => simpleCondition(term.trim(), scope));
  if (conditions.includes(undefined)) return undefined;
  const found = conditions as readonly Condition[];
  const difference = found.find((condition) => condition.difference !== undefined)?.difference;
  return {
    calls: found.flatMap(({ calls }) => calls),
    ...(difference === undefined ? {} : { difference }),
  };
}

function simpleCondition(term: string, scope: JinjaScope): Condition | undefined {
  const negated = /^not\s+(.+)$/s.exec(term)?.[1];
  const path = handlebarsPath(negated ?? term, scope);
  if (path !== undefined) return { calls: [`${negated === undefined ? 'if' : 'unless'} ${path}`] };

  const test = /^([\w.[\]"']+)\s+is\s+(not\s+)?(defined|none|None)$/.exec(term);
  if (test) {
    const [, name = '', not, word = ''] = test;
    const tested = handlebarsPath(name, scope);
    const holds = (word === 'defined') !== (not !== undefined);
    return tested === undefined
      ? undefined
      : {
          calls: [`${holds ? 'if' : 'unless'} ${tested}`],
          difference: `Handlebars takes empty text, 0, false and an empty list for “${word === 'defined' ? 'not defined' : 'none'}” too.`,
        };
  }

  const comparison = /^([^=!<>]+?)\s*(==|!=)\s*([^=!<>]+)$/s.exec(term);
  if (!comparison) return undefined;
  const [, left = '', operator, right = ''] = comparison;
  const sides = [operandOf(left.trim(), scope), operandOf(right.trim(), scope)];
  if (sides.includes(undefined)) return undefined;
  return { calls: [`${operator === '==' ? 'ifEquals' : 'unlessEquals'} ${sides.join(' ')}`] };
}

function operandOf(expression: string, scope: JinjaScope): string | undefined {
  const text = textOfLiteral(expression);
  if (text !== undefined) return stringText(text);
  if (/^-?\d+(\.\d+)?$/.test(expression)) return expression;
  return constants.get(expression) ?? handlebarsPath(expression, scope);
}

/** `a.b["c"][0]` as its steps; `undefined` for everything else, keywords included. */
function pathParts(expression: string): readonly string[] | undefined {
  const first = /^[A-Za-z_]\w*/.exec(expression)?.[0];
  if (first === undefined || constants.has(first) || keywords.has(first)) return undefined;
  const parts = [first];
  const step = /\s*(?:\.\s*(\w+)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)'|(\d+))\s*\])/y;
  step.lastIndex = first.length;
  while (step.lastIndex < expression.length) {
    const match = step.exec(expression);
    if (!match) return undefined;
    const [, afterDot, inDouble, inSingle, index = ''] = match;
    parts.push(afterDot ?? inDouble ?? inSingle ?? index);
  }
  return parts;
}

function join(first: string, rest: readonly string[]): string | undefined {
  const segments = rest.map(segmentText);
  return segments.includes(undefined) ? undefined : [first, ...segments].join('.');
}

const constants: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['True', 'true'],
  ['false', 'false'],
  ['False', 'false'],
  ['none', 'null'],
  ['None', 'null'],
]);

const keywords: ReadonlySet<string> = new Set(['not', 'and', 'or', 'is', 'in', 'if', 'else']);

const loopValues: ReadonlyMap<string, string> = new Map([
  ['index0', '@index'],
  ['first', '@first'],
  ['last', '@last'],
]);
