import { CompletionItem, CompletionItemKind, CompletionItemTag, SnippetString } from 'vscode';
import type { GenerationSettings } from '../../core/chat.ts';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import type { CursorContext } from '../../core/prompt/cursor.ts';
import { fieldDocs, schemaTypes } from '../../core/prompt/frontMatterDocs.ts';
import { knownModel } from '../../core/prompt/knownModels.ts';
import { settingDocs } from '../../core/prompt/settingDocs.ts';
import { expectedOf, settingNamed, settingNames } from '../../core/prompt/settings.ts';
import type { ModelInfo } from '../../core/provider.ts';
import { notTaken } from '../../core/taken.ts';
import type { ModelList } from './modelList.ts';
import { modelMarkdown, windowOf } from './modelText.ts';

/** The keys and values that the front matter can have at a place. */
export async function frontMatterCompletions(
  { in: part, path }: Extract<CursorContext, { in: 'key' | 'value' }>,
  analysis: PromptAnalysis,
  models: ModelList,
): Promise<CompletionItem[]> {
  const items =
    part === 'key'
      ? keyItems(path, analysis, knownModel(analysis.prompt.frontMatter.model, models.known))
      : path.join('.') === 'model'
        ? await modelItems(models)
        : valueItems(path, analysis);
  // The editor would sort them by their letters.
  return items.map((item, i) => Object.assign(item, { sortText: String(i).padStart(4, '0') }));
}

/** The keys that are not there yet. */
function keyItems(
  above: readonly string[],
  analysis: PromptAnalysis,
  model: ModelInfo | undefined,
): CompletionItem[] {
  const taken = new Set(
    analysis.entries
      .filter(({ path, value }) => path.length === above.length + 1 && startsWith(path, above) && value)
      .map(({ path }) => path.at(-1)),
  );
  return candidates(above, analysis, model).filter(({ label }) => !taken.has(label as string));
}

function candidates(
  above: readonly string[],
  { fields }: PromptAnalysis,
  model: ModelInfo | undefined,
): CompletionItem[] {
  const parent = above.join('.');
  if (parent === 'config') {
    // What the model does not take comes last, struck out.
    const isIgnored = (name: keyof GenerationSettings): boolean =>
      model !== undefined && notTaken(name, model.capabilities) !== undefined;
    return settingNames
      .toSorted((a, b) => Number(isIgnored(a)) - Number(isIgnored(b)))
      .map((name) => {
        const { summary, example } = settingDocs[name];
        const item = new CompletionItem(name, CompletionItemKind.Property);
        item.detail = isIgnored(name) ? `${model?.id} does not take it` : summary;
        if (isIgnored(name)) item.tags = [CompletionItemTag.Deprecated];
        item.documentation = `It must be ${expectedOf(name)}.`;
        item.insertText = new SnippetString(`${name}: `).appendPlaceholder(example);
        return item;
      });
  }
  if (parent === 'input.default') {
    return fields.map(({ name }) => keyItem(name, 'A default for this variable.', ': '));
  }
  if (parent === 'input.schema') {
    return fields
      .filter(({ declared }) => !declared)
      .map(({ name }) => keyItem(name, 'The template uses it.', ': string, '));
  }
  return [...fieldDocs]
    .filter(([path]) => path.slice(0, Math.max(path.lastIndexOf('.'), 0)) === parent)
    .map(([path, { summary, isMap }]) =>
      keyItem(path.slice(path.lastIndexOf('.') + 1), summary, isMap ? ':\n  ' : ': '),
    );
}

function keyItem(name: string, detail: string, behind: string): CompletionItem {
  const item = new CompletionItem(name, CompletionItemKind.Property);
  item.detail = detail;
  item.insertText = `${name}${behind}`;
  // The next list follows at once, where there is one.
  item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return item;
}

function valueItems(path: readonly string[], { fields }: PromptAnalysis): CompletionItem[] {
  const [first, second, name] = path;
  const field = fields.find((candidate) => candidate.name === name);
  if (first === 'input' && second === 'default' && path.length === 3) {
    const choices = field?.type === 'boolean' ? [true, false] : (field?.choices ?? []);
    return choices.map(
      (choice) =>
        new CompletionItem(
          typeof choice === 'string' ? choice : JSON.stringify(choice),
          CompletionItemKind.EnumMember,
        ),
    );
  }
  if ((second === 'schema' || second === 'inputSchema') && path.length >= 3) {
    return schemaTypes.map(({ name: type, summary }) => {
      const item = new CompletionItem(type, CompletionItemKind.TypeParameter);
      item.detail = summary;
      return item;
    });
  }
  const setting = first === 'config' && path.length === 2 ? settingNamed(second ?? '') : undefined;
  if (setting === 'reasoningEffort') {
    return expectedOf(setting)
      .replace('one of ', '')
      .split(', ')
      .map((word) => new CompletionItem(word, CompletionItemKind.EnumMember));
  }
  if (setting) {
    const item = new CompletionItem(settingDocs[setting].example, CompletionItemKind.Value);
    item.detail = settingDocs[setting].summary;
    item.documentation = `${settingDocs[setting].effect} It must be ${expectedOf(setting)}.`;
    return [item];
  }
  return (fieldDocs.get(path.join('.'))?.values ?? []).map(
    (value) => new CompletionItem(value, CompletionItemKind.EnumMember),
  );
}

async function modelItems(models: ModelList): Promise<CompletionItem[]> {
  return [...(await models.all())].map(([id, model]) => {
    const item = new CompletionItem(id, CompletionItemKind.Constant);
    item.detail = [model.name, windowOf(model)].filter((part) => part !== undefined).join(', ');
    item.documentation = modelMarkdown(id, model).replaceAll(/[*`]/g, '');
    return item;
  });
}

function startsWith(path: readonly string[], above: readonly string[]): boolean {
  return above.every((key, i) => path[i] === key);
}
