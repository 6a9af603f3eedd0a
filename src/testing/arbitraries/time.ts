import { type Arbitrary, constantFrom, integer, nat, oneof } from 'fast-check';
import type { Dialect } from '../../dialect.ts';
import { shrunkAs } from './shrunk-as.ts';

export const lastTime = 864e13;
const anyTime = integer({ min: 0, max: lastTime });
// The first is what the others shrink to.
const noTime = constantFrom(0, -1, -0, 0.5, Number.NaN, lastTime + 1, Number.POSITIVE_INFINITY);

/**
 * Epoch milliseconds, few enough to collide: the same one twice, clocks that go back, and now and then any at all. Where it
 * matters how many hours a version is old, they are hours apart as often.
 */
export const timeFor = ({ deprecatedStayInHours: hours }: Dialect): Arbitrary<number> => {
  const soon = { weight: 20, arbitrary: nat(20) };
  const any = { weight: 1, arbitrary: anyTime };
  const later = (most: number) => ({ weight: 20, arbitrary: nat(2 * most).map((hour) => hour * 3_600_000) });
  return shrunkAs(hours === undefined ? oneof(soon, any) : oneof(soon, later(hours), any), anyTime);
};

/** A time, and now and then what is none. */
export const hostileTimeFor = (dialect: Dialect): Arbitrary<number> =>
  shrunkAs(oneof({ weight: 9, arbitrary: timeFor(dialect) }, { weight: 1, arbitrary: noTime }), oneof(anyTime, noTime));
