import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  createSecret,
  createVersion,
  type Dialect,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/check.ts';
import { importAws } from '../../../src/policy/import/aws.ts';
import { importAll, importAny } from '../../../src/policy/import/import-all.ts';
import { type Imported, importCsms } from '../../../src/policy/import/index.ts';
import { importSnapshot } from '../../../src/policy/import/snapshot.ts';
import { explainProblem } from '../../../src/sentences.ts';
import { lived } from '../../arbitraries.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import { property } from '../../property.ts';
import { expectLinear } from '../../work.ts';
import awsSecret from '../recordings/aws-secret.json' with { type: 'json' };
import awsSecrets from '../recordings/aws-secrets.json' with { type: 'json' };
import awsVersions from '../recordings/aws-versions.json' with { type: 'json' };
import awsPage1 from '../recordings/aws-versions-1.json' with { type: 'json' };
import awsPage2 from '../recordings/aws-versions-2.json' with { type: 'json' };
import secret from '../recordings/secret.json' with { type: 'json' };
import snapshot from '../recordings/snapshot.json' with { type: 'json' };
import stage from '../recordings/stage.json' with { type: 'json' };
import state from '../recordings/state.json' with { type: 'json' };
import versions from '../recordings/versions.json' with { type: 'json' };
import page1 from '../recordings/versions-1.json' with { type: 'json' };
import page2 from '../recordings/versions-2.json' with { type: 'json' };

const again = <Json>(json: Json): Json => JSON.parse(JSON.stringify(json));
const noExpireTimes = [{ what: 'expireTimes' }];
const subject = {
  project: 'p',
  dialect: huaweiCsms,
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

const complaintsOf = (json: unknown, dialect?: Dialect): readonly string[] => {
  const outcome = importAny(json, { dialect });
  return outcome.ok ? [] : outcome.problems.map(explainProblem);
};

property([lived])('importAny reads a state unchanged, and reports its expiry as unknown', ({ state, dialect }) => {
  const imported = importAny(again(state), { dialect });
  expect(imported).toEqual({
    ok: true,
    secrets: [{ project: null, source: 'input', dialect, state, unknown: noExpireTimes }],
    remarks: [],
  });
  expectFrozen(imported.ok && imported.secrets);
});

/** An import without the source of each secret. */
const bare = (imported: Imported): readonly unknown[] =>
  imported.ok ? imported.secrets.map(({ source: _, ...secret }) => secret) : imported.problems;

test('importAny recognises each document by its shape', () => {
  expect(bare(importAny(versions))).toEqual(bare(importCsms([versions])));
  expect(bare(importAny([versions, secret, stage]))).toEqual(bare(importCsms([versions, secret, stage])));
  expect(bare(importAny(snapshot))).toEqual(bare(importSnapshot(snapshot)));
  expect(importAny(subject)).toEqual({ ok: true, secrets: [{ ...subject, source: 'input' }], remarks: [] });
  expect(importAny({ state })).toEqual({
    ok: true,
    secrets: [{ project: null, source: 'input', dialect: huaweiCsms, state, expireTimes: undefined, unknown: [] }],
    remarks: [],
  });
  const imported = importAny(subject);
  expectFrozen(imported.ok && imported.secrets);
});

test('importAny reads mixed and empty lists', () => {
  const imported = importAny([state, versions, subject, snapshot, secret]);
  const alone = [state, subject, snapshot, [versions, secret]].flatMap((json) => bare(importAny(json)));
  expect(bare(imported)).toEqual(alone);
  expect(imported.ok && imported.secrets.map(({ source }) => source)).toEqual([
    'input[0]',
    'input[2]',
    'input[3]',
    'input[1]',
  ]);
  expect(importAny([])).toEqual({ ok: true, secrets: [], remarks: [] });
});

test('importAny reads imported secrets back from JSON', () => {
  const imported = importAny([page1, page2, secret]);
  expect(imported.ok && bare(importAny(again(imported.secrets)))).toEqual(bare(imported));
});

test('importAll joins responses about one secret from many documents, in any order', () => {
  const documents = Object.entries({
    'versions-2.json': page2,
    'secret.json': secret,
    'stage.json': stage,
    'versions-1.json': page1,
  });
  const imported = importAll(documents.map(([name, json]) => ({ name, json })));
  expect(bare(imported)).toEqual(bare(importCsms([page1, page2, secret, stage])));
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

test('importAll recognises responses of AWS by their fields, and reads them by its dialect or one based on it', () => {
  const documents = [awsPage2, [awsSecret], awsPage1].map((json, index) => ({ name: `${index}.json`, json }));
  const alone = importAws([awsPage2, awsSecret, awsPage1]);
  expect(alone.ok).toBe(true);
  expect(importAll(documents)).toEqual(importAll(documents, { dialect: awsSecretsManager }));
  expect(bare(importAll(documents))).toEqual(bare(alone));
  const dialect = defineDialect(awsSecretsManager, { stages: { limit: 5 } });
  expect(importAll(documents, { dialect })).toMatchObject({
    secrets: [{ dialect, state: alone.ok && alone.secrets[0]?.state }],
  });
  const state = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  expect(bare(importAny([state, awsVersions, awsSecrets]))).toEqual([
    ...bare(importAny(state, { dialect: awsSecretsManager })),
    ...bare(importAws([awsVersions, awsSecrets])),
  ]);
});

test('importAll reads pages in a list of one document as following each other', () => {
  const unknown = (...jsons: readonly unknown[]) => {
    const imported = importAll(jsons.map((json, index) => ({ name: `${index}.json`, json })));
    return imported.ok && imported.secrets[0]?.unknown?.map(({ what }) => what);
  };
  expect(unknown(awsPage1, awsPage2)).toContain('versions');
  expect(unknown([awsPage1], [awsPage2])).toContain('versions');
  expect(unknown([awsPage1, awsPage2])).not.toContain('versions');
  expect(unknown([awsPage2, awsPage1])).toContain('versions');
});

test('importAll refuses responses of another cloud than the dialect, and names both', () => {
  const wrong = (path: string, cloud: Dialect, dialect: Dialect) =>
    `${path} must be read with the dialect "${cloud.id}", not "${dialect.id}"`;
  const noAws = (path: string) => wrong(path, awsSecretsManager, huaweiCsms);
  expect(complaintsOf([awsSecret, versions, awsPage1], huaweiCsms)).toEqual(['input[0]', 'input[2]'].map(noAws));
  expect(complaintsOf({ SecretList: [] }, huaweiCsms)).toEqual([noAws('input')]);

  const noCsms = (path: string) => wrong(path, huaweiCsms, awsSecretsManager);
  expect(complaintsOf([secret, versions, awsPage2], awsSecretsManager)).toEqual([noCsms('input[1]')]);
  const outcome = importCsms([versions], { dialect: awsSecretsManager });
  expect(outcome.ok || outcome.problems.map(explainProblem)).toEqual([noCsms('responses[0]')]);
  const other = importAws([awsSecret], { dialect: huaweiCsms });
  expect(other.ok || other.problems.map(explainProblem)).toEqual([noAws('responses[0]')]);
});

test('importAll reads files of several clouds, each secret with its own dialect', () => {
  const google = createSecret({ name: 'token', at: 0, versionId: null }, googleSecretManager);
  const alibaba = { state: createSecret({ name: 'key', at: 0 }, alibabaKms) };
  const documents = [versions, awsVersions, awsSecrets, google, alibaba, snapshot];
  const imported = importAll(documents.map((json, index) => ({ name: `${index}.json`, json })));
  expect(imported.ok && imported.secrets.map(({ dialect, source }) => [dialect, source])).toEqual([
    [googleSecretManager, '3.json'],
    [alibabaKms, '4.json'],
    [huaweiCsms, '5.json'],
    [huaweiCsms, '0.json'],
    [awsSecretsManager, '1.json'],
  ]);
  // An imported secret can be checked without more information.
  for (const secret of imported.ok ? imported.secrets : []) {
    expect(secret.state.dialect).toBe(secret.dialect.id);
    expect(check(secret.state, { ...secret, at: 0, policy: [] }).findings).toEqual([]);
  }
});

test('importAll refuses a state of an unknown dialect, unless you pass the dialect', () => {
  const vault = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 5 } });
  const kept = createSecret({ name: 'db', at: 0 }, vault);
  const known = 'one of huawei-csms, aws-secrets-manager, alibaba-kms, google-secret-manager';
  const unknown = (path: string) =>
    `${path}.dialect must be ${known} (pass \`dialect\` to use another); got the string "our-vault"`;
  const world = { projects: { p: { secrets: { old: 5, db: { state: kept } } } } };
  expect(complaintsOf([kept, { state: kept }, { ...kept, dialect: undefined }, world])).toEqual([
    unknown('input[0]'),
    unknown('input[1].state'),
    'input[2].dialect is required',
    unknown('input[3].projects["p"].secrets["db"].state'),
  ]);
  expect(importAny([kept, { state: kept, dialect: vault }], { dialect: vault })).toMatchObject({
    secrets: [
      { dialect: vault, state: kept },
      { dialect: vault, state: kept },
    ],
  });
});

test('importAll refuses a state of another dialect than the given one, and names both', () => {
  const wrong = (path: string) => `${path} must be read with the dialect "huawei-csms", not "aws-secrets-manager"`;
  expect(complaintsOf([state, subject, snapshot], awsSecretsManager)).toEqual([
    wrong('input[0]'),
    wrong('input[1].state'),
    wrong('input[2].projects["my-project"].secrets["db-password"].state'),
  ]);
  expect(complaintsOf({ ...state, dialect: 5 }, awsSecretsManager)).toEqual([
    'input.dialect must be "aws-secrets-manager"; got 5',
  ]);
});

test('importAll reports a missing dialect of a secret', () => {
  const { dialect: _, ...old } = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const world = { projects: { p: { secrets: { db: { state: old } } } } };
  const at = ['input[0]', 'input[1].state', 'input[2].projects["p"].secrets["db"].state'];
  for (const dialect of [undefined, awsSecretsManager]) {
    const ids = 'one of huawei-csms, aws-secrets-manager, alibaba-kms, google-secret-manager';
    const expected = dialect ? `"${dialect.id}"` : ids;
    expect(importAny([old, { state: old }, world], { dialect })).toEqual({
      ok: false,
      problems: at.map((path) => ({ path: `${path}.dialect`, expected, found: 'nothing' })),
    });
  }
});

test('importAll refuses a subject with changed rules, and runs none of its patterns', () => {
  const expected = (id: string) =>
    `input.dialect must be the unchanged rules of "${id}" (pass \`dialect\` to use other rules)`;
  const slow = { ...huaweiCsms, stages: { ...huaweiCsms.stages, name: '(.+)+!' } };
  const changed = { ...subject, dialect: slow };
  expect(complaintsOf(changed)).toEqual([expected('huawei-csms')]);
  expect(complaintsOf({ ...subject, dialect: awsSecretsManager })).toEqual([expected('huawei-csms')]);
  const { title: _, ...untitled } = huaweiCsms;
  for (const dialect of [5, null, untitled, { ...untitled, name: huaweiCsms.title }, { ...huaweiCsms, more: 1 }]) {
    expect(complaintsOf({ ...subject, dialect })).toEqual([expected('huawei-csms')]);
  }
  // A database may keep the fields in another order.
  const reordered = Object.fromEntries(Object.entries(huaweiCsms).reverse());
  expect(complaintsOf({ ...subject, dialect: reordered })).toEqual([]);
});

test('importAny reads responses in the shape of CSMS by the dialect of another cloud, if they have its stages', () => {
  const id = 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f11';
  const [v1] = versions.version_metadatas;
  const emulated = { version_metadatas: [{ ...v1, id, version_stages: ['AWSCURRENT'] }] };
  expect(importAny(emulated, { dialect: awsSecretsManager })).toMatchObject({
    secrets: [{ state: { name: 'db-password', stages: [{ name: 'AWSCURRENT', versionId: id }] } }],
  });
});

test('importAny refuses responses in the shape of CSMS with the current stage of another cloud', () => {
  const [v1] = versions.version_metadatas;
  const listing = (...version_stages: readonly string[]) => ({ version_metadatas: [{ ...v1, version_stages }] });
  const wrong = (cloud: Dialect, dialect: Dialect) => [
    `input must be read with the dialect "${cloud.id}", not "${dialect.id}"`,
  ];
  const aws = listing('AWSCURRENT');
  expect(complaintsOf(aws)).toEqual(wrong(awsSecretsManager, huaweiCsms));
  expect(complaintsOf(aws, huaweiCsms)).toEqual(wrong(awsSecretsManager, huaweiCsms));
  expect(complaintsOf(aws, googleSecretManager)).toEqual(wrong(awsSecretsManager, googleSecretManager));
  expect(complaintsOf(listing('canary', 'ACSCurrent'), awsSecretsManager)).toEqual(
    wrong(alibabaKms, awsSecretsManager),
  );
  const outcome = importCsms([aws]);
  expect(outcome).toMatchObject({ problems: [{ path: 'responses[0]', belongsTo: 'aws-secrets-manager' }] });
});

test('importAny accepts a stage named like the current one of another cloud', () => {
  const [v1] = versions.version_metadatas;
  const page = (id: string, stage: string, next_marker: string | null) => ({
    version_metadatas: [{ ...v1, id, version_stages: [stage] }],
    page_info: { next_marker },
  });
  expect(importAny({ version_metadatas: [{ ...v1, version_stages: ['AWSCURRENT', 'SYSCURRENT'] }] }).ok).toBe(true);
  const pages = [page('v1', 'AWSCURRENT', 'v1'), page('v2', 'SYSCURRENT', null)];
  expect(importAny(pages).ok).toBe(true);
  const others = pages.map(({ version_metadatas: [v], page_info }) => ({
    version_metadatas: [{ ...v, secret_name: 'other', version_stages: ['AWSCURRENT'] }],
    page_info,
  }));
  expect(complaintsOf([...pages, ...others])).toEqual(
    ['input[2]', 'input[3]'].map(
      (path) => `${path} must be read with the dialect "aws-secrets-manager", not "huawei-csms"`,
    ),
  );
});

test.each<[string, object]>([
  ['package.json', { name: 'app', version: '1.0.0', dependencies: { left: '1.0.0' } }],
  ['package-lock.json', { name: 'app', version: '1.0.0', lockfileVersion: 3, packages: { '': { version: '1.0.0' } } }],
  ['composer.lock', { 'content-hash': 'a', packages: [{ name: 'a', version: '1' }], 'plugin-api-version': '2' }],
  ['SARIF', { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [] }],
  ['tsconfig.json', { compilerOptions: { strict: true }, include: ['src'] }],
  ['angular.json', { version: 1, projects: { app: { root: '', sourceRoot: 'src' } } }],
  ['a document of a package registry', { name: 'a', versions: { '1.0.0': {} }, 'dist-tags': {}, time: {} }],
  ['a list of secrets of GitHub', { total_count: 1, secrets: [{ name: 'TOKEN', created_at: '2019-08-10T14:59:22Z' }] }],
  ['a compose file', { version: '3', services: {}, secrets: { db: { file: './db.txt' } } }],
  ['a stored state of a web page', { state: { user: 5 }, version: 0 }],
  ['a pipeline', { stage: { name: 'build' }, versions: ['1.0'] }],
  ['versions of objects', { Versions: [{ Key: 'a', VersionId: 'b', IsLatest: true }], Name: 'bucket' }],
  [
    'a parameter of AWS',
    { Name: 'db', Type: 'String', Value: 'hunter2', Version: 1, ARN: 'arn:aws:ssm:a:1:parameter/db' },
  ],
  ['a policy of AWS', { ARN: 'arn:aws:iam::123456789012:policy/db', Name: 'db', Versions: [] }],
  ['a value without a secret', { SecretString: 'hunter2', VersionId: 'a' }],
  ['a secret in a configuration', { secret: 'hunter2', secrets: ['hunter2'], version: { major: 1 } }],
  ['an error of another API', { error_code: 5, __type: 'Pointer', projects: 5 }],
  ['a version of the format of other files', { format_version: '1.0' }],
])('importAny recognises that %s is not a response, and names what is expected', (_, json) => {
  expect(complaintsOf(json)).toEqual([`input ${anyDocument} an object`]);
});

test('importAll remarks once on a document with values, and names it', () => {
  const one = { ...awsVersions, VersionId: awsVersions.Versions[0]?.VersionId, SecretString: 'hunter2' };
  const { Versions: _, ...value } = one;
  const outcome = importAll([
    { name: 'versions.json', json: [awsVersions, awsSecrets] },
    { name: 'values.json', json: [value, value] },
  ]);
  expect(outcome.ok && outcome.remarks.map(({ kind, path }) => [kind, path])).toEqual([['value', 'values.json']]);
  expect(JSON.stringify(outcome)).not.toContain('hunter');
});

test('importAll remarks on secrets without versions, and imports none of them', () => {
  expect(importAny([awsSecret, secret])).toMatchObject({
    ok: true,
    secrets: [],
    remarks: [
      { kind: 'not-checked', path: 'input[1].secret' },
      { kind: 'not-checked', path: 'input[0]' },
    ],
  });
});

test('importAny reads what is known about a subject, and the secret before a change', () => {
  const more = {
    rotation: { isEnabled: true, lastTime: 5, everyDays: null, nextTime: null },
    replicaOf: 'eu-central-1',
    managedBy: 'rds',
    tracked: { v1: 'aws_secretsmanager_secret_version.db' },
    before: state,
    unknown: [{ what: 'deprecatedVersions' }, { what: 'createTime', versionId: 'v1' }, { what: 'rotation' }],
  };
  const imported = importAny({ state, ...more });
  expect(imported).toMatchObject({ secrets: [more] });
  expectFrozen(imported.ok && imported.secrets);
  expect(complaintsOf({ state, rotation: { ...more.rotation, isEnabled: 1 } })).toEqual([
    'input.rotation.isEnabled must be true or false',
  ]);
  expect(complaintsOf({ state, before: { ...state, name: 5 } })).toEqual([
    expect.stringMatching(/^input\.before\.name must be/),
  ]);
});

test('importAny reads a response of both clouds as one of CSMS', () => {
  expect(complaintsOf({ ...awsSecret, version_metadatas: 5 })).toEqual(['input.version_metadatas must be a list']);
});

test('importAll reports the problems of every document under its name', () => {
  const outcome = importAll([
    { name: 'a.json', json: page1 },
    { name: 'b$&.json', json: { ...state, name: 'hunter 2', versions: 5 } },
    { name: 'c.json', json: [secret, { projects: { p: { secrets: 5 } } }] },
    { name: 'd.json', json: { state: { ...state, stages: [], lastNumber: -5 } } },
    { name: 'e.json', json: 5 },
    { name: 'f.json', json: state },
    { name: 'g.json', json: { secret: { id: 'a', name: 5, state: 'ENABLED' } } },
  ]);
  expect(outcome.ok || outcome.problems.map(({ path }) => path)).toEqual([
    'b$&.json.name',
    'b$&.json.versions',
    'c.json[1].projects["p"].secrets',
    'd.json.state.lastNumber',
    'e.json',
    'g.json.secret.name',
    'a.json.page_info.next_marker',
  ]);
});

const anyDocument =
  'must be a state, a snapshot of the emulator, a response of CSMS (ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage) or of ' +
  'AWS Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), the output of `terraform show -json`, or a list of these; got';

test.each<[string, unknown, readonly string[]]>([
  ['a number', 5, [`input ${anyDocument} a number`]],
  ['null', null, [`input ${anyDocument} null`]],
  ['another object', { hello: 'hunter2' }, [`input ${anyDocument} an object`]],
  ['the inside of a response', secret.secret, [`input ${anyDocument} an object`]],
  ['a list in a list', [[state]], [`input[0] ${anyDocument} a list`]],
  [
    'a state that breaks a law',
    { ...state, stages: [{ ...state.stages[0], versionId: 'v9' }] },
    ['input must be a secret that obeys the law stages-mark-versions: Every stage marks a version that exists'],
  ],
  [
    'a subject with an invalid state',
    [{ state: { dialect: 'huawei-csms' } }],
    [
      'input[0].state.name is required',
      'input[0].state.status is required',
      'input[0].state.scheduledDeleteTime is required',
      'input[0].state.versions is required',
      'input[0].state.stages is required',
      'input[0].state.versionsMade is required',
      'input[0].state.lastNumber is required',
    ],
  ],
  [
    'a subject with unknown fields',
    { ...subject, project: 5, values: 'hunter2' },
    ['input.project must be a string', 'input.values must be omitted'],
  ],
  [
    'a subject with expiries in a list',
    { ...subject, expireTimes: ['hunter2'] },
    ['input.expireTimes must be an object'],
  ],
  [
    'a subject with invalid expiries',
    { ...subject, expireTimes: again(JSON.parse('{"__proto__": 5, "v1": "hunter2", "v2": -5}')) },
    [
      'input.expireTimes["__proto__"] must be omitted: the version does not exist',
      'input.expireTimes["v1"] must be a number',
      'input.expireTimes["v2"] must be epoch milliseconds as a number',
    ],
  ],
  [
    'a subject with invalid unknowns',
    { ...subject, unknown: [{ what: 'stageTime' }, { what: 'status', stage: 'hunter2' }] },
    ['input.unknown[0].stage is required', 'input.unknown[1].stage must be omitted'],
  ],
])('importAny refuses %s, and shows its place but not its content', (_, json, complaints) => {
  expect(complaintsOf(json)).toEqual(complaints);
  expect(complaints.join()).not.toContain('hunter');
});

test('importAny accepts expiry times only of versions that exist, whatever their ids', () => {
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

test('importAll applies the dialect to every document', () => {
  const strict = defineDialect(huaweiCsms, { stages: { limit: 2 } });
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

/** JSON with one place changed. */
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

property([
  fc.array(fc.oneof(fc.jsonValue(), almostGood, fc.constantFrom(...good)), { maxLength: 6 }),
  fc.constantFrom(undefined, huaweiCsms, awsSecretsManager),
])('importAll never throws, and returns sound secrets or problems', (documents, dialect) => {
  const outcome = importAll(
    documents.map((json, index) => ({ name: `${index}.json`, json })),
    { dialect },
  );
  if (outcome.ok) expect(importAny(again(outcome.secrets), { dialect }).ok).toBe(true);
  else {
    expect(outcome.problems.length).toBeGreaterThan(0);
    for (const [index, { path, expected }] of outcome.problems.entries()) {
      // The last one counts those that are not listed.
      const counts = index === 20 && /^free of \d+ more problems?$/.test(expected);
      expect(path).toMatch(counts ? /^input$/ : /^\d\.json/);
      expect(expected).not.toBe('');
    }
  }
});

property([fc.array(fc.oneof(fc.jsonValue(), almostGood), { maxLength: 6 })])(
  'importCsms, importAws and importSnapshot never throw',
  (json) => {
    for (const outcome of [importCsms(json), importAws(json), importSnapshot(json[0])]) {
      expect(outcome.ok || outcome.problems.length).not.toBe(0);
    }
  },
);

test.each([
  ['a list 100,000 deep', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'a list'],
  ['an object that is not text', { toString: null, valueOf: null }, 'an object'],
])('importAny refuses %s in place of a dialect', (_, dialect, kind) => {
  for (const input of [{ dialect, versions: {} }, { state: { dialect } }]) {
    const outcome = importAny(input);
    expect(outcome.ok || outcome.problems.map(({ found }) => found)).toEqual([kind]);
  }
});

test('importAll reads many documents and states in linear time, and lists the first problems', () => {
  const bad = (size: number) =>
    Array.from({ length: size }, (_, index) => ({ name: `${index}.json`, json: { index } }));
  expectLinear((size) => () => importAll(bad(size)), 500);
  const good = createSecret({ name: 'db', at: 0 });
  expectLinear((size) => () => expect(importAny(new Array(size).fill(good)).ok).toBe(true), 50);
  const outcome = importAll(bad(25));
  expect(outcome.ok || outcome.problems.slice(19).map(explainProblem)).toEqual([
    expect.stringMatching(/^19\.json must be a state/),
    'input must be free of 5 more problems',
  ]);
});

test('importAll refuses documents with more than two million values together', () => {
  const json = new Array(1_000_000).fill(0);
  const outcome = importAll([
    { name: 'one.json', json },
    { name: 'other.json', json },
  ]);
  expect(outcome.ok || outcome.problems.map(explainProblem)).toEqual([
    'input must be at most 2,000,000 JSON values; split it into parts',
  ]);
});
