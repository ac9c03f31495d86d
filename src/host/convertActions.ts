import {
  type LogOutputChannel,
  type QuickPickItem,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { ConversionWarning } from '../core/convert/conversion.ts';
import type { ExportFormat } from '../core/convert/exportPrompt.ts';
import { messageOf } from '../core/errors.ts';
import type { VariableValues } from '../core/store.ts';
import type { CodeLanguage } from '../providers/viewCode/viewCode.ts';
import { endpointOf } from './endpointSettings.ts';
import { promptLanguage } from './language.ts';
import { nameOf, promptSourceOf } from './promptSource.ts';
import type { Keys } from './secrets.ts';
import { readSettings } from './settings.ts';

export interface ConvertSurroundings {
  /** The values of a prompt's last run, or `undefined` before it. */
  readonly lastValues: (uri: Uri) => VariableValues | undefined;
  readonly keys: Keys;
  readonly log: LogOutputChannel;
}

/** What the commands do that take prompts in from other tools and hand them out. */
export class ConvertActions {
  readonly #surroundings: ConvertSurroundings;

  constructor(surroundings: ConvertSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Opens the prompt that a foreign file becomes, unsaved, beside it. */
  async importPrompt(given: Uri | undefined): Promise<void> {
    const uri = given ?? (await activeForeignPrompt()) ?? (await askForFile());
    if (!uri) return;
    const { importPrompt, foreignFormats } = await import('../core/convert/importPrompt.ts');
    const { format, text, warnings } = await importPrompt({
      name: nameOf(uri),
      text: await textOf(uri),
    }).catch((error: unknown) => {
      const { problem } = error as { problem?: { line: number; column: number } };
      const place = problem ? `:${problem.line}:${problem.column}` : '';
      throw new Error(`${nameOf(uri)}${place}: ${messageOf(error)}`, { cause: error });
    });
    await openBeside(await freeTarget(uri), promptLanguage, text);
    void this.#tell(`${nameOf(uri)}, ${foreignFormats[format]}`, uri, warnings);
  }

  /** Asks for a format and a place, writes the prompt there and opens it. */
  async exportPrompt(given: Uri | undefined): Promise<void> {
    const uri = given ?? activePrompt();
    const { exportFormats, exportPrompt } = await import('../core/convert/exportPrompt.ts');
    const items = Object.entries(exportFormats).map(([format, { name, ending }]) => ({
      label: name,
      description: ending,
      format: format as ExportFormat,
    }));
    const picked = await window.showQuickPick(items, {
      title: `Export ${nameOf(uri)}`,
      placeHolder: 'Which tool is it for?',
    });
    if (!picked) return;
    const source = await promptSourceOf(uri);
    const values = this.#surroundings.lastValues(uri) ?? {};
    const { text, warnings } = await exportPrompt({ ...source, values }, picked.format);
    const target = await window.showSaveDialog({
      title: `Export ${nameOf(uri)} as ${picked.label}`,
      saveLabel: 'Export',
      ...defaultTarget(uri, exportFormats[picked.format].ending),
    });
    if (!target) return;
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await window.showTextDocument(target, { viewColumn: ViewColumn.Beside });
    void this.#tell(nameOf(target), uri, warnings);
  }

  /** Shows the code that sends what a run of the prompt sends, with its last values or its defaults. */
  async viewCode(given: Uri | undefined, choice: unknown): Promise<void> {
    const uri = given ?? activePrompt();
    const { codeLanguages, viewCode } = await import('../providers/viewCode/viewCode.ts');
    const items = Object.entries(codeLanguages).map(
      ([language, { name }]): QuickPickItem & { readonly language: CodeLanguage } => ({
        label: name,
        language: language as CodeLanguage,
      }),
    );
    const chosen = items.find(({ language }) => language === choice);
    const picked =
      chosen ??
      (await window.showQuickPick(items, {
        title: `View Code of ${nameOf(uri)}`,
        placeHolder: 'Which language shall it be in?',
      }));
    if (!picked) return;

    const { missingIn, openPrompt } = await import('../core/run/prepareRun.ts');
    const opened = await openPrompt(await promptSourceOf(uri));
    const values = this.#surroundings.lastValues(uri) ?? {};
    const missing = missingIn(opened, values);
    if (missing.length > 0) {
      const names = missing.map((name) => `“${name}”`).join(', ');
      throw new Error(`There is no value for ${names} yet. Run the prompt once, or write a default into it.`);
    }
    const modelId = opened.frontMatter.model ?? readSettings().defaultModel;
    const { input, warnings } = await opened.prepare(values, modelId);
    const id = modelId.slice(0, Math.max(0, modelId.indexOf('/')));
    const endpoint = endpointOf(id);
    const hasKey = endpoint.needsKey !== false && (await this.#surroundings.keys.sourceOf(id)) !== undefined;
    const view = await viewCode(input.request, endpoint, picked.language, hasKey || undefined);
    await openBeside(undefined, codeLanguages[picked.language].languageId, view.code);
    void this.#tell(`The code of ${nameOf(uri)}`, uri, [...warnings, ...view.warnings]);
  }

  /** Says how much was not carried over; the log has each thing. */
  async #tell(what: string, source: Uri, warnings: readonly ConversionWarning[]): Promise<void> {
    if (warnings.length === 0) return;
    const { log } = this.#surroundings;
    for (const { line, column, message } of warnings) {
      const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
      log.warn(`${nameOf(source)}${place}: ${message}`);
    }
    const [first] = warnings;
    const count =
      warnings.length === 1
        ? (first?.message ?? '')
        : `${warnings.length} things could not be carried over as they are.`;
    const details = 'Show Details';
    if ((await window.showWarningMessage(`${what}: ${count}`, details)) === details) log.show(true);
  }
}

/** @throws Error when no prompt file has the focus. */
function activePrompt(): Uri {
  const document = window.activeTextEditor?.document;
  if (document?.languageId === promptLanguage) return document.uri;
  throw new Error('Open a .prompt file first.');
}

/** The file that has the focus, where its name says that it is a prompt of another tool, or else what is in it. */
async function activeForeignPrompt(): Promise<Uri | undefined> {
  const document = window.activeTextEditor?.document;
  if (!document) return undefined;
  const { importPrompt, isForeignName, mayBeForeign } = await import('../core/convert/importPrompt.ts');
  const name = nameOf(document.uri);
  if (isForeignName(name)) return document.uri;
  if (!mayBeForeign(name)) return undefined;
  return importPrompt({ name, text: document.getText() }).then(
    () => document.uri,
    () => undefined,
  );
}

async function askForFile(): Promise<Uri | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: 'Import a Prompt',
      openLabel: 'Import',
      filters: {
        'Prompts of other tools': ['prompty', 'yml', 'yaml', 'md', 'prompt', 'json'],
        'All files': ['*'],
      },
    })) ?? [];
  return file;
}

/**
 * A file's text as the editor has it.
 * @throws Error when the file is too large to be a prompt.
 */
async function textOf(uri: Uri): Promise<string> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  const { longestAnalyzed } = await import('../core/prompt/analysis.ts');
  const { size } = await workspace.fs.stat(uri);
  if (size > longestAnalyzed * 4) throw new Error(`${nameOf(uri)} is too large to be a prompt.`);
  return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

/** Where the new prompt would be saved: beside the foreign file, under a name that is free. */
async function freeTarget(uri: Uri): Promise<Uri | undefined> {
  // On other file systems an unsaved file has no place.
  if (uri.scheme !== 'file') return undefined;
  const stem = nameOf(uri).replace(/(\.prompt)?\.\w+$/i, '');
  for (let number = 1; number < 100; number++) {
    const target = Uri.joinPath(uri, '..', `${stem}${number === 1 ? '' : `-${number}`}.prompt`);
    const untitled = target.with({ scheme: 'untitled' });
    const isOpen = workspace.textDocuments.some(
      (document) => document.uri.toString() === untitled.toString(),
    );
    const isThere = await workspace.fs.stat(target).then(
      () => true,
      () => false,
    );
    if (!isOpen && !isThere) return untitled;
  }
  return undefined;
}

/** Opens text as a new file beside what is open; with a place, saving puts it there. */
async function openBeside(target: Uri | undefined, language: string, content: string): Promise<void> {
  if (!target) {
    const document = await workspace.openTextDocument({ language, content });
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside });
    return;
  }
  const document = await workspace.openTextDocument(target);
  const edit = new WorkspaceEdit();
  edit.insert(target, new Range(0, 0, 0, 0).start, content);
  await workspace.applyEdit(edit);
  await window.showTextDocument(document, { viewColumn: ViewColumn.Beside });
}

function defaultTarget(uri: Uri, ending: string): { readonly defaultUri?: Uri } {
  const name = `${nameOf(uri).replace(/\.prompt$/, '')}${ending}`;
  const folder = uri.scheme === 'untitled' ? workspace.workspaceFolders?.[0]?.uri : Uri.joinPath(uri, '..');
  return folder ? { defaultUri: Uri.joinPath(folder, name) } : {};
}
