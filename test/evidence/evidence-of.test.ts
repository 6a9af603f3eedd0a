import { expect, test } from 'vitest';
import { evidenceOf } from '../../src/evidence/index.ts';
import { leavesOf } from '../../src/evidence/leaves.ts';
import { awsSecretsManager, type Dialect, defineDialect, googleSecretManager, huaweiCsms } from '../../src/index.ts';
import { clouds } from '../arbitraries.ts';

const row = (dialect: Dialect, wanted: string) => evidenceOf(dialect).find(({ rule }) => rule === wanted);

test.each(clouds)('evidenceOf returns each rule of $title once, with a grade and a source', (cloud) => {
  const rows = evidenceOf(cloud);
  const rules = rows.map(({ rule }) => rule);
  expect(new Set(rules).size).toBe(rules.length);
  const leaves = leavesOf(cloud);
  expect(rows.slice(0, leaves.length).map(({ rule, value }) => [rule, value])).toEqual(leaves);
  expect(rows.length).toBeGreaterThan(leaves.length);
  for (const { grade, source, changed } of rows) {
    expect(['documented', 'observed', 'assumed']).toContain(grade);
    expect(source).toMatch(/^(?!not given)\S/);
    expect(changed).toBeUndefined();
  }
});

test('evidenceOf grades each part of a rule separately', () => {
  expect(row(huaweiCsms, 'versions.limit.most')).toEqual({
    rule: 'versions.limit.most',
    value: 20,
    grade: 'documented',
    source: 'CreateSecretVersion',
  });
  expect(row(huaweiCsms, 'versions.limit.whenFull')).toMatchObject({ grade: 'assumed' });
  const follows = (dialect: Dialect) =>
    ['plain-version', 'any-version', 'any-move'].map((step) => {
      const { value, grade } = row(dialect, `stages.previousFollows: ${step}`) ?? {};
      return [value, grade];
    });
  expect(follows(huaweiCsms)).toEqual([
    [true, 'documented'],
    [false, 'assumed'],
    [false, 'assumed'],
  ]);
  expect(follows(awsSecretsManager)).toEqual([
    [true, 'documented'],
    [true, 'documented'],
    [true, 'documented'],
  ]);
  expect(follows(googleSecretManager).map(([value]) => value)).toEqual([false, false, false]);
  expect(row(awsSecretsManager, 'stages.pending: can be removed')).toMatchObject({ grade: 'documented' });
  expect(row(awsSecretsManager, 'stages.pending: cleared by a plain version')).toMatchObject({ grade: 'documented' });
});

test('evidenceOf names the conflict where two sources disagree', () => {
  const conflicts = clouds.flatMap((cloud) =>
    evidenceOf(cloud)
      .filter(({ source }) => source.includes('in conflict with'))
      .map(({ rule }) => [cloud.id, rule]),
  );
  expect(conflicts).toEqual([
    ['huawei-csms', 'secret.name'],
    ['huawei-csms', 'versions.latest'],
    ['huawei-csms', 'times are in milliseconds'],
    ['aws-secrets-manager', 'every other stage stays when the current one leaves its version'],
    ['aws-secrets-manager', 'a successful rotation removes the pending stage'],
    ['aws-secrets-manager', 'a deletion cannot be scheduled twice'],
    ['google-secret-manager', 'stages.limit'],
    ['google-secret-manager', 'every version can be read and marked'],
  ]);
});

test('evidenceOf grades a changed rule as assumed, and includes the rule of the cloud', () => {
  const changed = defineDialect(huaweiCsms, {
    secret: { deletionDays: { least: 7, usual: 7, most: 30 } },
    stages: { limit: 5, previousFollows: 'any-version', pending: 'canary' },
    versions: { limit: { most: 20, whenFull: 'drop-oldest-deprecated', sparedHours: 24 } },
  });
  const assumed = { grade: 'assumed', source: 'changed by the author of this dialect' };
  const rows = evidenceOf(changed).filter(({ source }) => source === assumed.source);
  const noPending = { value: null, grade: 'documented', source: 'DeleteSecretStage: two stages are built in' };
  expect(rows).toEqual([
    {
      rule: 'secret.deletionDays.usual',
      value: 7,
      ...assumed,
      changed: { value: 30, grade: 'documented', source: 'DeleteSecretForSchedule' },
    },
    {
      rule: 'stages.limit',
      value: 5,
      ...assumed,
      changed: { value: 12, grade: 'documented', source: 'UpdateSecretStage' },
    },
    { rule: 'stages.pending', value: 'canary', ...assumed, changed: noPending },
    { rule: 'stages.pending: can be removed', value: true, ...assumed, changed: noPending },
    { rule: 'stages.pending: cleared by a plain version', value: true, ...assumed, changed: noPending },
    {
      rule: 'stages.previousFollows: any-version',
      value: true,
      ...assumed,
      changed: { value: false, grade: 'assumed', source: 'CreateSecretVersion: the list overrides the default' },
    },
    { rule: 'versions.limit.sparedHours', value: 24, ...assumed },
  ]);
});

test('evidenceOf shows each part of a rule that a dialect removes or adds', () => {
  const changed = (dialect: Dialect) =>
    evidenceOf(dialect)
      .filter((row) => row.changed)
      .map(({ rule, value, changed }) => [rule, value, changed?.value]);
  expect(changed(defineDialect(huaweiCsms, { versions: { limit: null }, secret: { deletionDays: null } }))).toEqual([
    ['secret.deletionDays.least', null, 7],
    ['secret.deletionDays.usual', null, 30],
    ['secret.deletionDays.most', null, 30],
    ['versions.limit.most', null, 20],
    ['versions.limit.whenFull', null, 'drop-oldest-deprecated'],
  ]);
  const limited = { versions: { limit: { most: 5, whenFull: 'refuse' as const } } };
  expect(changed(defineDialect(googleSecretManager, limited))).toEqual([
    ['versions.limit.most', 5, null],
    ['versions.limit.whenFull', 'refuse', null],
  ]);
  expect(evidenceOf(defineDialect(googleSecretManager, limited)).map(({ rule }) => rule)).not.toContain(
    'versions.limit',
  );
});

test('evidenceOf grades every rule of a dialect of your own as assumed', () => {
  const vault = defineDialect(huaweiCsms, { id: 'our-vault' });
  expect(evidenceOf(vault).map(({ rule, value }) => [rule, value])).toEqual(leavesOf(huaweiCsms));
  for (const { grade, source } of evidenceOf(vault)) expect([grade, source]).toEqual(['assumed', 'not given']);
});

test('six rules without a field have a row in each cloud', () => {
  const model = clouds.map((cloud) =>
    evidenceOf(cloud)
      .filter(({ value }) => value === true)
      .map(({ rule }) => rule),
  );
  const [first = [], ...others] = model;
  const shared = first.filter((rule) => others.every((rules) => rules.includes(rule)));
  expect(shared).toEqual([
    'a stage is on at most one version; assigning it to another moves it',
    'a version without a stage is deprecated',
    'assigning a new stage creates it',
    'assigning a stage to its own version updates its time',
    'a deprecated version can get a stage again',
    'a numbered version id is issued once',
  ]);
});
