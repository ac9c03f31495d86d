/** Where a key leads from a token, as an index; `undefined` when nowhere. */
export function moveFrom(
  element: HTMLElement | null,
  key: string,
  from: number,
  count: number,
): number | undefined {
  const found = (index: number): number | undefined => (index >= 0 && index < count ? index : undefined);
  switch (key) {
    case 'ArrowRight':
      return found(from + 1);
    case 'ArrowLeft':
      return found(from - 1);
    case 'ArrowDown':
      return element ? onNextLine(element, 1) : undefined;
    case 'ArrowUp':
      return element ? onNextLine(element, -1) : undefined;
    case 'Home':
      return found(0);
    case 'End':
      return found(count - 1);
    default:
      return undefined;
  }
}

/** The token that stands nearest on the line below or above. */
function onNextLine(element: HTMLElement, direction: 1 | -1): number | undefined {
  const { left, top } = startOf(element);
  let lineTop: number | undefined;
  let best: { readonly index: number; readonly distance: number } | undefined;
  for (let other = beside(element, direction); other; other = beside(other, direction)) {
    const start = startOf(other);
    if (Math.abs(start.top - top) < 4) continue;
    lineTop ??= start.top;
    if (Math.abs(start.top - lineTop) >= 4) break;
    const distance = Math.abs(start.left - left);
    if (!best || distance < best.distance) best = { index: Number(other.dataset['index']), distance };
  }
  return best?.index;
}

function startOf(element: HTMLElement): DOMRect {
  return element.getClientRects()[0] ?? element.getBoundingClientRect();
}

/** The token before or behind, in whichever group it is drawn. */
function beside(element: HTMLElement, direction: 1 | -1): HTMLElement | null {
  const index = Number(element.dataset['index']) + direction;
  return element.closest('.token-list')?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
}
