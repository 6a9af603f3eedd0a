import type { Secret, Value } from '../api/csms/index.ts';
import { has, type SecretState } from '../state.ts';

/** All secrets of all projects of an emulator, as plain data. */
export interface World {
  /** The projects by id. A project without secrets is omitted. */
  readonly projects: Readonly<Record<string, Project>>;
}

/** The secrets of one project, by name. */
export interface Project {
  /** The secrets by name. */
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** A world without projects. */
export const emptyWorld: World = Object.freeze({ projects: Object.freeze({}) });

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

/** Returns a new secret. Its first version, if there is one, has the given value. */
export function newSecret(
  state: SecretState,
  now: number,
  { value, ...facts }: Pick<Secret, 'id' | 'description' | 'kmsKeyId'> & { readonly value: Value },
): Secret {
  const empty = Object.freeze({});
  const values = recordOf(Object.keys(state.versions).map((id) => [id, Object.freeze(value)]));
  return Object.freeze({
    ...facts,
    createTime: now,
    updateTime: now,
    state,
    kmsKeyIds: empty,
    expireTimes: empty,
    values,
  });
}

/** Returns a secret with its next state. What belongs to deleted versions is removed. */
export function withState(secret: Secret, state: SecretState, now: number): Secret {
  const { id, description, kmsKeyId, createTime, kmsKeyIds, expireTimes, values } = secret;
  const ofVersions = <Entry>(record: Readonly<Record<string, Entry>>) =>
    Object.keys(record).every((id) => has(state.versions, id))
      ? record
      : recordOf(Object.entries(record).filter(([id]) => has(state.versions, id)));
  return Object.freeze({
    id,
    description,
    kmsKeyId,
    createTime,
    updateTime: now,
    state,
    kmsKeyIds: ofVersions(kmsKeyIds),
    expireTimes: ofVersions(expireTimes),
    values: ofVersions(values),
  });
}

/** Whether a scheduled deletion is due, which means that the secret is deleted. */
export function isDue(scheduledDeleteTime: number | null, now: number): boolean {
  return scheduledDeleteTime !== null && scheduledDeleteTime <= now;
}
