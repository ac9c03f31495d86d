import {
  Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  Disposable,
  languages,
  type LogOutputChannel,
  type TextDocument,
  workspace,
} from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { PromptProblem } from '../../core/prompt/problems.ts';
import { promptLanguage } from '../language.ts';
import { versionScheme } from '../versions/versionUri.ts';
import type { Analyses } from './analyses.ts';
import { rangeOf } from './positions.ts';

/** How long the keyboard must rest before problems are looked for, in ms. */
const restMs = 150;

/** Underlines what is wrong with the prompts that are open. */
export class Diagnostics implements Disposable {
  readonly #analyses: Analyses;
  readonly #log: LogOutputChannel;
  readonly #collection = languages.createDiagnosticCollection(promptLanguage);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #registrations: Disposable;

  constructor(analyses: Analyses, log: LogOutputChannel) {
    this.#analyses = analyses;
    this.#log = log;
    this.#registrations = Disposable.from(
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#schedule(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      analyses.onDidOutdate(() => this.#scheduleAll()),
    );
    this.#scheduleAll();
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#registrations.dispose();
  }

  #scheduleAll(): void {
    for (const document of workspace.textDocuments) this.#schedule(document);
  }

  #schedule(document: TextDocument): void {
    // The other side of a diff and a version are history: nothing in them can be put right.
    const { scheme } = document.uri;
    if (document.languageId !== promptLanguage || scheme === 'git' || scheme === versionScheme) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#refresh(document);
      }, restMs),
    );
  }

  async #refresh(document: TextDocument): Promise<void> {
    const { version } = document;
    try {
      const { problems } = await this.#analyses.of(document);
      // What has been typed meanwhile is on its way here.
      if (document.isClosed || document.version !== version) return;
      this.#collection.set(
        document.uri,
        problems.map((problem) => diagnosticOf(document, problem)),
      );
    } catch (error) {
      this.#log.error(`${document.uri.path} could not be checked: ${messageOf(error)}`);
    }
  }

  #forget({ uri }: TextDocument): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#collection.delete(uri);
  }
}

function diagnosticOf(document: TextDocument, problem: PromptProblem): Diagnostic {
  const severity = problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  const diagnostic = new Diagnostic(rangeOf(document, problem), problem.message, severity);
  diagnostic.source = 'LLM Playground';
  if (problem.code !== undefined) diagnostic.code = problem.code;
  if (problem.code === 'unused-variable' || problem.code === 'unused-default') {
    diagnostic.tags = [DiagnosticTag.Unnecessary];
  }
  return diagnostic;
}
