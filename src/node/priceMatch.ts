import type { MatchLogic, ModelInfo } from '@pydantic/genai-prices';

/**
 * What may follow a model's name in the id of a snapshot of it: a date (`-2025-08-07`, `@20250514`, `-08-2024`,
 * `-2509`), a number of a stable version (`-001`) or `-latest`, and then Bedrock's revision (`-v1:0`).
 */
const snapshot = /^(?=.)([-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{4}|\d{4}|00\d|latest))?(-v\d+:\d+)?$/;

/**
 * The one of `models` that `id` names, or `undefined`. Ids are compared without regard to case.
 *
 * Two things must hold. The table's own rule must claim the id, because not every snapshot costs what its model costs
 * (`gpt-4o-2024-05-13`, `command-r-plus-04-2024`). And the id must be a name that the table gives the model, or such a
 * name and a snapshot's date, because many rules are prefixes: that of `claude-sonnet-5` claims `claude-sonnet-5-5`,
 * which is another model.
 */
export function modelNamed(models: readonly ModelInfo[], id: string): ModelInfo | undefined {
  const name = id.toLowerCase();
  const claimed = models.filter(({ match }) => claims(match, name));
  const exact = claimed.find((model) => namesOf(model).includes(name));
  if (exact) return exact;

  const lengths = claimed.map((model) => snapshotOf(model, name));
  const longest = Math.max(0, ...lengths);
  return longest === 0 ? undefined : claimed[lengths.indexOf(longest)];
}

/** The length of the longest name of `model` of which `id` is a snapshot, 0 when it is one of none. */
function snapshotOf(model: ModelInfo, id: string): number {
  const names = namesOf(model).filter((name) => id.startsWith(name) && snapshot.test(id.slice(name.length)));
  return Math.max(0, ...names.map(({ length }) => length));
}

/** Every name that the table has for a model, in lower case; the texts of its rules are names and beginnings of names. */
function namesOf({ id, match }: ModelInfo): string[] {
  return [id, ...textsOf(match)].map((text) => text.toLowerCase());
}

function textsOf(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(textsOf);
  if ('and' in match) return match.and.flatMap(textsOf);
  if ('regex' in match) return [];
  return Object.values(match);
}

/** Whether the table's rule takes `id`, which is in lower case, for its model. */
function claims(match: MatchLogic, id: string): boolean {
  if ('or' in match) return match.or.some((rule) => claims(rule, id));
  if ('and' in match) return match.and.every((rule) => claims(rule, id));
  if ('equals' in match) return id === match.equals.toLowerCase();
  if ('starts_with' in match) return id.startsWith(match.starts_with.toLowerCase());
  if ('ends_with' in match) return id.endsWith(match.ends_with.toLowerCase());
  if ('contains' in match) return id.includes(match.contains.toLowerCase());
  if ('regex' in match) return new RegExp(match.regex).test(id);
  match satisfies never;
  return false;
}
