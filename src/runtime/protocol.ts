import type { ChatEvent, ChatRequest, Message, TokenAlternative, TokenLogprob } from '../core/chat.ts';
import type { ErrorData } from '../core/errors.ts';
import type { Embeddings } from '../core/provider.ts';

/** What computes: the processor, or a graphics card through one of three interfaces. */
export type Backend = 'cpu' | 'vulkan' | 'cuda' | 'metal';

/** `auto` is the fastest that works. */
export type BackendChoice = Backend | 'auto';

/** How the process works for its whole life. They are its one argument, as JSON. */
export interface RuntimeSettings {
  /** The machine's physical cores. The library's own default is at least 4, which on 2 cores is 34 times slower. */
  readonly threads: number;
  /** What does not work on the machine is replaced by the processor, and every answer says so. */
  readonly backend: BackendChoice;
  /** How long a model stays in memory without a call, in ms; 0 means for ever. */
  readonly unloadAfterMs: number;
  /** How much the models may hold together, in bytes; the one that is used last always may. */
  readonly memoryBytes: number;
  /** What has failed in this session already and is not tried again. */
  readonly broken: readonly BrokenBackend[];
  /** The folder with the packages of backends that were added later; it may not be there. */
  readonly addedBackends?: string;
}

/** A backend that failed. */
export interface BrokenBackend {
  readonly backend: Backend;
  /** In a sentence. */
  readonly why: string;
}

/** What the runtime works with now. Sizes are in bytes. */
export interface RuntimeState {
  /** What computes in fact, whatever was asked for. */
  readonly backend: Backend;
  /** The names of the graphics devices; empty on the processor. */
  readonly devices: readonly string[];
  /** Why it is not what was asked for, or not what has failed, in sentences; absent where it is. */
  readonly fallback?: string;
  /** Why the processor computes although any backend would have done, in sentences; absent where a card does. */
  readonly whyNotGpu?: string;
  /** The graphics memory; absent on the processor. `used` is of all programs, `own` what the models here take of it. */
  readonly vram?: { readonly total: number; readonly used: number; readonly own: number };
  readonly ram: { readonly total: number; readonly free: number };
  readonly threads: number;
  /** The last used last. */
  readonly models: readonly LoadedModelState[];
}

/** A model in memory. */
export interface LoadedModelState {
  readonly path: string;
  /** How many tokens each lane holds. */
  readonly contextSize: number;
  readonly lanes: number;
  /** How many of its layers are on the graphics card. */
  readonly gpuLayers: number;
  readonly layers: number;
  /** What it takes of both memories, estimated. */
  readonly bytes: number;
  /** How much of that is on the graphics card. */
  readonly vramBytes: number;
}

/** What a model would take if it were loaded now. Sizes are in bytes and estimated. */
export interface Plan {
  /** In tokens. */
  readonly contextSize: number;
  readonly layers: number;
  /** How many of them would go to the graphics card. */
  readonly gpuLayers: number;
  readonly ram: { readonly wanted: number; readonly free: number };
  /** Absent on the processor. */
  readonly vram?: { readonly wanted: number; readonly free: number };
  readonly fits: boolean;
  /** About the largest context that fits, at most what the model was trained for; absent when none does. */
  readonly fittingContext?: number;
}

/** What can be asked of a model beside a chat. `kind` says which; {@link AnswerTo} has the answers. */
export type Question =
  | { readonly kind: 'embed'; readonly texts: readonly string[] }
  /** Whether it fits into memory. Nothing is loaded. */
  | { readonly kind: 'plan'; readonly contextSize?: number }
  | ({ readonly kind: 'score' } & ScoreQuestion)
  | ({ readonly kind: 'distribution' } & DistributionQuestion)
  /** Loads the model, so that the first chat finds it in memory. */
  | { readonly kind: 'warm' };

/** What comes back for a question of each kind. */
export interface AnswerTo {
  readonly embed: Embeddings;
  readonly plan: Plan;
  readonly score: Score;
  readonly distribution: NextToken;
  /** Nothing is told but that it is there. */
  readonly warm: null;
}

/** How likely a text is. */
export interface ScoreQuestion {
  readonly text: string;
  /** The conversation that the text answers; absent where the text stands by itself. */
  readonly after?: readonly Message[];
  /** How many of the likeliest tokens to tell for each place, 0–100. */
  readonly alternatives: number;
}

/** How likely each token of a text is, given all before it. */
export interface Score {
  readonly tokens: readonly TokenLogprob[];
  /** The beginning of the text that nothing stands before, so that it has no probability; mostly `''`. */
  readonly unscored: string;
  /** e to the power of the mean negative log-probability; absent where there is no token. */
  readonly perplexity?: number;
}

/** What could come next at a place. */
export interface DistributionQuestion {
  readonly messages: readonly Message[];
  /** The answer up to the place, by the model's own token ids. */
  readonly answer: readonly number[];
  /** How many of the likeliest tokens to tell, 1–100. */
  readonly alternatives: number;
}

export interface NextToken {
  /** Most likely first. */
  readonly alternatives: readonly TokenAlternative[];
  /** See `TokenLogprob.entropy`. */
  readonly entropy: readonly [least: number, most: number];
}

/**
 * What the host tells the runtime process. `id` is chosen by the host and names one call from its beginning to its end.
 */
export type RuntimeRequest =
  | {
      readonly type: 'chat';
      readonly id: number;
      /** The model's file, absolute. */
      readonly path: string;
      /** `model` is the name to report as served; the file is in `path`. */
      readonly request: ChatRequest;
      /** The beginning of the answer by the model's own token ids, which it goes on from; absent means none. */
      readonly beginning?: readonly number[];
    }
  /** Asks something of the model at `path` that is answered at once, by `answer` or `error`. */
  | { readonly type: 'ask'; readonly id: number; readonly path: string; readonly question: Question }
  /** Takes the model at `path` out of memory; answered by `done`, or by `error` while it is at work. */
  | { readonly type: 'unload'; readonly id: number; readonly path: string }
  /** Ends the call; a call that has ended already, or never was, is passed over. */
  | { readonly type: 'abort'; readonly id: number }
  /** Asks for the state, which is also told whenever the models in memory change. */
  | { readonly type: 'state' };

/**
 * What the runtime process answers. The events of one chat follow the grammar of `ChatEvent`; its last message is the
 * event `finish` or an `error`, and after the host's `abort` there may be neither.
 */
export type RuntimeReply =
  | { readonly type: 'event'; readonly id: number; readonly event: ChatEvent }
  | { readonly type: 'answer'; readonly id: number; readonly answer: AnswerTo[Question['kind']] }
  | { readonly type: 'done'; readonly id: number }
  | {
      readonly type: 'error';
      readonly id: number;
      readonly error: ErrorData;
      /** What the engine failed on; absent where it is the request's fault or somebody else's. */
      readonly failedOn?: Backend;
    }
  /** This backend is being started, or has been: should the process die, it died with it. */
  | { readonly type: 'backend'; readonly backend: Backend }
  | { readonly type: 'state'; readonly state: RuntimeState };
