import type { Drafts } from './form.ts';

/** How the answer is shown. */
export const answerModes = ['rendered', 'raw', 'tokens'] as const;
export type AnswerMode = (typeof answerModes)[number];

/** What survives a reload. Truth about runs is not in it: that comes with the next snapshot. */
export interface Saved {
  /** The file that the drafts belong to, and whose panel the host brings back when the window opens again. */
  readonly promptUri?: string;
  readonly drafts: Drafts;
  readonly answerMode: AnswerMode;
  readonly scrollsTogether: boolean;
  readonly scrolls: Readonly<Record<string, number>>;
  readonly followUp: string;
  readonly unmirrored: readonly string[];
  readonly settingsOf?: string | undefined;
  readonly expanded?: string | undefined;
}

/** The saved state of this version of the panel, or an empty one. */
export function savedFrom(state: unknown): Saved {
  const saved = (state ?? {}) as Partial<Saved>;
  const { promptUri, drafts, answerMode, scrollsTogether, scrolls, followUp, unmirrored } = saved;
  const { settingsOf, expanded } = saved;
  return {
    ...(typeof promptUri === 'string' ? { promptUri } : {}),
    drafts: typeof drafts === 'object' ? drafts : {},
    answerMode: answerModes.find((mode) => mode === answerMode) ?? 'rendered',
    scrollsTogether: scrollsTogether === true,
    scrolls: typeof scrolls === 'object' ? scrolls : {},
    followUp: typeof followUp === 'string' ? followUp : '',
    unmirrored: Array.isArray(unmirrored) ? unmirrored : [],
    ...(typeof settingsOf === 'string' ? { settingsOf } : {}),
    ...(typeof expanded === 'string' ? { expanded } : {}),
  };
}

/** What survives of what is drawn of this prompt. */
export function savedOf(view: Omit<Saved, 'promptUri'>, promptUri: string): Saved {
  const { drafts, answerMode, scrollsTogether, scrolls, followUp, unmirrored, settingsOf, expanded } = view;
  return {
    promptUri,
    drafts,
    answerMode,
    scrollsTogether,
    scrolls,
    followUp,
    unmirrored,
    settingsOf,
    expanded,
  };
}
