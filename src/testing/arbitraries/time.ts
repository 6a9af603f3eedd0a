import { type Arbitrary, constantFrom, integer, nat, oneof } from 'fast-check';
import type { Dialect } from '../../dialects/index.ts';
import { lastTime, millisecondsAnHour } from '../../limits.ts';
import { shrunkAs } from './shrunk-as.ts';

/**
 * Epoch milliseconds, few enough to repeat and go back, and sometimes any time. If the age of a version in hours matters, half of
 * them are hours apart.
 */
export function timeFor({ versions: { limit } }: Dialect): Arbitrary<number> {
  const hours = limit?.whenFull === 'drop-oldest-deprecated' ? limit.sparedHours : undefined;
  const soon = { weight: 20, arbitrary: nat(20) };
  const any = { weight: 1, arbitrary: anyTime };
  const later = (most: number) => ({ weight: 20, arbitrary: nat(2 * most).map((hour) => hour * millisecondsAnHour) });
  return shrunkAs(hours === undefined ? oneof(soon, any) : oneof(soon, later(hours), any), anyTime);
}

/** A time, and sometimes an invalid value. */
export function hostileTimeFor(dialect: Dialect): Arbitrary<number> {
  return shrunkAs(
    oneof({ weight: 9, arbitrary: timeFor(dialect) }, { weight: 1, arbitrary: invalidTime }),
    oneof(anyTime, invalidTime),
  );
}

const anyTime = integer({ min: 0, max: lastTime });
// The others shrink to the first.
const invalidTime = constantFrom(0, -1, -0, 0.5, Number.NaN, lastTime + 1, Number.POSITIVE_INFINITY);
