import {
  CodeLens,
  type CodeLensProvider,
  Disposable,
  languages,
  Range,
  type TextDocument,
  type Event,
  EventEmitter,
  workspace,
} from 'vscode';
import type { CommandId } from './commands.ts';
import { promptLanguage } from './language.ts';
import type { Sessions } from './sessions.ts';

/** The line above a prompt file: Run, or what can be done with the run that is under way. */
export class RunLens implements CodeLensProvider, Disposable {
  readonly #sessions: Sessions;
  readonly #changed = new EventEmitter<void>();
  readonly #registrations: Disposable;

  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#registrations = Disposable.from(
      this.#changed,
      languages.registerCodeLensProvider({ language: promptLanguage }, this),
      sessions.onRunningChanged(() => this.#changed.fire()),
      workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
    );
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const lens = (title: string, command: CommandId, tooltip: string): CodeLens =>
      new CodeLens(new Range(0, 0, 0, 0), { title, command, tooltip, arguments: [uri] });

    if (this.#sessions.of(uri).isRunning) {
      return [
        lens('$(debug-stop) Stop', 'llmPlayground.stop', 'Stop the run; its text is kept'),
        lens('Show', 'llmPlayground.showPanel', 'Show the run in its panel'),
      ];
    }
    return workspace.isTrusted
      ? [
          lens('$(play) Run', 'llmPlayground.run', 'Run this prompt and stream the answer beside it'),
          lens('Show panel', 'llmPlayground.showPanel', 'Show the variables and the last run'),
        ]
      : [
          lens(
            '$(shield) Trust this workspace to run',
            'llmPlayground.run',
            'Shows why, and where to trust it',
          ),
        ];
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}
