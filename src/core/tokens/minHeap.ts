/** A binary heap of numbers, the smallest on top. */
export class MinHeap {
  #items = new Float64Array(256);
  #size = 0;

  push(item: number): void {
    if (this.#size === this.#items.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    const items = this.#items;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as number;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the smallest, or gives -1 when nothing is left. */
  pop(): number {
    if (this.#size === 0) return -1;
    const items = this.#items;
    const top = items[0] as number;
    const size = --this.#size;
    const item = items[size] as number;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (items[child + 1] as number) < (items[child] as number)) child++;
      const below = items[child] as number;
      if (below >= item) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
    return top;
  }
}
