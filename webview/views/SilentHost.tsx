import type { VNode } from 'preact';
import type { Saved } from '../saved.ts';
import { Notice } from './Notice.tsx';

/**
 * Says that the host does not answer. Where it has ended, VS Code starts another one, which cannot reach this page; a link
 * to a command reaches that one, because VS Code itself follows it.
 */
export function SilentHost({ saved }: { readonly saved: Saved }): VNode {
  return (
    <div role="alert" class="silent-host">
      <Notice kind="warning" title="The extension host does not answer">
        <p>
          It is busy, or it has ended. If it has ended, nothing happens here any more: a new panel goes on
          from what is saved and takes along what you have written.{' '}
          {saved.promptUri !== undefined && (
            <a class="link" href={reopenLink(saved)}>
              Open a new panel
            </a>
          )}
        </p>
      </Notice>
    </div>
  );
}

/** The command takes what this page has kept, by which the host knows the prompt or conversation too. */
function reopenLink(saved: Saved): string {
  return `command:llmPlayground.reopenPanel?${encodeURIComponent(JSON.stringify([saved]))}`;
}
