import type { VariableValues } from '../store.ts';
import type { LaneChoice } from './overrides.ts';

/** The lanes of a prompt and the values that they ran with, under a name, so that they can be run again. */
export interface NamedComparison {
  readonly id: string;
  /** Where the prompt is now. */
  readonly promptUri: string;
  readonly name: string;
  /** From left to right, 1 at least. Models and settings are spelled out; a version that is `null` is the file as it is. */
  readonly lanes: readonly LaneChoice[];
  readonly values: VariableValues;
}

/** The named comparisons of all prompts. Calls throw an Error that says what to do next when the file cannot be read or written. */
export interface ComparisonStore {
  /** By name, those of a prompt or of all. */
  list(promptUri?: string): readonly NamedComparison[];

  /** Keeps one, in the place of the one that the prompt has by this name. */
  save(comparison: Omit<NamedComparison, 'id'>): void;

  rename(id: string, name: string): void;

  delete(id: string): void;

  /** Brings back what was deleted. */
  restore(id: string): void;
}
