import { Disposable, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import type { PartialLoader } from '../../core/prompt/partials.ts';
import { promptLanguage } from '../language.ts';
import { promptSourceOf } from '../promptSource.ts';
import type { ModelList } from './modelList.ts';

interface Kept {
  readonly version: number;
  readonly analysis: Promise<PromptAnalysis>;
}

/** The analysis of every open prompt, made at first need and once for each version of its text. */
export class Analyses implements Disposable {
  readonly #models: ModelList;
  readonly #kept = new Map<string, Kept>();
  /** The last ones of texts that parse. */
  readonly #read = new Map<string, PromptAnalysis>();
  readonly #outdated = new EventEmitter<void>();
  readonly #registrations: Disposable;

  /** What prompts depend on has changed: a partial, or what is known of the models. */
  readonly onDidOutdate = this.#outdated.event;

  constructor(models: ModelList) {
    this.#models = models;
    const partials = workspace.createFileSystemWatcher('**/_*.prompt');
    this.#registrations = Disposable.from(
      this.#outdated,
      partials,
      partials.onDidCreate(() => this.#outdate()),
      partials.onDidChange(() => this.#outdate()),
      partials.onDidDelete(() => this.#outdate()),
      models.onDidChange(() => this.#outdate()),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === promptLanguage && /\/_[^/]*$/.test(document.uri.path)) this.#outdate();
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#kept.delete(uri.toString());
        this.#read.delete(uri.toString());
      }),
    );
  }

  /** The analysis of a document as it stands. */
  of(document: TextDocument): Promise<PromptAnalysis> {
    const key = document.uri.toString();
    const kept = this.#kept.get(key);
    if (kept?.version === document.version) return kept.analysis;
    const analysis = this.#analyze(document, kept?.analysis);
    this.#kept.set(key, { version: document.version, analysis });
    return analysis;
  }

  /**
   * The same for one who is writing: while the text does not parse, it has the variables of the last text that did.
   */
  async ofUnfinished(document: TextDocument): Promise<PromptAnalysis> {
    const analysis = await this.of(document);
    const fields = isRead(analysis) ? undefined : this.#read.get(document.uri.toString())?.fields;
    return fields ? { ...analysis, fields } : analysis;
  }

  dispose(): void {
    this.#registrations.dispose();
    this.#kept.clear();
    this.#read.clear();
  }

  async #analyze(
    document: TextDocument,
    before: Promise<PromptAnalysis> | undefined,
  ): Promise<PromptAnalysis> {
    const text = document.getText();
    // The parsers take 100 ms to load, which the start of the window must not wait for.
    const [{ analyzePrompt, unreadPrompt }, { PromptError }] = await Promise.all([
      import('../../core/prompt/analysis.ts'),
      import('../../core/prompt/problems.ts'),
    ]);
    let partials: PartialLoader;
    try {
      ({ partials } = await promptSourceOf(document.uri));
    } catch (error) {
      if (error instanceof PromptError) return unreadPrompt(error.problem);
      throw error;
    }
    const previous = await before?.catch(() => undefined);
    const analysis = await analyzePrompt(text, { partials, providers: this.#models.known }, previous);
    if (isRead(analysis) && !document.isClosed) this.#read.set(document.uri.toString(), analysis);
    // The one provider that the prompt names is asked for its list; the answer outdates this analysis.
    const provider = /^([^/]+)\//.exec(analysis.prompt.frontMatter.model ?? '')?.[1];
    if (provider !== undefined) void this.#models.request(provider);
    return analysis;
  }

  #outdate(): void {
    for (const [key, { analysis }] of this.#kept) this.#kept.set(key, { version: -1, analysis });
    this.#outdated.fire();
  }
}

function isRead({ prompt, template }: PromptAnalysis): boolean {
  return template.program !== undefined && prompt.problems.every(({ severity }) => severity === 'warning');
}
