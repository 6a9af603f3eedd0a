import { has, type SecretState } from '../state.ts';

/** Everything that the emulator keeps, as plain data: the secrets of each project by their names. */
export interface World {
  readonly projects: Readonly<Record<string, Project>>;
}

/** The secrets of one project, by name. */
export interface Project {
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** A secret as the service keeps it: the state of its stages, and beside it what the model leaves to others. */
export interface Secret {
  readonly id: string;
  readonly description: string;
  /** The key that new versions are encrypted with. */
  readonly kmsKeyId: string;
  /** Epoch milliseconds. */
  readonly createTime: number;
  /** When anything of the secret last changed, in epoch milliseconds. */
  readonly updateTime: number;
  readonly state: SecretState;
  /** The keys of the versions that are older than the last UpdateSecret, by version id: the secret's may have been another. */
  readonly kmsKeyIds: Readonly<Record<string, string>>;
  /** When a version expires, in epoch milliseconds, by version id. An expired version is read like any other (assumed). */
  readonly expireTimes: Readonly<Record<string, number>>;
  /** By version id. A version from a snapshot without values has none. */
  readonly values: Readonly<Record<string, Value>>;
}

/** The value of a version, opaque: text, or base64. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly text: string };

/** No project, and so no secret. */
export const emptyWorld: World = Object.freeze({ projects: Object.freeze({}) });

/** Reads one key of a record that anybody may have named. */
export function entryOf<Entry>(record: Readonly<Record<string, Entry>>, key: string): Entry | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record with one entry put in or, if it is undefined, taken out; `__proto__` is a key like any other. */
export function withEntry<Entry>(
  record: Readonly<Record<string, Entry>>,
  key: string,
  entry: Entry | undefined,
): Readonly<Record<string, Entry>> {
  const others = Object.entries(record).filter(([other]) => other !== key);
  return Object.freeze(Object.fromEntries(entry === undefined ? others : [...others, [key, Object.freeze(entry)]]));
}

/** What is kept by version id, of the versions that still are. */
export function ofVersions<Entry>(
  record: Readonly<Record<string, Entry>>,
  { versions }: SecretState,
): Readonly<Record<string, Entry>> {
  return Object.keys(record).every((id) => has(versions, id))
    ? record
    : Object.freeze(Object.fromEntries(Object.entries(record).filter(([id]) => has(versions, id))));
}

/** Whether the recovery window of a secret is over, so that the service has deleted it. */
export function isGone({ state }: Secret, now: number): boolean {
  return isPast(state.scheduledDeleteTime, now);
}

/** Whether a deletion that was scheduled has come due. */
export function isPast(scheduledDeleteTime: number | null, now: number): boolean {
  return scheduledDeleteTime !== null && scheduledDeleteTime <= now;
}
