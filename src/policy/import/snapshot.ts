import { type Dialect, huaweiCsms } from '../../dialects/index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { parseWorld } from '../../service/index.ts';
import { quote } from '../../text.ts';
import type { Imported, ImportOptions, Input } from './imported.ts';
import { dialectOf, problemsAt } from './state.ts';

/**
 * Reads a snapshot of the emulator, what its `snapshot()` gives: every secret of every project. All are of the dialect that is
 * given, or else of the cloud that the first one belongs to. A snapshot knows all, so nothing is unknown. Of the values in one that has
 * them, nothing is kept, and no problem shows any.
 *
 * A snapshot holds at most 10,000,000 JSON values, and at most 20 problems are listed and how many more there are.
 *
 * @example
 * importSnapshot({ projects: { p: { secrets: {} } } }); // { ok: true, secrets: [] }
 * importSnapshot({}); // { ok: false, problems: [{ path: 'snapshot.projects', expected: 'given', found: 'nothing' }] }
 */
export function importSnapshot(input: unknown, { dialect }: ImportOptions = {}): Imported {
  return readSnapshot({ path: 'snapshot', json: input }, dialect);
}

/** {@link importSnapshot} of one that has a name of its own. */
export function readSnapshot({ path: source, json }: Input, given: Dialect | undefined): Imported {
  const dialect = dialectIn(json, source, given);
  if ('expected' in dialect) return { ok: false, problems: [dialect] };
  const parsed = parseWorld(json, dialect);
  if (!parsed.ok) return { ok: false, problems: problemsAt(source, parsed.problems) };
  const secrets = Object.entries(parsed.result.projects).flatMap(([project, { secrets }]) =>
    Object.values(secrets).map(({ state, expireTimes }) =>
      Object.freeze({ project, source, dialect, state, expireTimes }),
    ),
  );
  return { ok: true, secrets: Object.freeze(secrets) };
}

/** The dialect of the first secret. */
function dialectIn(json: unknown, source: string, given: Dialect | undefined): ReturnType<typeof dialectOf> {
  for (const [project, content] of entriesOf(fieldOf(json, 'projects'))) {
    for (const [name, secret] of entriesOf(fieldOf(content, 'secrets'))) {
      const state = fieldOf(secret, 'state');
      const path = `${source}.projects[${quote(project)}].secrets[${quote(name)}].state`;
      if (isObject(state)) return dialectOf(state, path, given);
    }
  }
  return given ?? huaweiCsms;
}

function entriesOf(record: unknown): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(Object(record));
}
