import * as v from 'valibot';
import type { Dialect } from '../../dialects/index.ts';
import type { Problem, SecretState } from '../../index.ts';
import { isObject } from '../../json.ts';
import { parseSecretState, problemsOf } from '../../parse.ts';
import { problemOf, time } from '../../schema.ts';
import type { Unknown } from '../subject.ts';
import { isAwsAnswer, readAwsAnswers } from './aws.ts';
import {
  type Given,
  type Imported,
  type ImportedSecret,
  type ImportOptions,
  importedOf,
  isAnswer,
  readAnswers,
  type Sifted,
} from './csms.ts';
import { recognize } from './recognize.ts';
import { readSnapshot } from './snapshot.ts';

/** A parsed JSON file, and its name. */
export interface JsonDocument {
  readonly name: string;
  readonly json: unknown;
}

/**
 * Reads many documents as one import. Each is a state, a subject (`{ state, dialect, expireTimes, unknown, project }`, such as an
 * importer gave), a snapshot of the emulator, an answer of CSMS or of AWS Secrets Manager, or a list of any of these. Answers belong
 * together by the name of the secret (of AWS, by its ARN), in whichever documents they are; all else stands for itself. Nothing is
 * thrown, whatever the JSON.
 *
 * An answer is recognised by its fields. If `dialect` is omitted, an answer of AWS is read by `awsSecretsManager`, an answer of
 * CSMS by `huaweiCsms`, and a state by the cloud that it names, so one call reads documents of several clouds. If `dialect` is
 * given, it reads all documents, and one of another cloud is a problem that names both.
 *
 * Nothing is imported as long as anything is wrong, and every problem of every document is told: its path begins with the name.
 *
 * @example
 * const secret = { id: 'a', name: 'db', state: 'DISABLED' };
 * const v1 = { id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] };
 * const imported = importAll([{ name: 'secret.json', json: { secret } }, { name: 'versions.json', json: { version_metadatas: [v1] } }]);
 * imported.ok && imported.secrets.map(({ state }) => state.status); // ['DISABLED']
 */
export function importAll(documents: readonly JsonDocument[], { dialect }: ImportOptions = {}): Imported {
  const given = documents.flatMap(({ name, json }): readonly Given[] =>
    Array.isArray(json)
      ? json.map((each, index) => ({ path: `${name}[${index}]`, json: each }))
      : [{ path: name, json }],
  );
  const found = given.filter(({ json }) => readerOf(json) === undefined).map((each) => readOther(each, dialect));
  for (const reader of readers) {
    const answers = given.filter(({ json }) => readerOf(json) === reader);
    found.push(reader.read(answers, dialect));
  }
  return importedOf({
    secrets: Object.freeze(found.flatMap(({ secrets }) => secrets)),
    problems: found.flatMap(({ problems }) => problems),
  });
}

/**
 * {@link importAll} of one document, which problems call `input`.
 *
 * @example
 * importAny(createSecret({ name: 'db', at: 0 })).ok; // true
 * importAny({ hello: 'world' }).ok; // false
 */
export function importAny(input: unknown, options?: ImportOptions): Imported {
  return importAll([{ name: 'input', json: input }], options);
}

/** How the answers of each cloud are read: by any dialect that has its current stage. */
const readers = [
  { answered: isAnswer, read: readAnswers },
  { answered: isAwsAnswer, read: readAwsAnswers },
] as const;

function readerOf(json: unknown) {
  return readers.find(({ answered }) => answered(json));
}

function readOther({ path, json }: Given, dialect: Dialect | undefined): Sifted {
  const has = (field: string) => isObject(json) && Object.hasOwn(json, field);
  if (has('projects')) {
    const imported = readSnapshot({ path, json }, dialect);
    return imported.ok ? { secrets: imported.secrets, problems: [] } : wrong(problemsAt(path, imported.problems));
  }
  if (isObject(json) && has('state') && isObject(json['state'])) return readSubject(json, path, dialect);
  if (has('versions')) {
    const read = stateIn(json, path, dialect);
    return 'state' in read
      ? sound({ project: null, source: path, ...read, unknown: noExpireTimes })
      : wrong(read.problems);
  }
  const expected =
    'a state, a snapshot of the emulator, an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage, one of AWS ' +
    'Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), or a list of these';
  return wrong([{ path, expected }]);
}

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
  dialect: v.optional(v.unknown()),
  state: v.unknown(),
  expireTimes: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject, 'an object')),
  unknown: v.optional(v.array(unknown), []),
});

function readSubject(json: unknown, path: string, given: Dialect | undefined): Sifted {
  const shape = v.safeParse(subjectSchema, json);
  if (!shape.success) return wrong(shape.issues.map((issue) => problemOf(issue, path)));
  const { project, expireTimes, unknown } = shape.output;
  const read = stateIn(shape.output.state, `${path}.state`, given);
  if (!('state' in read)) return wrong(read.problems);
  const { state, dialect } = read;

  const times: [versionId: string, time: number][] = [];
  const problems: Problem[] = [];
  // Its patterns are not run: from an untrusted source they could take for ever.
  if (shape.output.dialect !== undefined && !isSame(dialect, shape.output.dialect)) {
    const expected = `the rules of ${JSON.stringify(dialect.id)} unchanged (pass \`dialect\` to read the secret by others)`;
    problems.push({ path: `${path}.dialect`, expected });
  }
  for (const [versionId, entry] of Object.entries(expireTimes ?? {})) {
    const at = `${path}.expireTimes[${JSON.stringify(versionId.slice(0, 80))}]`;
    const result = v.safeParse(time, entry);
    if (!Object.hasOwn(state.versions, versionId)) problems.push({ path: at, expected: 'omitted: no such version' });
    else if (result.success) times.push([versionId, result.output]);
    else problems.push(...result.issues.map((issue) => problemOf(issue, at)));
  }
  if (problems.length > 0) return wrong(problems);
  return sound({
    project,
    source: path,
    dialect,
    state,
    expireTimes: expireTimes && Object.freeze(Object.fromEntries(times)),
    unknown: Object.freeze(unknown.map((each) => Object.freeze(each))),
  });
}

/** Reads a state by the dialect that is given, or else by the cloud that it names. */
function stateIn(
  json: unknown,
  path: string,
  given: Dialect | undefined,
): { readonly dialect: Dialect; readonly state: SecretState } | { readonly problems: readonly Problem[] } {
  const dialect = recognize(json, path, given);
  if ('expected' in dialect) return { problems: [dialect] };
  const parsed = parseSecretState(json, dialect);
  return parsed.ok ? { dialect, state: parsed.state } : { problems: problemsAt(path, problemsOf(parsed.refusal)) };
}

/** Whether untrusted data is the same as plain JSON that is known. */
function isSame(known: unknown, given: unknown): boolean {
  if (!isRecord(known) || !isRecord(given)) return known === given;
  const entries = new Map<string, unknown>(Object.entries(given));
  return (
    Object.keys(known).length === entries.size &&
    Object.entries(known).every(([name, value]) => isSame(value, entries.get(name)))
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function sound(secret: ImportedSecret): Sifted {
  return { secrets: [Object.freeze(secret)], problems: [] };
}
function wrong(problems: readonly Problem[]): Sifted {
  return { secrets: [], problems };
}

/** What is wrong with a part of the whole. A reader of one thing alone calls that `state` or `snapshot`, and here it has a path. */
function problemsAt(path: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: problem.path.replace(/^\w+/, () => path) }));
}
