import { PromptError } from '../prompt/problems.ts';
import type { FilePlace } from './conversion.ts';

/** A piece of a Jinja template, white space control applied. */
export interface JinjaToken {
  /** `print` is `{{ … }}`, `tag` is `{% … %}`. */
  readonly type: 'text' | 'print' | 'tag' | 'comment';
  /** The text itself, or what stands between the braces without white space around it. */
  readonly text: string;
  /** As it is written. */
  readonly raw: string;
  /** Where it begins in the template, in UTF-16 units. */
  readonly offset: number;
}

/**
 * Cuts a template into its pieces, in order.
 * @param placeOf the place of an offset in the file.
 * @throws PromptError for a tag that is not closed.
 */
export function jinjaTokens(template: string, placeOf: (offset: number) => FilePlace): readonly JinjaToken[] {
  const tokens: JinjaToken[] = [];
  let at = 0;
  let trimNext = false;
  const addText = (start: number, end: number, trimEnd: boolean): void => {
    const raw = template.slice(start, end);
    const left = trimNext ? raw.trimStart() : raw;
    const text = trimEnd ? left.trimEnd() : left;
    if (text !== '') tokens.push({ type: 'text', text, raw, offset: start + raw.length - left.length });
  };

  const opening = /\{([{%#])/g;
  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(template);
    if (!open) break;
    const kind = open[1] === '{' ? 'print' : open[1] === '%' ? 'tag' : 'comment';
    const end = endOf(template, open.index, kind);
    if (end === undefined) {
      throw new PromptError(`${open[0]} is not closed. Write the end of it.`, placeOf(open.index));
    }
    const raw = template.slice(open.index, end);
    addText(at, open.index, raw[2] === '-');
    trimNext = raw.at(-3) === '-' && raw.length > 5;
    const text = raw.slice(2, -2).replace(/^[-+]/, '').replace(/[-+]$/, '').trim();
    at = end;
    if (kind === 'tag' && text === 'raw') {
      const close = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
      close.lastIndex = end;
      const closed = close.exec(template);
      if (!closed) throw new PromptError('{% raw %} is not closed with {% endraw %}.', placeOf(open.index));
      addText(end, closed.index, closed[1] === '-');
      trimNext = closed[2] === '-';
      at = close.lastIndex;
    } else {
      tokens.push({ type: kind, text, raw, offset: open.index });
    }
  }
  addText(at, template.length, false);
  return tokens;
}

/** Where a tag that begins at `start` ends, past its braces. Braces in its quotes do not end it. */
function endOf(template: string, start: number, kind: JinjaToken['type']): number | undefined {
  const close = kind === 'print' ? '}}' : kind === 'tag' ? '%}' : '#}';
  let quote = '';
  for (let at = start + 2; at < template.length; at++) {
    const character = template[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (kind !== 'comment' && (character === '"' || character === "'")) {
      quote = character;
    } else if (template.startsWith(close, at)) {
      return at + 2;
    }
  }
  return undefined;
}
