import type { ExtensionContext } from 'vscode';
import { compose } from './host/composition.ts';

/** Registers everything and returns; whatever is heavy is opened at its first use. */
export function activate(context: ExtensionContext): void {
  context.subscriptions.push(compose(context));
}
