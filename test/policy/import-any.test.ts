import { test as check, fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { describeProblem } from '../../src/describe.ts';
import { awsSecretsManager } from '../../src/dialects/aws-secrets-manager.ts';
import { createSecret, createVersion, type Dialect, huaweiCsms } from '../../src/index.ts';
import { type Imported, importAnswers } from '../../src/policy/import-answers.ts';
import { importAll, importAny } from '../../src/policy/import-any.ts';
import { importAwsAnswers } from '../../src/policy/import-aws.ts';
import { importSnapshot } from '../../src/policy/import-snapshot.ts';
import { lived } from '../arbitraries.ts';
import { expectFrozen } from '../expect-frozen.ts';
import awsSecret from './recordings/aws-secret.json' with { type: 'json' };
import awsSecrets from './recordings/aws-secrets.json' with { type: 'json' };
import awsVersions from './recordings/aws-versions.json' with { type: 'json' };
import awsPage1 from './recordings/aws-versions-1.json' with { type: 'json' };
import awsPage2 from './recordings/aws-versions-2.json' with { type: 'json' };
import secret from './recordings/secret.json' with { type: 'json' };
import snapshot from './recordings/snapshot.json' with { type: 'json' };
import stage from './recordings/stage.json' with { type: 'json' };
import state from './recordings/state.json' with { type: 'json' };
import versions from './recordings/versions.json' with { type: 'json' };
import page1 from './recordings/versions-1.json' with { type: 'json' };
import page2 from './recordings/versions-2.json' with { type: 'json' };

const again = <Json>(json: Json): Json => JSON.parse(JSON.stringify(json));
const noExpireTimes = [{ what: 'expireTimes' }];
const subject = {
  project: 'p',
  state,
  expireTimes: { v3: 5 },
  unknown: [
    { what: 'stageTime', stage: 'canary' },
    { what: 'issued' },
    { what: 'versions', after: 'v1' },
    { what: 'order', versionId: 'v1' },
    { what: 'status' },
    { what: 'expireTimes' },
  ],
};

const complaintsOf = (json: unknown, dialect: Dialect = huaweiCsms): readonly string[] => {
  const outcome = importAny(json, { dialect });
  return outcome.ok ? [] : outcome.problems.map(describeProblem);
};

check.prop([lived])('a state is itself; when its versions expire is unknown', ({ state, dialect }) => {
  const imported = importAny(again(state), { dialect });
  expect(imported).toEqual({ ok: true, secrets: [{ project: null, source: 'input', state, unknown: noExpireTimes }] });
  expectFrozen(imported.ok && imported.secrets);
});

/** An import without what told of each secret. */
const bare = (imported: Imported): readonly unknown[] =>
  imported.ok ? imported.secrets.map(({ source: _, ...secret }) => secret) : imported.problems;

test('each document is told by its shape', () => {
  expect(bare(importAny(versions))).toEqual(bare(importAnswers([versions])));
  expect(bare(importAny([versions, secret, stage]))).toEqual(bare(importAnswers([versions, secret, stage])));
  expect(bare(importAny(snapshot))).toEqual(bare(importSnapshot(snapshot)));
  expect(importAny(subject)).toEqual({ ok: true, secrets: [{ ...subject, source: 'input' }] });
  expect(importAny({ state })).toEqual({
    ok: true,
    secrets: [{ project: null, source: 'input', state, expireTimes: undefined, unknown: [] }],
  });
  const imported = importAny(subject);
  expectFrozen(imported.ok && imported.secrets);
});

test('a list may mix them, and may be empty', () => {
  const imported = importAny([state, versions, subject, snapshot, secret]);
  const alone = [state, subject, snapshot, [versions, secret]].flatMap((json) => bare(importAny(json)));
  expect(bare(imported)).toEqual(alone);
  expect(imported.ok && imported.secrets.map(({ source }) => source)).toEqual([
    'input[0]',
    'input[2]',
    'input[3]',
    'input[1]',
  ]);
  expect(importAny([])).toEqual({ ok: true, secrets: [] });
});

test('what was imported can be kept as JSON and imported again', () => {
  const imported = importAny([page1, page2, secret]);
  expect(imported.ok && bare(importAny(again(imported.secrets)))).toEqual(bare(imported));
});

test('answers in many documents are one secret, whatever their order', () => {
  const documents = Object.entries({
    'versions-2.json': page2,
    'secret.json': secret,
    'stage.json': stage,
    'versions-1.json': page1,
  });
  const imported = importAll(documents.map(([name, json]) => ({ name, json })));
  expect(bare(imported)).toEqual(bare(importAnswers([page1, page2, secret, stage])));
  expect(imported).toMatchObject({
    secrets: [
      {
        state: { name: 'db-password', stages: state.stages.map(({ name, versionId }) => ({ name, versionId })) },
        expireTimes: { v3: 1_590_000_000_000 },
        unknown: [
          { what: 'stageTime', stage: 'SYSCURRENT' },
          { what: 'stageTime', stage: 'SYSPREVIOUS' },
          { what: 'issued' },
        ],
      },
    ],
  });
});

test('answers of AWS Secrets Manager are told by their fields, and read under its dialect or one made from it', () => {
  const documents = [awsPage2, [awsSecret], awsPage1].map((json, index) => ({ name: `${index}.json`, json }));
  const alone = importAwsAnswers([awsPage2, awsSecret, awsPage1]);
  expect(alone.ok).toBe(true);
  const others = [{ stageLimit: 5 }, { currentStage: 'AWSPENDING', clearedStages: [] }];
  for (const dialect of [{}, ...others].map((changes) => ({ ...awsSecretsManager, ...changes }))) {
    expect(bare(importAll(documents, { dialect }))).toEqual(bare(alone));
  }
  const state = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  expect(bare(importAny([state, awsVersions, awsSecrets], { dialect: awsSecretsManager }))).toEqual([
    ...bare(importAny(state, { dialect: awsSecretsManager })),
    ...bare(importAwsAnswers([awsVersions, awsSecrets])),
  ]);
});

test('answers under the dialect of another cloud are problems that say which to name', () => {
  const wrong = (path: string, dialect: string, stage: string, wayOut: string) =>
    `${path} must be given with the dialect of its cloud, for ${dialect} has no ${stage} of its own: ${wayOut}`;
  const noAws = (path: string) =>
    wrong(
      path,
      huaweiCsms.name,
      'AWSCURRENT',
      'pass awsSecretsManager, or --dialect aws-secrets-manager on the command line',
    );
  expect(complaintsOf([awsSecret, versions, awsPage1])).toEqual(['input[0]', 'input[2]'].map(noAws));
  expect(complaintsOf({ SecretList: [] })).toEqual([noAws('input')]);

  const noCsms = (path: string) =>
    wrong(path, awsSecretsManager.name, 'SYSCURRENT', 'pass huaweiCsms, or no --dialect on the command line');
  expect(complaintsOf([secret, versions, awsPage2], awsSecretsManager)).toEqual([noCsms('input[1]')]);
  const outcome = importAnswers([versions], { dialect: awsSecretsManager });
  expect(outcome.ok || outcome.problems.map(describeProblem)).toEqual([noCsms('answers[0]')]);
});

test('answers in the shape of CSMS are read under the dialect of another cloud, if they are of its stages', () => {
  const id = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f11';
  const [v1] = versions.version_metadatas;
  const emulated = { version_metadatas: [{ ...v1, id, version_stages: ['AWSCURRENT'] }] };
  expect(importAny(emulated, { dialect: awsSecretsManager })).toMatchObject({
    secrets: [{ state: { name: 'db-password', stages: [{ name: 'AWSCURRENT', versionId: id }] } }],
  });
});

test('what is an answer of both clouds is read as one of CSMS', () => {
  expect(complaintsOf({ ...awsSecret, secret: 5 })).toEqual(['input.secret must be of type Object']);
});

test('every document tells its problems under its own name, and none hides those of another', () => {
  const outcome = importAll([
    { name: 'a.json', json: page1 },
    { name: 'b$&.json', json: { ...state, name: 'hunter 2', versions: 5 } },
    { name: 'c.json', json: [secret, { projects: { p: 5 } }] },
    { name: 'd.json', json: { state: { ...state, stages: [], issued: 5 } } },
    { name: 'e.json', json: 5 },
    { name: 'f.json', json: state },
    { name: 'g.json', json: { secret: 5 } },
  ]);
  expect(outcome.ok || outcome.problems.map(({ path }) => path)).toEqual([
    'b$&.json.name',
    'b$&.json.versions',
    'c.json[1].projects["p"]',
    'd.json.state.issued',
    'e.json',
    'g.json.secret',
    'a.json.page_info.next_marker',
  ]);
});

const nothing =
  'must be a state, a snapshot of the emulator, an answer of ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage, one of AWS Secrets Manager ' +
  '(ListSecretVersionIds, DescribeSecret or ListSecrets), or a list of these';

test.each<[string, unknown, readonly string[]]>([
  ['a number', 5, [`input ${nothing}`]],
  ['nothing', null, [`input ${nothing}`]],
  ['another object', { hello: 'hunter2' }, [`input ${nothing}`]],
  ['the inside of an answer', secret.secret, [`input ${nothing}`]],
  ['a list in a list', [[state]], [`input[0] ${nothing}`]],
  [
    'a state that breaks a law',
    { ...state, stages: [{ ...state.stages[0], versionId: 'v9' }] },
    ['input breaks the law stages-mark-versions (Every stage marks a version that exists.)'],
  ],
  [
    'a subject with a bad state',
    [{ state: {} }],
    [
      'input[0].state.name must match /^[\\w.-]{1,64}$/, not "undefined"',
      'input[0].state.status must be one of ENABLED, DISABLED, PENDING_DELETE, FROZEN, not "undefined"',
      'input[0].state.scheduledDeleteTime must be epoch ms or null, not "undefined"',
      'input[0].state.versions must be an object, not "undefined"',
      'input[0].state.stages must be a list, not "undefined"',
      'input[0].state.issued must be an object, not "undefined"',
    ],
  ],
  [
    'a subject with other fields',
    { ...subject, project: 5, values: 'hunter2' },
    ['input.project must be of type string', 'input.values must be left out'],
  ],
  [
    'a subject with expiries in a list',
    { ...subject, expireTimes: ['hunter2'] },
    ['input.expireTimes must be an object'],
  ],
  [
    'a subject with bad expiries',
    { ...subject, expireTimes: again(JSON.parse('{"__proto__": 5, "v1": "hunter2", "v2": -5}')) },
    [
      'input.expireTimes["__proto__"] must be left out: no such version',
      'input.expireTimes["v1"] must be of type number',
      'input.expireTimes["v2"] must be epoch ms',
    ],
  ],
  [
    'a subject with nothing known as unknown',
    { ...subject, unknown: [{ what: 'stageTime' }, { what: 'status', stage: 'hunter2' }] },
    ['input.unknown[0].stage must be there', 'input.unknown[1].stage must be left out'],
  ],
])('%s is refused, with its place and without what is there', (_, json, complaints) => {
  expect(complaintsOf(json)).toEqual(complaints);
  expect(complaints.join()).not.toContain('hunter');
});

test('times are of versions that exist, whatever these are called', () => {
  const odd = createVersion(createSecret({ name: 'db', at: 0, versionId: '__proto__' }), {
    at: 0,
    versionId: 'constructor',
  });
  const json = `{"state": ${JSON.stringify(odd)}, "expireTimes": {"__proto__": 5, "constructor": 6}}`;
  const imported = importAny(JSON.parse(json));
  expect(imported.ok && Object.entries(imported.secrets[0]?.expireTimes ?? {})).toEqual([
    ['__proto__', 5],
    ['constructor', 6],
  ]);
  expect(importAny({ state: odd, expireTimes: { toString: 5 } }).ok).toBe(false);
});

test('a dialect is the law for each of them', () => {
  const strict = { ...huaweiCsms, stageLimit: 2 };
  const all = importAll(
    [state, subject, snapshot, versions].map((json, index) => ({ name: `${index}`, json })),
    { dialect: strict },
  );
  expect(all.ok || all.problems.map(({ path, law }) => [path, law])).toEqual([
    ['0', 'stage-limit'],
    ['1.state', 'stage-limit'],
    ['2.projects["my-project"].secrets["db-password"].state', 'stage-limit'],
    ['3.version_metadatas', 'stage-limit'],
  ]);
});

/** JSON of which one place is something else. */
const mutate = (json: unknown, path: readonly number[], other: unknown): unknown => {
  const [first, ...rest] = path;
  if (first === undefined || typeof json !== 'object' || json === null) return other;
  const entries = Object.entries(json);
  const mutated = entries.map(
    ([key, value], index) => [key, index === first % entries.length ? mutate(value, rest, other) : value] as const,
  );
  return Array.isArray(json) ? mutated.map(([, value]) => value) : Object.fromEntries(mutated);
};

const ofAws = [awsSecret, awsSecrets, awsVersions, awsPage1, awsPage2];
const good = [secret, snapshot, stage, state, versions, page1, page2, subject, ...ofAws];
const almostGood = fc
  .record({
    json: fc.constantFrom(...good),
    path: fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }),
    other: fc.jsonValue(),
  })
  .map(({ json, path, other }) => mutate(json, path, other));

check.prop([
  fc.array(fc.oneof(fc.jsonValue(), almostGood, fc.constantFrom(...good)), { maxLength: 6 }),
  fc.constantFrom(huaweiCsms, awsSecretsManager),
])('no JSON makes it throw, and what it gives is sound or says why not', (documents, dialect) => {
  const outcome = importAll(
    documents.map((json, index) => ({ name: `${index}.json`, json })),
    { dialect },
  );
  if (outcome.ok) expect(importAny(again(outcome.secrets), { dialect }).ok).toBe(true);
  else {
    expect(outcome.problems.length).toBeGreaterThan(0);
    for (const { path, expected } of outcome.problems) {
      expect(path).toMatch(/^\d\.json/);
      expect(expected).not.toBe('');
    }
  }
});

check.prop([fc.array(fc.oneof(fc.jsonValue(), almostGood), { maxLength: 6 })])(
  'nor does it make importAnswers, importAwsAnswers or importSnapshot throw',
  (json) => {
    for (const outcome of [importAnswers(json), importAwsAnswers(json), importSnapshot(json[0])]) {
      expect(outcome.ok || outcome.problems.length).not.toBe(0);
    }
  },
);
