import fc, { type Arbitrary, type Parameters } from 'fast-check';
import { test } from 'vitest';

// The seeds and run counts of all property tests.

/** True in a mutation run. Properties then run fewer times, because every mutant runs the tests. */
export const isMutated: boolean = process.env['STRYKER_MUTATOR_WORKER'] !== undefined;

/** True with `DEEP=1`: properties run at least ten times as often. `npm run verify` sets it. */
export const isDeep: boolean = process.env['DEEP'] === '1';

/** The seed of samples. In a mutation run, also of every property. */
export const fixedSeed = 20_261_124;

/** The number of runs: `usual`, or `deep` with `DEEP=1`, or at most 50 in a mutation run. */
export function runs(usual = 100, deep: number = usual * 10): number {
  if (isMutated) return Math.min(usual, 50);
  return isDeep ? deep : usual;
}

/** Returns `count` values of an arbitrary, the same in every run. Use it to test many values at once. */
export function sample<T>(arbitrary: Arbitrary<T>, count: number): readonly T[] {
  return fc.sample(arbitrary, { seed: fixedSeed, numRuns: count });
}

// Without SEED, each property gets a new seed in every run and reports it when it fails.
const { SEED: asked = isMutated ? `${fixedSeed}` : undefined } = process.env;
if (asked !== undefined && !/^-?\d+$/.test(asked)) throw new Error(`SEED must be a whole number, not "${asked}".`);
fc.configureGlobal({ numRuns: runs(), ...(asked !== undefined && { seed: Number(asked) }) });

/**
 * A test that holds for generated values: `property([arbitrary, …])('title', (value, …) => { … })`. A failure reports the seed and
 * the path of the counterexample.
 *
 * `@fast-check/vitest` does the same, but with vitest 4 every worker takes six seconds to import it.
 */
export function property<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof Values]: Arbitrary<Values[Index]> },
  parameters: Parameters<Values> = {},
) {
  return (title: string, holds: (...values: Values) => unknown, timeout?: number): void => {
    const predicate = async (...values: Values) => (await holds(...values)) !== false;
    test(title, () => fc.assert(fc.asyncProperty(...arbitraries, predicate), parameters), timeout);
  };
}
