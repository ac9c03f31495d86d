import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { MarkdownStream, type Block } from '../markdown.ts';
import { morph } from '../morph.ts';
import { copyClickedCode, safeNodes } from '../sanitize.ts';

/** Markdown that may still grow. The nodes of finished blocks are made once and never touched again. */
export function Markdown({ text }: { readonly text: string }): VNode {
  const root = useRef<HTMLDivElement>(null);
  const stream = useRef<MarkdownStream>(null);
  const drawn = useRef<readonly Block[]>([]);

  useLayoutEffect(() => {
    if (!root.current) return;
    stream.current ??= new MarkdownStream();
    const blocks = stream.current.update(text);
    draw(root.current, drawn.current, blocks);
    drawn.current = blocks;
  }, [text]);

  return <div class="markdown" ref={root} onClick={(event) => void copyClickedCode(event)} />;
}

/** One element per block, in order. */
function draw(root: HTMLElement, before: readonly Block[], blocks: readonly Block[]): void {
  blocks.forEach((block, index) => {
    if (before[index]?.html === block.html) return;
    const element = root.children[index] ?? root.appendChild(document.createElement('div'));
    morph(element, safeNodes(block.html));
  });
  while (root.children.length > blocks.length) root.lastElementChild?.remove();
}
