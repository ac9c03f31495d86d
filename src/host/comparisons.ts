import { InputBoxValidationSeverity, type QuickPickItem, ThemeIcon, Uri, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { ComparisonStore, NamedComparison } from '../core/run/namedComparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import type { VariableValues } from '../core/store.ts';
import { type LaneView, modelIdOf, promptOf, type PromptSetup } from '../protocol.ts';
import { comparisonInWords } from './comparisonItem.ts';
import { filled } from './fillActions.ts';
import type { Panels } from './panels.ts';
import { nameOf } from './promptSource.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface ComparisonsSurroundings {
  readonly store: ComparisonStore;
  readonly sessions: Sessions;
  readonly panels: Panels;
  /** What is listed has changed. */
  readonly onChange: () => void;
}

/** A line of the pick. */
interface ComparisonLine extends QuickPickItem {
  readonly comparison: NamedComparison;
}

const renameButton = { iconPath: new ThemeIcon('edit'), tooltip: 'Rename…' };
const deleteButton = { iconPath: new ThemeIcon('trash'), tooltip: 'Delete' };

/** What the user does with named comparisons. What the store refuses is told. */
export class Comparisons {
  readonly #surroundings: ComparisonsSurroundings;

  constructor(surroundings: ComparisonsSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Asks for a name and keeps the session's lanes under it. @param values what the form says; by default the last run's */
  async save(session: Session, values?: VariableValues): Promise<void> {
    const { prompt, lanes } = session.state;
    if (!prompt?.modelId || session.isChat) {
      void window.showInformationMessage('Only the lanes of a prompt can be kept under a name.');
      return;
    }
    await this.#telling(async () => {
      const promptUri = session.uri.toString();
      const names = new Set(this.#surroundings.store.list(promptUri).map(({ name }) => name));
      const name = await askForName('Save Comparison', lanesInWords(lanes, prompt), (text) =>
        names.has(text) ? 'It takes the place of the one of this name.' : undefined,
      );
      if (name === undefined) return;
      this.#surroundings.store.save({
        promptUri,
        name,
        lanes: lanes.map((lane) => pinned(lane, prompt)),
        values: values ?? prompt.values,
      });
      this.#surroundings.onChange();
    });
  }

  /** Runs one in its prompt's panel, in the place of the lanes that are there. */
  async run(comparison: NamedComparison): Promise<void> {
    const session = await this.#shown(comparison);
    await session.runIn(comparison.lanes, comparison.values);
    // The form asks for what has no value: the keyboard is wanted there.
    if (session.state.problem?.missing.length) this.#surroundings.panels.reveal(session, { focus: true });
  }

  /** Puts its lanes and values into its prompt's panel, to be looked at before they run. */
  async open(comparison: NamedComparison): Promise<void> {
    const session = await this.#shown(comparison);
    session.replaceLanes(comparison.lanes);
  }

  /** Asks which one to run, of a prompt or of all; its buttons rename and delete. */
  async pick(uri?: Uri): Promise<void> {
    const pick = window.createQuickPick<ComparisonLine>();
    const draw = (): void => {
      pick.items = this.#lines(uri);
    };
    pick.title = 'Run a Named Comparison';
    pick.placeholder = 'Search by name or prompt';
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.onDidTriggerItemButton(({ button, item: { comparison } }) => {
      if (button === deleteButton) void this.delete(comparison);
      else void this.rename(comparison);
      if (button === deleteButton) draw();
    });
    pick.onDidAccept(() => {
      const [line] = pick.selectedItems;
      pick.hide();
      if (line) void this.run(line.comparison);
    });
    pick.onDidHide(() => pick.dispose());
    await this.#telling(() => {
      draw();
      if (pick.items.length > 0) pick.show();
      else void window.showInformationMessage('No comparison has a name yet. Save one from its panel.');
      return Promise.resolve();
    });
  }

  async rename({ id, name: before, promptUri }: NamedComparison): Promise<void> {
    await this.#telling(async () => {
      const names = new Set(this.#surroundings.store.list(promptUri).map(({ name }) => name));
      const name = await askForName('Rename Comparison', before, (text) =>
        names.has(text) && text !== before ? 'Another one has this name.' : undefined,
      );
      if (name === undefined) return;
      this.#surroundings.store.rename(id, name);
      this.#surroundings.onChange();
    });
  }

  /** Deletes one and offers to undo that. */
  async delete({ id, name }: NamedComparison): Promise<void> {
    await this.#telling(async () => {
      const { store, onChange } = this.#surroundings;
      store.delete(id);
      onChange();
      const undo = 'Undo';
      if ((await window.showInformationMessage(`Deleted “${name}”.`, undo)) !== undo) return;
      store.restore(id);
      onChange();
    });
  }

  /** Its prompt's panel, with its values in the form. */
  async #shown({ promptUri, name, values }: NamedComparison): Promise<Session> {
    const { sessions, panels } = this.#surroundings;
    const session = sessions.of(Uri.parse(promptUri, true));
    panels.reveal(session);
    await session.show();
    session.tell(filled(`“${name}”`, values, {}));
    return session;
  }

  #lines(uri: Uri | undefined): readonly ComparisonLine[] {
    return this.#surroundings.store.list(uri?.toString()).map((comparison) => ({
      comparison,
      label: comparison.name,
      description: nameOf(Uri.parse(comparison.promptUri, true)),
      detail: comparisonInWords(comparison),
      buttons: [renameButton, deleteButton],
    }));
  }

  async #telling(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      void window.showErrorMessage(messageOf(error));
    }
  }
}

/** A lane with everything spelled out that its prompt says now: it runs the same when the file says something else. */
function pinned(lane: LaneView, prompt: PromptSetup): LaneChoice {
  const { promptVersion, settings, sampleCount } = lane;
  const own = promptOf(lane, prompt)?.settings;
  const modelId = modelIdOf(lane, prompt) ?? null;
  return { modelId, promptVersion, settings: { ...own, ...settings }, sampleCount };
}

function lanesInWords(lanes: readonly LaneView[], prompt: PromptSetup): string {
  const models = lanes.map((lane) => lane.model?.name ?? modelIdOf(lane, prompt) ?? '');
  return [...new Set(models)].join(', ');
}

async function askForName(
  title: string,
  value: string,
  remark: (name: string) => string | undefined,
): Promise<string | undefined> {
  const name = await window.showInputBox({
    title,
    prompt: 'A name to find it by, such as “Small models on long texts”',
    value,
    validateInput: (text) => {
      if (text.trim() === '') return 'Write a name.';
      const message = remark(text.trim());
      return message === undefined ? undefined : { message, severity: InputBoxValidationSeverity.Info };
    },
  });
  return name?.trim();
}
