import type { Secret, Value } from '../api/csms/index.ts';
import { has, type SecretState } from '../state.ts';

/** Everything that an emulator keeps, as plain data: the secrets of each project by name. */
export interface World {
  readonly projects: Readonly<Record<string, Project>>;
}

/** The secrets of one project, by name. */
export interface Project {
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** No project, and so no secret. */
export const emptyWorld: World = Object.freeze({ projects: Object.freeze({}) });

/** A frozen record of entries; `__proto__` is a key like any other. */
export function recordOf<Entry>(
  entries: Iterable<readonly [key: string, entry: Entry]>,
): Readonly<Record<string, Entry>> {
  return Object.freeze(Object.fromEntries(entries));
}

/** The record with one entry put in or, if it is undefined, taken out. */
export function withEntry<Entry>(
  record: Readonly<Record<string, Entry>>,
  key: string,
  entry: Entry | undefined,
): Readonly<Record<string, Entry>> {
  const others = Object.entries(record).filter(([other]) => other !== key);
  return recordOf(entry === undefined ? others : [...others, [key, Object.freeze(entry)]]);
}

/** The record with every entry changed. */
export function mapRecord<Entry, Result>(
  record: Readonly<Record<string, Entry>>,
  change: (entry: Entry) => Result,
): Readonly<Record<string, Result>> {
  return recordOf(Object.entries(record).map(([key, entry]) => [key, change(entry)]));
}

/** A new secret whose first version, if it has one, holds that value. */
export function newSecret(
  state: SecretState,
  now: number,
  { value, ...facts }: Pick<Secret, 'id' | 'description' | 'kmsKeyId'> & { readonly value: Value },
): Secret {
  const none = Object.freeze({});
  const values = recordOf(Object.keys(state.versions).map((id) => [id, Object.freeze(value)]));
  return Object.freeze({
    ...facts,
    createTime: now,
    updateTime: now,
    state,
    kmsKeyIds: none,
    expireTimes: none,
    values,
  });
}

/** A secret with its next state, from `now` on. What it kept of versions that are gone goes with them. */
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

/** Whether a deletion that was scheduled has come due, so that the service has deleted the secret. */
export function isDue(scheduledDeleteTime: number | null, now: number): boolean {
  return scheduledDeleteTime !== null && scheduledDeleteTime <= now;
}
