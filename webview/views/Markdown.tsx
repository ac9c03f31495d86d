import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { CodeAction } from '../../src/protocol.ts';
import { clickedCode } from '../codeBlock.ts';
import { MarkdownStream, type MarkdownChange } from '../markdown.ts';
import { morph } from '../morph.ts';
import { safeNodes } from '../sanitize.ts';
import { useHighlighter } from './useHighlighter.ts';

interface MarkdownProps {
  readonly text: string;
  /** Does something with a block of code for which a button was clicked. */
  readonly onCode: (action: CodeAction, code: string, language: string) => void;
}

/** Markdown that may still grow. The nodes of finished blocks are made once and never touched again. */
export function Markdown({ text, onCode }: MarkdownProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  const isHighlighted = useHighlighter(text.includes('```') || text.includes('~~~'));
  // What was read before the highlighter was there is read again.
  const stream = useMemo(() => new MarkdownStream(), [isHighlighted]);

  useLayoutEffect(() => {
    if (root.current) draw(root.current, stream.update(text));
  }, [text, stream]);

  const onClick = (event: Event) => {
    const clicked = clickedCode(event);
    if (clicked) onCode(clicked.action, clicked.code, clicked.language);
  };
  return <div class="markdown" ref={root} onClick={onClick} />;
}

/** A block reads from right to left where its first letter does. */
function newBlock(): HTMLElement {
  const element = document.createElement('div');
  element.dir = 'auto';
  return element;
}

/** One element per block, in order. */
function draw(root: HTMLElement, { count, changed }: MarkdownChange): void {
  while (root.children.length > count) root.lastElementChild?.remove();
  while (root.children.length < count) root.append(newBlock());
  for (const [place, html] of changed) {
    const element = root.children[place];
    if (element) morph(element, safeNodes(html));
  }
}
