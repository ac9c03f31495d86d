import type { Memory } from './memory.ts';

/** A model in memory. */
export interface Held<Key> extends Memory {
  readonly key: Key;
  /** Whether nothing runs on it. */
  readonly isIdle: boolean;
}

/**
 * Which models to give up so that another finds room: idle ones, the first first, and none more than it takes. Each memory
 * is looked at by itself: a card that is full is no reason to empty the machine's memory.
 * @param held in the order in which they were used, the longest unused first.
 * @param wanted by the other model.
 * @param limits `ram` is what all may hold together, `vram` what is free on the card now.
 */
export function toGiveUp<Key>(held: readonly Held<Key>[], wanted: Memory, limits: Memory): readonly Key[] {
  let ram = held.reduce((sum, one) => sum + one.ram, wanted.ram);
  let { vram } = limits;
  const given: Key[] = [];
  for (const one of held) {
    const isRamShort = ram > limits.ram && one.ram > 0;
    const isVramShort = wanted.vram > vram && one.vram > 0;
    if (!one.isIdle || !(isRamShort || isVramShort)) continue;
    given.push(one.key);
    ram -= one.ram;
    vram += one.vram;
  }
  return given;
}
