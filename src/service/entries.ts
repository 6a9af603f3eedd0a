import { isDue, mapRecord, recordOf, type StoredSecret, type World } from './world.ts';

/** What is stored under one key: a secret of a project, or the directory of its secrets. */
export type Entry<Secret extends StoredSecret> =
  | { readonly project: string; readonly secret: Secret }
  | { readonly project: string; readonly directory: Directory };

/** By name of a secret: when it is deleted, in epoch milliseconds, or null for never. */
export type Directory = Readonly<Record<string, number | null>>;

/** Which entry: a secret of a project or, without `secret`, the directory of the project. */
export interface Place {
  readonly project: string;
  readonly secret?: string;
}

/** Returns the key of an entry in a store. */
export function keyOf({ project, secret }: Place): string {
  return JSON.stringify([project, secret]);
}

/** Returns the directory of the secrets of a project. */
export function directoryOf(secrets: Readonly<Record<string, StoredSecret>>): Directory {
  return mapRecord(secrets, ({ state }) => state.scheduledDeleteTime);
}

/** Returns the world that entries contain, without secrets whose deletion is due. */
export function worldOf<Secret extends StoredSecret>(
  entries: readonly (Entry<Secret> | undefined)[],
  now: number,
): World<Secret> {
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

/** Returns the entries of a world by their keys. */
export function entriesOf<Secret extends StoredSecret>({
  projects,
}: World<Secret>): ReadonlyMap<string, Entry<Secret>> {
  return new Map<string, Entry<Secret>>(
    Object.entries(projects).flatMap(([project, { secrets }]) => [
      [keyOf({ project }), { project, directory: directoryOf(secrets) }] as const,
      ...Object.entries(secrets).map(
        ([name, secret]) => [keyOf({ project, secret: name }), { project, secret }] as const,
      ),
    ]),
  );
}

/** Returns the world without the values of its secrets. */
export function withoutValues<Secret extends StoredSecret>({ projects }: World<Secret>): World<Secret> {
  const bare = (secret: Secret): Secret => Object.freeze({ ...secret, values: Object.freeze({}) });
  return Object.freeze({
    projects: mapRecord(projects, ({ secrets }) => Object.freeze({ secrets: mapRecord(secrets, bare) })),
  });
}
