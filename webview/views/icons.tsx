import type { VNode } from 'preact';

/** Icons of 16 × 16 in the text's colour, after VS Code's own. They say nothing that the text beside them does not. */
const paths = {
  play: 'M4 2.2v11.6L13.5 8 4 2.2Zm1 1.8L11.6 8 5 12V4Z',
  stop: 'M3 3h10v10H3V3Zm1 1v8h8V4H4Z',
  rerun: 'M12.5 2v3.1A5.9 5.9 0 1 0 13.9 9h-1a4.9 4.9 0 1 1-1-3.1H9v1h4.5V2h-1Z',
  file: 'M9.3 1H4a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V4.7L9.3 1ZM9 2.2 11.8 5H9V2.2ZM12 14H4V2h4v4h4v8Z',
  copy: 'M5 1h8a1 1 0 0 1 1 1v9h-1V2H5V1ZM3 4h7a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm0 1v9h7V5H3Z',
  check: 'm13.7 4.4-7.4 8.3-.7 0-3.3-3.4.7-.7 2.9 3 7.1-7.9.7.7Z',
  chevron: 'm5.7 3.3.7-.7L11.8 8l-5.4 5.4-.7-.7L10.4 8 5.7 3.3Z',
  down: 'M7.5 2h1v9.3l3.6-3.6.7.7L8 13.2 3.2 8.4l.7-.7 3.6 3.6V2Z',
  info: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm.5 5v4.5h-1V7h1Zm-.5-2.6a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4Z',
  warning:
    'M8 1.3 15.4 14.5H.6L8 1.3Zm0 2L2.3 13.5h11.4L8 3.3Zm.5 3.2v4h-1v-4h1ZM8 11.3a.7.7 0 1 1 0 1.4.7.7 0 0 1 0-1.4Z',
  error:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm2.5 2.8.7.7L8.7 8l2.5 2.5-.7.7L8 8.7l-2.5 2.5-.7-.7L7.3 8 4.8 5.5l.7-.7L8 7.3l2.5-2.5Z',
  tool: 'M10.9 1.2a4 4 0 0 0-4.6 5.3L1.5 11.3a2.3 2.3 0 0 0 3.2 3.2l4.8-4.8a4 4 0 0 0 5.3-4.6l-2.5 2.5-1.9-1.9 2.5-2.5a4 4 0 0 0-2-2Zm-.2 1.1L9 4.1v1L10.9 7h1l1.8-1.7a3 3 0 0 1-4.4 3.1L4 13.8a1.3 1.3 0 0 1-1.8-1.8l5.4-5.3a3 3 0 0 1 3.1-4.4Z',
  edit: 'm12.2 1.5 2.3 2.3-8.6 8.6-3.2 1 .9-3.3 8.6-8.6Zm0 1.4L5 10.1l.9.9 7.2-7.2-.9-.9ZM4.4 11l-.3 1 1-.3-.7-.7Z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, slot }: { readonly name: IconName; readonly slot?: string }): VNode {
  return (
    <svg
      class={`icon icon-${name}`}
      slot={slot}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
