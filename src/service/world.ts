import type { Secret as CsmsSecret } from '../api/csms/index.ts';
import type { Value } from '../api/value.ts';
import { has, type SecretState } from '../state.ts';

/** What the secrets of all clouds have. Each cloud adds its own fields. */
export interface StoredSecret {
  /** Its versions, stages and status. */
  readonly state: SecretState;
  /** By version id. */
  readonly values: Readonly<Record<string, Value>>;
}

/** All secrets of an emulator, as plain data. `CloudSecret` is the secret of the emulated cloud. */
export interface World<CloudSecret extends StoredSecret = CsmsSecret> {
  /**
   * The projects by id. In AWS, a project is a region of an account: `123456789012/us-east-1`. A project without secrets is omitted.
   */
  readonly projects: Readonly<Record<string, Project<CloudSecret>>>;
}

/** The secrets of one project, by name. */
export interface Project<CloudSecret extends StoredSecret = CsmsSecret> {
  /** The secrets by name. */
  readonly secrets: Readonly<Record<string, CloudSecret>>;
}

/** A world without projects. */
export const emptyWorld: World<never> = Object.freeze({ projects: Object.freeze({}) });

/** Returns a frozen record of entries. `__proto__` is an ordinary key. */
export function recordOf<Entry>(
  entries: Iterable<readonly [key: string, entry: Entry]>,
): Readonly<Record<string, Entry>> {
  return Object.freeze(Object.fromEntries(entries));
}

/** Returns a record with one entry added or replaced. An undefined entry is removed. */
export function withEntry<Entry>(
  record: Readonly<Record<string, Entry>>,
  key: string,
  entry: Entry | undefined,
): Readonly<Record<string, Entry>> {
  const others = Object.entries(record).filter(([other]) => other !== key);
  return recordOf(entry === undefined ? others : [...others, [key, Object.freeze(entry)]]);
}

/** Returns a record with every entry changed. */
export function mapRecord<Entry, Result>(
  record: Readonly<Record<string, Entry>>,
  change: (entry: Entry) => Result,
): Readonly<Record<string, Result>> {
  return recordOf(Object.entries(record).map(([key, entry]) => [key, change(entry)]));
}

/** Returns a record by version id, without the entries of deleted versions. */
export function ofVersions<Entry>(
  record: Readonly<Record<string, Entry>>,
  { versions }: SecretState,
): Readonly<Record<string, Entry>> {
  return Object.keys(record).every((id) => has(versions, id))
    ? record
    : recordOf(Object.entries(record).filter(([id]) => has(versions, id)));
}

/** Whether a scheduled deletion is due, which means that the secret is deleted. */
export function isDue(scheduledDeleteTime: number | null, now: number): boolean {
  return scheduledDeleteTime !== null && scheduledDeleteTime <= now;
}
