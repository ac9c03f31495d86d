import { commands, window } from 'vscode';
import { labelsOf } from '../core/run/comparison.ts';
import type { Run } from '../core/store.ts';
import type { LaneView } from '../protocol.ts';
import type { AnswerDocuments } from './answerDocuments.ts';

/** Answers side by side in the editor's own diff. */
export class AnswerDiff {
  readonly #documents: AnswerDocuments;

  constructor(documents: AnswerDocuments) {
    this.#documents = documents;
  }

  /** Shows how two answers differ, and asks for those that are not given where there is a choice. */
  async show(lanes: readonly LaneView[], laneId?: string): Promise<void> {
    const runs = lanes.flatMap(({ id, run }) => (run && run.text !== '' ? [{ id, run }] : []));
    if (runs.length < 2) {
      void window.showInformationMessage('There is nothing to compare yet. Run at least two lanes first.');
      return;
    }
    const labels = labelsOf(runs.map(({ run }) => run));
    const answers = runs.map(({ id, run }, index) => ({ id, run, label: labels[index] ?? id }));
    const left = answers.find(({ id }) => id === laneId) ?? (await choose(answers, 'Compare Which Answer?'));
    const others = answers.filter((answer) => answer !== left);
    const right = left && (await choose(others, `Compare ${left.label} with Which?`));
    if (!left || !right) return;
    const documentOf = ({ run, label }: Answer) => this.#documents.of(`${label}.md`, run.id, run.text);
    await commands.executeCommand(
      'vscode.diff',
      documentOf(left),
      documentOf(right),
      `${left.label} ↔ ${right.label}`,
    );
  }
}

interface Answer {
  readonly id: string;
  readonly run: Run;
  readonly label: string;
}

/** The only one, or the one that the user picks. */
async function choose(answers: readonly Answer[], title: string): Promise<Answer | undefined> {
  if (answers.length <= 1) return answers[0];
  const items = answers.map((answer) => ({
    answer,
    label: answer.label,
    detail: answer.run.text.slice(0, 120).replaceAll(/\s+/g, ' '),
  }));
  return (await window.showQuickPick(items, { title }))?.answer;
}
