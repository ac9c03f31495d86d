import type { LaneView } from '../src/protocol.ts';
import type { View } from './state.ts';

/**
 * The lanes that a follow-up goes to. One that is alone needs no switch; where a prompt is run, one that has answered
 * nothing yet has nothing to go on from.
 */
export function lanesAsked({ panel, unmirrored }: Pick<View, 'panel' | 'unmirrored'>): readonly LaneView[] {
  const { lanes, prompt } = panel;
  const ready = prompt?.isChat ? lanes : lanes.filter(({ run, message }) => run ?? message);
  return lanes.length > 1 ? ready.filter(({ id }) => !unmirrored.includes(id)) : ready;
}
