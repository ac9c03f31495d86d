import type { TaggedVersion, VersionRuns, VersionTag } from './versionStore.ts';

/** A commit that touched a prompt's file. */
export interface Commit {
  /** All hexadecimal digits. */
  readonly id: string;
  readonly author: string;
  /** When it was written, in ms since 1970. */
  readonly at: number;
  /** The first line of its message; may be empty. */
  readonly subject: string;
}

/** A text that a prompt's file had, with all that goes by it. */
export interface PromptVersion {
  /** The hash of the text: see `versions.ts`. */
  readonly version: string;
  /** Whether the file has this text now, saved or not. */
  readonly isWorkingCopy: boolean;
  /** Whether the next commit would take this text, which no commit has yet. */
  readonly isStaged: boolean;
  /** The commits that gave the file this text, newest first; empty for a text that was never committed. */
  readonly commits: readonly Commit[];
  /** What it is called, the user's own names first. */
  readonly names: readonly VersionName[];
  /** Absent when it was never run. */
  readonly runs?: VersionRuns;
  /** When it came to be or was last run, in ms since 1970; absent for a working copy that is neither. */
  readonly at?: number;
}

/** A name that a version goes by: the user's tag, a tag of git, or the `version:` that its front matter brought in. */
export type VersionName =
  | { readonly kind: 'tag'; readonly name: string; readonly note: string }
  | { readonly kind: 'git-tag'; readonly name: string }
  | { readonly kind: 'label'; readonly name: string };

/** The versions of a prompt as far as they have been read. */
export interface VersionList {
  /** The working copy first, then the newest first. */
  readonly versions: readonly PromptVersion[];
  /** Whether the file lies in a git repository that could be read. */
  readonly hasGit: boolean;
  /** Whether there are older commits than those asked for. */
  readonly hasMore: boolean;
  /** Why something is not in the list, for the user; absent when nothing is missing. */
  readonly note?: string;
}

/** A text and what its front matter calls it. */
export interface LabelledText {
  readonly version: string;
  readonly label: string | undefined;
}

/** What a list is made of. */
export interface VersionSources {
  /** Absent when the file is gone. */
  readonly working?: LabelledText;
  /** Absent when nothing is staged, or the file is in no repository. */
  readonly staged?: LabelledText;
  /** Newest first. */
  readonly commits: readonly (LabelledText & { readonly commit: Commit })[];
  /** The last run first. */
  readonly runs: readonly VersionRuns[];
  readonly tags: ReadonlyMap<string, readonly VersionTag[]>;
  /** The versions that were tagged in this prompt, the newest tag first. */
  readonly tagged: readonly TaggedVersion[];
  readonly gitTags: ReadonlyMap<string, readonly string[]>;
  /** Whether `commits` lacks older ones. */
  readonly hasMore: boolean;
}

/**
 * Joins all that is known into one entry for each text. Commits keep git's order, a text that was only run or tagged
 * stands where that belongs among them, and the working copy comes first even where an old commit has the same text.
 */
export function mergeVersions(sources: VersionSources): readonly PromptVersion[] {
  const { working, staged, runs } = sources;
  // In the order of the list, because a map keeps that of its keys.
  const commitsOf = new Map<string, Commit[]>();
  if (working) commitsOf.set(working.version, []);
  if (staged) commitsOf.set(staged.version, commitsOf.get(staged.version) ?? []);
  for (const { version, commit } of sources.commits) {
    const known = commitsOf.get(version);
    if (known) known.push(commit);
    else commitsOf.set(version, [commit]);
  }
  const runsOf = new Map(runs.map((each) => [each.version, each]));
  const taggedAt = new Map(sources.tagged.map(({ version, at }) => [version, at]));
  const labels = labelsOf(sources);
  const entry = (version: string, commits: readonly Commit[]): PromptVersion => {
    const itsRuns = runsOf.get(version);
    const at = commits[0]?.at ?? itsRuns?.last.startedAt ?? taggedAt.get(version);
    return {
      version,
      isWorkingCopy: version === working?.version,
      isStaged: version === staged?.version && commits.length === 0,
      commits,
      names: namesOf(version, sources, labels.get(version)),
      ...(itsRuns && { runs: itsRuns }),
      ...(at !== undefined && { at }),
    };
  };

  const versions = Array.from(commitsOf, ([version, commits]) => entry(version, commits));
  const tried = runs.map(({ version, last }) => ({ version, at: last.startedAt }));
  for (const { version, at: since } of [
    ...tried,
    ...sources.tagged.filter((each) => !runsOf.has(each.version)),
  ]) {
    if (commitsOf.has(version)) continue;
    const older = versions.findIndex(
      ({ isWorkingCopy, isStaged, at = 0 }) => !isWorkingCopy && !isStaged && at < since,
    );
    versions.splice(older === -1 ? versions.length : older, 0, entry(version, []));
  }
  return versions;
}

function namesOf(
  version: string,
  { tags, gitTags }: VersionSources,
  label: string | undefined,
): readonly VersionName[] {
  const names: VersionName[] = [];
  for (const { name, note } of tags.get(version) ?? []) names.push({ kind: 'tag', name, note });
  for (const name of gitTags.get(version) ?? []) names.push({ kind: 'git-tag', name });
  if (label !== undefined) names.push({ kind: 'label', name: label });
  return names;
}

/**
 * A label names the version that brought it in: those after it still carry it in their text. The oldest text that is known
 * brought its own in only when there are no older ones.
 */
function labelsOf({ working, commits, hasMore }: VersionSources): ReadonlyMap<string, string> {
  const texts: readonly LabelledText[] = working ? [working, ...commits] : commits;
  const labels = new Map<string, string>();
  for (const [index, { version, label }] of texts.entries()) {
    const older = texts[index + 1];
    const isNew = older ? older.label !== label : !hasMore;
    if (label !== undefined && isNew && !labels.has(version)) labels.set(version, label);
  }
  return labels;
}

/** How far a prompt has moved on. */
export interface ChangesSince {
  /** Changes after `since`, an uncommitted one included. */
  readonly count: number;
  /** The newest name that a version has, or else the short id of the newest commit. */
  readonly since: string;
}

/**
 * How many changes there are since the newest version with a name, or else since the newest commit. Texts that were only
 * tried count where there are no commits. `undefined` when there is nothing to tell.
 */
export function changesSince({ versions, hasGit }: VersionList): ChangesSince | undefined {
  const changes = hasGit
    ? versions.filter(({ isWorkingCopy, commits }) => isWorkingCopy || commits.length > 0)
    : versions;
  const named = changes.findIndex(({ names }) => names.length > 0);
  const name = changes[named]?.names[0]?.name;
  if (name !== undefined) return { count: named, since: name };
  const count = changes.findIndex(({ commits }) => commits.length > 0);
  const commit = changes[count]?.commits[0];
  return count > 0 && commit ? { count, since: commit.id.slice(0, 7) } : undefined;
}
