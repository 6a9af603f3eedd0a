import { constantFrom, integer, nat, oneof } from 'fast-check';
import { shrunkAs } from './shrunk-as.ts';

export const lastTime = 864e13;
const anyTime = integer({ min: 0, max: lastTime });
// The first is what the others shrink to.
const noTime = constantFrom(0, -1, -0, 0.5, Number.NaN, lastTime + 1, Number.POSITIVE_INFINITY);

/** Epoch milliseconds, few enough to collide: the same one twice, clocks that go back, and now and then any at all. */
export const time = shrunkAs(oneof({ weight: 20, arbitrary: nat(20) }, { weight: 1, arbitrary: anyTime }), anyTime);

/** A time, and now and then what is none. */
export const hostileTime = shrunkAs(
  oneof({ weight: 9, arbitrary: time }, { weight: 1, arbitrary: noTime }),
  oneof(anyTime, noTime),
);
