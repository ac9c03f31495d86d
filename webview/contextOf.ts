/** What VS Code's context menu is told of the place under the pointer. It joins what an element and those around it say. */
export interface MenuContext {
  readonly promptUri?: string | undefined;
  readonly laneId?: string;
  readonly webviewSection?: 'message';
  /** Absent for an answer that is in no conversation. */
  readonly messageId?: string | undefined;
  readonly isAnswer?: boolean;
  readonly canDelete?: boolean;
  readonly canRetry?: boolean;
}

/** The attribute that tells it. */
export function menuContext(context: MenuContext): { readonly 'data-vscode-context': string } {
  return { 'data-vscode-context': JSON.stringify(context) };
}
