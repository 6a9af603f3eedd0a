import type { Secret } from '../api/csms/index.ts';
import { isDue, mapRecord, recordOf, type World } from './world.ts';

/** What a store keeps under one key: a secret of a project, or the directory of its secrets. */
export type Entry =
  | { readonly project: string; readonly secret: Secret }
  | { readonly project: string; readonly directory: Directory };

/** The secrets of a project by name, and when each is deleted, in epoch milliseconds; null never. */
export type Directory = Readonly<Record<string, number | null>>;

/** Names an entry: a secret of a project or, without a secret, the directory of the project. */
export interface Place {
  readonly project: string;
  readonly secret?: string;
}

/** The key under which a store keeps an entry. */
export function keyOf({ project, secret }: Place): string {
  return JSON.stringify([project, secret]);
}

/** The directory of the secrets of a project. */
export function directoryOf(secrets: Readonly<Record<string, Secret>>): Directory {
  return mapRecord(secrets, ({ state }) => state.scheduledDeleteTime);
}

/** The world that is kept in these entries, without secrets whose deletion is due. */
export function worldOf(entries: readonly (Entry | undefined)[], now: number): World {
  const projects = new Map<string, Map<string, Secret>>();
  for (const entry of entries) {
    if (!entry || !('secret' in entry) || isDue(entry.secret.state.scheduledDeleteTime, now)) continue;
    const secrets = projects.get(entry.project) ?? new Map<string, Secret>();
    projects.set(entry.project, secrets.set(entry.secret.state.name, entry.secret));
  }
  return Object.freeze({
    projects: mapRecord(recordOf(projects), (secrets) => Object.freeze({ secrets: recordOf(secrets) })),
  });
}

/** The entries in which a world is kept, by their keys. */
export function entriesOf({ projects }: World): ReadonlyMap<string, Entry> {
  return new Map<string, Entry>(
    Object.entries(projects).flatMap(([project, { secrets }]) => [
      [keyOf({ project }), { project, directory: directoryOf(secrets) }] as const,
      ...Object.entries(secrets).map(
        ([name, secret]) => [keyOf({ project, secret: name }), { project, secret }] as const,
      ),
    ]),
  );
}

/** The world with everything but the values of its secrets. */
export function withoutValues({ projects }: World): World {
  const bare = (secret: Secret): Secret => Object.freeze({ ...secret, values: Object.freeze({}) });
  return Object.freeze({
    projects: mapRecord(projects, ({ secrets }) => Object.freeze({ secrets: mapRecord(secrets, bare) })),
  });
}
