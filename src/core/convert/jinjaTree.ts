import { PromptError } from '../prompt/problems.ts';
import type { FilePlace } from './conversion.ts';
import type { JinjaToken } from './jinjaTokens.ts';

export type JinjaNode =
  | { readonly type: 'leaf'; readonly token: JinjaToken }
  | {
      readonly type: 'block';
      readonly keyword: 'if' | 'for';
      /** The first is the block's own; the others are its `elif`s and its `else`, in order. */
      readonly branches: readonly JinjaBranch[];
      readonly end: JinjaToken;
    };

export interface JinjaBranch {
  readonly tag: JinjaToken;
  /** What follows the tag's keyword; empty for `else`. */
  readonly argument: string;
  readonly keyword: 'if' | 'elif' | 'else' | 'for';
  readonly body: readonly JinjaNode[];
}

/**
 * The blocks of a template in each other. Other tags than `if` and `for` are leaves, and so are their ends.
 * @throws PromptError where a block is not closed, closes nothing, or stands too deep in others.
 */
export function jinjaTree(
  tokens: readonly JinjaToken[],
  placeOf: (offset: number) => FilePlace,
): readonly JinjaNode[] {
  return new TreeReader(tokens, placeOf).read();
}

const deepest = 100;

class TreeReader {
  readonly #tokens: readonly JinjaToken[];
  readonly #placeOf: (offset: number) => FilePlace;
  #at = 0;

  constructor(tokens: readonly JinjaToken[], placeOf: (offset: number) => FilePlace) {
    this.#tokens = tokens;
    this.#placeOf = placeOf;
  }

  read(): readonly JinjaNode[] {
    const nodes = this.#nodes(0);
    const token = this.#tokens[this.#at];
    if (token) this.#fail(`${token.raw} closes nothing.`, token);
    return nodes;
  }

  /** Everything up to a tag that belongs to a block above. */
  #nodes(depth: number): readonly JinjaNode[] {
    const nodes: JinjaNode[] = [];
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      const keyword = token.type === 'tag' ? keywordOf(token) : '';
      if (['elif', 'else', 'endif', 'endfor'].includes(keyword)) break;
      this.#at++;
      if (keyword === 'if' || keyword === 'for') nodes.push(this.#block(token, keyword, depth + 1));
      else nodes.push({ type: 'leaf', token });
    }
    return nodes;
  }

  #block(first: JinjaToken, keyword: 'if' | 'for', depth: number): JinjaNode {
    if (depth > deepest) this.#fail('Blocks are nested too deeply. Take some out of each other.', first);
    const branches: JinjaBranch[] = [this.#branch(first, keyword, depth)];
    for (;;) {
      const tag = this.#tokens[this.#at];
      if (!tag) return this.#fail(`${first.raw} is not closed. Add {% end${keyword} %}.`, first);
      const next = keywordOf(tag);
      this.#at++;
      if (next === `end${keyword}`) return { type: 'block', keyword, branches, end: tag };
      const isAllowed = next === 'else' || (next === 'elif' && keyword === 'if');
      if (!isAllowed || branches.at(-1)?.keyword === 'else') {
        return this.#fail(`${tag.raw} does not belong to ${first.raw}.`, tag);
      }
      branches.push(this.#branch(tag, next, depth));
    }
  }

  #branch(tag: JinjaToken, keyword: JinjaBranch['keyword'], depth: number): JinjaBranch {
    const argument = tag.text.slice(keyword.length).trim();
    return { tag, keyword, argument, body: this.#nodes(depth) };
  }

  #fail(message: string, token: JinjaToken): never {
    throw new PromptError(message, this.#placeOf(token.offset));
  }
}

function keywordOf({ text }: JinjaToken): string {
  return /^\w*/.exec(text)?.[0] ?? '';
}
