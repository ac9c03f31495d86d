import type { Outcome } from '../store.ts';

/** How the runs of one version of a prompt went. */
export interface VersionRuns {
  readonly version: string;
  readonly count: number;
  /** In USD, of those runs whose cost is known; `undefined` when it is known of none. */
  readonly cost: number | undefined;
  /** Whether `cost` leaves runs out. */
  readonly isCostPartial: boolean;
  readonly last: LastRun;
}

/** The newest run of a prompt or of one of its versions. */
export interface LastRun {
  /** In ms since 1970. */
  readonly startedAt: number;
  readonly status: Outcome['status'];
}

/** One run of a version, as a list shows it. */
export interface VersionRun extends LastRun {
  readonly id: string;
  /** `provider/model` */
  readonly modelId: string;
  /** In USD; `undefined` when it is unknown. */
  readonly cost: number | undefined;
}

/** A name that the user has given to a version. */
export interface VersionTag {
  readonly name: string;
  /** What the user wrote on it; empty for nothing. */
  readonly note: string;
  /** In ms since 1970. */
  readonly createdAt: number;
}

/** A version that has a name of the user's. */
export interface TaggedVersion {
  readonly version: string;
  /** When its newest name was given, in ms since 1970. */
  readonly at: number;
}

/** A prompt that has another URI now, or a folder with all prompts in it. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** The prompts that lie in a folder which was moved, by the URIs that they had before; absent where a prompt was. */
  readonly inFolder?: readonly string[];
}

/** Texts of prompts by their versions, and what is known of these. It knows no file: a version is content. */
export interface VersionStore {
  /**
   * Keeps a text, once for all runs that use it.
   * @param version What `versionOf(text)` gives.
   * @throws Error when it cannot be written.
   */
  keep(version: string, text: string): void;

  /** The text with LF line ends, or `undefined` when it was never kept. */
  textOf(version: string): string | undefined;

  /** The versions that the prompts of these URIs were run with, the last run first. */
  runsOf(promptUris: readonly string[]): readonly VersionRuns[];

  /** The newest runs of one version of the prompts of these URIs, `limit` of them at most, the newest first. */
  runsOfVersion(promptUris: readonly string[], version: string, limit: number): readonly VersionRun[];

  /** The newest run of every prompt that was ever run, by URI. */
  lastRuns(): ReadonlyMap<string, LastRun>;

  /**
   * Gives a version of a prompt a name and keeps its text; a name that it has already gets the new note.
   * @throws Error when it cannot be written.
   */
  tag(promptUri: string, version: string, text: string, tag: Pick<VersionTag, 'name' | 'note'>): void;

  /** Takes a name away; the text stays. */
  untag(version: string, name: string): void;

  /** The versions that were tagged in the prompts of these URIs, the newest tag first. */
  taggedIn(promptUris: readonly string[]): readonly TaggedVersion[];

  /**
   * Remembers that prompts have other URIs now: what was known of them goes by these from then on, in all windows. A file
   * that comes to a URI at which others were before shows what is known of those too, and leaves it behind when it goes.
   * @throws Error when it cannot be written.
   */
  move(moves: readonly Move[]): void;

  /** The URIs that the prompt which is now at this one had before, newest first. */
  earlierUris(promptUri: string): readonly string[];

  /** The names of all versions that have any, by version, the oldest name first. */
  tags(): ReadonlyMap<string, readonly VersionTag[]>;
}
