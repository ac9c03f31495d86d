import {
  CodeLens,
  type CodeLensProvider,
  Disposable,
  languages,
  Range,
  type TextDocument,
  type Event,
  EventEmitter,
  type Uri,
  workspace,
} from 'vscode';
import type { CommandId } from './commandId.ts';
import type { EstimateCommandId, PromptEstimates } from './estimates.ts';
import { promptLanguage } from './language.ts';
import type { Sessions } from './sessions.ts';
import type { PromptVersions } from './versions/promptVersions.ts';
import type { VersionCommandId } from './versions/versionCommands.ts';
import { placedVersionOf } from './versions/versionUri.ts';

/** The line above a prompt file: Run, or what can be done with the run that is under way. */
export class RunLens implements CodeLensProvider, Disposable {
  readonly #sessions: Sessions;
  readonly #versions: PromptVersions;
  readonly #estimates: PromptEstimates;
  readonly #changed = new EventEmitter<void>();
  readonly #registrations: Disposable;

  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(sessions: Sessions, versions: PromptVersions, estimates: PromptEstimates) {
    this.#sessions = sessions;
    this.#versions = versions;
    this.#estimates = estimates;
    this.#registrations = Disposable.from(
      this.#changed,
      languages.registerCodeLensProvider({ language: promptLanguage }, this),
      sessions.onRunningChanged(() => this.#changed.fire()),
      versions.onDidChange(() => this.#changed.fire()),
      estimates.onDidChange(() => this.#changed.fire()),
      workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
    );
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const lens = (
      title: string,
      command: CommandId | VersionCommandId | EstimateCommandId,
      tooltip: string,
    ): CodeLens => new CodeLens(new Range(0, 0, 0, 0), { title, command, tooltip, arguments: [uri] });

    if (this.#sessions.of(uri).isRunning) {
      return [
        lens('$(debug-stop) Stop', 'llmPlayground.stop', 'Stop the run; its text is kept'),
        lens('Show', 'llmPlayground.showPanel', 'Show the run in its panel'),
      ];
    }
    return workspace.isTrusted
      ? [
          lens('$(play) Run', 'llmPlayground.run', 'Run this prompt and stream the answer beside it'),
          lens('Compare', 'llmPlayground.compare', 'Run this prompt on several models side by side'),
          lens('Show panel', 'llmPlayground.showPanel', 'Show the variables and the last run'),
          ...this.#estimateOf(uri).map((title) =>
            lens(title, 'llmPlayground.showEstimate', 'Show where the tokens come from and what they cost'),
          ),
          ...this.#changesOf(uri).map((title) =>
            lens(title, 'llmPlayground.showVersions', 'Show the versions of this prompt'),
          ),
        ]
      : [
          lens(
            '$(shield) Trust this workspace to run',
            'llmPlayground.run',
            'Shows why, and where to trust it',
          ),
        ];
  }

  /** `312 tokens · ≈ $0.0008`, as soon as that is known. */
  #estimateOf(uri: Uri): string[] {
    const label = this.#estimates.labelOf(uri);
    return label === undefined ? [] : [label];
  }

  /** `2 changes since v1.3`, as soon as that is known; nothing where there are none. */
  #changesOf(uri: Uri): string[] {
    const changes = placedVersionOf(uri) ? undefined : this.#versions.knownChangesSince(uri);
    if (!changes || changes.count === 0) return [];
    return [`${changes.count} ${changes.count === 1 ? 'change' : 'changes'} since ${changes.since}`];
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}
