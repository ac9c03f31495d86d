import type { VNode } from 'preact';
import { fittingLabel, formatCount } from '../../src/protocol.ts';
import { lanesSentNext } from '../lanesAsked.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';

/** Says what of the conversation is sent, and asks for another choice when it is pressed. */
export function FitButton({
  view,
  store,
}: {
  readonly view: View;
  readonly store: PanelStore;
}): VNode | null {
  const { chat } = view.panel;
  if (!chat) return null;
  return (
    <button
      type="button"
      class="fit-button"
      title="Choose what of the conversation is sent"
      onClick={() => store.ask({ type: 'choose-fitting' })}
    >
      {[fittingLabel(chat.fitting), ...notes(view)].join(' · ')}
    </button>
  );
}

/** What that means for the lanes that are asked next. */
function notes(view: View): readonly string[] {
  const fits = lanesSentNext(view).flatMap(({ fit }) => fit ?? []);
  const leftOut = Math.max(0, ...fits.map((fit) => fit.leftOut.length));
  return [
    ...(leftOut > 0 ? [`${formatCount(leftOut)} left out`] : []),
    ...(fits.some(({ pending }) => pending === 'summary') ? ['summarised as you send'] : []),
    ...(fits.some(({ pending }) => pending === 'choice') ? ['chosen as you send'] : []),
  ];
}
