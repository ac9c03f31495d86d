import { DocumentSymbol, FoldingRange, Range, SymbolKind, type TextDocument } from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { rangeOf } from './positions.ts';

/** The front matter with its keys and variables, then the messages by their roles. */
export function documentSymbols(document: TextDocument, analysis: PromptAnalysis): DocumentSymbol[] {
  const frontMatter = frontMatterOf(document, analysis);
  return [...(frontMatter ? [frontMatter] : []), ...messagesOf(document, analysis)];
}

/**
 * Folds the front matter and its maps, every message and every block of several lines. `undefined` while the template
 * does not parse, which leaves everything folded as it is.
 */
export function foldingRanges(document: TextDocument, analysis: PromptAnalysis): FoldingRange[] | undefined {
  const { entries, references, template } = analysis;
  if (!template.program) return undefined;
  const maps = entries
    .filter(({ value, scalar, inFlow }) => value && scalar === undefined && !inFlow)
    .map(({ key, value = key }) => rangeOf(document, key).union(rangeOf(document, value)));
  const blocks = references.flatMap(({ range, closing }) =>
    // The line that closes a block stays in sight.
    closing ? [new Range(range.line - 1, 0, closing.line - 2, 1)] : [],
  );
  const parts = documentSymbols(document, analysis).map(({ range }) => range);
  return [...parts, ...maps, ...blocks]
    .map((range) => new FoldingRange(range.start.line, lastLineWithText(document, range)))
    .filter(({ start, end }) => end > start);
}

function frontMatterOf(
  document: TextDocument,
  { prompt, entries, declarations }: PromptAnalysis,
): DocumentSymbol | undefined {
  // It ends on the line before the template; a file that ends with it has no such line.
  const end = prompt.templateLine - 2;
  if (end < 1) return undefined;
  const range = document.validateRange(new Range(0, 0, end, Number.MAX_SAFE_INTEGER));
  const symbol = new DocumentSymbol(
    'front matter',
    '',
    SymbolKind.Namespace,
    range,
    document.lineAt(0).range,
  );
  const keys = entries.filter(({ path }) => path.length === 1);
  symbol.children = keys.map(({ path, key, value, scalar }) => {
    const name = path[0] ?? '';
    const detail = scalar === undefined ? '' : String(scalar);
    const whole = rangeOf(document, key).union(rangeOf(document, value ?? key));
    const child = new DocumentSymbol(name, detail, SymbolKind.Property, whole, rangeOf(document, key));
    if (name === 'input') {
      child.children = declarations.map(({ name: variable, entry }) => {
        const declared = rangeOf(document, entry.key).union(rangeOf(document, entry.value ?? entry.key));
        return new DocumentSymbol(variable, '', SymbolKind.Variable, declared, rangeOf(document, entry.key));
      });
    }
    return child;
  });
  return symbol;
}

function messagesOf(document: TextDocument, { references }: PromptAnalysis): DocumentSymbol[] {
  const roles = references.filter(({ kind }) => kind === 'role');
  return roles.map(({ name, range }, i) => {
    const next = roles[i + 1]?.range;
    const start = rangeOf(document, range);
    const end = next ? rangeOf(document, next).start : document.lineAt(document.lineCount - 1).range.end;
    const firstText = textBehind(document, start.end.line + 1);
    return new DocumentSymbol(name, firstText, SymbolKind.String, new Range(start.start, end), start);
  });
}

/** The first words of a message, so that two of one role are told apart. */
function textBehind(document: TextDocument, line: number): string {
  const text = line < document.lineCount ? document.lineAt(line).text.trim() : '';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function lastLineWithText(document: TextDocument, { start, end }: Range): number {
  let line = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  while (line > start.line && document.lineAt(line).isEmptyOrWhitespace) line--;
  return line;
}
