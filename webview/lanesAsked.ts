import type { LaneView } from '../src/protocol.ts';
import type { View } from './view.ts';

/**
 * The lanes that a follow-up goes to. One that is alone needs no switch; where a prompt is run, one that has answered
 * nothing yet has nothing to go on from.
 */
export function lanesAsked({ panel, unmirrored }: Pick<View, 'panel' | 'unmirrored'>): readonly LaneView[] {
  const { lanes, prompt } = panel;
  const ready = prompt?.isChat ? lanes : lanes.filter(({ run, message }) => run ?? message);
  return lanes.length > 1 ? ready.filter(({ id }) => !unmirrored.includes(id)) : ready;
}

/** The lanes that are sent something next: those that a follow-up goes to, or before the first answer those that Run asks. */
export function lanesSentNext(view: Pick<View, 'panel' | 'unmirrored'>): readonly LaneView[] {
  const { lanes } = view.panel;
  return lanes.some(({ run, message }) => run ?? message) ? lanesAsked(view) : lanes;
}

/** Which of the models that are asked take no images, in a sentence; `undefined` where all do or may. */
export function reasonAgainstImages(view: Pick<View, 'panel' | 'unmirrored'>): string | undefined {
  const names = lanesAsked(view).flatMap(({ model }) =>
    model && !model.capabilities.images ? model.name : [],
  );
  const [first, second] = new Set(names);
  if (first === undefined) return undefined;
  return second === undefined
    ? `${first} does not take images.`
    : `${[...new Set(names)].join(', ')} do not take images.`;
}
