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
  add: 'M7.5 2.5h1v5h5v1h-5v5h-1v-5h-5v-1h5v-5Z',
  close: 'm8 7.3 4.2-4.1.6.6L8.7 8l4.1 4.2-.6.6L8 8.7l-4.2 4.1-.6-.6L7.3 8 3.2 3.8l.6-.6L8 7.3Z',
  expand: 'M9.5 2H14v4.5h-1V3.7L9.7 7 9 6.3 12.3 3H9.5V2ZM2 9.5h1v2.8L6.3 9l.7.7L3.7 13h2.8v1H2V9.5Z',
  collapse: 'M13.3 2l.7.7L10.7 6h2.8v1H9V2.5h1v2.8L13.3 2ZM2.5 9H7v4.5H6v-2.8L2.7 14l-.7-.7L5.3 10H2.5V9Z',
  compare:
    'M2 2h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Zm0 1v10h5.5V3H2Zm6.5 0v10H14V3H8.5Z',
  duplicate:
    'M2 2h8a1 1 0 0 1 1 1v2h-1V3H2v8h2v1H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Zm4 4h8a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Zm0 1v7h8V7H6Zm3.5 1h1v2h2v1h-2v2h-1v-2h-2v-1h2V8Z',
  diff: 'M3 1h7l3 3v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1Zm0 1v12h9V4.4L9.6 2H3Zm4 2h1v2h2v1H8v2H7V7H5V6h2V4Zm-2 7h5v1H5v-1Z',
  table:
    'M2 2h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Zm0 1v2.5h12V3H2Zm0 3.5V9h5.5V6.5H2Zm6.5 0V9H14V6.5H8.5ZM2 10v3h5.5v-3H2Zm6.5 0v3H14v-3H8.5Z',
  together:
    'M4.5 1.5 7.5 5H5v6h2.5l-3 3.5-3-3.5H4V5H1.5l3-3.5Zm7 0 3 3.5H12v6h2.5l-3 3.5-3-3.5H11V5H8.5l3-3.5Z',
  reset: 'M4.4 3 2.9 4.5H9A4.5 4.5 0 1 1 4.5 9h1A3.5 3.5 0 1 0 9 5.5H2.9L4.4 7l-.7.7L1 5l2.7-2.7.7.7Z',
  fill: 'M7.5 1h1v7.3l2.6-2.6.7.7L8 10.2 4.2 6.4l.7-.7 2.6 2.6V1ZM2 10h1v4h10v-4h1v5H2v-5Z',
  sweep: 'M2 13h12v1H2v-1Zm0-3h2v2H2v-2Zm3.3-3h2v5h-2V7Zm3.4-2h2v7h-2V5ZM12 2h2v10h-2V2Z',
  pin: 'M10.6 1.4 14.6 5.4l-.9.9-.8-.2-2.7 2.7.2 2.7-.9.9-3-3-3.9 4-.7-.1-.1-.7 4-3.9-3-3 .9-.9 2.7.2L9.1 2.3l-.2-.8.9-.9.8.8Zm-.3 1.2L7.1 6.1l-2.3-.2 5.3 5.3-.2-2.3 3.3-3.3-2.9-3Z',
  send: 'M1.2 1.6 15 8 1.2 14.4 2.6 8.5 9 8 2.6 7.5 1.2 1.6Z',
  mirror: 'M7.5 1h1v14h-1V1ZM6 3v10H1L6 3ZM5 7.2 2.6 12H5V7.2ZM10 3l5 10h-5V3Z',
  settings:
    'M5 3a2 2 0 0 1 1.9 1.5H14v1H6.9A2 2 0 1 1 5 3Zm0 1a1 1 0 1 0 0 2 1 1 0 0 0 0-2ZM2 4.5h1v1H2v-1ZM11 9a2 2 0 1 1-1.9 2.5H2v-1h7.1A2 2 0 0 1 11 9Zm0 1a1 1 0 1 0 0 2 1 1 0 0 0 0-2Zm2 .5h1v1h-1v-1Z',
  history:
    'M8.6 2A6 6 0 1 1 2.9 9.9l1-.3A5 5 0 1 0 4.1 5H6v1H2.5V2.5h1v1.7A6 6 0 0 1 8.6 2ZM8 5h1v3.3l2.2 1.3-.5.9L8 8.9V5Z',
  select: 'm8 10.5 4.7-4.7.7.7L8 11.9 2.6 6.5l.7-.7L8 10.5Z',
  swap: 'M4.5 2 1.7 4.8l2.8 2.8.7-.7-1.6-1.6H14v-1H3.6l1.6-1.6L4.5 2Zm7 6.400-.7.7 1.600 1.600H2v1h10.400l-1.600 1.600.7.7 2.800-2.800-2.800-2.800Z',
  insert: 'M2 2h1v12H2V2Zm7.2 1.6.7.7L6.7 7.5H14v1H6.7l3.2 3.2-.7.7L4.8 8l4.4-4.4Z',
  quote: 'M3 3h4v5.2L5 12.5H3.4L5 8.6H3V3Zm1 1v3.6h2V4H4Zm5-1h4v5.2l-2 4.3H9.4L11 8.6H9V3Zm1 1v3.6h2V4h-2Z',
  trash:
    'M6 1.5h4l.5.5v1.5H14v1h-1v9l-1 1H4l-1-1v-9H2v-1h3.5V2l.5-.5Zm.5 1v1h3v-1h-3ZM4 4.5v9h8v-9H4Zm2 2h1v5H6v-5Zm3 0h1v5H9v-5Z',
  attach:
    'M10.5 4.2 5 9.7a1.3 1.3 0 0 0 1.8 1.8l6-6a2.6 2.6 0 0 0-3.7-3.7l-6 6a4 4 0 0 0 5.7 5.7l4.7-4.7.7.7-4.7 4.7a5 5 0 0 1-7.1-7.1l6-6a3.6 3.6 0 0 1 5.1 5.1l-6 6a2.3 2.3 0 0 1-3.2-3.2l5.5-5.5.7.7Z',
  help: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm-.6 9.3h1.2v1.2H7.4v-1.2Zm.6-7a2.4 2.4 0 0 1 2.4 2.3c0 1-.6 1.5-1.2 2-.5.4-.7.6-.7 1.2v.4h-1v-.4c0-1.100.6-1.600 1.100-2 .5-.4.8-.7.8-1.200A1.4 1.4 0 0 0 8 5.300a1.400 1.400 0 0 0-1.400 1.400h-1A2.400 2.400 0 0 1 8 4.300Z',
  chat: 'M2 2h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H8l-4 3v-3H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Zm0 1v8h3v2l2.7-2H14V3H2Z',
  more: 'M3.5 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2Zm4.5 0a1 1 0 1 1 0 2 1 1 0 0 1 0-2Zm4.5 0a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z',
  edit: 'm12.2 1.5 2.3 2.3-8.6 8.6-3.2 1 .9-3.3 8.6-8.6Zm0 1.4L5 10.1l.9.9 7.2-7.2-.9-.9ZM4.4 11l-.3 1 1-.3-.7-.7Z',
} as const;

export type IconName = keyof typeof paths;

/** The same icon as an element, for nodes that are not drawn as components. */
export function iconElement(name: IconName): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const path = document.createElementNS(namespace, 'path');
  const attributes = { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const [key, value] of Object.entries({ ...shape, d: paths[name] })) path.setAttribute(key, value);
  svg.append(path);
  return svg;
}

const shape = { fill: 'currentColor', 'fill-rule': 'evenodd' } as const;

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
      <path d={paths[name]} {...shape} />
    </svg>
  );
}
