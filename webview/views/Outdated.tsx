import type { VNode } from 'preact';

/** The host is of another version than this page, as after an update of the extension. */
export function Outdated(): VNode {
  return (
    <main class="outdated">
      <h1>Reload this panel</h1>
      <p>
        The extension was updated while this panel was open. Close it and run the prompt again; nothing is
        lost.
      </p>
    </main>
  );
}
