import type { Data } from './store.ts';
import type { Secret, World } from './world.ts';

/** Where a secret of a project is kept or, without a secret, the directory of the project. */
export const keyOf = (project: string, secret?: string): string => JSON.stringify([project, secret]);

/** The world that is kept in so many pieces. */
export const worldOf = (kept: readonly (Data | undefined)[]): World => {
  const projects = new Map<string, Map<string, Secret>>();
  for (const data of kept) {
    if (!data || !('secret' in data)) continue;
    const secrets = projects.get(data.project) ?? new Map<string, Secret>();
    projects.set(data.project, secrets.set(data.secret.state.name, data.secret));
  }
  return Object.freeze({
    projects: frozenRecord(
      [...projects].map(([project, secrets]) => [project, Object.freeze({ secrets: frozenRecord([...secrets]) })]),
    ),
  });
};

const frozenRecord = <Entry>(entries: readonly (readonly [key: string, entry: Entry])[]) =>
  Object.freeze(Object.fromEntries(entries));

/** The pieces that a world is kept in, by their keys. */
export const dataOf = ({ projects }: World): readonly (readonly [key: string, data: Data])[] =>
  Object.entries(projects).flatMap(([project, { secrets }]) => {
    const directory = frozenRecord(
      Object.entries(secrets).map(([name, { state }]) => [name, state.scheduledDeleteTime]),
    );
    return [
      [keyOf(project), { project, directory }] as const,
      ...Object.entries(secrets).map(([name, secret]) => [keyOf(project, name), { project, secret }] as const),
    ];
  });
