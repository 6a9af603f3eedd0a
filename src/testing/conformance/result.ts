import type { Grade } from '../../evidence/index.ts';
import type { Dialect, SecretAction } from '../../index.ts';

/** A call that was made on a driver, and what the model makes of it. */
export interface ConformanceCall {
  /** Null creates the secret. */
  readonly action: SecretAction | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the version that the call created, as the driver has it. Null: a secret was created without one. */
  readonly versionId?: string | null | undefined;
}

/** A law that an implementation is held to, and how often that was tried: on so many calls that could have broken it. */
export interface TriedLaw {
  readonly id: string;
  readonly sentence: string;
  /** How the cloud's rule behind it is known. */
  readonly grade: Grade;
  /** The cloud's own page, or what an assumption rests on. */
  readonly source: string;
  readonly tried: number;
}

/** What {@link checkConformance} found. */
export type Conformance = Conforming | Broken;

interface Checked {
  /** How many secrets were played with, and how many calls were made on them in all. */
  readonly runs: number;
  readonly calls: number;
  /** Every law, in the order in which they are looked at. */
  readonly laws: readonly TriedLaw[];
  /** Gives the same calls again. */
  readonly seed: number;
}

/** No law was broken. */
export interface Conforming extends Checked {
  readonly ok: true;
}

/** A law was broken, and this is the shortest way found to it. */
export interface Broken extends Checked {
  readonly ok: false;
  /** The law that the calls below break. */
  readonly law: TriedLaw;
  /** What was seen, in a sentence: which version holds what, and what the model says instead. */
  readonly why: string;
  /** The fewest calls found that break it; the last of them does. */
  readonly story: readonly ConformanceCall[];
  /** The same, as lines that `secret-stages replay` takes, under another dialect than CSMS with `--cloud`. */
  readonly transcript: readonly string[];
  /** With the seed, begins at the broken run. */
  readonly path: string;
  /** The versions and stages as the model has them, and as the driver shows them, one row a version. */
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** What {@link checkConformance} takes beside the driver. */
export interface ConformanceOptions {
  /** How many secrets to play with. If omitted, 200. */
  readonly runs?: number | undefined;
  readonly seed?: number | undefined;
  /** The `path` of an earlier result, with its `seed`. */
  readonly path?: string | undefined;
  readonly dialect?: Dialect | undefined;
  /** How long each call on the driver may take, in milliseconds. If omitted, two minutes. */
  readonly timeout?: number | undefined;
  /** What the names of the secrets begin with. If omitted, `conformance-` and a few characters that come from the seed. */
  readonly prefix?: string | undefined;
}
