import * as v from 'valibot';
import { base64, projectId, projectRule, valueLimit } from '../api/csms/calls.ts';
import { type Dialect, type Problem, parseSecretState } from '../index.ts';
import { isObject } from '../json.ts';
import { problemsOf } from '../parse.ts';
import { problemOf, time } from '../schema.ts';
import type { Directory } from './csms-operations.ts';
import type { Entry } from './entries.ts';
import type { Project, Secret, Value, World } from './world.ts';

/** Something that was read, or all that is wrong with it; never with a word of a secret's value. */
export type Parsed<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const anyObject = v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object');

const worldSchema = v.strictObject({ projects: anyObject });
const projectSchema = v.strictObject({ secrets: anyObject });
const secretSchema = v.strictObject({
  id: v.string(),
  description: v.string(),
  kmsKeyId: v.string(),
  createTime: time,
  updateTime: time,
  state: v.unknown(),
  kmsKeyIds: v.optional(anyObject, {}),
  expireTimes: anyObject,
  values: v.optional(anyObject, {}),
});
const valueSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('string'), text: valueLimit }),
  v.strictObject({ kind: v.literal('binary'), text: v.pipe(valueLimit, base64) }),
]);
const pieceSchemas = {
  secret: v.strictObject({ project: v.string(), secret: v.unknown() }),
  directory: v.strictObject({ project: v.string(), directory: anyObject }),
};

/** Reads a world from untrusted data, such as a snapshot in a file. Every secret in it obeys the laws of the dialect. */
export function parseWorld(input: unknown, dialect: Dialect): Parsed<World> {
  const world = shaped(worldSchema, input, 'snapshot');
  if (!world.ok) return world;
  const projects = parseEach(world.result.projects, 'snapshot.projects', (project, path, name) =>
    projectId.test(name) ? parseProject(project, path, dialect) : wrong([{ path, expected: projectRule }]),
  );
  return projects.ok ? { ok: true, result: Object.freeze({ projects: projects.result }) } : projects;
}

const parseProject = (input: unknown, path: string, dialect: Dialect): Parsed<Project> => {
  const project = shaped(projectSchema, input, path);
  if (!project.ok) return project;
  const secrets = parseEach(project.result.secrets, `${path}.secrets`, (secret, at, name) => {
    const parsed = parseSecret(secret, at, dialect);
    return parsed.ok && parsed.result.state.name !== name
      ? wrong([
          {
            path: `${at}.state.name`,
            expected: `the name that the secret is kept under`,
            found: parsed.result.state.name,
          },
        ])
      : parsed;
  });
  return secrets.ok ? { ok: true, result: Object.freeze({ secrets: secrets.result }) } : secrets;
};

/** Reads what a store kept. */
export function parseEntry(input: unknown, dialect: Dialect): Parsed<Entry> {
  if (isObject(input) && 'directory' in input) {
    const piece = shaped(pieceSchemas.directory, input, 'data');
    if (!piece.ok) return piece;
    const directory: Parsed<Directory> = parseEach(piece.result.directory, 'data.directory', (due, path) =>
      shaped(v.nullable(time), due, path),
    );
    return directory.ok ? { ok: true, result: { ...piece.result, directory: directory.result } } : directory;
  }
  const piece = shaped(pieceSchemas.secret, input, 'data');
  if (!piece.ok) return piece;
  const secret = parseSecret(piece.result.secret, 'data.secret', dialect);
  return secret.ok ? { ok: true, result: { ...piece.result, secret: secret.result } } : secret;
}

const parseSecret = (input: unknown, path: string, dialect: Dialect): Parsed<Secret> => {
  const shape = shaped(secretSchema, input, path);
  if (!shape.ok) return shape;
  const outcome = parseSecretState(shape.result.state, dialect);
  if (!outcome.ok) {
    const problems = problemsOf(outcome.refusal);
    return wrong(problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` })));
  }
  const { state } = outcome;
  const ofVersion =
    <Result>(parse: (entry: unknown, at: string) => Parsed<Result>) =>
    (entry: unknown, at: string, id: string): Parsed<Result> =>
      Object.hasOwn(state.versions, id)
        ? parse(entry, at)
        : wrong([{ path: at, expected: 'omitted: no such version' }]);

  const kmsKeyIds = parseEach(
    shape.result.kmsKeyIds,
    `${path}.kmsKeyIds`,
    ofVersion((entry, at) => shaped(v.string(), entry, at)),
  );
  const expireTimes = parseEach(
    shape.result.expireTimes,
    `${path}.expireTimes`,
    ofVersion((entry, at) => shaped(time, entry, at)),
  );
  const values = parseEach(
    shape.result.values,
    `${path}.values`,
    ofVersion((entry, at): Parsed<Value> => shaped(valueSchema, entry, at)),
  );
  if (!kmsKeyIds.ok) return kmsKeyIds;
  if (!expireTimes.ok) return expireTimes;
  if (!values.ok) return values;
  const { id, description, kmsKeyId, createTime, updateTime } = shape.result;
  return {
    ok: true,
    result: Object.freeze({
      id,
      description,
      kmsKeyId,
      createTime,
      updateTime,
      state,
      kmsKeyIds: kmsKeyIds.result,
      expireTimes: expireTimes.result,
      values: values.result,
    }),
  };
};

/** Reads every entry of a record by its own name, `__proto__` too, which valibot's record would drop. */
const parseEach = <Result>(
  record: Readonly<Record<string, unknown>>,
  path: string,
  parse: (entry: unknown, path: string, key: string) => Parsed<Result>,
): Parsed<Readonly<Record<string, Result>>> => {
  const results: [key: string, result: Result][] = [];
  const problems: Problem[] = [];
  for (const [key, entry] of Object.entries(record)) {
    const parsed = parse(entry, `${path}[${JSON.stringify(key.slice(0, 80))}]`, key);
    if (parsed.ok) results.push([key, Object.freeze(parsed.result)]);
    else for (const problem of parsed.problems) problems.push(problem);
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, result: Object.freeze(Object.fromEntries(results)) };
};

const shaped = <Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  path: string,
): Parsed<v.InferOutput<Schema>> => {
  const result = v.safeParse(schema, input);
  return result.success
    ? { ok: true, result: result.output }
    : wrong(result.issues.map((issue) => problemOf(issue, path)));
};

const wrong = (problems: readonly Problem[]) => ({ ok: false, problems }) as const;
