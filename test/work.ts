import { expect } from 'vitest';

/**
 * How much work a run does, in steps: each element that a built-in function or a loop over an iterator visits, each key that is
 * listed or frozen, and each 10 characters of JSON or of a replaced text. Unlike seconds, the same run always has the same count.
 */
export function workOf(run: () => unknown): number {
  let steps = 0;
  const count = (amount: number) => {
    steps += amount;
  };
  const restores = [...watchers(count)].map((watch) => watch());
  try {
    run();
  } finally {
    for (const restore of restores) restore();
  }
  return steps;
}

/** Runs at n, 2n and 4n, and expects that twice the input takes at most about twice the work. */
export function expectLinear(runAt: (size: number) => () => unknown, size: number): readonly number[] {
  const works = [size, 2 * size, 4 * size].map((each) => workOf(runAt(each)));
  const [once = 0, twice = 0, fourTimes = 0] = works;
  expect(once).toBeGreaterThan(0);
  expect(twice / once, `steps at n, 2n and 4n: ${works.join(', ')}`).toBeLessThan(2.3);
  expect(fourTimes / twice, `steps at n, 2n and 4n: ${works.join(', ')}`).toBeLessThan(2.3);
  return works;
}

type Count = (amount: number) => void;
type Watch = () => () => void;

/** The built-in functions that visit many elements, each with what a call of it counts. */
function* watchers(count: Count): Generator<Watch> {
  const ofThis = (self: unknown) => Number(Object(self).length ?? Object(self).size ?? 0);
  const keys = Object.keys;
  const ofKeys = (_: unknown, [subject]: readonly unknown[]) => keys(Object(subject)).length;
  const ofText = (self: unknown) => String(self).length / 10;
  for (const name of [
    'slice',
    'splice',
    'concat',
    'includes',
    'indexOf',
    'find',
    'findIndex',
    'findLast',
    'some',
    'every',
  ])
    yield watched(Array.prototype, name, ofThis, count);
  for (const name of [
    'map',
    'filter',
    'flatMap',
    'reduce',
    'reduceRight',
    'forEach',
    'sort',
    'reverse',
    'join',
    'unshift',
    'shift',
  ])
    yield watched(Array.prototype, name, ofThis, count);
  for (const name of [
    'keys',
    'values',
    'entries',
    'freeze',
    'fromEntries',
    'assign',
    'isFrozen',
    'getOwnPropertyNames',
  ])
    yield watched(Object, name, ofKeys, count);
  yield watched(Reflect, 'ownKeys', ofKeys, count);
  for (const name of ['replace', 'replaceAll', 'split', 'match', 'startsWith'])
    yield watched(String.prototype, name, ofText, count);
  yield watched(JSON, 'stringify', (_self, _given, result) => String(result).length / 10, count);
  yield watched(JSON, 'parse', (_self, [text]) => String(text).length / 10, count);
  for (const prototype of [Array.prototype, Map.prototype, Set.prototype]) {
    for (const name of [Symbol.iterator, 'entries', 'keys', 'values']) yield watchedIterator(prototype, name, count);
  }
}

function watched(
  owner: object,
  name: string,
  amountOf: (self: unknown, given: readonly unknown[], result: unknown) => number,
  count: Count,
): Watch {
  return () => {
    const original: (...given: unknown[]) => unknown = Reflect.get(owner, name);
    const replacement = function (this: unknown, ...given: unknown[]): unknown {
      const before = amountOf(this, given, '');
      const result = Reflect.apply(original, this, given);
      count(1 + Math.max(before, amountOf(this, given, result)));
      return result;
    };
    Object.defineProperty(owner, name, { value: replacement, writable: true, configurable: true });
    return () => Object.defineProperty(owner, name, { value: original, writable: true, configurable: true });
  };
}

function watchedIterator(prototype: object, name: string | symbol, count: Count): Watch {
  return () => {
    const original: (this: unknown) => Iterator<unknown> = Reflect.get(prototype, name);
    const replacement = function (this: unknown): Iterator<unknown> & Iterable<unknown> {
      const iterator = Reflect.apply(original, this, []);
      return {
        next: () => {
          count(1);
          return iterator.next();
        },
        [Symbol.iterator]() {
          return this;
        },
      };
    };
    Object.defineProperty(prototype, name, { value: replacement, writable: true, configurable: true });
    return () => Object.defineProperty(prototype, name, { value: original, writable: true, configurable: true });
  };
}
