/** What is put in the place of some items of a list, so that a long one is not sent again for each change. */
export interface ListChange<Item> {
  /** The place of the first item that goes. */
  readonly from: number;
  /** How many go. */
  readonly removed: number;
  readonly added: readonly Item[];
}

/** A list after a change, or as it is where there is none. Items that stay are the very same objects. */
export function changedList<Item>(
  items: readonly Item[],
  change: ListChange<Item> | undefined,
): readonly Item[] {
  return change ? items.toSpliced(change.from, change.removed, ...change.added) : items;
}
