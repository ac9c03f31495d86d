import { emptyPanel, type PanelState } from '../src/protocol.ts';
import type { Drafts, FieldMessages } from './form.ts';
import type { DraftImage } from './images.ts';
import type { AnswerMode, Saved } from './saved.ts';

/** Everything that is drawn. */
export interface View {
  /** `waiting` until the first snapshot; `outdated` when the host speaks another version of the protocol. */
  readonly connection: 'waiting' | 'open' | 'outdated';
  /** Whether the host has not answered for a while. */
  readonly hostIsSilent: boolean;
  readonly panel: PanelState;
  /** What was typed into the form of the prompt that is shown and differs from the host's values. */
  readonly drafts: Drafts;
  /** What kept the form from running at the last attempt, here or at the host. */
  readonly messages: FieldMessages;
  /** What the form was filled from last, and what was typed before; absent once something else was typed. */
  readonly filled?: { readonly from: string; readonly before: Drafts } | undefined;
  readonly answerMode: AnswerMode;
  /** Where lanes are scrolled to that do not follow what is written, in px from the top. It is not drawn again for it. */
  readonly scrolls: Readonly<Record<string, number>>;
  /** Whether lanes scroll together. */
  readonly scrollsTogether: boolean;
  /** The lane whose settings are open; absent when none are. */
  readonly settingsOf?: string | undefined;
  /** The lane that has the whole width; absent while all are side by side. */
  readonly expanded?: string | undefined;
  /** The images that go with it; gone after a reload, because they can be megabytes. */
  readonly images: readonly DraftImage[];
  /** What is wrong with files that were left out; absent when nothing is. */
  readonly fileProblem?: string | undefined;
  readonly sheetIsOpen: boolean;
  /** What is written in the composer and not taken up yet. */
  readonly followUp: string;
  /** What was sent and waits for the host to take it up; absent otherwise. */
  readonly sending?: string | undefined;
  /** The lanes that follow-ups do not go to; all others are asked. */
  readonly unmirrored: readonly string[];
  /** The number of what is written now; figures that were worked out for another one say nothing. */
  readonly draft: number;
  /** Whether it is shown what fills the windows of the lanes. */
  readonly contextIsOpen: boolean;
}

/** What is drawn before the host has said anything. */
export function firstView(saved: Saved): View {
  return {
    connection: 'waiting',
    hostIsSilent: false,
    panel: emptyPanel,
    drafts: {},
    messages: {},
    answerMode: saved.answerMode,
    scrollsTogether: saved.scrollsTogether,
    scrolls: saved.scrolls,
    followUp: saved.followUp,
    images: [],
    sheetIsOpen: false,
    unmirrored: saved.unmirrored,
    settingsOf: saved.settingsOf,
    expanded: saved.expanded,
    // Not that of a page that was here before.
    draft: Date.now(),
    contextIsOpen: false,
  };
}

/** What is drawn by a page that takes over what another had kept: what was written in both stands one below the other. */
export function takenOver(view: View, kept: Saved): View {
  const { answerMode, scrollsTogether, scrolls, unmirrored, settingsOf, expanded } = kept;
  const followUps = [view.followUp, kept.followUp].filter((text) => text.trim() !== '');
  return {
    ...view,
    ...{ answerMode, scrollsTogether, scrolls, unmirrored, settingsOf, expanded },
    drafts: { ...kept.drafts, ...view.drafts },
    followUp: followUps.join('\n\n'),
    draft: view.draft + 1,
  };
}

/** What the view asks of the host without a state of its own. */
export type LaneRequest =
  | `${'add' | 'duplicate' | 'remove'}-lane`
  | 'choose-model'
  | 'choose-version'
  | 'set-sample-count'
  | 'show-sample'
  | 'reset-lane'
  | 'apply-lane'
  | 'diff'
  | 'retry'
  | 'retry-with'
  | 'delete-message'
  | 'answer-calls'
  | 'continue'
  | 'show-earlier'
  | 'turn-to'
  | 'go-back'
  | 'rename-chat'
  | 'branch'
  | 'attach'
  | 'attach-files'
  | 'open-prompts'
  | 'detach'
  | 'choose-fitting'
  | 'set-summary'
  | 'check-schema'
  | 'edit-schema';
