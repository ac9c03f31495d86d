import { commands, Disposable, Uri, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { ConvertSurroundings } from './convertActions.ts';
import { lazily } from './lazily.ts';

/** The commands that take prompts in from other tools and hand them out. */
export type ConvertCommandId =
  'llmPlayground.importPrompt' | 'llmPlayground.exportPrompt' | 'llmPlayground.viewCode';

/** Registers them. They take a file's URI, or else mean the file that has the focus. */
export function registerConvertCommands(surroundings: ConvertSurroundings): Disposable {
  const converting = lazily(async () => {
    const { ConvertActions } = await import('./convertActions.ts');
    return new ConvertActions(surroundings);
  });
  const handlers: Record<ConvertCommandId, (uri?: Uri, choice?: unknown) => Promise<void>> = {
    'llmPlayground.importPrompt': async (uri) => (await converting()).importPrompt(uri),
    'llmPlayground.exportPrompt': async (uri) => (await converting()).exportPrompt(uri),
    'llmPlayground.viewCode': async (uri, choice) => (await converting()).viewCode(uri, choice),
  };
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) =>
      commands.registerCommand(id, async (uri?: Uri, choice?: unknown) => {
        try {
          await handler(uri instanceof Uri ? uri : undefined, choice);
        } catch (error) {
          void window.showErrorMessage(messageOf(error));
        }
      }),
    ),
  );
}
