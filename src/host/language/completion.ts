import {
  CompletionItem,
  CompletionItemKind,
  FileType,
  type Position,
  Range,
  SnippetString,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { type CursorContext, cursorContext } from '../../core/prompt/cursor.ts';
import type { VariableField } from '../../core/prompt/fields.ts';
import { helperDocs } from '../../core/prompt/helperDocs.ts';
import { fieldAt, fieldsInside, openBlocks } from '../../core/prompt/openBlocks.ts';
import { frontMatterCompletions } from './frontMatterCompletion.ts';
import { typeText } from './hover.ts';
import type { ModelList } from './modelList.ts';

/**
 * What can be written at a place.
 * @param analysis of the text as it stands, with the variables of the last one that could be read.
 */
export async function completionsAt(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  models: ModelList,
): Promise<CompletionItem[]> {
  const context = cursorContext(
    (line) => document.lineAt(line - 1).text,
    position.line + 1,
    position.character + 1,
  );
  const items = await itemsFor(context, document, analysis, position, models);
  if (context.in === 'text') return items;
  // A model id or a path is one word here, though the editor sees several.
  const written = context.in === 'call' || context.in === 'argument' ? lastName(context.word) : context.word;
  const range = new Range(position.translate(0, -written.length), position);
  return items.map((item) => Object.assign(item, { range }));
}

async function itemsFor(
  context: CursorContext,
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  models: ModelList,
): Promise<CompletionItem[]> {
  switch (context.in) {
    case 'key':
    case 'value':
      return frontMatterCompletions(context, analysis, models);
    case 'call': {
      const names = variables(document, analysis, position, context.word);
      if (context.word.includes('.')) return names;
      const helpers = helperItems(context.isBlock);
      return context.isBlock ? [...helpers, ...names] : [...names, ...helpers, ...wordItems()];
    }
    case 'argument':
      return variables(document, analysis, position, context.word);
    case 'role':
      return ['system', 'user', 'model'].map(
        (role) => new CompletionItem(role, CompletionItemKind.EnumMember),
      );
    case 'partial':
      return partialItems(document);
    case 'close': {
      const innermost = blocksAt(document, analysis, position).at(-1);
      return innermost ? [new CompletionItem(innermost.name, CompletionItemKind.Keyword)] : [];
    }
    case 'text':
      return [];
    default:
      return context satisfies never;
  }
}

function helperItems(isBlock: boolean): CompletionItem[] {
  return [...helperDocs]
    .filter(([, { usage }]) => usage.startsWith('{{#') === isBlock)
    .map(([name, { usage, summary }]) => {
      const item = new CompletionItem(name, CompletionItemKind.Function);
      item.detail = usage;
      item.documentation = summary;
      if (name === 'role') item.insertText = new SnippetString('role "${1|system,user,model|}"');
      return item;
    });
}

function wordItems(): CompletionItem[] {
  return ['else', 'this'].map((word) => new CompletionItem(word, CompletionItemKind.Keyword));
}

/** The variables whose names fit at a place: fields of an object behind its dot, those of the items within an `each`. */
function variables(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  word: string,
): CompletionItem[] {
  const blocks = blocksAt(document, analysis, position);
  const here = fieldsInside(blocks, analysis.fields);
  const owner = word.includes('.') ? word.slice(0, word.lastIndexOf('.')) : undefined;
  if (owner !== undefined) return (fieldAt(here, owner)?.fields ?? []).map(variableItem);
  const items = here.map(variableItem);
  if (blocks.some(({ name }) => name === 'each')) {
    for (const name of ['@index', '@first', '@last', '@key']) {
      items.push(new CompletionItem(name, CompletionItemKind.Constant));
    }
  }
  return items;
}

function variableItem({ name, description, ...field }: VariableField): CompletionItem {
  const item = new CompletionItem(name, CompletionItemKind.Variable);
  item.detail = typeText(field);
  if (description !== undefined) item.documentation = description;
  // Names that the prompt has of its own come before the helpers.
  item.sortText = `0${name}`;
  return item;
}

function blocksAt(
  document: TextDocument,
  { prompt }: PromptAnalysis,
  position: Position,
): ReturnType<typeof openBlocks> {
  return openBlocks(
    document.getText(new Range(prompt.templateLine - 1, 0, position.line, position.character)),
  );
}

async function partialItems(document: TextDocument): Promise<CompletionItem[]> {
  if (document.isUntitled) return [];
  const files = await workspace.fs.readDirectory(Uri.joinPath(document.uri, '..'));
  return files.flatMap(([name, type]) => {
    const partial = type === FileType.Directory ? undefined : /^_(.+)\.prompt$/.exec(name)?.[1];
    if (partial === undefined) return [];
    const item = new CompletionItem(partial, CompletionItemKind.File);
    item.detail = name;
    return [item];
  });
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
