import type { ModelInfo } from '../provider.ts';
import type { FrontMatterEntry } from './frontMatterEntries.ts';
import { nearest } from './nearest.ts';
import type { PromptProblem } from './problems.ts';

/** A provider that prompts can name, and what it lists. */
export interface KnownProvider {
  /** What stands before the slash of `provider/model`. */
  readonly id: string;
  /** Absent where they are not known, as before the first answer of a service. */
  readonly models?: readonly ModelInfo[];
}

/** What is wrong with the model that a prompt names, or `undefined` where nothing is, or nothing is known. */
export function modelProblem(
  model: FrontMatterEntry | undefined,
  providers: readonly KnownProvider[],
): PromptProblem | undefined {
  if (typeof model?.scalar !== 'string' || !model.value || providers.length === 0) return undefined;
  const written = model.scalar;
  const slash = written.indexOf('/');
  const provider = providers.find(({ id }) => id === written.slice(0, Math.max(slash, 0)));
  const problem = { severity: 'warning', subject: written, ...model.value } as const;
  if (!provider) {
    const known = providers.map(({ id }) => `"${id}/…"`).join(', ');
    const message =
      slash > 0
        ? `There is no provider "${written.slice(0, slash)}". The providers set up here are ${known}.`
        : `"${written}" is not a model id. Write provider/model; the providers set up here are ${known}.`;
    return { ...problem, code: 'unknown-provider', message, instead: insteadOf(written, slash, providers) };
  }
  const name = written.slice(slash + 1);
  const models = provider.models ?? [];
  if (models.length === 0 || isPath(name) || models.some(({ id }) => id === name)) return undefined;
  const ids = models.map(({ id }) => `${provider.id}/${id}`);
  return {
    ...problem,
    code: 'unknown-model',
    message: `"${name}" is not in the list of models of "${provider.id}", so a run of it may be refused.`,
    instead: nearest(written, ids),
  };
}

/** What is known of the model that a prompt names, or `undefined` where that is nothing. */
export function knownModel(
  modelId: string | undefined,
  providers: readonly KnownProvider[],
): ModelInfo | undefined {
  const slash = modelId?.indexOf('/') ?? -1;
  const provider = providers.find(({ id }) => id === modelId?.slice(0, Math.max(slash, 0)));
  const name = modelId?.slice(slash + 1);
  // Ollama lists `qwen3`, as people write it, with its tag.
  return provider?.models?.find(({ id }) => id === name || id === `${name}:latest`);
}

/** Models of the nearest provider under the name that is written, or else models of a name like it. */
function insteadOf(written: string, slash: number, providers: readonly KnownProvider[]): readonly string[] {
  const ids = providers.flatMap(({ id, models = [] }) => models.map((model) => `${id}/${model.id}`));
  const model = written.slice(slash + 1);
  const sameModel = ids.filter((id) => id.slice(id.indexOf('/') + 1) === model);
  const providerIds = nearest(
    written.slice(0, Math.max(slash, 0)),
    providers.map(({ id }) => id),
  );
  return [...new Set([...sameModel, ...nearest(written, ids), ...providerIds.map((id) => `${id}/${model}`)])];
}

/** The local runtime takes any file by its path. */
function isPath(model: string): boolean {
  return /^[/~.]|^[A-Za-z]:|\.gguf$/i.test(model);
}
