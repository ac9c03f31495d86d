import type { VariableValues } from '../store.ts';

/** What the form is to be filled with; it becomes what was typed, so it changes nothing that the host knows. */
export interface Filled {
  readonly type: 'filled';
  /** By which the page says that it has it: one that is hidden or being loaded gets no messages. */
  readonly id: string;
  /** Where it came from, for people: `the last run`. */
  readonly from: string;
  /** Values of variables of the prompt. Those that do not fit are shown with what is wrong with them. */
  readonly values: VariableValues;
  /** The same as text that a field reads. */
  readonly texts: Readonly<Record<string, string>>;
}
