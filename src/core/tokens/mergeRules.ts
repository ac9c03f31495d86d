/**
 * What may join with what, and what first. A *merge* is a number that stands for one way of joining two
 * neighbours; the rules say how urgent it is and which token it makes.
 */
export interface MergeRules {
  /** Whether a piece falls apart into bytes or into characters before anything joins. */
  readonly symbols: 'bytes' | 'characters';

  /**
   * The id of a symbol; one that is not in the vocabulary (see {@link spell}) where the vocabulary lacks it.
   */
  symbol(bytes: Uint8Array, start: number, end: number): number;

  /**
   * The merge of two neighbours, of which the left starts at `start` and the right ends at `end`; -1 where
   * none exists.
   */
  join(left: number, right: number, bytes: Uint8Array, start: number, end: number): number;

  /** The merge with the smallest priority goes first, of equal ones the leftmost; from 0 to 2²¹ − 1. */
  priorityOf(merge: number): number;

  /** The id of what `merge` makes. */
  resultOf(merge: number): number;

  /**
   * The tokens that stand for an id below 0 or not below the vocabulary's size, whose text is `bytes` from
   * `start` to `end`.
   */
  spell(id: number, bytes: Uint8Array, start: number, end: number): readonly number[];
}
