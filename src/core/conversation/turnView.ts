import type { AttachedPart, Part, Role, TextPart } from '../chat.ts';
import type { Run } from '../store.ts';

/** Where a message stands in its conversation. */
export interface MessagePlace {
  readonly id: string;
  /** The ids of the messages that stand in the same place, oldest first, its own among them. */
  readonly siblings: readonly string[];
  /** What the user calls the branch that begins here; absent where it has no name. */
  readonly name?: string;
  /** Present where the user marked that branch. */
  readonly favourite?: true;
}

/** A message, or an answer that has ended, above the run that a lane shows. */
export interface TurnView extends MessagePlace {
  readonly role: Role;
  readonly text: string;
  /** What a message holds beside what was written, in reading order: attached texts, images, tool calls and results. */
  readonly parts: readonly (Exclude<Part, TextPart> | AttachedPart)[];
  /** When it was written or the answer began, in ms since 1970. */
  readonly at: number;
  /** Who answered, what it took and what else it said; `null` for what no run has answered. */
  readonly answer: EarlierAnswer | null;
}

/** An answer as it is shown above a newer one, besides its text. */
export type EarlierAnswer = Pick<
  Run,
  'modelId' | 'servedModel' | 'usage' | 'cost' | 'outcome' | 'reasoning' | 'toolCalls' | 'citations'
>;
