import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './IconButton.tsx';

/** Every key of the panel. `?` opens it from anywhere but a text field. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }): VNode {
  const sheet = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && event.key !== '?') return;
    event.preventDefault();
    onClose();
  };
  return (
    <section
      class="sheet"
      role="dialog"
      aria-label="Keyboard shortcuts"
      tabIndex={-1}
      ref={sheet}
      onKeyDown={onKeyDown}
    >
      <div class="drawer-head">
        <h2>Keyboard shortcuts</h2>
        <IconButton icon="close" label="Close (Escape)" onClick={onClose} />
      </div>
      <table>
        <tbody>
          {shortcuts(isMac()).map(([keys, meaning]) => (
            <tr key={meaning}>
              <td>
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Whether keys are those of a Mac, where the user sits: the extension may run elsewhere. */
function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}

function shortcuts(onMac: boolean): readonly (readonly [keys: string, meaning: string])[] {
  const alt = onMac ? 'Option' : 'Alt';
  return [
    ['Shift Enter', 'Run every lane'],
    ['Enter', 'Send the follow-up'],
    ['Escape', 'Stop, or leave a field'],
    [`${alt} ↑`, 'The version before this message'],
    [`${alt} ↓`, 'The version after it'],
    [`${alt} ←`, 'The message above'],
    [`${alt} →`, 'The message below'],
    [onMac ? 'Cmd F' : 'Ctrl F', 'Find in the conversation'],
    ['?', 'This list'],
  ];
}
