import type { Fitting } from './fitting.ts';

/** What a strategy leaves of a lane's conversation, as it is shown. */
export interface FitView {
  readonly fitting: Fitting;
  /** The messages that are not sent, oldest first, and about how many tokens each takes. */
  readonly leftOut: readonly { readonly id: string; readonly tokens: number }[];
  /** What is sent in their place; `null` where nothing is. */
  readonly summary: ShownSummary | null;
  /**
   * What is still to be done as it is sent: a summary is written of what is left out, or the turns are chosen, for which the
   * question goes to a service that is not asked before; `null` where nothing is.
   */
  readonly pending: 'summary' | 'choice' | null;
}

/**
 * What a lane shows of what it sends next, where it showed `before`: while the turns are only chosen as it is sent, those that
 * were left out the last time stay to be seen.
 */
export function shownFit(before: FitView | null, next: FitView | null): FitView | null {
  const isSame = before && next && JSON.stringify(before.fitting) === JSON.stringify(next.fitting);
  return isSame && next.pending === 'choice' ? { ...before, pending: 'choice' } : next;
}

export interface ShownSummary {
  /** The last message that it stands for. */
  readonly messageId: string;
  readonly text: string;
  /** Present where the user wrote or changed it. */
  readonly isEdited?: true;
}
