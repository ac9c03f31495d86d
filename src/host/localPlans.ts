import { asLlmError } from '../core/errors.ts';
import { formatBytes, formatCount } from '../core/format.ts';
import type { LocalRuntime, Plan } from '../node/localRuntime.ts';

/**
 * What local models would take if they were loaded, in words. Asking reads a file's header in the runtime's process, so it
 * is done for one model at a time, when somebody looks at it.
 */
export class LocalPlans {
  readonly #runtime: Pick<LocalRuntime, 'plan'>;
  readonly #known = new Map<string, string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(runtime: Pick<LocalRuntime, 'plan'>) {
    this.#runtime = runtime;
  }

  /** In short, as it was when it was last asked for; `undefined` before. */
  summaryOf(model: string): string | undefined {
    return this.#known.get(model);
  }

  /** In a sentence or two, as it is now; why it is not known is a sentence too. */
  async detailsOf(model: string, signal: AbortSignal): Promise<string> {
    const turn = this.#last.then(() => this.#runtime.plan(model, undefined, signal));
    this.#last = turn.catch(() => undefined);
    try {
      const plan = await turn;
      this.#known.set(model, planSummary(plan));
      return planDetails(plan);
    } catch (error) {
      return asLlmError(error).message;
    }
  }
}

/** `fits, 5.2 GB`, `fits, 29 of 33 layers on the card`, `too large: 40 GB of 12 GB free`. */
export function planSummary({ fits, ram, vram, gpuLayers, layers }: Plan): string {
  if (fits) {
    const where = gpuLayers === 0 ? formatBytes(ram.wanted) : `${gpuLayers} of ${layers} layers on the card`;
    return `fits, ${where}`;
  }
  const short = vram && vram.wanted > vram.free ? vram : ram;
  return `too large: ${formatBytes(short.wanted)} of ${formatBytes(short.free)} free`;
}

/** What it takes where, and which context there is room for. */
export function planDetails({
  fits,
  contextSize,
  ram,
  vram,
  gpuLayers,
  layers,
  fittingContext,
}: Plan): string {
  const of = ({ wanted, free }: Plan['ram'], what: string): string =>
    `${formatBytes(wanted)} of ${what}, of which ${formatBytes(free)} are free`;
  const needs = [
    ...(vram && vram.wanted > 0 ? [of(vram, 'graphics memory')] : []),
    ...(ram.wanted > 0 ? [of(ram, 'memory')] : []),
  ];
  const layersOnCard =
    vram === undefined
      ? ''
      : ` ${gpuLayers === 0 ? 'No layer' : gpuLayers === layers ? `All ${layers} layers` : `${gpuLayers} of ${layers} layers`} would be on the card.`;
  const context =
    fittingContext === undefined
      ? 'It does not fit: close other programs, or take a smaller quantization.'
      : `${fits ? '' : 'That does not fit. '}There is room for a context of about ${formatCount(fittingContext)} tokens.`;
  return `With a context of ${formatCount(contextSize)} tokens it takes about ${needs.join(' and ')}.${layersOnCard} ${context}`;
}
