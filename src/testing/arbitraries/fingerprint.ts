import { type Arbitrary, constant, constantFrom, option, string } from 'fast-check';
import type { Dialect } from '../../dialect.ts';
import { shrunkAs } from './shrunk-as.ts';

/** Few, so that what is asked for again is now and then the same. */
export const fingerprint = shrunkAs(constantFrom('a1', 'b2'), string({ minLength: 1, maxLength: 256 }));

/** Of a version: where it matters, often one. */
export const fingerprintFor = ({ repeatedIdChangesNothing }: Dialect): Arbitrary<string | undefined> => {
  const any = option(fingerprint, { nil: undefined });
  return shrunkAs(repeatedIdChangesNothing ? any : constant(undefined), any);
};
