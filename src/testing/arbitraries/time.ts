import { type Arbitrary, constantFrom, integer, nat, oneof } from 'fast-check';
import type { Dialect } from '../../dialects/index.ts';
import { lastTime, millisecondsAnHour } from '../../limits.ts';
import { shrunkAs } from './shrunk-as.ts';

/**
 * Epoch milliseconds, few enough to collide: the same one twice, clocks that go back, and now and then any at all. Where it
 * matters how many hours a version is old, they are hours apart as often.
 */
export function timeFor({ versions: { limit } }: Dialect): Arbitrary<number> {
  const hours = limit?.whenFull === 'drop-oldest-deprecated' ? limit.sparedHours : undefined;
  const soon = { weight: 20, arbitrary: nat(20) };
  const any = { weight: 1, arbitrary: anyTime };
  const later = (most: number) => ({ weight: 20, arbitrary: nat(2 * most).map((hour) => hour * millisecondsAnHour) });
  return shrunkAs(hours === undefined ? oneof(soon, any) : oneof(soon, later(hours), any), anyTime);
}

/** A time, and now and then a value that is not one. */
export function hostileTimeFor(dialect: Dialect): Arbitrary<number> {
  return shrunkAs(
    oneof({ weight: 9, arbitrary: timeFor(dialect) }, { weight: 1, arbitrary: noTime }),
    oneof(anyTime, noTime),
  );
}

const anyTime = integer({ min: 0, max: lastTime });
// The first is what the others shrink to.
const noTime = constantFrom(0, -1, -0, 0.5, Number.NaN, lastTime + 1, Number.POSITIVE_INFINITY);
