import { type QuickPickItem, window } from 'vscode';
import { type Fitting, fittingLabel, mostTurns } from '../core/context/fitting.ts';
import type { ModelChoice } from './modelLines.ts';

interface StrategyItem extends QuickPickItem {
  readonly strategy: Fitting['strategy'];
}

const strategies: readonly StrategyItem[] = [
  {
    strategy: 'all',
    label: 'Send Everything',
    detail: 'Every message is sent each time. What does not fit is told before it is sent.',
  },
  {
    strategy: 'drop-oldest',
    label: 'Leave Out the Oldest Turns',
    detail: 'As few as must be, once the conversation no longer fits its window.',
  },
  {
    strategy: 'last',
    label: 'Send the Last Turns…',
    detail: 'A window of so many turns that slides along. Cheap, and the model forgets.',
  },
  {
    strategy: 'summary',
    label: 'Summarise Older Turns…',
    detail: 'Once they no longer fit, a model writes a summary, which you can read and change.',
  },
  {
    strategy: 'relevant',
    label: 'Send the Most Relevant Turns…',
    detail: 'Those earlier turns that are most like the question, by the embeddings of a model.',
  },
];

/** Asks how a conversation is made to fit; `undefined` when the user turns away. */
export async function askForFitting(current: Fitting, models: ModelChoice): Promise<Fitting | undefined> {
  const title = 'What Is Sent of the Conversation?';
  const items = strategies.map((item) =>
    item.strategy === current.strategy ? { ...item, description: `in use: ${fittingLabel(current)}` } : item,
  );
  const picked = await window.showQuickPick(items, { title, matchOnDetail: true });
  if (!picked) return undefined;
  switch (picked.strategy) {
    case 'all':
    case 'drop-oldest':
      return { strategy: picked.strategy };
    case 'last': {
      const turns = await askForTurns(
        'How many turns are sent, the new one among them?',
        turnsOf(current, 4),
      );
      return turns === undefined ? undefined : { strategy: 'last', turns };
    }
    case 'summary':
      return askForSummariser(current, models);
    case 'relevant':
      return askForRelevance(current, models);
    default:
      return picked.strategy satisfies never;
  }
}

async function askForSummariser(current: Fitting, models: ModelChoice): Promise<Fitting | undefined> {
  const { pickModel } = await import('./modelPicker.ts');
  const own = { label: 'The Model That Is Talked To', isOwn: true };
  const other = { label: 'Another Model…', isOwn: false };
  const picked = await window.showQuickPick([own, other], { title: 'Who Writes the Summary?' });
  if (!picked) return undefined;
  if (picked.isOwn) return { strategy: 'summary', modelId: null };
  const before = current.strategy === 'summary' ? (current.modelId ?? undefined) : undefined;
  const modelId = await pickModel(models, before, 'Who Writes the Summary?');
  return modelId === undefined ? undefined : { strategy: 'summary', modelId };
}

async function askForRelevance(current: Fitting, models: ModelChoice): Promise<Fitting | undefined> {
  // Before the first question: while it is read between two of them, the panel takes the focus back and closes the second.
  const { pickModel } = await import('./modelPicker.ts');
  const turns = await askForTurns('How many earlier turns are sent?', turnsOf(current, 4));
  if (turns === undefined) return undefined;
  const before = current.strategy === 'relevant' ? current.modelId : undefined;
  const modelId = await pickModel(models, before, 'Whose Embeddings Say What Is Relevant?');
  return modelId === undefined ? undefined : { strategy: 'relevant', turns, modelId };
}

async function askForTurns(prompt: string, value: number): Promise<number | undefined> {
  const typed = await window.showInputBox({
    prompt,
    value: String(value),
    validateInput: (text) => (isTurns(text) ? undefined : `Write a whole number from 1 to ${mostTurns}.`),
  });
  return typed === undefined ? undefined : Number(typed);
}

function isTurns(text: string): boolean {
  const turns = Number(text);
  return text.trim() !== '' && Number.isInteger(turns) && turns >= 1 && turns <= mostTurns;
}

function turnsOf(fitting: Fitting, fallback: number): number {
  return 'turns' in fitting ? fitting.turns : fallback;
}
