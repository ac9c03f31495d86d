/**
 * What the extension host and the token inspector's page say to each other, and the one fold that both sides apply.
 *
 * As with the panel, the host holds the truth and sends one complete snapshot followed by changes; the page draws it.
 */
import type { ModelPrice } from './core/pricing.ts';
import type { TokenizerExactness } from './core/tokens/tokenizerFor.ts';

export { formatCount, formatTokens, formatUsd } from './core/format.ts';
export { formatRates, inputCostOf } from './core/pricing.ts';
export { longestSteppedWord } from './core/tokens/mergeSteps.ts';

/** Raised with every change of a message's meaning; a page of another version asks to be opened again. */
export const inspectorVersion = 2;

/** As many tokens of a text are shown one by one, all within its first UTF-16 code units. All are counted. */
export const mostShownTokens = 20_000;
export const mostShownUnits = 2 ** 18;

/** Everything that the inspector shows. */
export interface InspectorState {
  /** `null` while there is no text: no editor has been active, or its file is empty. */
  readonly subject: Subject | null;
  /** Whether another selection changes what is shown. */
  readonly isFollowing: boolean;
  /** The tokenizers that can be compared, in the order in which they are shown. */
  readonly tokenizers: readonly TokenizerView[];
}

/** The text that is inspected. */
export interface Subject {
  /** The file's name. */
  readonly name: string;
  /** Which part of it, to end a sentence with: `the selection`, `the whole file`. */
  readonly what: string;
  /** Its first {@link mostShownUnits}, or all of it. */
  readonly text: string;
  /** Of all of it, in UTF-16 code units. */
  readonly length: number;
}

/** One tokenizer and what it makes of the subject. */
export interface TokenizerView {
  /** What messages call it. */
  readonly id: string;
  /** `o200k_base`, or the model that it counts for. */
  readonly name: string;
  /** Which models use it, or how it counts for its model. */
  readonly note: string;
  /** Absent for an encoding that is compared for its own sake, which has no price. */
  readonly model?: CountedModel;
  /** Why it is among those that are compared: its model is the file's, or was added by the user. */
  readonly reason: 'standard' | 'file' | 'added';
  /** Whether its tokens stand in a column. */
  readonly isShown: boolean;
  readonly count: TokenizerCount;
  /** Absent while it is not shown, or is still counting. */
  readonly tokens?: ShownTokens;
}

/** A model that a tokenizer counts for. */
export interface CountedModel {
  /** `provider/model` */
  readonly id: string;
  readonly exactness: TokenizerExactness;
  /** `null` when it is unknown. */
  readonly price: ModelPrice | null;
}

export type TokenizerCount =
  | { readonly status: 'waiting' }
  /** `done` is from 0 to 1. */
  | { readonly status: 'counting'; readonly done: number }
  | { readonly status: 'counted'; readonly tokens: number }
  /** `message` says what to do next. */
  | { readonly status: 'failed'; readonly message: string };

/** The first tokens of the subject; see `TokenList` in core. */
export interface ShownTokens {
  readonly ids: readonly number[];
  /** The UTF-16 offset in the subject's text where each token ends. */
  readonly ends: readonly number[];
  /** The bytes of all of them as hexadecimal digits, two a byte. */
  readonly bytes: string;
  /** Where the bytes of each end, in bytes. */
  readonly byteEnds: readonly number[];
}

/** How a word became tokens: the parts at each moment, see `mergeSteps` in core. */
export interface MergeStepView {
  readonly parts: readonly {
    /** -1 where the vocabulary has no token for the bytes. */
    readonly id: number;
    /** Hexadecimal digits. */
    readonly bytes: string;
  }[];
  /** The index of the part that this step made; absent in the first state. */
  readonly merged?: number;
}

/** From the host to the page. */
export type InspectorMessage =
  | { readonly type: 'snapshot'; readonly version: number; readonly state: InspectorState }
  | { readonly type: 'change'; readonly state: Partial<InspectorState> }
  /** Takes the place of the one with its id. */
  | { readonly type: 'tokenizer'; readonly tokenizer: TokenizerView }
  /** Answers the `steps` with the same number. */
  | { readonly type: 'steps'; readonly request: number; readonly steps: readonly MergeStepView[] }
  | { readonly type: 'no-steps'; readonly request: number; readonly message: string };

/** From the page to the host, which accepts it as `unknown` and checks it once. */
export type InspectorRequest =
  | { readonly type: 'ready'; readonly version: number }
  | { readonly type: 'follow'; readonly isFollowing: boolean }
  | { readonly type: 'show'; readonly id: string; readonly isShown: boolean }
  /** The user wants to choose a model that is compared with the others. */
  | { readonly type: 'add' }
  /** The model of this tokenizer, which was added, is compared no longer. */
  | { readonly type: 'remove'; readonly id: string }
  /** `isStart` when the text starts with the word. */
  | {
      readonly type: 'steps';
      readonly request: number;
      readonly id: string;
      readonly word: string;
      readonly isStart: boolean;
    };

export const emptyInspector: InspectorState = { subject: null, isFollowing: true, tokenizers: [] };

/** The state after a message of the host. */
export function foldInspector(state: InspectorState, message: InspectorMessage): InspectorState {
  switch (message.type) {
    case 'snapshot':
      return message.state;
    case 'change':
      return { ...state, ...message.state };
    case 'tokenizer':
      return {
        ...state,
        tokenizers: state.tokenizers.map((tokenizer) =>
          tokenizer.id === message.tokenizer.id ? message.tokenizer : tokenizer,
        ),
      };
    case 'steps':
    case 'no-steps':
      return state;
    default:
      message satisfies never;
      return state;
  }
}
