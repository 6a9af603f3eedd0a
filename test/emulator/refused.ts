import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { WireRequest, WireResponse } from '../../src/emulator/index.ts';
import { runs } from '../property.ts';

export const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
};

/** An emulator of any cloud, and what a refusal of it looks like. */
export interface Refusing {
  readonly emulator: { readonly world: object };
  readonly answer: (bad: WireRequest, lot: number) => Promise<WireResponse>;
  readonly type: string;
  readonly statuses: readonly number[];
  readonly refusal: object;
  /** The values in the world. */
  readonly values: RegExp;
}

/** Expects that every request is refused, changes nothing, shows no value, and leaks no memory. */
export const expectAllRefused = async (
  bad: fc.Arbitrary<WireRequest>,
  { emulator, answer, type, statuses, refusal, values }: Refusing,
): Promise<void> => {
  const before = JSON.stringify(emulator.world);
  const refuse = (share: number) =>
    fc.assert(
      fc.asyncProperty(bad, fc.nat(7), async (bad, lot) => {
        const { status, headers, body } = await answer(bad, lot);
        expect(statuses).toContain(status);
        expect(headers['content-type']).toBe(type);
        expect(JSON.parse(body ?? '')).toEqual(refusal);
        expect(body).not.toMatch(values);
        expect(JSON.stringify(emulator.world)).toBe(before);
      }),
      { numRuns: Math.ceil(share * runs(2000, 100_000)) },
    );
  await refuse(0.1);
  collectGarbage();
  const { heapUsed } = process.memoryUsage();
  await refuse(0.9);
  collectGarbage();
  expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(8_000_000);
};
