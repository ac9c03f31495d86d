/** Whether an answer is what its response format asked for. */
export interface AnswerCheck {
  /** The run of the answer; says nothing about any other. */
  readonly runId: string;
  /** What the answer had to be. */
  readonly against: 'json' | 'json-schema';
  /** Where it is not; empty for an answer that is valid. */
  readonly mismatches: readonly Mismatch[];
  /** How many more there are. */
  readonly more: number;
}

export interface Mismatch {
  /** The place in the answer, as in JavaScript: `items[0].name`; empty for all of it. */
  readonly path: string;
  /** What is wrong there, in a few words. */
  readonly message: string;
}

/** What is wrong with the text of a schema. */
export interface SchemaCheck {
  /** The text that was checked; says nothing about any other. */
  readonly text: string;
  /** Empty where it is a schema. */
  readonly problems: readonly SchemaProblem[];
}

export interface SchemaProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly message: string;
}
