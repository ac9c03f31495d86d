import { ThemeColor, ThemeIcon } from 'vscode';
import type { Outcome } from '../core/store.ts';

/** The icon of a run, or of what was never run where `status` is absent. */
export function runIcon(status: Outcome['status'] | undefined): ThemeIcon {
  switch (status) {
    case undefined:
      return new ThemeIcon('circle-outline');
    case 'running':
      return new ThemeIcon('sync~spin');
    case 'finished':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'failed':
      return new ThemeIcon('error', new ThemeColor('testing.iconFailed'));
    case 'stopped':
    case 'interrupted':
      return new ThemeIcon('circle-slash');
    default:
      return status satisfies never;
  }
}
