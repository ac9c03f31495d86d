import { lexer, type Token, type Tokens } from 'marked';

/** What a reader of Markdown sees, without its marks: code as it is, items behind `- ` or their number, cells behind tabs. */
export function plainText(markdown: string): string {
  return blocksOf(lexer(markdown)).trim();
}

function blocksOf(tokens: readonly Token[]): string {
  return tokens
    .map(blockOf)
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockOf(token: Token): string {
  switch (token.type) {
    case 'space':
    case 'def':
      return '';
    case 'hr':
      return '---';
    case 'code':
      return token['text'] as string;
    case 'list':
      return listOf(token as Tokens.List);
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => row.map((cell) => inline(cell.tokens)).join('\t')).join('\n');
    }
    case 'blockquote':
      return blocksOf(token.tokens ?? []);
    default:
      return inline([token]);
  }
}

function listOf({ items, ordered, start }: Tokens.List): string {
  return items
    .map((item, index) => {
      const mark = ordered ? `${Number(start) + index}. ` : '- ';
      const task = item.task ? (item.checked ? '[x] ' : '[ ] ') : '';
      const text = item.tokens
        .filter(({ type }) => type !== 'checkbox')
        .map(blockOf)
        .filter((block) => block !== '')
        .join('\n');
      return mark + task + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    })
    .join('\n');
}

function inline(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'br') return '\n';
      if (token.type === 'image') return (token as Tokens.Image).text;
      const { tokens: inner } = token as { readonly tokens?: readonly Token[] };
      if (inner) return inline(inner);
      return 'text' in token ? String(token['text']) : token.raw;
    })
    .join('');
}
