import DOMPurify, { type Config } from 'dompurify';

/**
 * The HTML of a Markdown block as nodes that can do nothing but be read: no scripts, styles, forms, ids, images or
 * frames, and links only to the web and to mail. Code blocks get a head with their language and a Copy button.
 */
export function safeNodes(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, allowed);
  for (const code of fragment.querySelectorAll('pre > code')) addHead(code);
  return fragment;
}

/** Copies the code block whose Copy button was clicked; nothing for any other click. */
export async function copyClickedCode(event: Event): Promise<void> {
  const button = event.target instanceof Element ? event.target.closest('.code-copy') : null;
  const code = button?.closest('.code')?.querySelector('code');
  if (!button || !code) return;
  await navigator.clipboard.writeText(code.textContent);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

const allowed = {
  ALLOWED_TAGS:
    'p br hr h1 h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li table thead tbody tr th td a span'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'align'],
  // Every other attribute is held to be an address.
  ADD_URI_SAFE_ATTR: ['start', 'align'],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} satisfies Config & { RETURN_DOM_FRAGMENT: true };

function addHead(code: Element): void {
  const pre = code.parentElement;
  if (!pre) return;
  const language = /(?:^|\s)language-(\S+)/.exec(code.className)?.[1] ?? 'text';
  const head = element('div', 'code-head');
  const copy = element('button', 'code-copy', 'Copy');
  copy.setAttribute('type', 'button');
  copy.setAttribute('aria-label', `Copy the ${language} code`);
  head.append(element('span', 'code-language', language), copy);
  const block = element('div', 'code');
  pre.replaceWith(block);
  pre.tabIndex = 0;
  block.append(head, pre);
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}
