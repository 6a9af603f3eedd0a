/** How to keep more than fits into the memory. */
export interface Packing {
  /** How many items are kept as they are. When there are more, all of them are packed. */
  readonly most: number;
  /** Makes a text smaller. */
  readonly pack: (text: string) => Uint8Array;
  /** Returns the text that was packed. */
  readonly unpack: (packed: Uint8Array) => string;
}

/** Items that are collected by their keys. */
interface Groups<Item> {
  readonly add: (key: string, item: Item) => void;
  /** Passes on each key with its items, in the order in which they came, and forgets them. Keys come in any order if items were packed. */
  readonly end: (use: (key: string, items: [Item, ...Item[]]) => void) => void;
}

/**
 * Collects items. Packed ones are kept in parts, and all items of a key are in one part: only one part is unpacked at a time. Items that
 * are not plain JSON are never packed.
 */
export function startGroups<Item>(packing: Packing | undefined, isPlain: (item: Item) => boolean): Groups<Item> {
  let kept: (readonly [key: string, item: Item])[] = [];
  const loose: (readonly [key: string, item: Item])[] = [];
  const parts = new Map<number, Uint8Array[]>();
  const packAll = ({ pack }: Packing) => {
    for (const [part, entries] of grouped(kept, ([key]) => partOf(key))) {
      const packed = pack(JSON.stringify(entries));
      const known = parts.get(part);
      if (known) known.push(packed);
      else parts.set(part, [packed]);
    }
    kept = [];
  };
  return {
    add: (key, item) => {
      (!packing || isPlain(item) ? kept : loose).push([key, item]);
      if (packing && kept.length > packing.most) packAll(packing);
    },
    end: (use) => {
      const useAll = (entries: readonly (readonly [string, Item])[]) => {
        for (const [key, group] of grouped(entries, ([key]) => key)) {
          const [[, first], ...others] = group;
          use(key, [first, ...others.map(([, item]) => item)]);
        }
      };
      if (!packing || parts.size === 0) return useAll([...kept, ...loose]);
      packAll(packing);
      const looseParts = grouped(loose, ([key]) => partOf(key));
      for (const part of new Set([...parts.keys(), ...looseParts.keys()])) {
        const packed = parts.get(part)?.splice(0) ?? [];
        const unpacked = packed.flatMap((bytes): [string, Item][] => JSON.parse(packing.unpack(bytes)));
        useAll([...unpacked, ...(looseParts.get(part) ?? [])]);
      }
    },
  };
}

function grouped<Key, Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => Key,
): ReadonlyMap<Key, readonly [Entry, ...Entry[]]> {
  const groups = new Map<Key, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const known = groups.get(key);
    if (known) known.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

/** The number of the part for a key, from 0 to 15. */
function partOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (31 * hash + key.charCodeAt(index)) | 0;
  return hash & 15;
}
