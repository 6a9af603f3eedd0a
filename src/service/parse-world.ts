import * as v from 'valibot';
import { projectId, projectRule } from '../api/csms/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { fieldOf, isObject } from '../json.ts';
import { parseSecretState, problemsOf } from '../parse.ts';
import type { Problem } from '../refusal.ts';
import { time } from '../schema.ts';
import type { SecretState } from '../state.ts';
import { foundText, quote } from '../text.ts';
import type { Entry } from './entries.ts';
import { listProblems, readBy } from './list-problems.ts';
import { mostInSnapshot, tooLarge } from './too-large.ts';
import { recordOf, type StoredSecret, type World } from './world.ts';

/** Data that was read, or its problems. Problems never contain a secret value. */
export type Parsed<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a secret of one cloud from untrusted data, with the tools that it is given. Returns undefined after a problem. */
export type SecretReader<Secret extends StoredSecret> = (
  input: unknown,
  path: string,
  tools: SecretTools,
) => Secret | undefined;

/** The tools of a {@link SecretReader}. Each records the problems that it finds. */
export interface SecretTools {
  readonly read: <Schema extends v.GenericSchema>(
    schema: Schema,
    input: unknown,
    path: string,
  ) => v.InferOutput<Schema> | undefined;
  /** Reads a state of the model, which must obey the laws. */
  readonly readState: (input: unknown, path: string) => SecretState | undefined;
  /** Reads a record by version id. */
  readonly readByVersion: <Schema extends v.GenericSchema>(
    state: SecretState,
    input: Readonly<Record<string, unknown>>,
    path: string,
    schema: Schema,
  ) => Readonly<Record<string, v.InferOutput<Schema>>>;
}

/**
 * Reads a world from untrusted data, such as a snapshot in a file. Every secret in it must obey the laws of the dialect. Returns a
 * frozen copy.
 *
 * It reads at most 10,000,000 JSON values (`mostInSnapshot`). It lists at most 20 problems, and how many more there are.
 */
export function parseWorld<Secret extends StoredSecret>(
  input: unknown,
  dialect: Dialect,
  readSecret: SecretReader<Secret>,
): Parsed<World<Secret>> {
  const large = tooLarge(input, 'snapshot', mostInSnapshot);
  if (large) return { ok: false, problems: [large] };
  return parsed('snapshot', (report) => {
    const world = read(worldSchema, input, 'snapshot', report);
    const projects = each(world?.projects, 'snapshot.projects', (entry, path, name) => {
      if (!projectId.test(name)) return report({ path, expected: `named with ${projectRule}` });
      const project = read(projectSchema, entry, path, report);
      const secrets = each(project?.secrets, `${path}.secrets`, (kept, secretPath, key) => {
        const secret = readSecretOf(dialect, readSecret, kept, secretPath, report);
        if (secret === undefined || secret.state.name === key) return secret;
        const expected = 'the key of the secret';
        return report({ path: `${secretPath}.state.name`, expected, found: foundText(secret.state.name) });
      });
      return { secrets };
    });
    return Object.freeze({ projects });
  });
}

/** Reads an entry from a store. */
export function parseEntry<Secret extends StoredSecret>(
  input: unknown,
  dialect: Dialect,
  readSecret: SecretReader<Secret>,
): Parsed<Entry<Secret>> {
  return parsed<Entry<Secret>>('data', (report) => {
    if (isObject(input) && 'directory' in input) {
      const entry = read(directorySchema, input, 'data', report);
      const directory = each(entry?.directory, 'data.directory', (due, path) =>
        read(v.nullable(time), due, path, report),
      );
      return entry && { ...entry, directory };
    }
    const entry = read(entrySchema, input, 'data', report);
    const secret = entry && readSecretOf(dialect, readSecret, entry.secret, 'data.secret', report);
    return secret && { ...entry, secret };
  });
}

/** Reads a secret. One of another cloud has other fields, so only its dialect is reported. */
const readSecretOf = <Secret extends StoredSecret>(
  dialect: Dialect,
  readSecret: SecretReader<Secret>,
  input: unknown,
  path: string,
  report: Report,
): Secret | undefined => {
  const id = fieldOf(fieldOf(input, 'state'), 'dialect');
  if (typeof id !== 'string' || id === dialect.id) return readSecret(input, path, toolsOf(dialect, report));
  return report({ path: `${path}.state.dialect`, expected: quote(dialect.id), found: foundText(id) });
};

/** The schema of an object with any keys. */
export const record: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = /* @__PURE__ */ v.custom<
  Readonly<Record<string, unknown>>
>(isObject, 'an object');

const worldSchema = v.strictObject({ projects: record });
const projectSchema = v.strictObject({ secrets: record });
const entrySchema = v.strictObject({ project: v.string(), secret: v.unknown() });
const directorySchema = v.strictObject({ project: v.string(), directory: record });

/** Records a problem. The invalid part becomes undefined. */
type Report = (problem: Problem) => undefined;

const parsed = <Result>(path: string, readAll: (report: Report) => Result | undefined): Parsed<Result> => {
  const problems: Problem[] = [];
  const result = readAll((problem) => {
    problems.push(problem);
  });
  return result === undefined || problems.length > 0
    ? { ok: false, problems: listProblems(problems, path) }
    : { ok: true, result };
};

const toolsOf = (dialect: Dialect, report: Report): SecretTools => ({
  read: (schema, input, path) => read(schema, input, path, report),
  readState: (input, path) => {
    const outcome = parseSecretState(input, dialect);
    if (outcome.ok) return outcome.state;
    for (const problem of problemsOf(outcome.refusal)) report({ ...problem, path: `${path}.${problem.path}` });
    return undefined;
  },
  readByVersion: (state, input, path, schema) =>
    each(input, path, (entry, entryPath, id) =>
      Object.hasOwn(state.versions, id)
        ? read(schema, entry, entryPath, report)
        : report({ path: entryPath, expected: 'omitted, because the secret has no such version' }),
    ),
});

/** Reads every entry of a record, including `__proto__`, which valibot's record would drop. */
const each = <Result>(
  entries: Readonly<Record<string, unknown>> | undefined,
  path: string,
  readEntry: (entry: unknown, path: string, key: string) => Result | undefined,
): Readonly<Record<string, Result>> =>
  recordOf(
    Object.entries(entries ?? {}).flatMap(([key, entry]) => {
      const result = readEntry(entry, `${path}[${quote(key)}]`, key);
      return result === undefined ? [] : [[key, Object.freeze(result)] as const];
    }),
  );

const read = <Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  path: string,
  report: Report,
): v.InferOutput<Schema> | undefined => {
  const result = readBy(schema, input, path);
  if (result.ok) return result.output;
  for (const problem of result.problems) report(problem);
  return undefined;
};
