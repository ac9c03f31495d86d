/** A model that the local runtime can load. */
export interface LocalModel {
  /** What stands after `local/`: a word for a bundled model, and `path` for one that was found. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** The GGUF file, absolute; the first one of a model that was split. */
  readonly path: string;
  /** Of all its files; absent when unknown. */
  readonly bytes?: number;
  /** How many tokens it was trained for; absent when unknown. */
  readonly contextWindow?: number;
  /** Whether its chat template knows tools; absent means that it does not. */
  readonly tools?: boolean;
  /** Whether it writes down its thoughts before it answers; absent means that it does not. */
  readonly reasoning?: boolean;
}
