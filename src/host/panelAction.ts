import {
  commands,
  type LogOutputChannel,
  Position,
  Range,
  Selection,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { PanelAction } from '../protocol.ts';
import type { Session } from './session.ts';

/** Does what a button of a session's panel asks for. */
export async function actOn(
  session: Session,
  action: PanelAction,
  log: Pick<LogOutputChannel, 'show'>,
): Promise<void> {
  switch (action) {
    case 'open-prompt': {
      const position = session.state.problem?.position;
      const document = await workspace.openTextDocument(session.uri);
      const editor = await window.showTextDocument(document, { viewColumn: ViewColumn.One });
      if (position) {
        const start = document.validatePosition(new Position(position.line - 1, position.column - 1));
        editor.selection = new Selection(start, start);
        editor.revealRange(new Range(start, start));
      }
      return;
    }
    case 'open-settings':
      return commands.executeCommand('workbench.action.openSettings', 'llmPlayground');
    case 'set-api-key':
      return commands.executeCommand('llmPlayground.setApiKey', providerRefused(session));
    case 'show-log':
      log.show();
      return;
    case 'manage-trust':
      return commands.executeCommand('workbench.trust.manage');
    default:
      action satisfies never;
  }
}

/** The provider that refused a run for its key; `undefined` where several did, so that the user chooses. */
function providerRefused(session: Session): string | undefined {
  const refused = session.state.lanes.flatMap(({ run }) =>
    run?.outcome.status === 'failed' && run.outcome.error.kind === 'auth' ? run.modelId : [],
  );
  const providers = new Set(refused.map((modelId) => modelId.slice(0, modelId.indexOf('/'))));
  return providers.size === 1 ? [...providers][0] : undefined;
}
