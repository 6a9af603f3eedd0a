import type { Dialect } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import { parseWorld } from '../emulator/parse-world.ts';
import type { Given, Imported } from './import-answers.ts';

/**
 * Reads a snapshot of the emulator, what its `snapshot()` gives: every secret of every project. A snapshot knows all, so nothing is
 * unknown. Of the values in one that has them, nothing is kept, and no problem shows any.
 *
 * @example
 * importSnapshot({ projects: { p: { secrets: {} } } }); // { ok: true, secrets: [] }
 * importSnapshot({}); // { ok: false, problems: [{ path: 'snapshot.projects', expected: 'there' }] }
 */
export const importSnapshot = (input: unknown, dialect: Dialect = csms): Imported =>
  readSnapshot({ path: 'snapshot', json: input }, dialect);

/** {@link importSnapshot} of one that has a name of its own. */
export const readSnapshot = ({ path: source, json }: Given, dialect: Dialect): Imported => {
  const parsed = parseWorld(json, dialect);
  if (!parsed.ok) return parsed;
  const secrets = Object.entries(parsed.result.projects).flatMap(([project, { secrets }]) =>
    Object.values(secrets).map(({ state, expireTimes }) => Object.freeze({ project, source, state, expireTimes })),
  );
  return { ok: true, secrets: Object.freeze(secrets) };
};
