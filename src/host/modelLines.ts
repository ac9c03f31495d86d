import { type QuickPickItem, QuickPickItemKind } from 'vscode';
import { asLlmError } from '../core/errors.ts';
import { formatCount } from '../core/format.ts';
import { formatRates, type ModelPrice } from '../core/pricing.ts';
import type { ModelCapabilities, ModelInfo, Provider } from '../core/provider.ts';

/** What there is to choose from. */
export interface ModelChoice {
  readonly providers: () => readonly Provider[];
  /** What `provider/model` costs; `undefined` when that is not known. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
}

/** How long a provider may take to list its models before the pick goes on without it, in ms. */
const listTimeoutMs = 5_000;

/** A line of the pick: a model, the way to type one in, or why a provider has none. */
export interface ModelItem extends QuickPickItem {
  /** `provider/model`; absent for every other line. */
  readonly modelId?: string;
  readonly isOther?: true;
}

interface Lines {
  /** The model in use, which is marked. */
  readonly current: string | undefined;
  /** What models take in memory, where that is known. */
  readonly memory: ReadonlyMap<string, string>;
  /** Whether each line has a box to check, which those that are no models should not be many of. */
  readonly areChecked: boolean;
}

/** All lines of the pick: the way to type an id, the models of each provider, and why others have none. */
export function linesOf(
  groups: readonly Group[],
  { current, memory, areChecked }: Lines,
): readonly ModelItem[] {
  const models = groups.flatMap(({ header, models: own }) =>
    own.length > 0 ? [header, ...own.map((item) => withMemory(withMark(item, current), memory))] : [],
  );
  const failures = groups.flatMap(({ failure }) => (failure ? [failure] : []));
  if (failures.length === 0) return [otherItem, ...models];
  return [otherItem, ...models, notAvailable, ...(areChecked ? [inOneLine(failures)] : failures)];
}

function inOneLine(failures: readonly ModelItem[]): ModelItem {
  const names = failures.map(({ label }) => label.replace(`${failureIcon} `, ''));
  return {
    label: `${failureIcon} ${names.join(', ')}`,
    detail: 'Keys and servers are set up in the Models view.',
  };
}

/** Whether a line has the typed text somewhere in it. */
export function isFoundBy({ label, description = '', detail = '' }: ModelItem, typed: string): boolean {
  return [label, description, detail].some((text) => text.toLowerCase().includes(typed.toLowerCase()));
}

/** What the pick shows of one provider. */
export interface Group {
  readonly header: ModelItem;
  readonly models: readonly ModelItem[];
  /** Why it has none; absent where it has some. */
  readonly failure?: ModelItem;
}

/** It never throws: why a provider's models are not known is a line of its own. */
export async function groupOf(provider: Provider, { priceOf }: Pick<ModelChoice, 'priceOf'>): Promise<Group> {
  const header = { label: provider.name, kind: QuickPickItemKind.Separator };
  const failed = (why: string): Group => ({
    header,
    models: [],
    failure: { label: `${failureIcon} ${provider.name}`, detail: why },
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

const failureIcon = '$(circle-slash)';

const notAvailable: ModelItem = { label: 'Not available', kind: QuickPickItemKind.Separator };
