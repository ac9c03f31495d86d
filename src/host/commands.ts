import { type Disposable, type LogOutputChannel, Uri, window, workspace } from 'vscode';
import type { ConversationPanels } from './conversationPanels.ts';
import type { PromptEstimates } from './estimates.ts';
import type { ExactCounts } from './exactCounts.ts';
import type { Inspector } from './inspector.ts';
import type { LaneActions } from './laneActions.ts';
import type { CommandId } from './commandId.ts';
import { focusedSession, offerSample } from './focusedSession.ts';
import { promptLanguage } from './language.ts';
import type { ModelChoice } from './modelLines.ts';
import type { Panels } from './panels.ts';
import { registerHandlers } from './registerHandlers.ts';
import type { ScoreText } from './scoreText.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { placedVersionOf } from './versions/versionUri.ts';
import { pickTokenAction } from './tokenActions.ts';

interface CommandSurroundings {
  readonly extensionUri: Uri;
  readonly sessions: Sessions;
  readonly panels: Panels;
  readonly conversations: ConversationPanels;
  readonly actions: LaneActions;
  readonly inspector: Inspector;
  readonly scoreText: ScoreText;
  readonly models: ModelChoice;
  readonly estimates: PromptEstimates;
  readonly counts: ExactCounts;
  readonly log: LogOutputChannel;
}

/** Registers the commands. Those about a prompt take its URI, or else mean the prompt that has the focus. */
export function registerCommands({
  extensionUri,
  sessions,
  panels,
  conversations,
  actions,
  inspector,
  scoreText,
  models,
  estimates,
  counts,
  log,
}: CommandSurroundings): Disposable {
  const withSession =
    (action: (session: Session) => Promise<void> | void) =>
    async (uri?: Uri): Promise<void> => {
      const session = focusedSession({ sessions, panels }, uri);
      if (session) await action(session);
      else await offerSample('Open a .prompt file first.');
    };

  const handlers: Record<CommandId, (uri?: Uri) => unknown> = {
    'llmPlayground.run': withSession(async (session) => {
      panels.reveal(session);
      // A version runs with what its prompt ran with last, so that only the prompt differs.
      await session.run(placedVersionOf(session.uri) ? sessions.lastValues(session.uri) : undefined);
      // The form asks for values: the keyboard is wanted there.
      if (session.state.problem?.missing.length) panels.reveal(session, { focus: true });
    }),
    'llmPlayground.stop': withSession((session) => session.stop()),
    'llmPlayground.showPanel': withSession(async (session) => {
      panels.reveal(session);
      await session.show();
    }),
    'llmPlayground.reopenPanel': (kept?: unknown) => panels.replace(kept),
    'llmPlayground.compare': withSession(async (session) => {
      panels.reveal(session);
      await session.show();
      await actions.compare(session);
    }),
    'llmPlayground.addLane': withSession(async (session) => {
      panels.reveal(session);
      await session.show();
      await actions.addLane(session);
    }),
    'llmPlayground.addSelectionToChat': async () =>
      (await import('./attachments/attachActions.ts')).attachSelection(() => conversations.last()),
    'llmPlayground.newPrompt': async () => (await import('./language/newPrompt.ts')).newPrompt(extensionUri),
    'llmPlayground.openSample': () => openSample(extensionUri),
    'llmPlayground.inspectTokens': () => inspector.open(),
    'llmPlayground.scoreText': () => scoreText.score(),
    'llmPlayground.tokenActions': () => pickTokenAction(inspector, models),
    'llmPlayground.countExactly': async (uri) =>
      (await import('./countExactly.ts')).countExactly(
        { providers: models.providers, estimates, counts, log },
        uri,
      ),
    'llmPlayground.showLog': () => log.show(),
  };
  return registerHandlers(handlers);
}

/** Opens a copy of a prompt that ships with the extension, as a new file that can be run before it is saved. */
async function openSample(extensionUri: Uri): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'prompts', 'explain.prompt'));
  const document = await workspace.openTextDocument({
    language: promptLanguage,
    content: new TextDecoder().decode(bytes),
  });
  await window.showTextDocument(document);
}
