import TinyQueue from 'tinyqueue';

/** Items with a time each. To look at all of them at each line of a transcript would be quadratic. */
export interface Deadlines<Item> {
  /** Adds an item, again if it has another time now. */
  readonly add: (item: Item, time: number) => void;
  /** Takes what was added for this time or an earlier one, the earliest first. */
  readonly takeUntil: (now: number) => Iterable<Deadline<Item>>;
}

interface Deadline<Item> {
  readonly item: Item;
  readonly time: number;
}

export function createDeadlines<Item>(): Deadlines<Item> {
  const queue = new TinyQueue<Deadline<Item>>([], (one, other) => one.time - other.time);
  return {
    add: (item, time) => queue.push({ item, time }),
    *takeUntil(now) {
      for (let first = queue.peek(); first && first.time <= now; first = queue.peek()) {
        queue.pop();
        yield first;
      }
    },
  };
}
