import type { VNode } from 'preact';
import { citedSource, type Run } from '../../src/protocol.ts';

/** The sources that the answer names. A link is followed by VS Code, which asks first. */
export function Citations({ citations = [] }: Pick<Run, 'citations'>): VNode | null {
  if (citations.length === 0) return null;
  return (
    <section class="citations" aria-label="Sources">
      <h3>Sources</h3>
      <ol>
        {citations.map(citedSource).map(({ url, title, quote }, index) => (
          <li key={index}>
            {url === undefined ? title : <a href={url}>{title}</a>}
            {quote !== undefined && <q>{quote}</q>}
          </li>
        ))}
      </ol>
    </section>
  );
}
