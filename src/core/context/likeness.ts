import { type Message, textOf } from '../chat.ts';
import type { Turn } from './turns.ts';

/** A text as a model sees it; of any length, the same for all texts of one model. */
export type Vector = readonly number[];

/** What of a turn is compared: what was said in it, without images and tools. */
export function textOfTurn(messages: readonly Message[], { from, to }: Turn): string {
  return messages
    .slice(from, to)
    .map((message) => textOf(message))
    .filter((text) => text !== '')
    .join('\n');
}

/** The cosine of the angle between two vectors: 1 where they point the same way; 0 where one has no length. */
export function likenessOf(one: Vector, other: Vector): number {
  let [dot, ones, others] = [0, 0, 0];
  for (const [index, value] of one.entries()) {
    const beside = other[index] ?? 0;
    dot += value * beside;
    ones += value * value;
    others += beside * beside;
  }
  return ones === 0 || others === 0 ? 0 : dot / Math.sqrt(ones * others);
}
