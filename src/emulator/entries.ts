import type { Directory } from './csms-operations.ts';
import { isGone, type Secret, type World } from './world.ts';

/** What a store keeps under one key: a secret of a project, or the directory of its secrets. */
export type Entry =
  | { readonly project: string; readonly secret: Secret }
  | { readonly project: string; readonly directory: Directory };

/** Where a secret of a project is kept or, without a secret, the directory of the project. */
export function keyOf(project: string, secret?: string): string {
  return JSON.stringify([project, secret]);
}

/** The world that is kept in so many pieces, without what has fallen due. */
export function worldOf(kept: readonly (Entry | undefined)[], now: number): World {
  const projects = new Map<string, Map<string, Secret>>();
  for (const piece of kept) {
    if (!piece || !('secret' in piece) || isGone(piece.secret, now)) continue;
    const secrets = projects.get(piece.project) ?? new Map<string, Secret>();
    projects.set(piece.project, secrets.set(piece.secret.state.name, piece.secret));
  }
  return Object.freeze({
    projects: frozenRecord(
      [...projects].map(([project, secrets]) => [project, Object.freeze({ secrets: frozenRecord([...secrets]) })]),
    ),
  });
}

const frozenRecord = <Entry>(entries: readonly (readonly [key: string, entry: Entry])[]) =>
  Object.freeze(Object.fromEntries(entries));

/** The world with everything but the values of its secrets. */
export function withoutValues({ projects }: World): World {
  const bare = (secret: Secret): Secret => Object.freeze({ ...secret, values: Object.freeze({}) });
  return Object.freeze({
    projects: mapRecord(projects, ({ secrets }) => Object.freeze({ secrets: mapRecord(secrets, bare) })),
  });
}

const mapRecord = <Entry>(record: Readonly<Record<string, Entry>>, change: (entry: Entry) => Entry) =>
  frozenRecord(Object.entries(record).map(([key, entry]) => [key, change(entry)]));

/** The pieces that a world is kept in, by their keys. */
export function entriesOf({ projects }: World): readonly (readonly [key: string, piece: Entry])[] {
  return Object.entries(projects).flatMap(([project, { secrets }]) => {
    const directory = frozenRecord(
      Object.entries(secrets).map(([name, { state }]) => [name, state.scheduledDeleteTime]),
    );
    return [
      [keyOf(project), { project, directory }] as const,
      ...Object.entries(secrets).map(([name, secret]) => [keyOf(project, name), { project, secret }] as const),
    ];
  });
}
