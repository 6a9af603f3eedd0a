/** Names with a time each. */
export interface Deadlines {
  /** Adds a name, again if it has another time now. */
  readonly add: (name: string, time: number) => void;
  /** Takes what was added for this time or an earlier one, the earliest first. */
  readonly takeUntil: (now: number) => Iterable<readonly [name: string, time: number]>;
}

/** New {@link Deadlines}, a binary heap: to look at every secret that waits for its deletion at each line would be quadratic. */
export function createDeadlines(): Deadlines {
  const heap: (readonly [name: string, time: number])[] = [];
  const timeAt = (index: number) => heap[index]?.[1] ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number): void => {
    const [left, right] = [heap[one], heap[other]];
    if (left && right) [heap[one], heap[other]] = [right, left];
  };

  const rise = (index: number): void => {
    const parent = (index - 1) >> 1;
    if (index === 0 || timeAt(parent) <= timeAt(index)) return;
    swap(index, parent);
    rise(parent);
  };
  const sink = (index: number): void => {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const least = timeAt(right) < timeAt(left) ? right : left;
    if (timeAt(least) >= timeAt(index)) return;
    swap(index, least);
    sink(least);
  };

  return {
    add: (name, time) => rise(heap.push([name, time]) - 1),
    *takeUntil(now) {
      while (timeAt(0) <= now) {
        swap(0, heap.length - 1);
        const earliest = heap.pop();
        sink(0);
        if (earliest) yield earliest;
      }
    },
  };
}
