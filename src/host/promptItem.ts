import { MarkdownString, ThemeIcon, TreeItem, type Uri, workspace } from 'vscode';
import { formatAge } from '../core/format.ts';
import type { LastRun } from '../core/prompt/versionStore.ts';
import type { PromptFacts } from './promptFacts.ts';
import { nameOf } from './promptSource.ts';
import { runIcon } from './runIcon.ts';

/** How a prompt of the workspace looks in the Prompts view. Facts come later than the row; a prompt may never have run. */
export function promptItem(uri: Uri, facts: PromptFacts | undefined, lastRun: LastRun | undefined): TreeItem {
  const name = nameOf(uri);
  const isPartial = name.startsWith('_');
  const item = new TreeItem(name.replace(/\.prompt$/, ''));
  item.id = uri.toString();
  // Brings the colours and letters of source control along.
  item.resourceUri = uri;
  item.iconPath = isPartial ? new ThemeIcon('symbol-snippet') : runIcon(lastRun?.status);
  item.contextValue = isPartial ? 'partial' : 'prompt';
  item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  const age = lastRun && formatAge(lastRun.startedAt, Date.now());
  item.description = isPartial
    ? 'partial'
    : [
        facts?.model,
        variablesInWords(facts),
        lastRun && (lastRun.status === 'finished' ? age : `${lastRun.status} ${age}`),
      ]
        .filter(Boolean)
        .join(' · ');
  item.tooltip = tooltipOf([
    workspace.asRelativePath(uri),
    facts?.description,
    isPartial ? 'A partial: other prompts take it in.' : `Model: ${facts?.model ?? 'your default model'}`,
    facts?.variables === undefined ? undefined : `Variables: ${facts.variables}`,
    isPartial ? undefined : lastRun ? `Last run: ${age}, ${lastRun.status}` : 'Never run',
  ]);
  return item;
}

/** How a prompt of the library looks there; the view says what a click does. */
export function libraryItem(uri: Uri, facts: PromptFacts | undefined): TreeItem {
  const item = new TreeItem(nameOf(uri).replace(/\.prompt$/, ''));
  item.id = uri.toString();
  item.iconPath = new ThemeIcon('file-text');
  item.contextValue = 'library-prompt';
  item.description = facts?.description ?? '';
  item.tooltip = tooltipOf([
    nameOf(uri),
    facts?.description,
    'Opens as a new file that you can run before it is saved.',
  ]);
  return item;
}

function variablesInWords({ variables = 0 }: PromptFacts = {}): string {
  if (variables === 0) return '';
  return variables === 1 ? '1 variable' : `${variables} variables`;
}

function tooltipOf(lines: readonly (string | undefined)[]): MarkdownString {
  const text = new MarkdownString();
  for (const line of lines) if (line) text.appendText(line).appendMarkdown('\n\n');
  return text;
}
