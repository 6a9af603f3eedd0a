import { expect, test } from 'vitest';
import { awsSecretsManager, huaweiCsms, stagesOf } from '../../../src/index.ts';
import { importAll, importAny } from '../../../src/policy/import/index.ts';
import { explainProblem } from '../../../src/sentences.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import plan from '../recordings/terraform-plan.json' with { type: 'json' };
import state from '../recordings/terraform-state.json' with { type: 'json' };

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/db-password-a1b2c3';
const old = 'terraform-20260101000000000100000001';
const current = 'terraform-20260102000000000100000001';
const planned = 'known only after terraform apply';
const planTime = Date.UTC(2026, 0, 3);

const imported = (...documents: readonly unknown[]) => {
  const outcome = importAll(documents.map((json, index) => ({ name: `${index}.json`, json })));
  return outcome.ok ? outcome : expect.fail(outcome.problems.map(explainProblem).join('\n'));
};
const complaints = (json: unknown, dialect?: typeof huaweiCsms): readonly string[] => {
  const outcome = importAny(json, { dialect });
  return outcome.ok ? [] : outcome.problems.map(explainProblem);
};

type Attributes = Readonly<Record<string, unknown>>;
const versionOf = (version_id: string, ...version_stages: readonly string[]): Attributes => ({
  arn: ARN,
  secret_id: ARN,
  version_id,
  version_stages,
});
const changeOf = (
  actions: readonly string[],
  before: Attributes | null,
  after: Attributes | null,
  type = 'aws_secretsmanager_secret_version',
) => ({ address: `${type}.db`, mode: 'managed', type, name: 'db', change: { actions, before, after } });
const planOf = (...resource_changes: readonly object[]) => ({ format_version: '1.2', resource_changes });
/** A plan with a time. */
const timed = (...changes: readonly object[]) => ({ ...planOf(...changes), timestamp: '2026-01-03T00:00:00Z' });
const stagesBy = (...documents: readonly unknown[]) =>
  imported(...documents).secrets.map(({ state }) =>
    Object.fromEntries(Object.keys(state.versions).map((id) => [id, stagesOf(state, id)])),
  );
const listing = (...Versions: readonly object[]) => ({ ARN, Name: 'team/db-password', Versions });
const listed = (VersionId: string, day: number, ...VersionStages: readonly string[]) => ({
  VersionId,
  VersionStages,
  CreatedDate: `2026-01-0${day}T00:00:00Z`,
});

test('importAll reads the secrets of both clouds in a state of Terraform, in all its modules', () => {
  const { secrets, remarks } = imported(state);
  expectFrozen(secrets);
  expect(secrets).toMatchObject([
    {
      source: '0.json',
      dialect: huaweiCsms,
      state: {
        name: 'orders',
        status: 'ENABLED',
        versions: { v3: { createTime: 0, ordinal: 3 } },
        stages: [{ name: 'SYSCURRENT', versionId: 'v3' }],
      },
      expireTimes: {},
      unknown: [
        { what: 'stageTime', stage: 'SYSCURRENT' },
        { what: 'issued' },
        { what: 'versions', after: 'v3' },
        { what: 'createTime', versionId: 'v3' },
      ],
    },
    {
      source: '0.json',
      dialect: awsSecretsManager,
      state: {
        name: 'team/db-password',
        stages: [
          { name: 'AWSCURRENT', versionId: current },
          { name: 'AWSPREVIOUS', versionId: old },
        ],
      },
      unknown: [
        { what: 'stageTime', stage: 'AWSCURRENT' },
        { what: 'stageTime', stage: 'AWSPREVIOUS' },
        { what: 'issued' },
        { what: 'versions', after: current },
        { what: 'createTime', versionId: old },
        { what: 'createTime', versionId: current },
        { what: 'order', versionId: old },
        { what: 'order', versionId: current },
        { what: 'status' },
        { what: 'rotation' },
      ],
      tracked: {
        [old]: 'module.db.aws_secretsmanager_secret_version.old',
        [current]: 'module.db.module.deep.aws_secretsmanager_secret_version.new["eu"]',
      },
    },
  ]);
  expect(secrets.map(({ before }) => before)).toEqual([undefined, undefined]);
  expect(remarks.map(({ kind, path }) => [kind, path])).toEqual([['value', '0.json']]);
  expect(JSON.stringify([secrets, remarks])).not.toMatch(/hunter|f52fbd/);
});

test('importAll applies a plan of Terraform, and keeps the secret before it', () => {
  const { secrets, remarks } = imported(plan);
  const [csms, aws] = secrets;
  expect(csms?.before?.versions).toHaveProperty('v3');
  expect(csms?.state.stages).toMatchObject([
    { name: 'SYSCURRENT', versionId: 'v4', updateTime: planTime },
    { name: 'SYSPREVIOUS', versionId: 'v3', updateTime: planTime },
  ]);
  expect(csms?.tracked).toBeUndefined();
  expect(aws?.before?.stages).toMatchObject([{ name: 'AWSCURRENT', versionId: current }]);
  expect(aws?.state.stages).toMatchObject([
    { name: 'AWSCURRENT', versionId: planned, updateTime: planTime },
    { name: 'AWSPREVIOUS', versionId: current, updateTime: planTime },
  ]);
  expect(aws?.tracked).toEqual({ [planned]: 'aws_secretsmanager_secret_version.db' });
  expect(aws?.unknown).toEqual([
    { what: 'issued' },
    { what: 'versions', after: current },
    { what: 'createTime', versionId: current },
    { what: 'status' },
    { what: 'rotation' },
  ]);
  expect(remarks.map(({ kind }) => kind)).toEqual(['value']);
  expect(JSON.stringify(secrets)).not.toContain('hunter');
  // It can be kept as JSON, and read again.
  const again = imported(JSON.parse(JSON.stringify(secrets)));
  expect(again.secrets.map(({ source: _, ...secret }) => secret)).toEqual(
    secrets.map(({ source: _, ...secret }) => secret),
  );
});

test('importAll applies a plan to the listed versions, which Terraform may not know', () => {
  const other = '5f0f7c6e-1111-4a6b-9a77-0d2f6a4b0001';
  const document = listing(listed(current, 1, 'AWSPREVIOUS'), listed(other, 2, 'AWSCURRENT'));
  const create = { secret_id: ARN };
  const [secret] = imported(timed(changeOf(['create'], null, create)), document).secrets;
  expect(secret).toMatchObject({
    source: '1.json',
    before: { versions: { [current]: {}, [other]: {} } },
    state: {
      versions: { [current]: {}, [other]: {}, [planned]: { createTime: planTime } },
      stages: [
        { name: 'AWSCURRENT', versionId: planned },
        { name: 'AWSPREVIOUS', versionId: other },
      ],
    },
    tracked: { [planned]: 'aws_secretsmanager_secret_version.db' },
  });
  expect(secret?.unknown).not.toContainEqual(expect.objectContaining({ what: 'createTime' }));
  // A version that a state of Terraform relies on, and that no longer exists.
  expect(imported(state, document).secrets[1]).toMatchObject({
    state: { stages: [{ versionId: other }, { versionId: current }] },
    tracked: { [old]: 'module.db.aws_secretsmanager_secret_version.old' },
  });
});

test('importAll moves and removes labels as the provider does', () => {
  const [a, b] = [versionOf(old, 'AWSPREVIOUS', 'blue'), versionOf(current, 'AWSCURRENT', 'green')];
  const keep = (version: Attributes) => changeOf(['no-op'], version, version);
  const update = (before: Attributes, ...stages: readonly string[]) =>
    changeOf(['update'], before, { ...before, version_stages: stages });
  // AWSPREVIOUS follows AWSCURRENT, so it cannot be removed from the version any more.
  expect(stagesBy(timed(update(a, 'AWSCURRENT', 'green'), keep(b)))).toEqual([
    { [old]: ['AWSCURRENT', 'green'], [current]: ['AWSPREVIOUS'] },
  ]);
  // AWSCURRENT cannot be removed.
  expect(stagesBy(timed(keep(a), update(b, 'red')))).toEqual([
    { [old]: ['AWSPREVIOUS', 'blue'], [current]: ['AWSCURRENT', 'red'] },
  ]);
  expect(stagesBy(timed(update(a), keep(b)))).toEqual([{ [old]: [], [current]: ['AWSCURRENT', 'green'] }]);
  // Labels that are not known yet do not change.
  const { version_stages: _, ...unknown } = a;
  expect(stagesBy(timed(changeOf(['update'], a, unknown)))).toEqual([{ [old]: ['AWSPREVIOUS', 'blue'] }]);
});

test('importAll creates, replaces, deletes and forgets versions as the provider does', () => {
  const a = versionOf(old, 'AWSCURRENT', 'blue');
  const next = { secret_id: ARN };
  expect(stagesBy(timed(changeOf(['delete', 'create'], a, next)))).toEqual([
    { [old]: ['AWSPREVIOUS'], [planned]: ['AWSCURRENT'] },
  ]);
  expect(stagesBy(timed(changeOf(['create', 'delete'], a, { ...next, version_stages: ['blue'] })))).toEqual([
    { [old]: ['AWSCURRENT'], [planned]: ['blue'] },
  ]);
  expect(stagesBy(timed(changeOf(['delete'], a, null)))).toEqual([{ [old]: ['AWSCURRENT'] }]);
  expect(stagesBy(timed(changeOf(['forget'], a, null)))).toEqual([{ [old]: ['AWSCURRENT', 'blue'] }]);
  const two = imported(timed(changeOf(['create'], null, next), changeOf(['create'], null, next))).secrets;
  expect(two[0]?.before).toBeUndefined();
  expect(two).toMatchObject([
    {
      state: { stages: [{ versionId: `${planned} (2)` }, { versionId: planned }] },
      tracked: { [planned]: expect.anything(), [`${planned} (2)`]: expect.anything() },
      // The secret may have other versions.
      unknown: expect.arrayContaining([{ what: 'versions', after: planned }, { what: 'status' }]),
    },
  ]);
  for (const actions of [['delete'], ['forget']])
    expect(imported(timed(changeOf(actions, a, null))).secrets[0]?.tracked).toBeUndefined();
});

test('importAll lists the times of a plan without a time as unknown', () => {
  const create = changeOf(['create'], null, { secret_id: ARN });
  const [untimed] = imported(planOf(create), listing(listed(old, 1, 'AWSCURRENT', 'blue'))).secrets;
  expect(untimed?.state.versions[planned]?.createTime).toBe(Date.UTC(2026, 0, 1));
  expect(untimed?.unknown?.filter(({ what }) => what === 'stageTime' || what === 'createTime')).toEqual([
    { what: 'stageTime', stage: 'blue' },
    { what: 'stageTime', stage: 'AWSCURRENT' },
    { what: 'stageTime', stage: 'AWSPREVIOUS' },
    { what: 'createTime', versionId: planned },
  ]);
});

test('importAll reads a secret that a plan creates, and knows everything about it', () => {
  const csms = changeOf(['create'], null, { name: 'orders', expire_time: 5 }, 'huaweicloud_csms_secret');
  const create = {
    ...changeOf(['create'], null, { version_stages: ['blue'] }),
    address: 'aws_secretsmanager_secret_version.db["eu"]',
  };
  const secret = changeOf(['create'], null, { name: 'db' }, 'aws_secretsmanager_secret');
  const { secrets, remarks } = imported(timed(secret, create, csms));
  expect(remarks).toEqual([]);
  expect(secrets).toMatchObject([
    {
      state: { name: 'orders', stages: [{ name: 'SYSCURRENT', versionId: 'v1' }] },
      expireTimes: { v1: 5 },
      unknown: [],
    },
    {
      state: {
        name: 'aws_secretsmanager_secret_version.db--eu--',
        stages: [{ name: 'AWSCURRENT' }, { name: 'blue', versionId: planned }],
      },
      unknown: [],
    },
  ]);
  expect(secrets.map(({ before }) => before)).toEqual([undefined, undefined]);
  expect(imported(planOf(create)).secrets[0]?.unknown).toContainEqual({ what: 'createTime', versionId: planned });
});

test('importAll imports no secret that a plan deletes', () => {
  const type = 'aws_secretsmanager_secret';
  const a = versionOf(old, 'AWSCURRENT');
  const gone = changeOf(['delete'], { arn: ARN, name: 'team/db-password' }, null, type);
  const orders = { name: 'orders', latest_version: 'v3' };
  const csms = changeOf(['delete'], orders, null, 'huaweicloud_csms_secret');
  expect(imported(timed(gone, changeOf(['delete'], a, null), csms), listing(listed(old, 1, 'AWSCURRENT')))).toEqual({
    ok: true,
    secrets: [],
    remarks: [],
  });
  const renamed = changeOf(['delete', 'create'], orders, { name: 'orders-2' }, 'huaweicloud_csms_secret');
  expect(imported(timed(renamed)).secrets.map(({ state }) => state.name)).toEqual(['orders-2']);
});

test('importAll names a secret whose versions Terraform does not have, and does not check it', () => {
  const type = 'aws_secretsmanager_secret';
  const attributes = { arn: ARN, name: 'team/db-password' };
  const { secrets, remarks } = imported(planOf(changeOf(['no-op'], attributes, attributes, type)));
  expect(secrets).toEqual([]);
  expect(remarks).toEqual([
    {
      kind: 'not-checked',
      path: '0.json.resource_changes[0]',
      sentence:
        'Secret "team/db-password" was not checked. Add every page of ListSecretVersionIds for "team/db-password", called with IncludeDeprecated.',
    },
  ]);
  // A version can name its secret by its name.
  const named = changeOf(['create'], null, { secret_id: 'team/db-password' });
  const joined = imported(planOf(changeOf(['no-op'], attributes, attributes, type), named), listing());
  expect(joined.secrets).toMatchObject([{ state: { name: 'team/db-password', versions: { [planned]: {} } } }]);
  expect(joined.remarks).toEqual([]);
  expect(imported(planOf(named)).secrets).toMatchObject([{ state: { name: 'team/db-password' } }]);
});

test('importAll reads what Terraform knows of a secret of CSMS', () => {
  const type = 'huaweicloud_csms_secret';
  const before = { name: 'orders', secret_id: 'a', latest_version: 'v3', version_stages: ['blue'], expire_time: 7 };
  const read = (actions: readonly string[], changes: Attributes, more: Attributes = {}) =>
    imported(timed(changeOf(actions, { ...before, ...more }, { ...before, ...more, ...changes }, type))).secrets[0];
  expect(read(['no-op'], {})).toMatchObject({ expireTimes: { v3: 7 } });
  expect(read(['no-op'], {})?.unknown).toContainEqual({ what: 'status' });
  const later = read(['update'], { expire_time: 9 });
  expect(later).toMatchObject({ expireTimes: { v3: 9 } });
  expect(later?.before).toBeUndefined();
  expect(read(['update'], { secret_text: 'hash', expire_time: 9 })).toMatchObject({
    state: {
      stages: [
        { name: 'SYSCURRENT', versionId: 'v4' },
        { name: 'blue', versionId: 'v3' },
      ],
    },
    expireTimes: { v3: 7, v4: 9 },
  });
  const forgotten = imported(timed(changeOf(['forget'], { ...before, secret_text: 'hash' }, null, type)));
  expect(forgotten.secrets).toMatchObject([{ state: { stages: [{ name: 'blue', versionId: 'v3' }] } }]);
  const disabled = read(['no-op'], {}, { status: 'DISABLED' });
  expect(disabled?.state.status).toBe('DISABLED');
  expect(disabled?.unknown).not.toContainEqual({ what: 'status' });
  expect(read(['no-op'], {}, { status: 'PENDING_DELETE' })?.unknown).toContainEqual({ what: 'status' });
  expect(read(['no-op'], {}, { latest_version: null })).toBeUndefined();
});

test('importAll lists every resource that relies on a version', () => {
  const a = changeOf(['no-op'], versionOf(old, 'AWSCURRENT'), versionOf(old, 'AWSCURRENT'));
  const other = { ...a, address: 'module.b.aws_secretsmanager_secret_version.db' };
  expect(imported(planOf(a, other), planOf(a)).secrets[0]?.tracked).toEqual({
    [old]: 'module.b.aws_secretsmanager_secret_version.db, aws_secretsmanager_secret_version.db',
  });
});

test('importAll reads a plan once, however often it is recorded, and not what a state says of the same resource', () => {
  const a = versionOf(old, 'AWSCURRENT');
  const replaced = timed(changeOf(['delete', 'create'], a, { secret_id: ARN }));
  const kept = planOf(changeOf(['no-op'], a, a));
  const [once] = imported(replaced).secrets;
  for (const documents of [
    [replaced, replaced],
    [replaced, kept],
    [kept, replaced],
  ]) {
    const [secret] = imported(...documents).secrets;
    expect(secret).toEqual({ ...once, source: '0.json' });
  }
  expect(once?.tracked).toEqual({ [planned]: 'aws_secretsmanager_secret_version.db' });
  // The resource relies on the version no more.
  expect(imported(timed(changeOf(['delete'], a, null)), kept).secrets[0]?.tracked).toBeUndefined();
});

test('importAll names a new secret of CSMS by its resource, if its name is known only after the plan', () => {
  const create = changeOf(['create'], null, { expire_time: 5 }, 'huaweicloud_csms_secret');
  const long = { ...create, address: `module.${'a'.repeat(60)}.huaweicloud_csms_secret.db["eu"]` };
  const names = imported(timed(create, long)).secrets.map(({ state }) => state.name);
  expect(names).toEqual(['huaweicloud_csms_secret.db', `${'a'.repeat(31)}.huaweicloud_csms_secret.db--eu--`]);
  const unnamed = changeOf(['delete'], { latest_version: 'v1' }, null, 'huaweicloud_csms_secret');
  const kept = changeOf(['no-op'], { latest_version: 'v1' }, { latest_version: 'v1' }, 'huaweicloud_csms_secret');
  expect(imported(timed(unnamed, kept))).toEqual({ ok: true, secrets: [], remarks: [] });
});

test('importAny says what to do about a state of Terraform in which two versions are current', () => {
  const type = 'aws_secretsmanager_secret_version';
  const resource = (values: Attributes) => ({ address: `${type}.db`, mode: 'managed', type, values });
  const resources = [resource(versionOf(old, 'AWSCURRENT')), resource(versionOf(current, 'AWSCURRENT'))];
  const stale = { format_version: '1.0', terraform_version: '1.9.0', values: { root_module: { resources } } };
  expect(complaints(stale)).toEqual([
    'input.values.root_module.resources[1] must be part of a secret that obeys the law one-version-a-stage: A stage marks at most one version, but "AWSCURRENT" is also in input.values.root_module.resources[0] (refresh the state of Terraform, and record it again)',
  ]);
});

test('importAll ignores data sources of Terraform, but says that they contain values', () => {
  const data = {
    address: 'data.aws_secretsmanager_secret_version.db',
    mode: 'data',
    type: 'aws_secretsmanager_secret_version',
    values: { ...versionOf(old, 'AWSCURRENT'), secret_string: 'hunter2' },
  };
  const root_module = { resources: [data, { type: 'random_password', values: { result: 'hunter2' } }, 5] };
  const states = [
    { format_version: '1.0', values: { root_module } },
    { ...planOf(), prior_state: { values: { root_module } } },
  ];
  for (const json of states) {
    expect(importAny(json)).toEqual({
      ok: true,
      secrets: [],
      remarks: [
        {
          kind: 'value',
          path: 'input',
          sentence:
            'input contains the value of a secret, which was neither kept nor shown. Delete the file after use.',
        },
      ],
    });
  }
  expect(imported({ format_version: '1.0', terraform_version: '1.11.4' })).toMatchObject({ secrets: [], remarks: [] });
});

test.each<[string, unknown, readonly string[]]>([
  [
    'a plan that the cloud refuses',
    timed(
      changeOf(['create'], null, { secret_id: ARN, version_stages: Array.from({ length: 21 }, (_, i) => `s${i}`) }),
    ),
    [
      'input.resource_changes[0] must be a change that the cloud allows. A new version can list at most 20 stages; got 21. List fewer',
    ],
  ],
  [
    'attributes of the wrong type',
    planOf(
      changeOf(['no-op'], versionOf('hunter2', ''), null),
      changeOf([], null, { name: 'hunter 2' }, 'huaweicloud_csms_secret'),
    ),
    [
      'input.resource_changes[1].change.after.name must be text that matches /^[\\w.-]{1,64}$/',
      'input.resource_changes[0].change.before.version_id must be text that matches /^.{32,64}$/',
      'input.resource_changes[0].change.before.version_stages[0] must be text that matches /^.{1,256}$/',
    ],
  ],
  [
    'a state with a resource without attributes',
    { format_version: '1.0', values: { root_module: { resources: [{ type: 'aws_secretsmanager_secret' }] } } },
    [
      'input.values.root_module.resources[0].address is required',
      'input.values.root_module.resources[0].values is required',
    ],
  ],
  [
    'a state file',
    { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'a', outputs: {}, resources: [] },
    ['input must be the output of `terraform show -json`, not a state file of Terraform'],
  ],
])('importAny refuses %s, and names each place', (_, json, expected) => {
  expect(complaints(json)).toEqual(expected);
  expect(JSON.stringify(importAny(json))).not.toContain('hunter');
});

test('importAny refuses resources of another cloud than the dialect', () => {
  const aws = planOf(changeOf(['create'], null, { secret_id: ARN }));
  const csms = planOf(changeOf(['create'], null, { name: 'orders' }, 'huaweicloud_csms_secret'));
  const wrong = (cloud: string, dialect: string) => [
    `input must be read with the dialect "${cloud}", not "${dialect}"`,
  ];
  expect(complaints(aws, huaweiCsms)).toEqual(wrong('aws-secrets-manager', 'huawei-csms'));
  expect(complaints(csms, awsSecretsManager)).toEqual(wrong('huawei-csms', 'aws-secrets-manager'));
  expect(complaints(aws, awsSecretsManager)).toEqual([]);
  expect(complaints(csms, huaweiCsms)).toEqual([]);
});

test('importAny reads modules of any depth', () => {
  let module: object = {};
  for (let depth = 0; depth < 20_000; depth++) module = { child_modules: [module] };
  expect(imported({ format_version: '1.0', values: { root_module: module } })).toMatchObject({ secrets: [] });
});
