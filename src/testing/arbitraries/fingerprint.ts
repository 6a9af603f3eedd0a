import { type Arbitrary, constant, constantFrom, option, string } from 'fast-check';
import type { Dialect } from '../../dialects/index.ts';
import { shrunkAs } from './shrunk-as.ts';

/** Few, so that what is asked for again is now and then the same. */
export const fingerprint: Arbitrary<string> = shrunkAs(
  constantFrom('a1', 'b2'),
  string({ minLength: 1, maxLength: 256 }),
);

/** The fingerprint of a version. Where it matters, often one. */
export function fingerprintFor({ versions }: Dialect): Arbitrary<string | undefined> {
  const any = option(fingerprint, { nil: undefined });
  return shrunkAs(versions.repeatedId === 'ignored' ? any : constant(undefined), any);
}
