/**
 * What the extension host and the panel's webview say to each other, and the one fold that both sides apply.
 *
 * The host holds the truth and sends it as one complete snapshot followed by changes, over one ordered transport.
 * The webview draws what it has folded; when it is closed, reloaded or hidden, a new snapshot rebuilds it.
 */
import type { AttachmentView } from './core/attachment.ts';
import type { ToolResultPart } from './core/chat.ts';
import type { Fitting } from './core/context/fitting.ts';
import type { FitView } from './core/context/fitView.ts';
import type { MessagePlace, TurnView } from './core/conversation/turnView.ts';
import { changedList, type ListChange } from './core/listChange.ts';
import type { Filled } from './core/prompt/filled.ts';
import type { PromptView, VersionView } from './core/prompt/promptView.ts';
import type { ModelInfo } from './core/provider.ts';
import type { AnswerCheck, SchemaCheck } from './core/run/answerCheck.ts';
import type { LaneChoice, SettingOverrides } from './core/run/overrides.ts';
import { changedSamples, foldShown, type RunEvents } from './core/run/samples.ts';
import type { Samples, SamplesChange } from './core/run/samples.ts';
import type { Run, VariableValues } from './core/store.ts';
import type { ContextFigures } from './core/usage/contextFigures.ts';
import type { ConversationUsage } from './core/usage/usage.ts';

export * from './core/format.ts';
export { fittingLabel } from './core/context/fitting.ts';
export type { FitView } from './core/context/fitView.ts';
export type { EarlierAnswer, MessagePlace, TurnView } from './core/conversation/turnView.ts';
export { shortVersion } from './core/prompt/versions.ts';
export { decodeSpeed, retrySentence, type Timing } from './core/stream.ts';
export { citedSource } from './core/citedSource.ts';
export { attachmentLabel, type AttachmentView, longestAttachment } from './core/attachment.ts';
export {
  isAttached,
  outputTokensOf,
  textOf,
  type AttachedPart,
  type GenerationSettings,
  type Message,
  type ResponseFormat,
  type ToolResultPart,
  type Usage,
} from './core/chat.ts';
export { settingDocs } from './core/prompt/settingDocs.ts';
export { meaningOf } from './core/prompt/coerce.ts';
export { expectedOf, settingsOf } from './core/prompt/settings.ts';
export type { Filled } from './core/prompt/filled.ts';
export {
  modelIdOf,
  promptOf,
  type PromptSetup,
  type PromptView,
  type VersionView,
} from './core/prompt/promptView.ts';
export { mismatch, missingPaths } from './core/prompt/values.ts';
export type { ModelCapabilities } from './core/provider.ts';
export { labelsOf, markdownTable, type Mark, marksOf, maxLanes, newestRun } from './core/run/comparison.ts';
export {
  laneIsRunning,
  maxSamples,
  type RunEvents,
  sampleGroups,
  samplesInWords,
} from './core/run/samples.ts';
export type { AnswerCheck, SchemaCheck } from './core/run/answerCheck.ts';
export { overridesThatDiffer, type SettingOverrides, withOverrides } from './core/run/overrides.ts';
export { formatPriceSource, type Cost } from './core/pricing.ts';
export { isCutOff } from './core/store.ts';
export type {
  FinalOutcome,
  Outcome,
  Run,
  RunEstimate,
  RunOutput,
  VariableValue,
  VariableValues,
} from './core/store.ts';
export type { VariableField } from './core/prompt/variables.ts';
export type { RunEvent } from './core/run/fold.ts';
export type { ContextFigures } from './core/usage/contextFigures.ts';
export type { ConversationUsage } from './core/usage/usage.ts';
export { formatCorrection } from './core/usage/correction.ts';
export { formatDifference } from './core/usage/difference.ts';
export { promptRoles } from './core/usage/roleShares.ts';
export { conversationSentence, usageLabel } from './core/usage/usageLabel.ts';

/** Raised with every change of a message's meaning; a webview of another version asks to be reloaded. */
export const protocolVersion = 8;

/** Everything that the panel shows. `null` stands for what is not there. */
export interface PanelState {
  /** What the lanes rest on: a prompt file, or what a chat begins with; `null` before the first snapshot. */
  readonly prompt: PromptView | null;
  /** The conversation that lanes take part in; `null` while there is none. */
  readonly chat: ChatView | null;
  /** What that conversation has used so far, in all its branches and lanes; `null` while there is none. */
  readonly used: ConversationUsage | null;
  /** The conversation that was left because the prompt was run again; `null` where none was. */
  readonly left: Pick<ChatView, 'id' | 'title'> | null;
  /** The columns from left to right, 1 to 6 of them; none before the first snapshot. */
  readonly lanes: readonly LaneView[];
  /** What goes along with the next message beside its text, in the order in which it was attached. */
  readonly attachments: readonly AttachmentView[];
  /** What keeps every lane from running, such as a value that is missing; `null` when nothing does. */
  readonly problem: Problem | null;
}

/** A conversation as the panel needs it. */
export interface ChatView {
  readonly id: string;
  readonly title: string;
  /** The system prompt of a chat, empty where it has none; `null` where the prompt file says what is sent first. */
  readonly system: string | null;
  /** What of it is sent. */
  readonly fitting: Fitting;
}

/** One column: what the prompt is run with, and the run that it shows. */
export interface LaneView extends LaneChoice {
  readonly id: string;
  /** The version that it runs; `null` where that is the file as it is, and while it has not been read. */
  readonly version: VersionView | null;
  /** What is known of the model that it calls; `null` when that is nothing (yet). */
  readonly model: ModelView | null;
  /** What was said above the run that is shown, since the first answer, oldest first; empty without follow-ups. */
  readonly turns: readonly TurnView[];
  /** How many turns there are above `turns`; they come when they are asked for. */
  readonly earlier: number;
  /** What the newest answer goes on from: the text of the one above it that was cut off; empty where it began anew. */
  readonly lead: string;
  /** The run that is shown, the newest answer; `null` before the first one, and where none is at the end of the path. */
  readonly run: Run | null;
  /** The runs that it made of the prompt at once, `run` among them; `null` where that was one, or it has gone on since. */
  readonly samples: Samples | null;
  /** Where the lane stands in the conversation, at that answer as a rule; `null` while it is no part of one. */
  readonly message: MessagePlace | null;
  /** Why its last attempt to run did not become a run; `null` when it did. */
  readonly problem: Problem | null;
  /** Whether an answer is what it had to be; `null` where nothing has been checked. */
  readonly check: AnswerCheck | null;
  /** What is wrong with a schema that is being written; `null` before one has been checked. */
  readonly schemaCheck: SchemaCheck | null;
  /** How full its window would be with what is sent next; `null` while that is not known, such as while it runs. */
  readonly context: ContextView | null;
  /** What of its conversation is not sent, the last time or next; `null` where everything is, and while that is not known. */
  readonly fit: FitView | null;
}

/** How full a lane's window would be with what is sent next. */
export interface ContextView {
  /** The draft that it was worked out for; it says nothing about any other. */
  readonly draft: number;
  /** `null` where it could not be worked out, which `problem` then explains. */
  readonly figures: ContextFigures | null;
  readonly problem?: string;
}

/** A model as the panel needs it: its `id` is `provider/model`. */
export type ModelView = ModelInfo;

/** An error that kept a run from starting, or a value that is missing. */
export interface Problem {
  /** What happened and what to do next. */
  readonly message: string;
  /** The variables without a value, which the form then asks for; empty for every other problem. */
  readonly missing: readonly string[];
  /** Where in the prompt file, 1-based; absent when it is nowhere in it. */
  readonly position?: { readonly line: number; readonly column: number };
  /** A button beside the message; absent where nothing but the text helps. */
  readonly action?: PanelAction;
}

/** What a button of the panel asks the host to do. */
export const panelActions = [
  'open-prompt',
  'open-settings',
  'set-api-key',
  'show-log',
  'manage-trust',
] as const;
export type PanelAction = (typeof panelActions)[number];

/** Where a block of code goes: to the cursor, to a new file, or in the place of the selection, shown as a diff. */
export const codeActions = ['insert', 'open', 'apply'] as const;
export type CodeAction = (typeof codeActions)[number];

export const emptyPanel: PanelState = {
  prompt: null,
  chat: null,
  used: null,
  left: null,
  lanes: [],
  attachments: [],
  problem: null,
};

/** From the host to the webview. */
export type HostMessage =
  | {
      readonly type: 'snapshot';
      readonly protocol: number;
      readonly state: PanelState;
      /** What a page had kept that this one takes the place of; absent where there was none. */
      readonly kept?: unknown;
    }
  /** The answer to `ping`. */
  | { readonly type: 'pong' }
  | { readonly type: 'change'; readonly state: Partial<PanelState> }
  | {
      readonly type: 'lane';
      readonly laneId: string;
      readonly lane: Partial<Omit<LaneView, 'turns' | 'samples'>>;
      /** Absent where the turns stay as they are. */
      readonly turns?: TurnsChange;
      /** Absent where the samples stay as they are; `null` takes them away. */
      readonly samples?: SamplesChange | null;
    }
  /** By lane. Those that are not named stay as they are. */
  | { readonly type: 'contexts'; readonly contexts: Readonly<Record<string, ContextView | null>> }
  | { readonly type: 'run-events'; readonly runs: readonly RunEvents[] }
  /** What became of the follow-up that was sent last: taken up, or refused for a reason that the state tells. */
  | { readonly type: 'sent'; readonly isTaken: boolean }
  | Filled;

/** What is put in the place of some turns of a lane. */
export type TurnsChange = ListChange<TurnView>;

/**
 * From the webview to the host. The host accepts it as `unknown` and checks it once. A message about one lane carries
 * its id; without one it means all of them.
 */
export type ViewMessage =
  | { readonly type: 'ready'; readonly protocol: number }
  /** Asks whether the host is there. */
  | { readonly type: 'ping' }
  /** The form has these values now. */
  | { readonly type: 'has-filled'; readonly id: string }
  | { readonly type: 'run'; readonly values: VariableValues; readonly laneId?: string | undefined }
  | { readonly type: 'stop'; readonly laneId?: string | undefined }
  /** A follow-up in these lanes, or in all. */
  | {
      readonly type: 'send';
      readonly text: string;
      /** As `data:` addresses; absent for none. */
      readonly images?: readonly string[] | undefined;
      readonly laneIds?: readonly string[] | undefined;
    }
  /**
   * What the composer and the form hold now, so that it can be counted. `draft` is another number with every change;
   * `values` are what the form says, where a lane has not run yet.
   */
  | {
      readonly type: 'draft';
      readonly draft: number;
      readonly text: string;
      readonly values?: VariableValues | undefined;
    }
  /** Asks what to attach to the next message. */
  | { readonly type: 'attach' }
  /** Attaches files of the workspace that were dropped, by their addresses. */
  | { readonly type: 'attach-files'; readonly uris: readonly string[] }
  /** Opens prompts of the workspace that were dropped, each in a panel in the place of this one. */
  | { readonly type: 'open-prompts'; readonly uris: readonly string[] }
  /** Attaches the text of a file that was dropped from elsewhere. */
  | { readonly type: 'attach-text'; readonly name: string; readonly text: string }
  | { readonly type: 'detach'; readonly id: string }
  /** Says a message of the user in other words, beside the old one, and asks again. */
  | { readonly type: 'edit'; readonly laneId: string; readonly messageId: string; readonly text: string }
  /** Tries an answer again, the newest where none is named. */
  | { readonly type: 'retry'; readonly laneId: string; readonly messageId?: string | undefined }
  /** Asks for another model, which the lane then calls, and tries an answer again with it. */
  | { readonly type: 'retry-with'; readonly laneId: string; readonly messageId?: string | undefined }
  /** Deletes a message and what follows it; the host offers to undo that. */
  | { readonly type: 'delete-message'; readonly laneId: string; readonly messageId: string }
  /** Gives the results of the tool calls of the newest answer, and asks on. */
  | { readonly type: 'answer-calls'; readonly laneId: string; readonly results: readonly ToolResultPart[] }
  /** Goes on with an answer that was cut off. */
  | { readonly type: 'continue'; readonly laneId: string }
  /** Asks for turns above those that a lane shows. */
  | { readonly type: 'show-earlier'; readonly laneId: string }
  /** Goes back to the conversation that a run of the prompt has left, or lets it be. */
  | { readonly type: 'go-back'; readonly isWanted: boolean }
  /** Asks for a title of the conversation. */
  | { readonly type: 'rename-chat' }
  | { readonly type: 'set-system'; readonly text: string }
  /** Asks what of the conversation is sent. */
  | { readonly type: 'choose-fitting' }
  /** Says what stands for what is left out up to a message; an empty text has another one written. */
  | {
      readonly type: 'set-summary';
      readonly laneId: string;
      readonly messageId: string;
      readonly text: string;
    }
  /** Asks what to do with the branch that begins at a message. */
  | { readonly type: 'branch'; readonly laneId: string; readonly messageId: string }
  /** Turns a lane to the branch of a message. */
  | { readonly type: 'turn-to'; readonly laneId: string; readonly messageId: string }
  | { readonly type: 'action'; readonly action: PanelAction }
  /** Takes a block of code out of an answer; `language` is the name behind its fence, or empty. */
  | { readonly type: 'code'; readonly action: CodeAction; readonly code: string; readonly language: string }
  /** Asks for a model and opens a lane for it. */
  | { readonly type: 'add-lane' }
  | { readonly type: 'duplicate-lane'; readonly laneId: string }
  | { readonly type: 'remove-lane'; readonly laneId: string }
  | { readonly type: 'choose-model'; readonly laneId: string }
  /** Asks which version of the prompt the lane runs. */
  | { readonly type: 'choose-version'; readonly laneId: string }
  /** All settings of the lane that differ from the prompt's. The view shows them already and gets no answer. */
  | { readonly type: 'set-settings'; readonly laneId: string; readonly settings: SettingOverrides }
  /** How many times the lane runs the prompt at once, from now on. */
  | { readonly type: 'set-sample-count'; readonly laneId: string; readonly count: number }
  /** Shows another sample of the lane. */
  | { readonly type: 'show-sample'; readonly laneId: string; readonly runId: string }
  /** Asks what is wrong with a schema that is being written; see `LaneView.schemaCheck`. */
  | { readonly type: 'check-schema'; readonly laneId: string; readonly text: string }
  /** Opens the schema of the lane's response format in an editor; what is saved there is taken over. */
  | { readonly type: 'edit-schema'; readonly laneId: string; readonly text: string }
  /** Takes the lane back to the prompt's model and settings. */
  | { readonly type: 'reset-lane'; readonly laneId: string }
  /** Writes the lane's model and settings into the prompt file. */
  | { readonly type: 'apply-lane'; readonly laneId: string }
  /** Shows how an answer differs from another, which the host asks for where there are several. */
  | { readonly type: 'diff'; readonly laneId?: string | undefined }
  /** Asks what to vary over which values, and runs a lane for each. */
  | { readonly type: 'sweep'; readonly values: VariableValues }
  /** Asks for a name, and keeps the lanes and what the form says under it. */
  | { readonly type: 'save-comparison'; readonly values: VariableValues }
  /**
   * Asks where to fill the form from, or to keep what it says as a named set.
   * @param values all that the form says, but for the variables named in `unfit`, whose text means no value.
   */
  | { readonly type: 'fill'; readonly values: VariableValues; readonly unfit: readonly string[] }
  /** Asks where to fill one field from, or at once which file. */
  | { readonly type: 'fill-field'; readonly name: string; readonly source?: 'file' | undefined };

/** The state after a message of the host. What is about a lane or a run that is no longer shown changes nothing. */
export function foldPanel(state: PanelState, message: HostMessage): PanelState {
  switch (message.type) {
    case 'snapshot':
      return message.state;
    case 'change':
      return { ...state, ...message.state };
    case 'lane':
      return {
        ...state,
        lanes: state.lanes.map((lane) =>
          lane.id === message.laneId
            ? {
                ...lane,
                ...message.lane,
                turns: changedList(lane.turns, message.turns),
                samples: changedSamples(lane.samples, message.samples),
              }
            : lane,
        ),
      };
    case 'contexts':
      return {
        ...state,
        lanes: state.lanes.map((lane) => {
          const context = message.contexts[lane.id];
          return context === undefined ? lane : { ...lane, context };
        }),
      };
    case 'run-events':
      return { ...state, lanes: state.lanes.map((lane) => foldShown(lane, message.runs)) };
    case 'sent':
    case 'filled':
    case 'pong':
      return state;
    default:
      message satisfies never;
      return state;
  }
}
