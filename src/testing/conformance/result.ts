import type { Grade } from '../../evidence/index.ts';
import type { Dialect, SecretAction } from '../../index.ts';

/** A call that was made on a driver. */
export interface ConformanceCall {
  /** The action; null creates the secret. */
  readonly action: SecretAction | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id that the driver gave the created version; null if a secret was created without a version. */
  readonly versionId?: string | null | undefined;
}

/** A law, and how many calls could have broken it. */
export interface TriedLaw {
  /** A few words with hyphens. */
  readonly id: string;
  /** The law in plain English. */
  readonly sentence: string;
  /** The grade of the evidence for the cloud's rule. */
  readonly grade: Grade;
  /** The cloud's page, or the basis of an assumption. */
  readonly source: string;
  /** How many calls could have broken it. */
  readonly tried: number;
}

/** The result of {@link checkConformance}. */
export type Conformance = Conforming | Broken;

/** The result if no law was broken. */
export interface Conforming {
  /** True: no law was broken. */
  readonly ok: true;
  /** The number of secrets. */
  readonly runs: number;
  /** The number of calls on all secrets. */
  readonly calls: number;
  /** Every law, in the order in which they are checked. */
  readonly laws: readonly TriedLaw[];
  /** The seed that reproduces the same calls. */
  readonly seed: number;
}

/** The result if a law was broken, with the shortest sequence of calls found. */
export interface Broken extends Omit<Conforming, 'ok'> {
  /** False: a law was broken. */
  readonly ok: false;
  /** The law that the calls below break. */
  readonly law: TriedLaw;
  /** How it was broken, in a sentence: what the driver shows, and what the model expects. */
  readonly why: string;
  /** The fewest calls found that break it. The last of them breaks it. */
  readonly story: readonly ConformanceCall[];
  /** The same calls as lines for `secret-stages replay`; with `--cloud` if the dialect is not CSMS. */
  readonly transcript: readonly string[];
  /** The path of fast-check. With the seed, it starts at the run that broke the law. */
  readonly path: string;
  /** The versions and stages of the model, one row for each version. */
  readonly expected: readonly string[];
  /** The versions and stages that the driver shows, one row for each version. */
  readonly found: readonly string[];
}

/** The options of {@link checkConformance}. */
export interface ConformanceOptions {
  /** How many secrets to make calls on. If omitted, 200. */
  readonly runs?: number | undefined;
  /** The `seed` of an earlier result, to make the same calls. If omitted, random. */
  readonly seed?: number | undefined;
  /** The `path` of an earlier result, with its `seed`. */
  readonly path?: string | undefined;
  /** The dialect of the implementation. If omitted, that of the cloud that the driver names, or CSMS. */
  readonly dialect?: Dialect | undefined;
  /** The time limit of each call on the driver, in milliseconds. If omitted, two minutes. */
  readonly timeout?: number | undefined;
  /** The prefix of the names of the secrets. If omitted, `conformance-` and a few characters that depend on the seed. */
  readonly prefix?: string | undefined;
}
