import {
  commands,
  Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import { labelsOf } from '../core/run/comparison.ts';
import type { Run } from '../core/store.ts';
import type { LaneView } from '../protocol.ts';

const scheme = 'llm-playground-answer';

/** Answers side by side in the editor's own diff, as documents that are nowhere on the disk. */
export class AnswerDiff implements Disposable, TextDocumentContentProvider {
  /** The texts of the documents that are open, by their URI. */
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registrations: Disposable;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#registrations = Disposable.from(
      this.#changed,
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
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
    await commands.executeCommand(
      'vscode.diff',
      this.#documentOf(left),
      this.#documentOf(right),
      `${left.label} ↔ ${right.label}`,
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  #documentOf({ run, label }: Answer): Uri {
    const uri = Uri.from({ scheme, path: `/${label.replaceAll('/', '∕')}.md`, query: run.id });
    this.#texts.set(uri.toString(), run.text);
    // A document that is open already may hold the beginning of an answer that has grown since.
    this.#changed.fire(uri);
    return uri;
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
