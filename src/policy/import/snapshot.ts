import type { AwsSecret } from '../../api/aws/index.ts';
import type { Secret as CsmsSecret } from '../../api/csms/index.ts';
import { awsSecretsManager, type Dialect, huaweiCsms } from '../../dialects/index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { parseWorld, readAwsSecret, readCsmsSecret } from '../../service/index.ts';
import { quote } from '../../text.ts';
import type { Imported, ImportOptions, Input } from './imported.ts';
import { dialectOf, problemsAt } from './state.ts';

/**
 * Imports every secret of every project from a snapshot of an emulator, the result of `snapshot()`. If `dialect` is omitted, all
 * secrets must belong to the cloud of the first one. Nothing is unknown. Values in a snapshot are neither kept nor shown in problems.
 *
 * Reads at most 10,000,000 JSON values.
 *
 * @example
 * importSnapshot({ projects: { p: { secrets: {} } } }); // { ok: true, secrets: [], remarks: [] }
 * importSnapshot({}); // { ok: false, problems: [{ path: 'snapshot.projects', expected: 'given', found: 'nothing' }] }
 */
export function importSnapshot(input: unknown, { dialect }: ImportOptions = {}): Imported {
  return readSnapshot({ path: 'snapshot', json: input }, dialect);
}

/** {@link importSnapshot} of a document with its own path. */
export function readSnapshot({ path: source, json }: Input, given: Dialect | undefined): Imported {
  const dialect = dialectIn(json, source, given);
  if ('expected' in dialect) return { ok: false, problems: [dialect] };
  const readSecret = dialect.id === awsSecretsManager.id ? readAwsSecret : readCsmsSecret;
  const parsed = parseWorld<AwsSecret | CsmsSecret>(json, dialect, readSecret);
  if (!parsed.ok) return { ok: false, problems: problemsAt(source, parsed.problems) };
  const secrets = Object.entries(parsed.result.projects).flatMap(([project, { secrets }]) =>
    Object.values(secrets).map((secret) => {
      // Versions in AWS do not expire.
      const expireTimes = 'expireTimes' in secret ? secret.expireTimes : Object.freeze({});
      return Object.freeze({ project, source, dialect, state: secret.state, expireTimes });
    }),
  );
  return { ok: true, secrets: Object.freeze(secrets), remarks: [] };
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
