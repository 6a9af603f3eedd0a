import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as model from 'secret-stages';
import {
  type AssignStageCode,
  type CreateSecretCode,
  type CreateVersionCode,
  contradictions,
  type Dialect,
  type Effect,
  huaweiCsms,
  type PruneDeprecatedCode,
  type RemoveStageCode,
  type RestoreCode,
  type ScheduleDeletionCode,
  type SetStatusCode,
} from 'secret-stages';
import { evidenceOf } from 'secret-stages/evidence';
import { expect, test } from 'vitest';
import { vectors } from '../../src/cli/vectors.ts';
import { sequences } from '../run-aws-wire.ts';
import {
  assumed,
  caseOf,
  cases,
  casesOf,
  dialectFiles,
  dialectIn,
  dialects,
  folder,
  runCase,
  type VectorCase,
  vectorFiles,
  withRules,
} from '../run-vectors.ts';
import schema from '../vectors/schema.json' with { type: 'json' };

const files = [...vectorFiles, ...dialectFiles];
const ofCsms = casesOf(vectorFiles);
const casesIn = (name: string) => (name === '' ? ofCsms : cases.filter(([id]) => dirname(id) === name));
const isOptional = (path: string): boolean => /(^|\/)optional\//.test(path);

const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: { vectors: schema } });
const isVectorFile = ajv.compile({ $ref: 'vectors' });
const isDialect = ajv.compile({ $ref: 'vectors#/$defs/dialect' });
const complaintsOf = (value: unknown): string | undefined =>
  isVectorFile(value) ? undefined : ajv.errorsText(isVectorFile.errors);

test.each(files)('%s obeys the schema', (_, file) => {
  expect(complaintsOf(file)).toBeUndefined();
});

test('the schema forbids unknown fields everywhere', () => {
  const isSound = (vector: unknown) =>
    complaintsOf({ $schema: '', about: '', flags: {}, cases: [vector] }) === undefined;
  for (const [id, original] of cases) {
    const vector = structuredClone(original);
    expect(isSound(vector)).toBe(true);
    // Data flagged as wrong-type, and data to parse, may have any fields.
    const anything = vector.flags.includes('wrong-type') ? ['parse', 'action', 'actions'] : ['parse'];
    for (const branch of branchesOf(vector, anything)) {
      Object.assign(branch, { unknown: 1 });
      expect(isSound(vector), `${id}: ${JSON.stringify(branch)}`).toBe(false);
      Reflect.deleteProperty(branch, 'unknown');
    }
  }
});

const branchesOf = (value: unknown, except: readonly string[]): readonly object[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, inner]) =>
    except.includes(key) ? [] : branchesOf(inner, except),
  );
  return Array.isArray(value) ? inner : [value, ...inner];
};

test.each<[string, (vector: Extract<VectorCase, { action: unknown }>) => object]>([
  [
    'a state and a refusal',
    (vector) => ({
      ...vector,
      after: caseOf('create-secret/first-id-is-v1').after,
      refusal: caseOf('remove-stage/current').refusal,
    }),
  ],
  ['neither a state nor a refusal', ({ refusal: _, after: __, effects: ___, ...vector }) => vector],
  [
    'a value of a wrong type without a flag for it',
    (vector) => ({ ...vector, action: { type: 'removeStage', stage: 1, at: 0 } }),
  ],
  ['an unknown action without a flag for it', (vector) => ({ ...vector, action: { type: 'explode' } })],
  [
    'a createSecret on an existing secret',
    (vector) => ({ ...vector, action: { type: 'createSecret', name: 'db', at: 0 } }),
  ],
  ['an action on a secret that does not exist', (vector) => ({ ...vector, before: null })],
  ['an unknown code', (vector) => ({ ...vector, refusal: { code: 'NO' } })],
  ['an invalid id', (vector) => ({ ...vector, id: 'Remove stage' })],
  ['an unknown grade', (vector) => ({ ...vector, source: { ...vector.source, grade: 'known' } })],
  ['an index outside a batch', (vector) => ({ ...vector, index: 0 })],
  ['a refusal with effects', (vector) => ({ ...vector, effects: [] })],
  ['a refusal with a latest version', (vector) => ({ ...vector, latest: 'v1' })],
  ['an action and a batch', (vector) => ({ ...vector, actions: [] })],
  ['an action and a parse', (vector) => ({ ...vector, parse: null })],
  ['a refused batch without an index', ({ action: _, ...vector }) => ({ ...vector, actions: [] })],
  ['no state before', ({ before: _, ...vector }) => vector],
  ['a change without its effects', ({ refusal: _, ...vector }) => ({ ...vector, after: vector.before })],
])('the schema refuses %s', (_, wrong) => {
  const vector = caseOf('remove-stage/current');
  if (!('action' in vector)) throw new Error('This case is of another kind.');
  const file = { $schema: '', about: '', flags: {}, cases: [wrong(vector)] };
  expect(complaintsOf(file)).toMatch(/^data\/cases\/0/);
});

test('every id is unique and begins with its file', () => {
  expect(new Set(cases.map(([id]) => id)).size).toBe(cases.length);
  for (const [id, , path] of ofCsms) expect(`optional/${id}`, path).toContain(path.replace('.json', '/'));
  for (const [id, , path] of casesOf(dialectFiles)) expect(path.startsWith(id.replace(/[^/]*$/, '')), id).toBe(true);
});

test('test/vectors.ids.txt lists every id', () => {
  const noted = readFileSync('test/vectors.ids.txt', 'utf8').trimEnd().split('\n');
  const ids = [...cases, ...sequences.map(({ id }) => [id])].map(([id]) => id).sort();
  expect(ids).toEqual(noted);
});

test('every file explains its flags in the same words, and uses them', () => {
  const meanings = new Map<string, string>();
  for (const [path, { flags, cases }] of files) {
    const used = new Set(cases.flatMap((vector) => vector.flags));
    expect([...used].sort(), path).toEqual(Object.keys(flags));
    for (const [flag, meaning] of Object.entries(flags)) {
      expect(meanings.get(flag) ?? meaning).toBe(meaning);
      meanings.set(flag, meaning);
    }
  }
  expect(new Set(meanings.values()).size).toBe(meanings.size);
});

const actionsOf = (vector: VectorCase): readonly object[] => {
  if ('actions' in vector) return vector.actions.filter((action) => action !== null);
  return 'action' in vector ? [Object(vector.action)] : [];
};

// A runner that skips a flag must get no other case that needs the skipped feature.
test.each<[string, (vector: VectorCase) => boolean]>([
  [
    'guard',
    (vector) => dialectIn(dirname(vector.id)) === huaweiCsms && actionsOf(vector).some((action) => 'from' in action),
  ],
  ['batch', (vector) => 'actions' in vector],
  ['changed-rules', ({ rules }) => rules !== undefined],
  ['prune-options', (vector) => actionsOf(vector).some((action) => 'keep' in action || 'createdBefore' in action)],
  ['reader', ({ latest }) => latest !== undefined],
  [
    'wrong-dialect',
    (vector) =>
      vector.refusal?.code === 'WRONG_DIALECT' ||
      ('before' in vector && vector.before !== null && vector.before.dialect !== dialectIn(dirname(vector.id)).id),
  ],
  ['nothing-changes', ({ effects, after }) => after !== undefined && effects?.length === 0],
  ['lone-surrogate', (vector) => /\\ud[89a-f]/.test(JSON.stringify(vector))],
  ['two-reasons', ({ source }) => source.rule === 'one of two refusals is reported first'],
  ['recorded', ({ source }) => source.recording !== undefined],
])('%s is on every case that needs it, and on no other', (flag, needs) => {
  const needing = cases.filter(([, vector]) => needs(vector)).map(([id]) => id);
  expect(cases.filter(([, { flags }]) => flags.includes(flag)).map(([id]) => id)).toEqual(needing);
});

test('a version id that the caller chose has the flag chosen-id in CSMS', () => {
  const choosing = (vector: VectorCase) =>
    actionsOf(vector).some(
      (action) => 'type' in action && /^create/.test(String(action.type)) && 'versionId' in action,
    );
  for (const [id, vector] of ofCsms) if (choosing(vector)) expect(vector.flags, id).toContain('chosen-id');
});

test('optional/ contains exactly the assumed cases', () => {
  for (const [id, { source }, path] of cases) expect(source.grade === 'assumed', id).toBe(isOptional(path));
});

// Flags of documented cases that need an assumption.
const flagOfAssumption: Readonly<Record<string, string>> = {
  'stages.limitCounts': 'counts-built-ins',
  'alibaba-kms stages.previousFollows: any-move': 'previous-stays',
};

const turns = Object.entries(assumed).flatMap(([name, turned]) =>
  Object.entries(turned).map(([rule, rules]) => [name, rule, rules] as const),
);

test.each(turns)(
  'vectors/%s: with the other value of %s, only optional or flagged cases fail',
  (name, rule, turned) => {
    const flag = flagOfAssumption[`${name} ${rule}`] ?? flagOfAssumption[rule];
    const others = casesIn(name).filter(([, , path]) => !isOptional(path));
    const changed = others.filter(([, vector]) => runCase({ ...vector, rules: turned }) !== undefined);
    const flagged = others.filter(([, { flags }]) => flags.some((other) => other === flag));
    expect(changed.map(([id]) => id)).toEqual(flagged.map(([id]) => id));
  },
);

test.each(turns)('vectors/%s: with the other value of %s, a case fails', (name, _, turned) => {
  const changes = ([, vector]: (typeof cases)[number]) => runCase({ ...vector, rules: turned }) !== undefined;
  expect(casesIn(name).some(changes)).toBe(true);
});

// CSMS accepts any id, so every chosen id depends on this rule.
const unturned = new Set([' versions.id']);

test.each(Object.keys(assumed))('vectors/%s: every assumed rule has another value to try', (name) => {
  const rows = evidenceOf(dialectIn(name)).filter(({ rule, grade }) => grade === 'assumed' && isPath(rule));
  const turned = rows.map(({ rule }) => rule).filter((rule) => !unturned.has(`${name} ${rule}`));
  expect(Object.keys(assumed[name] ?? {}).sort()).toEqual(turned.sort());
});

/** Whether a row of the evidence is about a field of the dialect. */
const isPath = (rule: string): boolean => /^(secret|stages|versions)\./.test(rule);

/** The rules in which a dialect differs from CSMS, each with the value of CSMS. */
const differences = Object.keys(dialects).flatMap((name) =>
  rulesOf(dialectIn(name)).flatMap(([group, rule, value]) => {
    const [, , ofCsms] = rulesOf(huaweiCsms).find(([other, same]) => other === group && same === rule) ?? [];
    return JSON.stringify(value) === JSON.stringify(ofCsms)
      ? []
      : [[name, `${group}.${rule}`, { [group]: { [rule]: ofCsms } }] as const];
  }),
);

function rulesOf({ secret, stages, versions }: Dialect): readonly (readonly [string, string, unknown])[] {
  return Object.entries({ secret, stages, versions }).flatMap(([group, rules]) =>
    Object.entries(rules).map(([rule, value]) => [group, rule, value] as const),
  );
}

// Without a current stage there is no previous one, and the latest version is always the newest.
const mute = new Set(['google-secret-manager stages.previous', 'google-secret-manager versions.latest']);

test.each(differences)('vectors/%s: a model with the rule %s of CSMS fails a case', (name, rule, turned) => {
  const fails = ([, vector]: (typeof cases)[number]) => runCase({ ...vector, rules: turned }) !== undefined;
  expect(casesIn(name).some(fails)).toBe(!mute.has(`${name} ${rule}`));
});

const audible = differences.filter(([name, rule]) => !mute.has(`${name} ${rule}`));

test.each(audible)('vectors/%s: a case has the rule %s as its source', (name, rule) => {
  const isAbout = (other: string) => other === rule || other.startsWith(`${rule}.`) || other.startsWith(`${rule}: `);
  expect(casesIn(name).some(([, { source }]) => isAbout(source.rule))).toBe(true);
});

test('the rules of each case make a valid dialect', () => {
  for (const [id, { rules }] of cases) {
    expect(contradictions(withRules(dialectIn(dirname(id)), rules)), id).toEqual([]);
  }
});

test('a source that is in the evidence has the same grade and page', () => {
  for (const [id, { source }] of cases) {
    const row = evidenceOf(dialectIn(dirname(id))).find(({ rule }) => rule === source.rule);
    if (source.grade !== 'assumed' || isPath(source.rule)) expect(row, id).toBeDefined();
    if (row) expect([row.grade, row.source], id).toEqual([source.grade, expect.stringContaining(source.page)]);
  }
});

// Vectors have the refusals of the model, not error codes of a cloud.
const rulesOfCsms = evidenceOf(huaweiCsms).filter(({ rule }) => !rule.endsWith('an error code'));

test.each(rulesOfCsms.map(({ rule, grade }) => [rule, grade]))('a case has the rule %s (%s) as its source', (rule) => {
  expect(ofCsms.some(([, { source }]) => source.rule === rule)).toBe(true);
});

type OperationCode =
  | AssignStageCode
  | CreateSecretCode
  | CreateVersionCode
  | PruneDeprecatedCode
  | RemoveStageCode
  | RestoreCode
  | ScheduleDeletionCode
  | SetStatusCode
  | 'INVALID_STATE'
  | 'UNKNOWN_ACTION';

const codes: Readonly<Record<OperationCode, string>> = {
  WRONG_DIALECT: 'optional/create-version',
  INVALID_VALUE: 'create-secret',
  SECRET_NOT_ENABLED: 'create-version',
  DELETION_ALREADY_SCHEDULED: 'lifecycle',
  DELETION_NOT_SCHEDULED: 'lifecycle',
  UNKNOWN_VERSION: 'assign-stage',
  UNKNOWN_STAGE: 'optional/remove-stage',
  WRONG_HOLDER: 'optional/assign-stage',
  HOLDER_NOT_NAMED: 'aws-secrets-manager/cases',
  ACTION_NOT_OFFERED: 'google-secret-manager/cases',
  BUILT_IN_STAGE: 'remove-stage',
  STAGE_LIMIT: 'assign-stage',
  STAGE_LIST_LIMIT: 'create-version',
  VERSION_LIMIT: 'optional/create-version',
  ROTATION_INCOMPLETE: 'aws-secrets-manager/cases',
  VERSION_ID_TAKEN: 'optional/create-version',
  UNKNOWN_ACTION: 'optional/lifecycle',
  INVALID_STATE: 'parse',
};

test.each(Object.entries(codes))('%s is the refusal of a case in %s', (code, file) => {
  expect(cases.some(([, { refusal }, path]) => refusal?.code === code && path === `${file}.json`)).toBe(true);
});

/** No action empties a version. */
const effectTypes: Readonly<Record<Exclude<Effect['type'], 'versionEmptied'>, 'documented' | 'assumed'>> = {
  stageAdded: 'documented',
  stageMoved: 'documented',
  stageRefreshed: 'documented',
  stageRemoved: 'documented',
  statusChanged: 'documented',
  versionCreated: 'documented',
  versionDeprecated: 'documented',
  versionFilled: 'documented',
  versionPruned: 'documented',
  versionRevived: 'assumed',
};

test.each(Object.entries(effectTypes))('%s is an effect of a case whose source is %s or better', (type, grade) => {
  const found = cases.flatMap(([, { effects = [] }, path]) => (isOptional(path) && grade !== 'assumed' ? [] : effects));
  expect(found.some((effect) => effect.type === type)).toBe(true);
});

test('every law is broken by a case', () => {
  const broken = cases.flatMap(([, { refusal }]) => (refusal?.code === 'INVALID_STATE' ? refusal.problems : []));
  expect(new Set(broken.flatMap(({ law }) => law ?? []))).toEqual(new Set(model.laws.map(({ id }) => id)));
});

test.each(['', ...Object.keys(dialects)])('vectors/%s: dialect.json is the dialect of the package', (name) => {
  const dialect: unknown = JSON.parse(readFileSync(join(folder, name, 'dialect.json'), 'utf8'));
  expect(isDialect(dialect)).toBe(true);
  expect(dialect).toEqual(dialectIn(name));
});

/** What can be done to a secret of another cloud: each operation, a batch, a parse. */
const attempts = [
  'createVersion',
  'assignStage',
  'removeStage',
  'pruneDeprecated',
  'scheduleDeletion',
  'restore',
  'setStatus',
  'batch',
  'parse',
];

test.each(attempts)('cases of CSMS and of AWS refuse %s of a secret of another cloud', (attempt) => {
  const attemptOf = (vector: VectorCase) =>
    'parse' in vector ? 'parse' : 'actions' in vector ? 'batch' : Object(vector.action).type;
  for (const name of ['', 'aws-secrets-manager']) {
    const refused = casesIn(name).filter(
      ([, vector]) => vector.refusal?.code === 'WRONG_DIALECT' && attemptOf(vector) === attempt,
    );
    expect(refused.length, name).toBeGreaterThanOrEqual(2);
  }
});

const page = readFileSync(join(folder, 'README.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);

test('the page quotes two cases', () => {
  const shown = blocks('json').map((block): unknown => JSON.parse(block));
  expect(shown).toEqual([caseOf('assign-stage/last-stage-leaves'), caseOf('remove-stage/current')]);
});

test('the page lists every file and folder, and every field of a case and of a state', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!README)\.\w+$/.test(file),
  );
  expect(page).toContain('`aws-wire/`');
  for (const file of names.filter((file) => !/^(optional|aws-wire)\/|\/optional\//.test(file))) {
    const [name = '', own = name] = file.split('/');
    for (const word of [name, own]) expect(page).toContain(`\`${word}${word in dialects ? '/' : ''}\``);
  }
  const table = (heading: string) =>
    [...(page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(
      ([, name]) => name,
    );
  const { case: vector, state, version, stage, changed, refusedAt } = schema.$defs;
  const kinds = vector.oneOf.flatMap(({ properties }) => Object.keys(properties));
  const fields = [vector, changed, refusedAt].flatMap(({ properties }) => Object.keys(properties));
  expect(new Set(table('A case'))).toEqual(new Set([...fields, ...kinds]));
  expect(table('A state')).toEqual([
    ...Object.keys(state.properties).flatMap((field) => [
      field,
      ...(field === 'versions' ? Object.keys(version.properties).map((inner) => `versions[id].${inner}`) : []),
      ...(field === 'stages' ? Object.keys(stage.properties).map((inner) => `stages[].${inner}`) : []),
    ]),
  ]);
});

test('every flag that the page names exists', () => {
  const flags = new Set(files.flatMap(([, { flags }]) => Object.keys(flags)));
  const named = [...(page.split('## What a failed case means')[1] ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(
    ([, flag]) => flag,
  );
  expect(named.length).toBeGreaterThan(8);
  for (const flag of named) expect(flags).toContain(flag);
});

test('the commands on the page write the folder and run a file of it', () => {
  expect(blocks('sh')).toEqual(['npx secret-stages vectors stage-vectors\npython3 stage-vectors/runner.py\n']);
  expect(vectors.examples).toContain('vectors stage-vectors');
  expect(existsSync(join(folder, 'runner.py'))).toBe(true);
});
