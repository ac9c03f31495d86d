import type { VNode } from 'preact';

/** Symbols of the inspector, 16 × 16 in the text's colour. They say nothing that their button's label does not. */
const paths = {
  close: 'm8 7.3 3.6-3.7.8.8L8.7 8l3.7 3.6-.8.8L8 8.7l-3.6 3.7-.8-.8L7.3 8 3.6 4.4l.8-.8L8 7.3Z',
  first: 'M3 3h1v10H3V3Zm9.5-.3.7.7L8.6 8l4.6 4.6-.7.7L7.2 8l5.3-5.3Z',
  back: 'm10.3 2.7.7.7L6.4 8l4.6 4.6-.7.7L5 8l5.3-5.3Z',
  play: 'M4 2.2v11.6L13.5 8 4 2.2Zm1 1.8L11.6 8 5 12V4Z',
  pause: 'M4 3h2.5v10H4V3Zm5.5 0H12v10H9.5V3Z',
  step: 'm5.7 2.7-.7.7L9.6 8 5 12.6l.7.7L11 8 5.7 2.7Z',
  last: 'M12 3h1v10h-1V3Zm-8.5-.3-.7.7L7.4 8l-4.6 4.6.7.7L8.8 8 3.5 2.7Z',
  up: 'm8 5.2 5.3 5.1-.7.7L8 6.6 3.4 11l-.7-.7L8 5.2Z',
  down: 'm8 10.8 5.3-5.1-.7-.7L8 9.4 3.4 5l-.7.7L8 10.8Z',
} as const;

export type GlyphName = keyof typeof paths;

export function Glyph({ name }: { readonly name: GlyphName }): VNode {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
