import type { GenerationSettings, Warning } from '../../core/chat.ts';
import type { Family, ThinkingLevel } from './models.ts';

/** The `thinkingConfig` of a request; a model takes a budget or a level, and refuses the other. */
export interface Thinking {
  readonly includeThoughts: boolean;
  /** In tokens; 0 is none. */
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: ThinkingLevel;
}

type Effort = NonNullable<GenerationSettings['reasoningEffort']>;

/** Tokens to reason with, where a model takes a budget. */
const budgets = { none: 0, low: 1024, medium: 8192, high: 24_576 } as const satisfies Record<Effort, number>;

/** The levels to ask for, the best first; a model that has none of them gets its highest. */
const levels = {
  none: ['MINIMAL', 'LOW'],
  low: ['LOW'],
  medium: ['MEDIUM', 'HIGH'],
  high: ['HIGH'],
} as const satisfies Record<Effort, readonly ThinkingLevel[]>;

/**
 * How a model is asked to reason: always so that its thoughts stream, where it has any. Absent for a model that does not
 * reason; the warnings say where it will do otherwise than it was asked.
 */
export function thinkingOf(
  model: string,
  { thinking }: Pick<Family, 'thinking'>,
  effort: Effort | undefined,
): { readonly config?: Thinking; readonly warnings: readonly Warning[] } {
  const differs = (message: string): Warning[] => [
    { subject: 'reasoningEffort', message: `${model} ${message}` },
  ];
  if (thinking.by === 'none') return { warnings: [] };
  if (effort === undefined) return { config: { includeThoughts: true }, warnings: [] };

  if (thinking.by === 'budget') {
    const budget = Math.min(Math.max(budgets[effort], thinking.least), thinking.most);
    return {
      config: { includeThoughts: budget > 0, thinkingBudget: budget },
      warnings:
        effort === 'none' && budget > 0
          ? differs('cannot leave out its reasoning; it reasons a little.')
          : [],
    };
  }

  const level = levels[effort].find((each) => thinking.levels.includes(each)) ?? 'HIGH';
  return {
    config: { includeThoughts: true, thinkingLevel: level },
    warnings:
      effort === 'none'
        ? differs('cannot leave out its reasoning; it reasons as little as it can.')
        : level.toLowerCase() === effort
          ? []
          : differs(`has no ${effort} effort; it was told ${level.toLowerCase()}.`),
  };
}
