import TinyQueue from 'tinyqueue';

/** Items by time, in a queue. Looking at all items at each line of a transcript would be quadratic. */
export interface Deadlines<Item> {
  /** Adds an item. Add it again if its time changes. */
  readonly add: (item: Item, time: number) => void;
  /** Removes and returns the items up to this time, the earliest first. */
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
