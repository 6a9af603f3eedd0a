import { test } from '@fast-check/vitest';
import fc, { type Arbitrary } from 'fast-check';

/** Whether a mutation run is at work: one break after another, and the tests of one part again and again. */
export const isMutated: boolean = process.env['STRYKER_MUTATOR_WORKER'] !== undefined;

/** `DEEP=1 npm test` looks longer at everything that chance chooses. */
export const isDeep: boolean = process.env['DEEP'] !== undefined;

/** The one seed of all samples, and of whole mutation runs. `SEED=7 npm test` takes another for the properties. */
export const fixedSeed = 20_261_124;
const { SEED: asked } = process.env;
const seed = asked === undefined ? (isMutated ? fixedSeed : undefined) : Number(asked);

/** How often something is tried: `usual` times in `npm test`, `deep` times with DEEP=1, and never often under a mutant. */
export function runs(usual = 100, deep: number = usual * 10): number {
  if (isMutated) return Math.min(usual, 50);
  return isDeep ? deep : usual;
}

/** Values of an arbitrary, the same each time: for what is to be true of many together. */
export function sample<T>(arbitrary: Arbitrary<T>, count: number): readonly T[] {
  return fc.sample(arbitrary, { seed: fixedSeed, numRuns: count });
}

fc.configureGlobal({ numRuns: runs(), ...(seed !== undefined && { seed }) });

/** `property([arbitrary, …])('what is true of all', (value, …) => { … })`. A failure tells the seed and the path to it. */
export const property = test.prop;
