import { expect } from 'vitest';

/**
 * How much work a run does, in steps: each element that a built-in function or a loop over an iterator visits, each key that is
 * listed or frozen, and each 10 characters of JSON or of a replaced text. Unlike seconds, the same run always has the same count.
 *
 * It does not count object spread and loops over an index.
 */
export function workOf(run: () => unknown): number {
  let steps = 0;
  const count = (amount: number) => {
    steps += amount;
  };
  const restores = [...patches(count)];
  try {
    run();
  } finally {
    for (const restore of restores) restore();
  }
  return steps;
}

/** Runs at n, 2n and 4n, and expects that twice the input takes at most about twice the work. */
export function expectLinear(runAt: (size: number) => () => unknown, size: number): void {
  const works = [size, 2 * size, 4 * size].map((each) => workOf(runAt(each)));
  const [once = 0, twice = 0, fourTimes = 0] = works;
  expect(once).toBeGreaterThan(0);
  expect(twice / once, `steps at n, 2n and 4n: ${works.join(', ')}`).toBeLessThan(2.3);
  expect(fourTimes / twice, `steps at n, 2n and 4n: ${works.join(', ')}`).toBeLessThan(2.3);
}

type Count = (amount: number) => void;
type BuiltIn = (this: unknown, ...given: unknown[]) => unknown;

const searches = ['includes', 'indexOf', 'find', 'findIndex', 'findLast', 'some', 'every', 'reduce', 'reduceRight'];
const copies = ['slice', 'splice', 'concat', 'map', 'filter', 'flatMap', 'sort', 'reverse', 'join', 'forEach'];
const shifts = ['shift', 'unshift'];
const ofKeys = ['keys', 'values', 'entries', 'freeze', 'isFrozen', 'fromEntries', 'assign', 'getOwnPropertyNames'];
const ofText = ['replace', 'replaceAll', 'split', 'match', 'startsWith'];

/** Counts what the built-in functions visit, until each patch is taken back. */
function* patches(count: Count): Generator<() => void> {
  const { keys } = Object;
  const counting =
    (amountOf: (self: unknown, given: readonly unknown[], result: unknown) => number) =>
    (original: BuiltIn): BuiltIn =>
      function (...given) {
        // A splice makes its list shorter, so it counts as it was before.
        const before = amountOf(this, given, '');
        const result = Reflect.apply(original, this, given);
        count(1 + Math.max(before, amountOf(this, given, result)));
        return result;
      };
  const elements = counting((self) => Number(Object(self).length));
  for (const name of [...searches, ...copies, ...shifts]) yield patch(Array.prototype, name, elements);
  const listed = counting((_, [subject]) => keys(Object(subject)).length);
  for (const name of ofKeys) yield patch(Object, name, listed);
  yield patch(Reflect, 'ownKeys', listed);
  const characters = counting((self) => String(self).length / 10);
  for (const name of ofText) yield patch(String.prototype, name, characters);
  yield patch(
    JSON,
    'stringify',
    counting((_self, _given, result) => String(result).length / 10),
  );
  yield patch(
    JSON,
    'parse',
    counting((_, [text]) => String(text).length / 10),
  );
  for (const prototype of [Array.prototype, Map.prototype, Set.prototype]) {
    for (const name of [Symbol.iterator, 'entries', 'keys', 'values'])
      yield patch(prototype, name, (original) => iteratorLike(original, count));
  }
}

/** A function that makes the same iterators, and counts each step of them. */
function iteratorLike(original: BuiltIn, count: Count): BuiltIn {
  return function () {
    const iterator = Object(Reflect.apply(original, this, []));
    const next = () => {
      count(1);
      return iterator.next();
    };
    return { next, [Symbol.iterator]: () => ({ next }) };
  };
}

function patch(owner: object, name: string | symbol, wrap: (original: BuiltIn) => BuiltIn): () => void {
  const original: BuiltIn = Reflect.get(owner, name);
  const put = (value: BuiltIn) => Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  put(wrap(original));
  return () => put(original);
}
