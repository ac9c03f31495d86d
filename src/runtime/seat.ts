import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvaluationPriority, LlamaContextSequence, Token } from 'node-llama-cpp';
import { messageOf } from '../core/errors.ts';

/** A sequence of a context and its place in the batch. Its sequence changes when the context is made larger. */
export class Seat {
  sequence: LlamaContextSequence;
  /**
   * The engine hands this through to the schedule, which orders the batch by it. Its own schedules know 1 to 5; ours
   * takes any number.
   */
  readonly priority: EvaluationPriority;
  isTaken = false;
  /** The number of its last use among those of the window; 0 before the first. */
  lastUse = 0;

  constructor(sequence: LlamaContextSequence, index: number) {
    this.sequence = sequence;
    this.priority = (index + 1) as EvaluationPriority;
  }

  /** What the lane that has taken it reads before it answers; the sequence may not hold all of it yet. */
  reads: readonly Token[] = [];
  /** Resolves when all of that is read, or the lane has left. */
  hasRead: Promise<undefined> = Promise.resolve(undefined);

  /** How many tokens the sequence and `tokens` have in common at their beginning. */
  commonBeginning(tokens: readonly Token[]): number {
    return this.sequence.compareContextTokens([...tokens]).firstDifferentIndex;
  }

  /** Brings what the sequence has evaluated over to one of another context, which is empty. */
  async copyTo(other: LlamaContextSequence): Promise<void> {
    if (this.sequence.nextTokenIndex === 0) return;
    try {
      await this.#transferTo(other);
    } catch (error) {
      // The disk is full, or the model's memory has another layout. Evaluated again it is the same, only later.
      process.stderr.write(`a sequence is evaluated again, because of ${messageOf(error)}\n`);
      await other.clearHistory();
      await other.evaluateWithoutGeneratingNewTokens(this.sequence.contextTokens);
    }
  }

  /**
   * Brings the first `length` tokens over to another sequence of the same context, in place of what that holds. Where
   * that does not work the other is empty after it.
   */
  async forkTo(other: LlamaContextSequence, length: number): Promise<void> {
    try {
      await other.clearHistory();
      await this.#transferTo(other);
      await other.eraseContextTokenRanges([{ start: length, end: other.nextTokenIndex }]);
    } catch (error) {
      process.stderr.write(`a sequence is not forked, because of ${messageOf(error)}\n`);
      await other.clearHistory();
    }
  }

  /**
   * A file is the one way that the engine has from one sequence to another. For 400 tokens of a 0.5B model it takes 12 ms
   * where 2 heads hold the keys and values (5 MB), 40 ms where 16 do (39 MB).
   */
  async #transferTo(other: LlamaContextSequence): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'llm-playground-'));
    try {
      const file = join(folder, 'state');
      await this.sequence.saveStateToFile(file);
      await setStreams(file, this.sequence, other.context.totalSequences);
      await other.loadStateFromFile(file, { acceptRisk: true });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * llama.cpp refuses the state of a sequence from a context with another number of sequences, though only the number
 * itself differs: magic, version, the tokens' count, the tokens, the number of sequences, then for each the count of its
 * cells and the cells. Only one has any, and which one it was is not said; so for each that is new a count of 0 follows.
 * Source: `llama_kv_cache::state_write` of llama.cpp v0.4.0, read 2026-11-24.
 * @throws Error where the file looks otherwise.
 */
async function setStreams(path: string, sequence: LlamaContextSequence, streams: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const at = 12 + 4 * sequence.nextTokenIndex;
    const { totalSequences } = sequence.context;
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, at);
    if (sequence.needsCheckpoints || buffer.readUInt32LE() !== totalSequences)
      throw new Error('a state of another layout');
    buffer.writeUInt32LE(streams);
    await file.write(buffer, 0, 4, at);
    const { size } = await file.stat();
    await file.write(Buffer.alloc(4 * (streams - totalSequences)), 0, null, size);
  } finally {
    await file.close();
  }
}
