/** How a conversation is made to fit the window of its model. What is left out stays in the conversation. */
export type Fitting =
  /** Everything is sent; what does not fit is told beforehand. */
  | { readonly strategy: 'all' }
  /** The oldest turns are left out, as few as must be. */
  | { readonly strategy: 'drop-oldest' }
  /** Only the last turns are sent, the one that is being asked among them. */
  | { readonly strategy: 'last'; readonly turns: number }
  /** The oldest turns are sent as a summary once they no longer fit. */
  | {
      readonly strategy: 'summary';
      /** Who writes the summary, `provider/model`; `null` for the model that is talked to. */
      readonly modelId: string | null;
    }
  /** The last turn is sent, and those before it that are most like what is asked. */
  | {
      readonly strategy: 'relevant';
      /** How many earlier turns are sent. */
      readonly turns: number;
      /** Who makes the embeddings that likeness is measured by, `provider/model`. */
      readonly modelId: string;
    };

export const keepAll: Fitting = { strategy: 'all' };

/** The most turns that a strategy can be told to keep. */
export const mostTurns = 1000;

/** What a strategy does, in a few words. */
export function fittingLabel(fitting: Fitting): string {
  switch (fitting.strategy) {
    case 'all':
      return 'Everything is sent';
    case 'drop-oldest':
      return 'Oldest turns are left out';
    case 'last':
      return fitting.turns === 1 ? 'Only the last turn is sent' : `The last ${fitting.turns} turns are sent`;
    case 'summary':
      return 'Older turns are summarised';
    case 'relevant':
      return fitting.turns === 1
        ? 'The most relevant earlier turn is sent'
        : `The ${fitting.turns} most relevant earlier turns are sent`;
    default:
      return fitting satisfies never;
  }
}
