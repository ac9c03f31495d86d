/**
 * Makes the children of `current` equal to those of `next` and touches only what differs, so that a selection
 * survives and the browser lays out only the end of a list, table or code block that grows. `next` is used up.
 */
export function morph(current: Node, next: Node): void {
  let old = current.firstChild;
  let wanted = next.firstChild;
  while (wanted) {
    const following = wanted.nextSibling;
    if (old) {
      const after: ChildNode | null = old.nextSibling;
      morphNode(old, wanted);
      old = after;
    } else {
      current.appendChild(wanted);
    }
    wanted = following;
  }
  while (old) {
    const after: ChildNode | null = old.nextSibling;
    old.remove();
    old = after;
  }
}

function morphNode(old: ChildNode, wanted: ChildNode): void {
  if (old.isEqualNode(wanted)) return;
  if (old instanceof Text && wanted instanceof Text) {
    if (wanted.data.startsWith(old.data)) old.appendData(wanted.data.slice(old.length));
    else old.data = wanted.data;
  } else if (old instanceof Element && wanted instanceof Element && sameTag(old, wanted)) {
    morph(old, wanted);
  } else {
    old.replaceWith(wanted);
  }
}

function sameTag(one: Element, other: Element): boolean {
  return one.cloneNode().isEqualNode(other.cloneNode());
}
