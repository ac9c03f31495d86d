import { commands, window } from 'vscode';
import { type Diffable, diffables } from '../core/run/diffable.ts';
import type { LaneView } from '../protocol.ts';
import type { AnswerDocuments } from './answerDocuments.ts';

/** Answers side by side in the editor's own diff. */
export class AnswerDiff {
  readonly #documents: AnswerDocuments;

  constructor(documents: AnswerDocuments) {
    this.#documents = documents;
  }

  /**
   * Shows how two answers differ, and asks for those that are not given where there is a choice. Samples of one lane are answers
   * of their own.
   * @param laneId the lane whose shown answer is one of the two
   */
  async show(lanes: readonly LaneView[], laneId?: string): Promise<void> {
    const answers = diffables(lanes);
    if (answers.length < 2) {
      void window.showInformationMessage(
        'There is nothing to compare yet. Run at least two lanes, or one with several samples, first.',
      );
      return;
    }
    const left =
      answers.find((answer) => answer.laneId === laneId && answer.isShown) ??
      (await choose(answers, 'Compare Which Answer?'));
    const isBeside = ({ laneId }: Diffable): boolean => laneId === left?.laneId;
    const others = answers.filter((answer) => answer !== left);
    // What stands in the same lane is what is paged through there.
    const right =
      left &&
      (await choose(
        [...others.filter(isBeside), ...others.filter((answer) => !isBeside(answer))],
        `Compare ${left.label} with Which?`,
      ));
    if (!left || !right) return;
    const documentOf = ({ run, label }: Diffable) => this.#documents.of(`${label}.md`, run.id, run.text);
    await commands.executeCommand(
      'vscode.diff',
      documentOf(left),
      documentOf(right),
      `${left.label} ↔ ${right.label}`,
    );
  }
}

/** The only one, or the one that the user picks. */
async function choose(answers: readonly Diffable[], title: string): Promise<Diffable | undefined> {
  if (answers.length <= 1) return answers[0];
  const items = answers.map((answer) => ({
    answer,
    label: answer.label,
    detail: answer.run.text.slice(0, 120).replaceAll(/\s+/g, ' '),
  }));
  return (await window.showQuickPick(items, { title }))?.answer;
}
