import * as v from 'valibot';
import { keptValue, projectId, projectRule, type Secret } from '../api/csms/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { isObject } from '../json.ts';
import { parseSecretState, problemsOf } from '../parse.ts';
import type { Problem } from '../refusal.ts';
import { time } from '../schema.ts';
import { foundText, quote } from '../text.ts';
import type { Entry } from './entries.ts';
import { listProblems, readBy } from './list-problems.ts';
import { mostInSnapshot, tooLarge } from './too-large.ts';
import { recordOf, type World } from './world.ts';

/** Data that was read, or its problems. Problems never contain a secret value. */
export type Parsed<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a world from untrusted data, such as a snapshot in a file. Every secret in it must obey the laws of the dialect. Returns a
 * frozen copy.
 *
 * It reads at most 10,000,000 JSON values (`mostInSnapshot`). It lists at most 20 problems, and how many more there are.
 */
export function parseWorld(input: unknown, dialect: Dialect): Parsed<World> {
  const large = tooLarge(input, 'snapshot', mostInSnapshot);
  if (large) return { ok: false, problems: [large] };
  return parsed('snapshot', (report) => {
    const world = read(worldSchema, input, 'snapshot', report);
    const projects = each(world?.projects, 'snapshot.projects', (entry, path, name) => {
      if (!projectId.test(name)) return report({ path, expected: `named with ${projectRule}` });
      const project = read(projectSchema, entry, path, report);
      const secrets = each(project?.secrets, `${path}.secrets`, (kept, secretPath, key) => {
        const secret = readSecret(kept, secretPath, dialect, report);
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
export function parseEntry(input: unknown, dialect: Dialect): Parsed<Entry> {
  return parsed<Entry>('data', (report) => {
    if (isObject(input) && 'directory' in input) {
      const entry = read(directorySchema, input, 'data', report);
      const directory = each(entry?.directory, 'data.directory', (due, path) =>
        read(v.nullable(time), due, path, report),
      );
      return entry && { ...entry, directory };
    }
    const entry = read(entrySchema, input, 'data', report);
    const secret = entry && readSecret(entry.secret, 'data.secret', dialect, report);
    return secret && { ...entry, secret };
  });
}

const record = v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object');

const worldSchema = v.strictObject({ projects: record });
const projectSchema = v.strictObject({ secrets: record });
const entrySchema = v.strictObject({ project: v.string(), secret: v.unknown() });
const directorySchema = v.strictObject({ project: v.string(), directory: record });
const secretSchema = v.strictObject({
  id: v.string(),
  description: v.string(),
  kmsKeyId: v.string(),
  createTime: time,
  updateTime: time,
  state: v.unknown(),
  kmsKeyIds: v.optional(record, {}),
  expireTimes: record,
  values: v.optional(record, {}),
});

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

const readSecret = (input: unknown, path: string, dialect: Dialect, report: Report): Secret | undefined => {
  const shape = read(secretSchema, input, path, report);
  if (shape === undefined) return undefined;
  const outcome = parseSecretState(shape.state, dialect);
  if (!outcome.ok) {
    for (const problem of problemsOf(outcome.refusal)) report({ ...problem, path: `${path}.${problem.path}` });
    return undefined;
  }
  const { state } = outcome;
  const byVersion = <Schema extends v.GenericSchema>(field: 'kmsKeyIds' | 'expireTimes' | 'values', schema: Schema) =>
    each(shape[field], `${path}.${field}`, (entry, entryPath, id) =>
      Object.hasOwn(state.versions, id)
        ? read(schema, entry, entryPath, report)
        : report({ path: entryPath, expected: 'omitted, because the secret has no such version' }),
    );
  const kmsKeyIds = byVersion('kmsKeyIds', v.string());
  const expireTimes = byVersion('expireTimes', time);
  return Object.freeze({ ...shape, state, kmsKeyIds, expireTimes, values: byVersion('values', keptValue) });
};

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
