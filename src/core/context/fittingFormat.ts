import * as z from 'zod/mini';
import { type Fitting, mostTurns } from './fitting.ts';

const turns = z.int().check(z.minimum(1), z.maximum(mostTurns));

/** A strategy as it stands in the history and in files. */
export const fittingSchema = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('all') }),
  z.object({ strategy: z.literal('drop-oldest') }),
  z.object({ strategy: z.literal('last'), turns }),
  z.object({ strategy: z.literal('summary'), modelId: z.nullable(z.string()) }),
  z.object({ strategy: z.literal('relevant'), turns, modelId: z.string() }),
]);

/** A strategy that was written down; `undefined` for what is none, such as that of a newer version. */
export function fittingOf(json: string): Fitting | undefined {
  try {
    return fittingSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
