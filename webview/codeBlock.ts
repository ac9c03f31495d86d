import type { CodeAction } from '../src/protocol.ts';
import { type IconName, iconElement } from './views/icons.tsx';

/** Puts the language and the buttons above a block of code. */
export function addCodeHead(code: Element): void {
  const pre = code.parentElement;
  if (!pre) return;
  const language = languageOf(code);
  const name = language === '' ? 'text' : language;
  const buttons = element('div', 'code-buttons');
  for (const { action, icon, label } of codeButtons) {
    const button = element('button', 'code-button');
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', `${label}: ${name} code`);
    button.title = label;
    button.dataset['action'] = action;
    button.append(iconElement(icon));
    buttons.append(button);
  }
  const head = element('div', 'code-head');
  head.append(element('span', 'code-language', name), buttons);
  const block = element('div', 'code');
  // Code reads from left to right in every language.
  block.dir = 'ltr';
  pre.replaceWith(block);
  pre.tabIndex = 0;
  block.append(head, pre);
}

/**
 * What is to be done with which code after a click on one of its buttons; `undefined` after any other click. Copying is
 * done here.
 */
export function clickedCode(
  event: Event,
): { readonly action: CodeAction; readonly code: string; readonly language: string } | undefined {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.code-button') : null;
  const code = button?.closest('.code')?.querySelector('code');
  const action = codeButtons.find((candidate) => candidate.action === button?.dataset['action'])?.action;
  if (!button || !code || !action) return undefined;
  if (action !== 'copy') return { action, code: code.textContent, language: languageOf(code) };
  void copy(code.textContent, button);
  return undefined;
}

const codeButtons: readonly {
  readonly action: CodeAction | 'copy';
  readonly icon: IconName;
  readonly label: string;
}[] = [
  { action: 'apply', icon: 'diff', label: 'Apply to the selection, as a diff' },
  { action: 'insert', icon: 'insert', label: 'Insert at the cursor' },
  { action: 'open', icon: 'file', label: 'Open as a file' },
  { action: 'copy', icon: 'copy', label: 'Copy' },
];

async function copy(text: string, button: HTMLElement): Promise<void> {
  await navigator.clipboard.writeText(text);
  button.replaceChildren(iconElement('check'));
  setTimeout(() => button.replaceChildren(iconElement('copy')), 1500);
}

/** The name behind the fence; `''` where there is none. */
function languageOf(code: Element): string {
  return /(?:^|\s)language-(\S+)/.exec(code.className)?.[1] ?? '';
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}
