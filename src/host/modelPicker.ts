import { type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { asLlmError } from '../core/errors.ts';
import { formatCount } from '../core/format.ts';
import { formatRates, type ModelPrice } from '../core/pricing.ts';
import { LocalRuntime } from '../node/localRuntime.ts';
import { LocalPlans } from './localPlans.ts';
import { type ModelCapabilities, type ModelInfo, type Provider, resolveModel } from '../core/provider.ts';

/** How long a provider may take to list its models before the pick goes on without it, in ms. */
const listTimeoutMs = 5_000;

/** What there is to choose from. */
export interface ModelChoice {
  readonly providers: () => readonly Provider[];
  /** What `provider/model` costs; `undefined` when that is not known. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
}

/** A line of the pick: a model, the way to type one in, or why a provider has none. */
interface ModelItem extends QuickPickItem {
  /** `provider/model`; absent for every other line. */
  readonly modelId?: string;
  readonly isOther?: true;
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
  const picked = await askForModel(choice, current, title);
  if (picked?.isOther) return askForId(choice.providers(), current, title);
  return picked?.modelId;
}

/**
 * Asks for several models at once.
 * @returns their ids, or `undefined` when the user turns away or chooses none
 */
export async function pickModels(choice: ModelChoice, title: string): Promise<readonly string[] | undefined> {
  const groups = await Promise.all(choice.providers().map((provider) => groupOf(provider, choice)));
  const items = groups.flatMap(({ header, models }) => (models.length > 0 ? [header, ...models] : []));
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: 'Choose at least two models',
    canPickMany: true,
    matchOnDescription: true,
  });
  const ids = (picked ?? []).flatMap(({ modelId }) => modelId ?? []);
  return ids.length > 0 ? ids : undefined;
}

/** Shows each provider's models as they become known, and at the end the providers that have none. */
async function askForModel(
  choice: ModelChoice,
  current: string | undefined,
  title: string,
): Promise<ModelItem | undefined> {
  const providers = choice.providers();
  const pick = window.createQuickPick<ModelItem>();
  pick.title = title;
  pick.placeholder = 'Search models by name or id';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.busy = true;

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
      if (!closed.signal.aborted) draw();
    });
  });

  // In the order in which they answer: a line that has been shown keeps its place while somebody presses Enter on it.
  const groups: Group[] = [];
  const draw = (): void => {
    const models = groups.flatMap(({ header, models: own }) =>
      own.length > 0 ? [header, ...own.map((item) => withMemory(withMark(item, current), memory))] : [],
    );
    const failures = groups.flatMap(({ failure }) => (failure ? [failure] : []));
    const [active] = pick.activeItems;
    pick.items = [otherItem, ...models, ...(failures.length > 0 ? [notAvailable, ...failures] : [])];
    // What was chosen with the arrow keys stays chosen; before that it is the model in use.
    const wanted = active?.modelId ?? (pick.value === '' ? current : undefined);
    const again = pick.items.find(({ modelId }) => modelId !== undefined && modelId === wanted);
    if (again) pick.activeItems = [again];
  };
  void Promise.all(
    providers.map(async (provider) => {
      groups.push(await groupOf(provider, choice));
      draw();
    }),
  ).then(() => (pick.busy = false));

  draw();
  pick.show();
  const picked = await new Promise<ModelItem | undefined>((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      const typed = pick.value.trim();
      const isModelId = complaintOn(providers, typed) === undefined;
      // Models that have just been listed may have put the choice back on a line that the typed id rules out.
      if (isModelId && !(item && isFoundBy(item, typed))) resolve({ label: typed, modelId: typed });
      // A line that says why there is nothing to choose stays where it is.
      else if (item?.isOther || item?.modelId !== undefined) resolve(item);
    });
    pick.onDidHide(() => resolve(undefined));
  });
  closed.abort();
  pick.dispose();
  return picked;
}

/** Whether a line has the typed text somewhere in it. */
function isFoundBy({ label, description = '', detail = '' }: ModelItem, typed: string): boolean {
  return [label, description, detail].some((text) => text.toLowerCase().includes(typed.toLowerCase()));
}

/** Asks for an id and refuses what no provider can be found for. */
async function askForId(
  providers: readonly Provider[],
  current: string | undefined,
  title: string,
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

/** What the pick shows of one provider. */
interface Group {
  readonly header: ModelItem;
  readonly models: readonly ModelItem[];
  /** Why it has none; absent where it has some. */
  readonly failure?: ModelItem;
}

/** It never throws: why a provider's models are not known is a line of its own. */
async function groupOf(provider: Provider, { priceOf }: ModelChoice): Promise<Group> {
  const header = { label: provider.name, kind: QuickPickItemKind.Separator };
  const failed = (why: string): Group => ({
    header,
    models: [],
    failure: { label: `$(circle-slash) ${provider.name}`, detail: why },
  });
  try {
    const models = await withinTime(provider);
    if (models.length === 0) return failed('It lists no models.');
    const items = models.map(async (info) => {
      const modelId = `${provider.id}/${info.id}`;
      return itemOf(modelId, info, await priceOf(modelId));
    });
    return { header, models: await Promise.all(items) };
  } catch (error) {
    return failed(asLlmError(error).message);
  }
}

/** A provider that does not listen to its signal is not waited for either. */
function withinTime(provider: Provider): Promise<readonly ModelInfo[]> {
  const signal = AbortSignal.timeout(listTimeoutMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(new Error(`No answer within ${listTimeoutMs / 1000} seconds.`)),
    );
  });
  return Promise.race([provider.models(signal), late]);
}

function itemOf(modelId: string, info: ModelInfo, price: ModelPrice | undefined): ModelItem {
  const details = [
    info.contextWindow === undefined ? '' : `${formatCount(info.contextWindow)} tokens of context`,
    formatRates(price),
    ...capabilitiesOf(info.capabilities),
  ].filter(Boolean);
  return {
    modelId,
    label: info.name,
    description: modelId,
    ...(details.length > 0 ? { detail: details.join(' · ') } : {}),
  };
}

/** What tells models apart; that one takes a temperature is no news. */
function capabilitiesOf(capabilities: ModelCapabilities): readonly string[] {
  const words: readonly (readonly [keyof ModelCapabilities, string])[] = [
    ['images', 'images'],
    ['tools', 'tools'],
    ['reasoning', 'reasoning'],
    ['jsonSchema', 'JSON schema'],
    ['logprobs', 'token probabilities'],
  ];
  return words.flatMap(([name, word]) => (capabilities[name] ? [word] : []));
}

function withMark(item: ModelItem, current: string | undefined): ModelItem {
  return item.modelId === current ? { ...item, label: `$(check) ${item.label}` } : item;
}

/** With what it takes in memory, where that is known. */
function withMemory(item: ModelItem, memory: ReadonlyMap<string, string>): ModelItem {
  const takes = memory.get(item.modelId ?? '');
  return takes ? { ...item, detail: [item.detail, takes].filter(Boolean).join(' · ') } : item;
}

const otherItem: ModelItem = {
  label: '$(edit) Enter a model id…',
  description: 'or write provider/model above',
  isOther: true,
};

const notAvailable: ModelItem = { label: 'Not available', kind: QuickPickItemKind.Separator };
