import type {
  ChatRequest,
  FinishReason,
  TokenLogprob,
  ToolCallPart,
  Usage,
  Warning,
  Citation,
} from './chat.ts';
import type { ErrorData } from './errors.ts';
import type { Cost } from './pricing.ts';
import type { RetryEvent, Timing } from './stream.ts';
import type { Correction, EstimatedCost } from './tokens/estimate.ts';
import type { TokenizerExactness } from './tokens/tokenizerFor.ts';

/** The prompt file that a run came from, exactly enough to find that text again. */
export interface PromptReference {
  /** The file's URI. */
  readonly uri: string;
  /** The file's name, for people. */
  readonly name: string;
  /** The hash of the file's text: see `core/prompt/versions.ts`. */
  readonly version: string;
}

/** A variable's value as it came from a form, a JSON file or the command line. */
export type VariableValue =
  string | number | boolean | null | readonly VariableValue[] | { readonly [name: string]: VariableValue };

/** Values by variable name. */
export interface VariableValues {
  readonly [name: string]: VariableValue;
}

/** How a run stands. `interrupted` means that the process that ran it died; its text up to then is kept. */
export type Outcome =
  | { readonly status: 'running' }
  | { readonly status: 'finished'; readonly reason: FinishReason; readonly rawReason?: string }
  | { readonly status: 'stopped' }
  | { readonly status: 'failed'; readonly error: ErrorData }
  | { readonly status: 'interrupted' };

/** How a run ended. */
export type FinalOutcome = Exclude<Outcome, { status: 'running' }>;

/** Whether an answer is less than the model would have said, so that it can be continued. */
export function isCutOff({ outcome }: Pick<Run, 'outcome'>): boolean {
  return outcome.status === 'finished'
    ? outcome.reason === 'length'
    : outcome.status === 'stopped' || outcome.status === 'interrupted';
}

/** Everything that was known before the first byte was sent: enough to run it again. */
export interface RunInput {
  /** Absent for a run that no file stands behind. */
  readonly prompt?: PromptReference;
  readonly variables: VariableValues;
  /** `provider/model`, as asked for. */
  readonly modelId: string;
  readonly request: ChatRequest;
  /** The conversation whose summary it writes, by its id; absent for every other run. */
  readonly summaryOf?: string;
}

/** What was expected of a run before it was sent, to be held against what was reported. */
export interface RunEstimate {
  /** Input, the correction included. */
  readonly inputTokens: number;
  readonly exactness: TokenizerExactness;
  /** What earlier runs of the model said about such counts; absent where nothing was learned, or nothing needed. */
  readonly correction?: Correction;
  /** Absent when the price was unknown. */
  readonly cost?: EstimatedCost;
}

/** What has come back so far. */
export interface RunOutput {
  /** The model as served; absent until the stream has started. */
  readonly servedModel?: string;
  readonly responseId?: string;
  /** The seed that was drawn because the request named none: with it in the settings the run can be repeated. */
  readonly seed?: number;
  readonly warnings: readonly Warning[];
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallPart[];
  /** In the order in which the answer names them, each once; absent when it names none. */
  readonly citations?: readonly Citation[];
  /** The tokens of `text`; empty when log-probabilities were not asked for. */
  readonly logprobs: readonly TokenLogprob[];
  /** Absent until the service reports it. */
  readonly usage?: Usage;
  /** The try that is waited for; absent while none is. It passes, and is not stored. */
  readonly retry?: RetryEvent;
  /** Absent until the run has ended. */
  readonly timing?: Timing;
  /** Absent when the price or the usage is unknown. */
  readonly cost?: Cost;
  /** What was expected of the input before it was sent; absent where nothing was counted by the run's end. */
  readonly estimate?: RunEstimate;
  readonly outcome: Outcome;
  /** Why the run is not in the store, for the user; absent while it is. */
  readonly unsaved?: string;
}

/** One call to a model. */
export interface Run extends RunInput, RunOutput {
  readonly id: string;
  /** When it was recorded, in ms since 1970. */
  readonly startedAt: number;
}

/** Where runs are kept. Several windows may use one store at once. */
export interface RunStore {
  /**
   * Records a run before anything is sent.
   * @param promptText The text of the prompt's file, which is kept once a version; absent where it is not at hand.
   * @throws Error when it cannot be written; the run goes on and the user is told that it is not saved.
   */
  insert(run: Run, promptText?: string): void;

  /**
   * Writes what has come back so far over what was there. Called at least every 250 ms while text arrives.
   * @throws Error when it cannot be written.
   */
  update(id: string, output: RunOutput): void;

  /** The run, or `undefined` when there is none of that id. */
  get(id: string): Run | undefined;

  /** The newest runs first, at most `limit`; those of one prompt file when `promptUri` is given. */
  list(options: { readonly limit: number; readonly promptUri?: string }): readonly Run[];
}
