/** How to keep more than fits into the memory. */
export interface Packing {
  /** How many characters are packed at once. */
  readonly size: number;
  /** Makes a text smaller. */
  readonly pack: (text: string) => Uint8Array;
  /** Returns the text that was packed. */
  readonly unpack: (packed: Uint8Array) => string;
}

/** Items that are collected by their keys. */
interface Groups<Item> {
  readonly add: (key: string, item: Item) => void;
  /** Passes on each key with its items. If they were packed, in any order. */
  readonly end: (use: (key: string, items: [Item, ...Item[]]) => void) => void;
}

type Entry<Item> = readonly [key: string, item: Item];

/** All items of some keys. */
interface Part<Item> {
  readonly entries: Entry<Item>[];
  readonly packed: Uint8Array[];
  /** JSON of the entries that are packed next. */
  texts: string[];
  size: number;
}

/**
 * Collects items. If they are packed, they are in parts, and one part is unpacked at a time. Items that are not plain JSON are kept as
 * they are.
 */
export function startGroups<Item>(packing: Packing | undefined, isPlain: (item: Item) => boolean): Groups<Item> {
  const parts = new Map<number, Part<Item>>();
  const partOf = (key: string): Part<Item> => {
    const number = packing ? numberOf(key) : 0;
    const known = parts.get(number);
    if (known) return known;
    const part = { entries: [], packed: [], texts: [], size: 0 };
    parts.set(number, part);
    return part;
  };
  return {
    add: (key, item) => {
      const part = partOf(key);
      if (!packing || !isPlain(item)) {
        part.entries.push([key, item]);
        return;
      }
      const text = JSON.stringify([key, item]);
      part.texts.push(text);
      part.size += text.length;
      if (part.size < packing.size) return;
      part.packed.push(packing.pack(listOf(part.texts)));
      part.texts = [];
      part.size = 0;
    },
    end: (use) => {
      for (const { entries, packed, texts } of parts.values()) {
        const lists = [...packed.splice(0).map((bytes) => packing?.unpack(bytes) ?? ''), listOf(texts)];
        const unpacked = lists.flatMap((list): Entry<Item>[] => JSON.parse(list));
        const groups = new Map<string, [Item, ...Item[]]>();
        for (const [key, item] of [...unpacked, ...entries]) {
          const known = groups.get(key);
          if (known) known.push(item);
          else groups.set(key, [item]);
        }
        for (const [key, items] of groups) use(key, items);
      }
    },
  };
}

const listOf = (texts: readonly string[]): string => `[${texts.join()}]`;

/** The number of the part for a key, from 0 to 63. */
function numberOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (31 * hash + key.charCodeAt(index)) | 0;
  return hash & 63;
}
