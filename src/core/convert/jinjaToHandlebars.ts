import type { FilePlace, Warnings } from './conversion.ts';
import { beforeTag, commentTag, literalText } from './handlebarsText.ts';
import {
  type Condition,
  handlebarsCondition,
  handlebarsPath,
  type JinjaScope,
  textOfLiteral,
} from './jinjaExpressions.ts';
import { type JinjaToken, jinjaTokens } from './jinjaTokens.ts';
import { type JinjaBranch, type JinjaNode, jinjaTree } from './jinjaTree.ts';

export interface JinjaSource {
  readonly template: string;
  /** The place of an offset of the template in the file. */
  readonly placeOf: (offset: number) => FilePlace;
  /** Turns text between the tags into Handlebars. Default: {@link literalText}. */
  readonly textOf?: (text: string, offset: number) => string;
}

/**
 * A Jinja or Nunjucks template in Handlebars. What has no such form becomes a comment at its place, with a warning: the
 * text around it stays.
 * @throws PromptError when the template does not parse.
 */
export function jinjaToHandlebars(source: JinjaSource, warnings: Warnings): string {
  const nodes = jinjaTree(jinjaTokens(source.template, source.placeOf), source.placeOf);
  return new Converter(source, warnings).print(nodes, { names: new Set(), inLoop: false });
}

class Converter {
  readonly #source: JinjaSource;
  readonly #warnings: Warnings;
  #toldOfLines = false;

  constructor(source: JinjaSource, warnings: Warnings) {
    this.#source = source;
    this.#warnings = warnings;
  }

  print(nodes: readonly JinjaNode[], scope: JinjaScope): string {
    return nodes.reduce((before, node) => {
      const printed = node.type === 'leaf' ? this.#leaf(node.token, scope) : this.#block(node, scope);
      return (printed.startsWith('{{') ? beforeTag(before) : before) + printed;
    }, '');
  }

  #leaf(token: JinjaToken, scope: JinjaScope): string {
    switch (token.type) {
      case 'text':
        return (this.#source.textOf ?? literalText)(token.text, token.offset);
      case 'comment':
        return commentTag(token.text);
      case 'print':
        return this.#printed(token, scope);
      case 'tag':
        return this.#lost(token);
      default:
        return token.type satisfies never;
    }
  }

  #printed(token: JinjaToken, scope: JinjaScope): string {
    const text = textOfLiteral(token.text);
    if (text !== undefined) return literalText(text);
    const [, expression = token.text, filter] = /^(.*?)\s*\|\s*(safe|tojson)$/s.exec(token.text) ?? [];
    const path = handlebarsPath(expression, scope);
    if (path === undefined) return this.#lost(token);
    if (filter !== 'tojson') return `{{${path}}}`;
    this.#warn(`${token.raw} became {{json …}}, which puts no spaces behind commas and colons.`, token);
    return `{{json ${path}}}`;
  }

  #block(block: JinjaNode & { readonly type: 'block' }, scope: JinjaScope): string {
    this.#tellOfLines(block.branches[0]?.tag);
    return (
      (block.keyword === 'if' ? this.#if(block, scope) : this.#for(block, scope)) ??
      this.#lostBlock(block, scope)
    );
  }

  #if({ branches }: JinjaNode & { readonly type: 'block' }, scope: JinjaScope): string | undefined {
    const conditions = branches.map(({ keyword, argument }) =>
      keyword === 'else' ? { calls: [] } : handlebarsCondition(argument, scope),
    );
    if (conditions.includes(undefined)) return undefined;
    const known = conditions as readonly Condition[];
    // Several helpers in each other have no common "else".
    if (known.some(({ calls }) => calls.length > 1) && branches.length > 1) return undefined;
    for (const [index, { difference }] of known.entries()) {
      const tag = branches[index]?.tag;
      if (difference !== undefined && tag) this.#warn(`${tag.raw}: ${difference}`, tag);
    }
    const [first] = known;
    const opening = first?.calls.map((call) => `{{#${call}}}`).join('') ?? '';
    const closing =
      first?.calls
        .map((call) => `{{/${call.split(' ')[0] ?? ''}}}`)
        .reverse()
        .join('') ?? '';
    const bodies = branches.map(({ body, keyword }, index) => {
      const mark =
        index === 0 ? '' : keyword === 'else' ? '{{else}}' : `{{else ${known[index]?.calls[0] ?? ''}}}`;
      return mark + beforeTag(this.print(body, scope));
    });
    return opening + bodies.join('') + closing;
  }

  #for({ branches }: JinjaNode & { readonly type: 'block' }, scope: JinjaScope): string | undefined {
    const [loop, otherwise] = branches;
    const match = /^(\w+)(?:\s*,\s*(\w+))?\s+in\s+(.+?)(\.items\(\))?$/s.exec(loop?.argument ?? '');
    if (!loop || !match) return undefined;
    const [, item = '', value, list = '', ofMap] = match;
    const path = handlebarsPath(list.trim(), scope);
    if (path === undefined || (value !== undefined) !== (ofMap !== undefined)) return undefined;
    const params = value === undefined ? item : `${value} ${item}`;
    const inside = { names: new Set([...scope.names, ...params.split(' ')]), inLoop: true };
    const rest = otherwise ? `{{else}}${beforeTag(this.print(otherwise.body, scope))}` : '';
    return `{{#each ${path} as |${params}|}}${beforeTag(this.print(loop.body, inside))}${rest}{{/each}}`;
  }

  /** A block that has no form here: its tags are comments, and what is in them stays. */
  #lostBlock({ branches, end }: JinjaNode & { readonly type: 'block' }, scope: JinjaScope): string {
    const printed = branches.map((branch: JinjaBranch, index) => {
      const mark = index === 0 ? this.#lost(branch.tag) : commentTag(branch.tag.raw);
      return mark + beforeTag(this.print(branch.body, scope));
    });
    return printed.join('') + commentTag(end.raw);
  }

  #lost(token: JinjaToken): string {
    this.#warn(`${token.raw} has no form here; it became a comment. Write it by hand.`, token);
    return commentTag(token.raw);
  }

  /** Once a template. */
  #tellOfLines(tag: JinjaToken | undefined): void {
    if (this.#toldOfLines || !tag || !this.#isAlone(tag)) return;
    this.#toldOfLines = true;
    this.#warn('A line that holds only a tag, as here, prints an empty line in Jinja and none here.', tag);
  }

  #isAlone({ offset, raw }: JinjaToken): boolean {
    const { template } = this.#source;
    return (
      /(^|\n)[ \t]*$/.test(template.slice(Math.max(0, offset - 200), offset)) &&
      /^[ \t]*\n/.test(template.slice(offset + raw.length, offset + raw.length + 200))
    );
  }

  #warn(message: string, { offset }: JinjaToken): void {
    this.#warnings.add(message, this.#source.placeOf(offset));
  }
}
