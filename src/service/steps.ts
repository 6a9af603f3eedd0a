import { entryOf } from '../json.ts';
import type { Directory, Entry, Place } from './entries.ts';
import { isDue, recordOf, type StoredSecret, withEntry } from './world.ts';

/** The result of a call: the entries that it writes. */
export interface CallResult<Secret extends StoredSecret> {
  readonly writes?: readonly EntryWrite<Secret>[];
}

/** A write of one entry. */
export interface EntryWrite<Secret extends StoredSecret> extends Place {
  /** Undefined deletes the entry. */
  readonly entry: Entry<Secret> | undefined;
}

/**
 * A call in progress. It yields the place of each entry that it needs, and returns what to write. So the same code runs on a world in
 * memory and on an asynchronous store.
 */
export type CallSteps<Result, Secret extends StoredSecret> = Generator<Place, Result, Entry<Secret> | undefined>;

/** Does a call on entries that can be read synchronously. */
export function runCall<Result, Secret extends StoredSecret>(
  steps: CallSteps<Result, Secret>,
  read: (place: Place) => Entry<Secret> | undefined,
): Result {
  let step = steps.next();
  while (!step.done) step = steps.next(read(step.value));
  return step.value;
}

/** Reads the directory of a project. */
export function* readDirectory<Secret extends StoredSecret>(project: string): CallSteps<Directory, Secret> {
  const entry = yield { project };
  return entry && 'directory' in entry ? entry.directory : {};
}

/** Reads a secret; undefined if it does not exist, or if its deletion is due. */
export function* readSecret<Secret extends StoredSecret>(
  place: Place,
  now: number,
): CallSteps<Secret | undefined, Secret> {
  const entry = yield place;
  if (!entry || !('secret' in entry)) return undefined;
  return isDue(entry.secret.state.scheduledDeleteTime, now) ? undefined : entry.secret;
}

/** Returns a directory without the secrets whose deletion is due. */
export function livingIn(directory: Directory, now: number): Directory {
  const isLiving = ([, due]: readonly [string, number | null]) => !isDue(due, now);
  return Object.values(directory).every((due) => !isDue(due, now))
    ? directory
    : recordOf(Object.entries(directory).filter(isLiving));
}

/** Adds a secret to a project, and deletes those whose deletion is due, with their values. Returns what to write. */
export function* addSecret<Secret extends StoredSecret>(
  project: string,
  secret: Secret,
  directory: Directory,
  now: number,
): CallSteps<readonly EntryWrite<Secret>[], Secret> {
  const { name } = secret.state;
  const living = livingIn(directory, now);
  const writes = [...listedWrites(project, name, secret, living)];
  const isDead = (other: string) => other !== name && entryOf(living, other) === undefined;
  const due = living === directory ? [] : Object.keys(directory).filter(isDead);
  for (const deleted of due) {
    yield { project, secret: deleted };
    writes.push(secretWrite<Secret>(project, deleted, undefined));
  }
  return writes;
}

/** Writes a secret; undefined deletes it. */
export function secretWrite<Secret extends StoredSecret>(
  project: string,
  name: string,
  secret: Secret | undefined,
): EntryWrite<Secret> {
  return { project, secret: name, entry: secret && { project, secret } };
}

/** Writes a secret with its entry in the directory of its project; undefined deletes both. */
export function listedWrites<Secret extends StoredSecret>(
  project: string,
  name: string,
  secret: Secret | undefined,
  directory: Directory,
): readonly EntryWrite<Secret>[] {
  const entry = { project, directory: withEntry(directory, name, secret?.state.scheduledDeleteTime) };
  return [secretWrite(project, name, secret), { project, entry }];
}
