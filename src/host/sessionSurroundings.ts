import type { LogOutputChannel } from 'vscode';
import type { ModelPrice } from '../core/pricing.ts';
import type { Provider } from '../core/provider.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { RunEstimate, RunInput } from '../core/store.ts';
import type { CountedTokens } from '../node/countedTokens.ts';
import type { KeptAttachments } from './attachments/keptAttachments.ts';
import type { ChatStore } from './chatTree.ts';
import type { ConversationUsageSurroundings } from './conversationUsage.ts';
import type { Fitter } from './fitter.ts';
import type { LaneLayouts } from './laneLayouts.ts';
import type { Settings } from './settings.ts';
import type { Summaries } from './summaries.ts';
import type { PromptVersions } from './versions/promptVersions.ts';

/** What sessions need, wired once in `composition.ts`. */
export interface SessionSurroundings extends Pick<ConversationUsageSurroundings, 'usedIn'> {
  readonly providers: readonly Provider[];
  readonly store: ChatStore;
  /** Where lanes are kept over a reload of the window. */
  readonly layouts: LaneLayouts;
  /** Where attachments are. */
  readonly attachments: Pick<KeptAttachments, 'of' | 'keep'>;
  /** What a file says that is attached, by its address. @throws Error that says why it cannot be sent, and what to do. */
  readonly textOfFile: (address: string) => Promise<string>;
  readonly log: LogOutputChannel;
  readonly settings: () => Settings;
  /** Where lanes find earlier versions of the prompt, and what those go by. */
  readonly versions: Pick<PromptVersions, 'textOf' | 'nameOf'>;
  /** The price of a `provider/model`, or `undefined` when it is unknown. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  /** Counts texts for a `provider/model`. @throws LlmError where that is not possible, `cancelled` after an abort. */
  readonly countTokens: (
    modelId: string,
    texts: readonly string[],
    signal: AbortSignal,
  ) => Promise<CountedTokens>;
  /** What is expected of a run that starts; it never rejects. `undefined` where that could not be worked out. */
  readonly estimateOf: (run: RunInput, signal: AbortSignal) => Promise<RunEstimate | undefined>;
  /**
   * Resolves once the budget lets these runs start, all of them; the user may be asked.
   * @throws Blocked when it does not.
   */
  readonly holdToBudget: (runs: readonly PreparedRun[]) => Promise<void>;
  /** Leaves out of a turn what its conversation does not send. */
  readonly fitter: Pick<Fitter, 'fit'>;
  /** Has what is left out summarised. */
  readonly summaries: Pick<Summaries, 'make' | 'unsavedOf'>;
}
