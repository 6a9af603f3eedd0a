import type { JsonDocument, Place } from './imported.ts';

/** How an import holds less than all of its data. */
export interface Limits {
  /** How many secrets are held at once. When one more comes, the oldest is passed on, or kept as text if something is missing. */
  readonly most: number;
  /** How many secrets are read again at once. If omitted, as many as are held. Each time, all documents about them are read. */
  readonly again?: number;
  /**
   * Returns a document again, by its number, because more came about a secret that was passed on. It must not have changed: a secret
   * that is no longer in it is lost.
   */
  readonly recall: (document: number) => JsonDocument;
  /** Takes back the secrets of these places, each as text, because more came about them. They are passed on again. */
  readonly forget: (places: ReadonlySet<string>) => void;
}

/** A fact, and the place of the input that says so. */
interface Placed {
  readonly place: Place;
}

interface Held<Fact extends Placed> {
  readonly add: (key: string, fact: Fact) => void;
  /** Passes every group on that was not settled, and those of `keys` and others again. */
  readonly end: (keys: Iterable<string>) => void;
}

/** What to do with the facts of a key. */
interface Uses<Fact extends Placed> {
  /** Whether facts are plain JSON. Others are always held. */
  readonly isPlain: (fact: Fact) => boolean;
  /** Passes a secret on if its facts suffice, and returns its place. */
  readonly settle: (key: string, facts: [Fact, ...Fact[]]) => Place | undefined;
  /** Passes a secret on when no more facts come. */
  readonly end: (key: string, facts: [Fact, ...Fact[]]) => void;
  /** Reads the facts of a document again. `number` is that of the document. */
  readonly factsIn: (document: JsonDocument, number: number) => Iterable<readonly [key: string, fact: Fact]>;
}

/**
 * Holds facts by their keys until no more come. With limits, it holds the facts of some keys only. It assumes that everything about a
 * secret comes together, and reads the documents about a secret again if it does not.
 */
export function startHeld<Fact extends Placed>(uses: Uses<Fact>, limits: Limits | undefined): Held<Fact> {
  const { most = Number.POSITIVE_INFINITY, again: atOnce = most } = limits ?? {};
  // A map from which keys are deleted one at a time frees their memory late.
  let open = new Map<string, [Fact, ...Fact[]]>();
  let older = new Map<string, [Fact, ...Fact[]]>();
  const loose = new Map<string, [Fact, ...Fact[]]>();
  /** Facts as JSON, of secrets that lack something. */
  const texts = new Map<string, string>();
  /** The places of secrets that were passed on, followed by the documents about them: joined, as there can be many. */
  const settled = new Map<string, string>();
  const again = new Map<string, Set<number>>();
  const forgotten = new Set<string>();

  const close = (key: string, facts: [Fact, ...Fact[]]) => {
    const place = uses.settle(key, facts);
    if (place === undefined) texts.set(key, JSON.stringify(facts));
    else settled.set(key, [...place, ...facts.map((fact) => fact.place[0])].join());
  };
  const reopen = (key: string) => {
    const numbers = settled.get(key)?.split(',');
    if (numbers === undefined) return;
    settled.delete(key);
    forgotten.add(numbers.splice(0, 3).join());
    again.set(key, new Set(numbers.map(Number)));
  };
  return {
    add: (key, fact) => {
      reopen(key);
      const documents = again.get(key);
      if (documents) {
        documents.add(fact.place[0]);
        return;
      }
      const text = texts.get(key);
      if (text !== undefined) {
        texts.delete(key);
        open.set(key, JSON.parse(text));
      }
      const known = loose.get(key) ?? open.get(key) ?? older.get(key);
      const facts: [Fact, ...Fact[]] = known ?? [fact];
      if (known) known.push(fact);
      else open.set(key, facts);
      if (limits && !uses.isPlain(fact)) {
        for (const groups of [open, older]) groups.delete(key);
        loose.set(key, facts);
      }
      if (open.size <= most / 2) return;
      for (const [oldest, group] of older) close(oldest, group);
      older = open;
      open = new Map();
    },
    end: (keys) => {
      for (const key of keys) reopen(key);
      for (const [key, facts] of [...older, ...open, ...loose]) uses.end(key, facts);
      for (const [key, text] of texts) uses.end(key, JSON.parse(text));
      if (limits === undefined || forgotten.size === 0) return;
      limits.forget(forgotten);
      const waiting = [...again];
      while (waiting.length > 0) {
        const groups = new Map<string, Fact[]>(waiting.slice(-atOnce).map(([key]) => [key, []]));
        const documents = new Set(waiting.splice(-atOnce).flatMap(([, numbers]) => [...numbers]));
        for (const document of [...documents].sort((one, other) => one - other)) {
          for (const [key, fact] of uses.factsIn(limits.recall(document), document)) groups.get(key)?.push(fact);
        }
        for (const [key, [first, ...others]] of groups) if (first) uses.end(key, [first, ...others]);
      }
    },
  };
}
