import { randomUUID } from 'node:crypto';
import { env, InputBoxValidationSeverity, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { isJsonObject, type JsonValue, parseJson } from '../core/json.ts';
import type { Run, RunStore, VariableValues } from '../core/store.ts';
import type { Filled, ViewMessage } from '../protocol.ts';
import { clipboard, file, firstWords, selections, type TextSource, uncommitted } from './fillSources.ts';
import { InputSetsFile } from './inputSetsFile.ts';
import type { Session } from './session.ts';
import { promptUriOf } from './versions/versionUri.ts';

/** How many earlier runs can be picked from. */
const runsListed = 100;

/** Asks where the form of a panel is to be filled from, and keeps what it says under a name. */
export class FillActions {
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** Fills the form from what the user picks. What goes wrong is said, and the form stays as it is. */
  async fill(session: Session, form: FormValues): Promise<void> {
    await told(async () => {
      const sets = await InputSetsFile.of(promptUriOf(session.uri));
      const picked = await window.showQuickPick(this.#items(session, form, sets), {
        title: 'Fill the Variables',
        placeHolder: 'Where from?',
        matchOnDescription: true,
      });
      const found = await picked?.values?.();
      if (found) session.tell(known(session, found));
    });
  }

  /** Fills one field from what the user picks, or from a file at once. */
  async fillField(session: Session, name: string, only?: 'file'): Promise<void> {
    await told(async () => {
      const prompt = promptUriOf(session.uri);
      const source = only
        ? file(prompt, name)
        : await pickSource(name, [...selections(), clipboard, file(prompt, name), ...uncommitted(prompt)]);
      const text = await source?.read();
      if (source && text !== undefined) {
        session.tell(filled(source.from, {}, { [name]: text }));
      }
    });
  }

  async #items(
    session: Session,
    form: FormValues,
    sets: InputSetsFile | undefined,
  ): Promise<readonly FillItem[]> {
    const runs = this.#store.list({ limit: runsListed, promptUri: promptUriOf(session.uri).toString() });
    const [last] = runs;
    const items: FillItem[] = [];
    if (last) {
      items.push({
        label: '$(history) Last Run',
        description: `${timeOf(last)} · ${wordsOf(last)}`,
        values: () => Promise.resolve({ from: 'the last run', values: last.variables }),
      });
    }
    if (runs.length > 1) {
      items.push({
        label: '$(list-unordered) An Earlier Run…',
        description: `${runs.length - 1} of them`,
        values: () => pickRun(runs),
      });
    }
    items.push(
      {
        label: '$(clippy) JSON in the Clipboard',
        description: 'An object, from names to values',
        values: async () => ({
          from: 'the clipboard',
          values: valuesIn(await env.clipboard.readText(), 'The clipboard'),
        }),
      },
      ...(sets ? await setItems(sets, form) : []),
    );
    return items;
  }
}

/** What the form says when it is asked to be filled. */
type FormValues = Pick<Extract<ViewMessage, { type: 'fill' }>, 'values' | 'unfit'>;

interface Found {
  readonly from: string;
  readonly values: VariableValues;
}

interface FillItem extends QuickPickItem {
  /** `undefined` when nothing is to be filled; absent on a separator. */
  readonly values?: () => Promise<Found | undefined>;
}

async function setItems(sets: InputSetsFile, { values, unfit }: FormValues): Promise<readonly FillItem[]> {
  const separator: FillItem = { label: sets.name, kind: QuickPickItemKind.Separator };
  try {
    const kept = await sets.read();
    return [
      separator,
      ...kept.map((set): FillItem => ({
        label: `$(bookmark) ${set.name}`,
        description: firstWords(JSON.stringify(set.values)),
        values: () => Promise.resolve({ from: `the set “${set.name}”`, values: set.values }),
      })),
      {
        label: '$(save) Save as a Named Set…',
        description: `What the form says now, into ${sets.name}`,
        values: async () => {
          const name = await askForName(kept.map((set) => set.name));
          if (name === undefined) return undefined;
          await sets.keep({ name, values });
          const left = unfit.length === 0 ? '' : ` ${listOf(unfit)} had no valid value and is not in it.`;
          void window.showInformationMessage(`Saved the set “${name}” in ${sets.name}.${left}`);
          return undefined;
        },
      },
    ];
  } catch (error) {
    return [
      separator,
      {
        label: `$(warning) ${sets.name} cannot be used`,
        description: 'Open it to put it right',
        detail: messageOf(error),
        values: async () => {
          await sets.show();
          return undefined;
        },
      },
    ];
  }
}

async function askForName(taken: readonly string[]): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: 'Save as a Named Set',
    prompt: 'What is this set of values called?',
    validateInput: (text) => {
      if (text.trim() === '') return 'Give it a name.';
      if (!taken.includes(text.trim())) return undefined;
      return {
        message: `This replaces the set “${text.trim()}”.`,
        severity: InputBoxValidationSeverity.Warning,
      };
    },
  });
  return name?.trim();
}

async function pickRun(runs: readonly Run[]): Promise<Found | undefined> {
  const items = runs.map((run) => ({
    run,
    label: timeOf(run),
    description: run.modelId,
    detail: wordsOf(run),
  }));
  const picked = await window.showQuickPick(items, {
    title: 'Fill from an Earlier Run',
    placeHolder: 'Newest first; type to search in the values',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked && { from: `the run of ${picked.label}`, values: picked.run.variables };
}

async function pickSource(name: string, sources: readonly TextSource[]): Promise<TextSource | undefined> {
  const items = sources.map((source) => ({
    source,
    label: source.from.replace(/^(the|a) (.)/, (_, __, first: string) => first.toUpperCase()),
    description: source.description,
  }));
  const picked = await window.showQuickPick(items, { title: `Fill “${name}”`, placeHolder: 'Where from?' });
  return picked?.source;
}

/** What was found, without names that are no variables of the prompt; that is said. */
function known({ state }: Session, { from, values }: Found): Filled {
  const names = new Set(state.prompt?.fields.map(({ name }) => name));
  const unknown = Object.keys(values).filter((name) => !names.has(name));
  if (unknown.length > 0) {
    const are = unknown.length === 1 ? 'is no variable' : 'are no variables';
    void window.showWarningMessage(`${listOf(unknown)} ${are} of this prompt, so it was not filled in.`);
  }
  const kept = Object.entries(values).filter(([name]) => names.has(name));
  return filled(from, Object.fromEntries(kept), {});
}

export function filled(from: string, values: VariableValues, texts: Filled['texts']): Filled {
  return { type: 'filled', id: randomUUID(), from, values, texts };
}

/** @throws Error that says what is wrong with the text of `where`. */
function valuesIn(text: string, where: string): VariableValues {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new Error(`${where} cannot be used. ${messageOf(error)}`, { cause: error });
  }
  if (isJsonObject(value)) return value;
  throw new Error(`${where} must hold a JSON object, from names of variables to values.`);
}

function timeOf({ startedAt }: Run): string {
  return new Date(startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The values of a run in a line. */
function wordsOf({ variables }: Run): string {
  const texts = Object.entries(variables).map(
    ([name, value]) => `${name} = ${firstWords(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return texts.join(', ') || 'no variables';
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `“${name}”`).join(', ');
}

/** Does something after asking; what goes wrong is said in a notification. */
async function told(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void window.showWarningMessage(messageOf(error));
  }
}
