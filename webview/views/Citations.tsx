import type { VNode } from 'preact';
import type { Run } from '../../src/protocol.ts';

/** The sources that the answer names. A link is followed by VS Code, which asks first. */
export function Citations({ citations = [] }: Pick<Run, 'citations'>): VNode | null {
  if (citations.length === 0) return null;
  return (
    <section class="citations" aria-label="Sources">
      <h3>Sources</h3>
      <ol>
        {citations.map(({ url, title, quote }, index) => (
          <li key={index}>
            {isWebAddress(url) ? <a href={url}>{title ?? url}</a> : (title ?? 'A document')}
            {quote !== undefined && <q>{quote}</q>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Whatever a model or a service writes as an address, only such a one becomes a link. */
function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
