import type { PanelAction } from '../../src/protocol.ts';

/** What the button of each action says. */
export const actionLabels: Readonly<Record<PanelAction, string>> = {
  'open-prompt': 'Open the prompt',
  'open-settings': 'Open settings',
  'set-api-key': 'Set API key',
  'show-log': 'Show log',
  'manage-trust': 'Manage workspace trust',
};
