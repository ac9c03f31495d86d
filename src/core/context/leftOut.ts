import type { Message } from '../chat.ts';
import type { Fitting } from './fitting.ts';
import { type Turn, turnsOf } from './turns.ts';

/** A request and how long it is. All counts are tokens. */
export interface Measured {
  readonly messages: readonly Message[];
  /** How many of them are the prompt's own, which are always sent. */
  readonly promptMessages: number;
  /** What each message takes, with its share of what the model puts around them. */
  readonly tokens: readonly number[];
  /** What is sent beside the messages. */
  readonly fixed: number;
  /** How much the input may be, so that an answer has room; absent where the window is not known. */
  readonly limit?: number;
}

/** What a strategy goes by beside the lengths. */
export interface LeftOutOptions {
  /** How like each turn but the last is to what is asked, in their order; for the strategy `relevant`. */
  readonly likeness?: readonly number[];
  /** How many messages a summary stands for, from the first on; none where there is none yet. */
  readonly summarised?: number;
  /** What that summary takes. */
  readonly summaryTokens?: number;
}

export interface LeftOut {
  /** The places of the messages that are not sent, in their order. */
  readonly places: readonly number[];
  /**
   * Present where a summary is wanted of more than is summarised: the messages before this place. Those stand among
   * `places` already.
   */
  readonly summariseTo?: number;
}

/**
 * What of a request is left out. The prompt's own messages and the last turn never are, even where they do not fit by
 * themselves.
 */
export function leftOut(fitting: Fitting, measured: Measured, options: LeftOutOptions = {}): LeftOut {
  const turns = turnsOf(measured.messages, measured.promptMessages);
  switch (fitting.strategy) {
    case 'all':
      return nothing;
    case 'drop-oldest':
      return { places: placesOf(oldest(turns, measured)) };
    case 'last':
      return { places: placesOf(turns.slice(0, -fitting.turns)) };
    case 'summary':
      return summarised(turns, measured, options);
    case 'relevant':
      return { places: placesOf(unlike(turns, measured, fitting.turns, options.likeness ?? [])) };
    default:
      return fitting satisfies never;
  }
}

const nothing: LeftOut = { places: [] };

/** As many of the oldest turns as must go. */
function oldest(turns: readonly Turn[], measured: Measured): readonly Turn[] {
  const over = excess(measured);
  let [freed, count] = [0, 0];
  while (freed < over && count < turns.length - 1) freed += lengthOf(turns[count++], measured);
  return turns.slice(0, count);
}

/** All turns before the last but those that are most like it, and of those the least like ones that do not fit. */
function unlike(
  turns: readonly Turn[],
  measured: Measured,
  wanted: number,
  likeness: readonly number[],
): readonly Turn[] {
  const earlier = turns.slice(0, -1);
  const ranked = earlier
    .map((turn, index) => ({ turn, index, likeness: likeness[index] ?? 0 }))
    .toSorted((one, other) => other.likeness - one.likeness || other.index - one.index);
  const out = new Set(ranked.slice(wanted).map(({ turn }) => turn));
  const kept = ranked.slice(0, wanted).map(({ turn }) => turn);
  let over =
    excess(measured) - earlier.reduce((sum, turn) => sum + (out.has(turn) ? lengthOf(turn, measured) : 0), 0);
  while (over > 0) {
    const least = kept.pop();
    if (!least) break;
    out.add(least);
    over -= lengthOf(least, measured);
  }
  return earlier.filter((turn) => out.has(turn));
}

/**
 * The turns that are summarised already. Where what is left does not fit, so many more are to be that half of the limit is
 * free again: otherwise the next turn would ask for another summary.
 */
function summarised(
  turns: readonly Turn[],
  measured: Measured,
  { summarised: end = 0, summaryTokens = 0 }: LeftOutOptions,
): LeftOut {
  const earlier = turns.slice(0, -1);
  const known = earlier.filter(({ to }) => to <= end);
  const freed = known.reduce((sum, turn) => sum + lengthOf(turn, measured), 0);
  const over = excess(measured) - freed + (known.length > 0 ? summaryTokens : 0);
  if (over <= 0 || known.length === earlier.length) return { places: placesOf(known) };
  const wanted = over + (measured.limit ?? 0) / 2;
  let [more, count] = [0, known.length];
  while (more < wanted && count < earlier.length) more += lengthOf(earlier[count++], measured);
  const all = earlier.slice(0, count);
  return { places: placesOf(all), summariseTo: all.at(-1)?.to ?? 0 };
}

/** How many tokens are too many; negative where there is room, and where the window is not known. */
function excess({ tokens, fixed, limit = Infinity }: Measured): number {
  return tokens.reduce((sum, count) => sum + count, fixed) - limit;
}

function lengthOf(turn: Turn | undefined, { tokens }: Measured): number {
  return turn ? tokens.slice(turn.from, turn.to).reduce((sum, count) => sum + count, 0) : 0;
}

function placesOf(turns: readonly Turn[]): readonly number[] {
  return turns.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
}
