import { type LogOutputChannel, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { PromptEstimate } from '../core/tokens/estimate.ts';
import { type BudgetLimits, budgetVerdict, hasLimits, type Spending } from '../core/usage/budget.ts';
import { Blocked } from './blocked.ts';

export interface BudgetSurroundings {
  /** What this month's runs have cost. @throws Error when the history cannot be read. */
  readonly spending: () => Spending;
  /** What runs will take and cost; one that cannot start anyway is left out. */
  readonly estimates: (runs: readonly PreparedRun[]) => Promise<readonly PromptEstimate[]>;
  /** Whether a run may be too long for its window, as far as its length tells; only then it is counted. */
  readonly mayOverflow: (run: PreparedRun) => Promise<boolean>;
  readonly log: LogOutputChannel;
}

/** The budget of the user's settings. */
export function readBudget(): BudgetLimits {
  const configuration = workspace.getConfiguration('llmPlayground.budget');
  const limit = (name: string): number | undefined => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'number' && value >= 0 ? value : undefined;
  };
  const limits = {
    perRun: limit('perRun'),
    perMonth: limit('perMonth'),
    tokensPerRun: limit('tokensPerRun'),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Holds runs to the budget. */
export class Budget {
  readonly #surroundings: BudgetSurroundings;
  /** Models of unknown price with which the user has said to run. */
  readonly #accepted = new Set<string>();
  /** What the user was warned of, once. */
  readonly #warned = new Set<string>();

  constructor(surroundings: BudgetSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Lets runs start, or not. Where there is no budget, only those are counted that may be too long for their window.
   * @throws Blocked when they may not start.
   */
  async hold(runs: readonly PreparedRun[]): Promise<void> {
    const { estimates, mayOverflow } = this.#surroundings;
    const isLimited = hasLimits(readBudget());
    const overflows = isLimited ? [] : await Promise.all(runs.map(mayOverflow));
    const checked = isLimited ? runs : runs.filter((_, index) => overflows[index]);
    if (checked.length === 0 || (await this.confirmRun(await estimates(checked)))) return;
    throw new Blocked({
      message: isLimited ? 'Not run, to keep to the budget.' : 'Not run: it is too long for its model.',
      missing: [],
      ...(isLimited ? { action: 'open-settings' as const } : {}),
    });
  }

  /** Whether runs may start, all of them or none. Asks the user where the budget says so. */
  async confirmRun(estimates: readonly PromptEstimate[]): Promise<boolean> {
    const verdict = budgetVerdict(readBudget(), this.#spending(), estimates, this.#accepted);
    switch (verdict.type) {
      case 'go':
        if (verdict.warning !== undefined) this.#warn('month', verdict.warning);
        return true;
      case 'ask': {
        const isConfirmed = await confirmed('Run all the same?', verdict.reasons.join('\n\n'), 'Run');
        if (isConfirmed) for (const { modelId, cost } of estimates) if (!cost) this.#accepted.add(modelId);
        return isConfirmed;
      }
      case 'stop':
        return confirmed('The month’s budget is used up', verdict.message, 'Run Anyway Once');
      default:
        return verdict satisfies never;
    }
  }

  #spending(): Spending {
    try {
      return this.#surroundings.spending();
    } catch (error) {
      // A run is not refused because the history cannot be read, but the user is told.
      this.#surroundings.log.warn(messageOf(error));
      this.#warn('unknown', 'What this month’s runs have cost is not known, so the budget cannot be held.');
      return { cost: 0, unpricedRuns: 0 };
    }
  }

  #warn(about: 'month' | 'unknown', warning: string): void {
    if (this.#warned.has(about)) return;
    this.#warned.add(about);
    void window.showWarningMessage(warning);
  }
}

async function confirmed(question: string, detail: string, answer: string): Promise<boolean> {
  return (await window.showWarningMessage(question, { modal: true, detail }, answer)) === answer;
}
