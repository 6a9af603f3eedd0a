import * as v from 'valibot';
import type { Dialect } from '../dialect.ts';
import { csms } from '../dialects/huawei-csms.ts';
import type { Problem } from '../index.ts';
import { problemOf, time } from '../issue.ts';
import { isObject, parseSecretState } from '../parse.ts';
import { isAwsAnswer, readAwsAnswers } from './aws-answers.ts';
import {
  type Given,
  type Imported,
  type ImportedSecret,
  importedOf,
  isAnswer,
  readAnswers,
  type Sifted,
} from './import-answers.ts';
import { readSnapshot } from './import-snapshot.ts';
import type { Unknown } from './subject.ts';

/** A parsed JSON file, and its name. */
export interface JsonDocument {
  readonly name: string;
  readonly json: unknown;
}

/**
 * Reads many documents as one import. Each is a state, a subject (`{ state, expireTimes, unknown, project }`, such as an importer
 * gave), a snapshot of the emulator, an answer of CSMS or of AWS Secrets Manager, or a list of any of these. Answers belong together
 * by the name of the secret (of AWS, by its ARN), in whichever documents they are; all else stands for itself. Nothing is thrown,
 * whatever the JSON.
 *
 * An answer is told by its fields, and all are read under the one dialect. One that is of another cloud than the dialect is a
 * problem that says which dialect to name.
 *
 * Nothing is imported as long as anything is wrong, and every problem of every document is told: its path begins with the name.
 *
 * @example
 * const secret = { id: 'a', name: 'db', state: 'DISABLED' };
 * const v1 = { id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] };
 * const imported = importAll([{ name: 'secret.json', json: { secret } }, { name: 'versions.json', json: { version_metadatas: [v1] } }]);
 * imported.ok && imported.secrets.map(({ state }) => state.status); // ['DISABLED']
 */
export const importAll = (documents: readonly JsonDocument[], dialect: Dialect = csms): Imported => {
  const given = documents.flatMap(({ name, json }): readonly Given[] =>
    Array.isArray(json)
      ? json.map((each, index) => ({ path: `${name}[${index}]`, json: each }))
      : [{ path: name, json }],
  );
  const found = given.filter(({ json }) => cloudOf(json) === undefined).map((each) => readOther(each, dialect));
  for (const cloud of clouds) {
    const answers = given.filter(({ json }) => cloudOf(json) === cloud);
    found.push(cloud.read(answers, dialect));
  }
  return importedOf({
    secrets: Object.freeze(found.flatMap(({ secrets }) => secrets)),
    problems: found.flatMap(({ problems }) => problems),
  });
};

/**
 * {@link importAll} of one document, which problems call `input`.
 *
 * @example
 * importAny(createSecret({ name: 'db', at: 0 })).ok; // true
 * importAny({ hello: 'world' }).ok; // false
 */
export const importAny = (input: unknown, dialect: Dialect = csms): Imported =>
  importAll([{ name: 'input', json: input }], dialect);

/** The clouds whose answers can be read, each under any dialect that has its current stage. */
const clouds = [
  { answered: isAnswer, read: readAnswers },
  { answered: isAwsAnswer, read: readAwsAnswers },
] as const;

const cloudOf = (json: unknown) => clouds.find(({ answered }) => answered(json));

const readOther = ({ path, json }: Given, dialect: Dialect): Sifted => {
  const has = (field: string) => isObject(json) && Object.hasOwn(json, field);
  if (has('projects')) {
    const imported = readSnapshot({ path, json }, dialect);
    return imported.ok ? { secrets: imported.secrets, problems: [] } : wrongIn(path, imported.problems);
  }
  if (isObject(json) && has('state') && isObject(json['state'])) return readSubject(json, path, dialect);
  if (has('versions')) {
    const outcome = parseSecretState(json, dialect);
    return outcome.ok
      ? sound({ project: null, source: path, state: outcome.state, unknown: noExpireTimes })
      : wrongIn(path, outcome.refusal.problems);
  }
  const expected =
    'a state, a snapshot of the emulator, an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage, one of AWS ' +
    'Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), or a list of these';
  return wrong([{ path, expected }]);
};

const noExpireTimes: readonly Unknown[] = /* @__PURE__ */ Object.freeze([Object.freeze({ what: 'expireTimes' })]);

const unknown = v.variant('what', [
  v.strictObject({ what: v.literal('stageTime'), stage: v.string() }),
  v.strictObject({ what: v.literal('issued') }),
  v.strictObject({ what: v.literal('versions'), after: v.string() }),
  v.strictObject({ what: v.literal('order'), versionId: v.string() }),
  v.strictObject({ what: v.literal('status') }),
  v.strictObject({ what: v.literal('expireTimes') }),
]) satisfies v.GenericSchema<unknown, Unknown>;

const subjectSchema = v.strictObject({
  project: v.optional(v.nullable(v.string()), null),
  source: v.optional(v.string()),
  state: v.unknown(),
  expireTimes: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object')),
  unknown: v.optional(v.array(unknown), []),
});

const readSubject = (json: unknown, path: string, dialect: Dialect): Sifted => {
  const shape = v.safeParse(subjectSchema, json);
  if (!shape.success) return wrong(shape.issues.map((issue) => problemOf(issue, path)));
  const { project, expireTimes, unknown } = shape.output;
  const parsed = parseSecretState(shape.output.state, dialect);
  if (!parsed.ok) return wrongIn(`${path}.state`, parsed.refusal.problems);
  const { state } = parsed;

  const times: [versionId: string, time: number][] = [];
  const problems: Problem[] = [];
  for (const [versionId, entry] of Object.entries(expireTimes ?? {})) {
    const at = `${path}.expireTimes[${JSON.stringify(versionId.slice(0, 80))}]`;
    const result = v.safeParse(time, entry);
    if (!Object.hasOwn(state.versions, versionId)) problems.push({ path: at, expected: 'left out: no such version' });
    else if (result.success) times.push([versionId, result.output]);
    else problems.push(...result.issues.map((issue) => problemOf(issue, at)));
  }
  if (problems.length > 0) return wrong(problems);
  return sound({
    project,
    source: path,
    state,
    expireTimes: expireTimes && Object.freeze(Object.fromEntries(times)),
    unknown: Object.freeze(unknown.map((each) => Object.freeze(each))),
  });
};

const sound = (secret: ImportedSecret): Sifted => ({ secrets: [Object.freeze(secret)], problems: [] });
const wrong = (problems: readonly Problem[]): Sifted => ({ secrets: [], problems });

/** What is wrong with a part of the whole. A reader of one thing alone calls that `state` or `snapshot`, and here it has a path. */
const wrongIn = (path: string, problems: readonly Problem[]): Sifted =>
  wrong(problems.map((problem) => ({ ...problem, path: problem.path.replace(/^\w+/, () => path) })));
