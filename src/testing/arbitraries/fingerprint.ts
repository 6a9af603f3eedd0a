import { type Arbitrary, constant, constantFrom, option, string } from 'fast-check';
import type { Dialect } from '../../dialects/index.ts';
import { shrunkAs } from './shrunk-as.ts';

/** Few different ones, so that they repeat. */
export const fingerprint: Arbitrary<string> = shrunkAs(
  constantFrom('a1', 'b2'),
  string({ minLength: 1, maxLength: 256 }),
);

/** The fingerprint of a version, often undefined. If the dialect does not use fingerprints, always undefined. */
export function fingerprintFor({ versions }: Dialect): Arbitrary<string | undefined> {
  const any = option(fingerprint, { nil: undefined });
  return shrunkAs(versions.repeatedId === 'ignored' ? any : constant(undefined), any);
}
