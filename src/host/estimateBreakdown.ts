import { commands, type LogOutputChannel, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { PromptEstimate } from '../core/tokens/estimate.ts';
import {
  breakdownOf,
  type BreakdownLine,
  type BreakdownSection,
  byCost,
  modelLine,
  type PromptPast,
} from '../core/usage/estimateLabel.ts';

/** What a breakdown shows. */
export interface ShownEstimate {
  /** One for each lane. */
  readonly runs: readonly PromptEstimate[];
  /** Of the first one. */
  readonly past: PromptPast;
  /** The same prompt on the other models that are set up, which may have to be asked for their list. */
  readonly others: () => Promise<readonly PromptEstimate[]>;
}

interface Row extends QuickPickItem {
  readonly act?: () => unknown;
}

/** Shows an estimate as a list that can be searched. What is still being worked out stops when the list is closed. */
export async function showEstimate(
  estimate: (signal: AbortSignal) => Promise<ShownEstimate>,
  log: LogOutputChannel,
): Promise<void> {
  const closed = new AbortController();
  const pick = window.createQuickPick<Row>();
  pick.title = 'Tokens and cost of this prompt';
  pick.placeholder = 'Search the breakdown';
  pick.matchOnDescription = true;
  pick.busy = true;
  pick.onDidHide(() => {
    closed.abort();
    pick.dispose();
  });
  pick.onDidAccept(() => {
    const [row] = pick.selectedItems;
    pick.hide();
    row?.act?.();
  });
  pick.show();
  try {
    const { runs, past, others } = await estimate(closed.signal);
    const own = runs.flatMap((run, index) => rowsOf(breakdownOf(run, index === 0 ? past : {})));
    pick.items = [...own, ...actions];
    const compared = [...(await others())].sort(byCost);
    if (closed.signal.aborted) return;
    pick.items = [
      ...own,
      ...rowsOf([{ title: 'On other models', lines: compared.map(modelLine) }]),
      ...actions,
    ];
  } catch (error) {
    if (closed.signal.aborted) return;
    log.warn(`The prompt was not estimated: ${messageOf(error)}`);
    pick.items = [
      ...pick.items,
      { label: '$(warning) Not estimated', detail: messageOf(error), alwaysShow: true },
    ];
  }
  pick.busy = false;
}

const actions: readonly Row[] = [
  separator('More'),
  {
    label: '$(cloud-upload) Count exactly with the provider…',
    act: () => commands.executeCommand('llmPlayground.countExactly'),
  },
  {
    label: '$(graph) Show what was used',
    act: () => commands.executeCommand('llmPlayground.usage.focus'),
  },
  {
    label: '$(settings-gear) Set a budget',
    act: () => commands.executeCommand('workbench.action.openSettings', 'llmPlayground.budget'),
  },
];

function rowsOf(sections: readonly BreakdownSection[]): Row[] {
  return sections.flatMap(({ title, lines }) =>
    lines.length === 0 ? [] : [separator(title), ...lines.map(rowOf)],
  );
}

function rowOf({ label, figure, detail }: BreakdownLine): Row {
  return { label, description: figure, ...(detail === undefined ? {} : { detail }) };
}

function separator(label: string): Row {
  return { label, kind: QuickPickItemKind.Separator };
}
