import { type QuickPick, window } from 'vscode';
import { asLlmError } from '../core/errors.ts';
import { type Provider, resolveModel } from '../core/provider.ts';
import { LocalRuntime } from '../node/localRuntime.ts';
import { LocalPlans } from './localPlans.ts';
import { type Group, groupOf, isFoundBy, linesOf, type ModelChoice, type ModelItem } from './modelLines.ts';

/** What a pick says, and what can be chosen in it. */
interface Asked {
  readonly title: string;
  /** The model in use, which is marked; absent where there is none. */
  readonly current?: string | undefined;
  /** How many can be chosen at most; absent where a line is taken by a click. */
  readonly limit?: number;
}

/**
 * Asks for a model of any provider, or for its id.
 * @param current the model in use, which is marked; absent where there is none
 * @returns `provider/model`, or `undefined` when the user turns away
 */
export async function pickModel(
  choice: ModelChoice,
  current?: string,
  title = 'Choose a Model',
): Promise<string | undefined> {
  const [modelId] = await ask(choice, { title, current });
  return modelId;
}

/**
 * Asks for one model or several of any provider. Where none is checked, Enter takes the line that it stands on, or the
 * id that is typed.
 * @param limit how many there is room for, at least 1
 * @returns their ids in the order of the list, each once; none when the user turns away
 */
export async function pickModels(
  choice: ModelChoice,
  asked: Required<Omit<Asked, 'current'>> & Pick<Asked, 'current'>,
): Promise<readonly string[]> {
  return [...new Set(await ask(choice, asked))];
}

async function ask(choice: ModelChoice, asked: Asked): Promise<readonly string[]> {
  const picked = await askForLines(choice, asked);
  const ids = picked.flatMap(({ modelId }) => modelId ?? []);
  if (!picked.some(({ isOther }) => isOther)) return ids;
  const typed = await askForId(choice.providers(), asked);
  return typed === undefined ? [] : [...ids, typed];
}

/** Shows each provider's models as they become known, and at the end the providers that have none. */
async function askForLines(choice: ModelChoice, asked: Asked): Promise<readonly ModelItem[]> {
  const { title, current, limit } = asked;
  const providers = choice.providers();
  const pick = window.createQuickPick<ModelItem>();
  const checks = limit === undefined ? undefined : new Checks(pick, limit, title);
  pick.title = title;
  pick.placeholder = 'Search models by name or id';
  pick.canSelectMany = limit !== undefined;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.busy = true;

  // With boxes to check the editor puts the choice on no line itself, and Enter would take nothing.
  pick.onDidChangeValue((value) => {
    const found = checks && pick.items.find((item) => isFoundBy(item, value.trim()));
    if (found) pick.activeItems = [found];
  });

  // What a local model would take is asked for when it is looked at.
  const memory = new Map<string, string>();
  const local = providers.find((provider) => provider instanceof LocalRuntime);
  const plans = local && new LocalPlans(local);
  const closed = new AbortController();
  pick.onDidChangeActive(([item]) => {
    const id = item?.modelId;
    if (!local || !plans || !id?.startsWith(`${local.id}/`) || memory.has(id)) return;
    memory.set(id, '');
    void plans.detailsOf(id.slice(local.id.length + 1), closed.signal).then((details) => {
      memory.set(id, details);
      if (!closed.signal.aborted && !checks) draw();
    });
  });

  // In the order in which they answer: a line that has been shown keeps its place while somebody presses Enter on it.
  const groups: Group[] = [];
  const draw = (): void => {
    const [active] = pick.activeItems;
    const lines = linesOf(groups, { current, memory, areChecked: checks !== undefined });
    if (checks) checks.draw(lines);
    else pick.items = lines;
    // What was chosen with the arrow keys stays chosen; before that it is the model in use.
    const wanted = active?.modelId ?? (pick.value === '' ? current : undefined);
    const again = pick.items.find(({ modelId }) => modelId !== undefined && modelId === wanted);
    if (again) pick.activeItems = [again];
  };
  void Promise.all(
    providers.map(async (provider) => {
      const group = await groupOf(provider, choice);
      groups.push(group);
      // New lines take away a check that the editor is just telling of, so they come only with new models.
      if (!checks || group.models.length > 0) draw();
    }),
  ).then(() => {
    pick.busy = false;
    if (checks?.count === 0) draw();
  });

  draw();
  pick.show();
  const picked = await new Promise<readonly ModelItem[]>((resolve) => {
    checks?.onOther(() => resolve([...pick.selectedItems]));
    pick.onDidAccept(() => {
      if (checks && checks.count > 0) {
        resolve([...pick.selectedItems]);
        return;
      }
      const [item] = checks ? pick.activeItems : pick.selectedItems;
      const typed = pick.value.trim();
      const isModelId = complaintOn(providers, typed) === undefined;
      // Models that have just been listed may have put the choice back on a line that the typed id rules out.
      if (isModelId && !(item && isFoundBy(item, typed))) resolve([{ label: typed, modelId: typed }]);
      // A line that says why there is nothing to choose stays where it is.
      else if (item?.isOther || item?.modelId !== undefined) resolve([item]);
    });
    pick.onDidHide(() => resolve([]));
  });
  closed.abort();
  pick.dispose();
  return picked;
}

/** Which lines are checked. They stay so when the list is drawn again, and lines that are no models cannot be. */
class Checks {
  readonly #pick: QuickPick<ModelItem>;
  readonly #limit: number;
  readonly #title: string;
  #ids: ReadonlySet<string> = new Set();
  #other: () => void = () => undefined;

  constructor(pick: QuickPick<ModelItem>, limit: number, title: string) {
    this.#pick = pick;
    this.#limit = limit;
    this.#title = title;
    pick.onDidChangeSelection((items) => this.#changed(items));
  }

  get count(): number {
    return this.#ids.size;
  }

  /** Calls back when the line is checked that asks for an id. */
  onOther(action: () => void): void {
    this.#other = action;
  }

  /** Puts lines in the place of those that are shown. */
  draw(lines: readonly ModelItem[]): void {
    const isChecked = ({ modelId = '' }: ModelItem): boolean => this.#ids.has(modelId);
    // The editor reports lines that are new and not picked as taken out of the selection.
    this.#pick.items = lines.map((line) => ({ ...line, picked: isChecked(line) }));
    this.#pick.selectedItems = this.#pick.items.filter(isChecked);
  }

  #changed(items: readonly ModelItem[]): void {
    if (items.some(({ isOther }) => isOther)) {
      this.#other();
      return;
    }
    const ids = items.flatMap(({ modelId }) => modelId ?? []);
    const isTooMany = ids.length > this.#limit;
    // The one that was checked last is one too many.
    const kept = isTooMany ? ids.filter((id) => this.#ids.has(id)) : ids;
    this.#ids = new Set(kept);
    this.#pick.title = isTooMany
      ? `${this.#title} (there is room for ${this.#limit})`
      : kept.length > 0
        ? `${this.#title} (${kept.length} of ${this.#limit})`
        : this.#title;
    if (kept.length < items.length) this.draw(this.#pick.items);
  }
}

/** Asks for an id and refuses what no provider can be found for. */
async function askForId(
  providers: readonly Provider[],
  { current, title }: Asked,
): Promise<string | undefined> {
  const id = await window.showInputBox({
    title,
    prompt: 'provider/model, such as local//home/me/models/qwen3-0.6b.gguf',
    value: current ?? '',
    validateInput: (text) => complaintOn(providers, text.trim()),
  });
  return id?.trim();
}

/** Why no provider can be found for an id, or `undefined` where one can. */
function complaintOn(providers: readonly Provider[], id: string): string | undefined {
  try {
    resolveModel(providers, id);
    return undefined;
  } catch (error) {
    return asLlmError(error).message;
  }
}
