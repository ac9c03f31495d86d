import DOMPurify, { type Config } from 'dompurify';
import { hasBidiControls, markBidiControls } from './bidi.ts';
import { addCodeHead } from './codeBlock.ts';

/**
 * The HTML of a Markdown block as nodes that can do nothing but be read: no scripts, styles, forms, ids, images or
 * frames, and links only to the web and to mail. Code blocks get a head with their language and buttons.
 */
export function safeNodes(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, allowed);
  if (hasBidiControls(html)) markBidiControls(fragment);
  for (const code of fragment.querySelectorAll('pre > code')) addCodeHead(code);
  return fragment;
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
