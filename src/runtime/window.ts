import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { LlmError, messageOf } from '../core/errors.ts';
import { BatchSchedule } from './batchSchedule.ts';
import { Gate } from './gate.ts';
import { Lane } from './lane.ts';
import { freeRam } from './memory.ts';
import type { LoraAdapter } from './options.ts';
import { Seat } from './seat.ts';
import { unlessAborted } from './turns.ts';

export interface WindowOptions {
  /** How many tokens each lane holds. */
  readonly size: number;
  readonly threads: number;
  /** Adapters over the weights. */
  readonly lora: readonly LoraAdapter[];
}

/**
 * One context of a model: as many sequences as calls came at once, each of which holds a whole window in memory. The
 * lanes that run on them are evaluated together.
 */
export class Window {
  /** As asked for; the engine rounds up to a multiple of 256. */
  readonly size: number;
  readonly lora: readonly LoraAdapter[];
  readonly #model: LlamaModel;
  readonly #threads: number;
  readonly #gate = new Gate();
  readonly #schedule = new BatchSchedule(
    () => ({ count: this.#lanesAtWork, areHeld: this.#gate.isShut }),
    () => performance.now(),
  );
  #context: LlamaContext | undefined;
  #seats: Seat[] = [];
  #entered = 0;
  #lanesAtWork = 0;
  #uses = 0;
  /** Lower than `mostLanes` once the engine has refused more. */
  #mostLanes = mostLanes;
  #left = Promise.withResolvers<undefined>();

  constructor(model: LlamaModel, { size, threads, lora }: WindowOptions) {
    this.size = size;
    this.lora = lora;
    this.#model = model;
    this.#threads = threads;
  }

  /** How many calls can run at once in the memory that it takes now. */
  get lanes(): number {
    return this.#seats.length;
  }

  /**
   * A lane of its own, once there is room: the context is made, made larger, or a lane leaves.
   * @param wanted how many calls want a lane now, this one included; tells how large to make the context.
   * @throws LlmError `bad-request` when not even one window can be allocated; `cancelled`.
   */
  async enter(wanted: () => number, signal: AbortSignal): Promise<Lane> {
    if (this.#entered === this.#seats.length) await this.#grow(wanted(), signal);
    while (this.#entered === this.#seats.length) await unlessAborted(this.#left.promise, signal);
    this.#entered++;
    return new Lane({
      gate: this.#gate,
      contextSize: this.#seats[0]?.sequence.contextSize ?? 0,
      take: (tokens) => this.#take(tokens),
      donorFor: (seat, tokens) => this.#donorFor(seat, tokens),
      leave: (seat) => this.#leave(seat),
      isAlone: () => this.#lanesAtWork === 1,
    });
  }

  /** Resolves when no lane is left in it. */
  async emptied(signal: AbortSignal): Promise<void> {
    while (this.#entered > 0) await unlessAborted(this.#left.promise, signal);
  }

  async dispose(): Promise<void> {
    await this.#context?.dispose();
  }

  /**
   * The free sequence that holds most of the beginning of `tokens`, or, when none holds a good part of it, the one that
   * has not been used for longest, so that the conversations of the others stay.
   */
  #take(tokens: readonly Token[]): Seat {
    const free = this.#seats
      .filter(({ isTaken }) => !isTaken)
      .map((seat) => {
        const common = seat.commonBeginning(tokens);
        return { seat, common: common >= tokens.length * goodPart ? common : 0 };
      })
      .sort((a, b) => b.common - a.common || a.seat.lastUse - b.seat.lastUse);
    const seat = free[0]?.seat;
    if (!seat) throw new Error('more lanes than sequences');
    seat.isTaken = true;
    seat.lastUse = ++this.#uses;
    this.#lanesAtWork++;
    return seat;
  }

  #donorFor(seat: Seat, tokens: readonly Token[]): Seat | undefined {
    const own = seat.commonBeginning(tokens);
    const [best] = this.#seats
      .filter((other) => other !== seat && other.isTaken && !other.sequence.needsCheckpoints)
      .map((other) => ({ other, common: commonLength(other.reads, tokens) }))
      .sort((a, b) => b.common - a.common);
    return best && best.common - own >= worthCopying ? best.other : undefined;
  }

  #leave(seat: Seat | undefined): void {
    this.#entered--;
    if (seat) {
      seat.isTaken = false;
      this.#lanesAtWork--;
    }
    this.#left.resolve(undefined);
    this.#left = Promise.withResolvers<undefined>();
  }

  /**
   * Makes room for `wanted` lanes, as far as memory goes. A context has as many sequences as it was made with, so it is
   * another one, to which the lanes at work move over between two tokens.
   */
  async #grow(wanted: number, signal: AbortSignal): Promise<void> {
    const lanes = await this.#lanesThatFit(Math.min(wanted, this.#mostLanes));
    if (lanes <= this.#seats.length) return;
    const context = await this.#createContext(lanes, signal);
    if (context) await this.#gate.shutFor(() => this.#moveTo(context));
  }

  async #moveTo(context: LlamaContext): Promise<void> {
    const sequences = Array.from({ length: context.totalSequences }, () => context.getSequence());
    const seats = sequences.map((sequence, index) => this.#seats[index] ?? new Seat(sequence, index));
    const moves = seats.map((seat, index) => ({ seat, to: sequences[index] ?? seat.sequence }));
    try {
      for (const { seat, to } of moves) if (seat.sequence !== to) await seat.copyTo(to);
    } catch (error) {
      await context.dispose();
      throw error;
    }
    for (const { seat, to } of moves) seat.sequence = to;
    await this.#context?.dispose();
    this.#context = context;
    this.#seats = seats;
  }

  /** Beyond the first, a lane must leave half of what is free to others: the user's memory is not ours to fill. */
  async #lanesThatFit(wanted: number): Promise<number> {
    const vram = await this.#model.llama.getVramState();
    for (let lanes = wanted; lanes > 1; lanes--) {
      const { cpuRam, gpuVram } = await this.#model.fileInsights.estimateContextResourceRequirementsV2({
        contextSize: this.size,
        sequences: lanes,
        modelGpuLayers: this.#model.gpuLayers,
      });
      if (cpuRam <= freeRam() / 2 && gpuVram <= vram.free / 2) return lanes;
    }
    return 1;
  }

  /** @returns `undefined` when the engine refuses more lanes than there are. */
  async #createContext(lanes: number, signal: AbortSignal): Promise<LlamaContext | undefined> {
    try {
      return await this.#model.createContext({
        contextSize: this.size,
        sequences: lanes,
        threads: this.#threads,
        batching: {
          dispatchSchedule: queueMicrotask,
          itemPrioritizationStrategy: this.#schedule.nextBatch,
        },
        ...(this.lora.length > 0
          ? { lora: { adapters: this.lora.map(({ path, scale }) => ({ filePath: path, scale })) } }
          : {}),
        createSignal: signal,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      if (this.lora.length > 0 && /lora|adapter/i.test(messageOf(error))) {
        const names = this.lora.map(({ path }) => `"${path}"`).join(', ');
        throw new LlmError(
          'bad-request',
          `The adapter ${names} cannot be applied. Name one that was made for this very model.`,
          { cause: error },
        );
      }
      if (lanes > 1) {
        this.#mostLanes = Math.max(1, this.#seats.length);
        return this.#seats.length > 0 ? undefined : this.#createContext(1, signal);
      }
      throw new LlmError(
        'bad-request',
        `A context of ${this.size} tokens does not fit into memory. Set "contextSize" lower, or close other programs.`,
        { cause: error },
      );
    }
  }
}

/** As many as a panel has, so that a comparison of models' settings starts at once in every lane. */
const mostLanes = 6;

/** How much of a prompt must be in a sequence already for the rest of the sequence to be given up for it. */
const goodPart = 0.25;

/** How many tokens of a prompt another lane must hold more for a copy to be sooner there than an evaluation. */
const worthCopying = 64;

function commonLength(a: readonly Token[], b: readonly Token[]): number {
  const different = b.findIndex((token, index) => token !== a[index]);
  return different < 0 ? b.length : different;
}
