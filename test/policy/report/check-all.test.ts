import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { assignStage, createSecret, createVersion, huaweiCsms } from '../../../src/index.ts';
import {
  type CheckReport,
  checkAll,
  checkSecret,
  defineRule,
  importAll,
  reportOf,
  type SourcedSecret,
  toJUnit,
  toSarif,
  toText,
  withoutKnown,
} from '../../../src/policy/index.ts';
import schema from '../../../src/policy/report/check-report.schema.json' with { type: 'json' };

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(schema);
const complaintsOf = (report: unknown): unknown => (validate(report) ? null : validate.errors);

const at = 1_600_000_000_000;
const folder = 'test/policy/recordings';
const recordings = readdirSync(folder)
  .filter((name) => !/^terraform|^secret|stage|aws-secrets|versions-|^versions/.test(name))
  .map((name) => ({ name, json: JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) }));

const one = createSecret({ name: 'db', at: 0 });
const two = createVersion(one, { at: 1000, stages: ['canary'] });
const secret: SourcedSecret = { state: two, project: 'p', source: 'db.json', dialect: huaweiCsms, expireTimes: {} };

const imported = importAll(recordings);
const all = imported.ok ? checkAll(imported.secrets, { at }) : expect.fail('It is invalid.');

test('checkAll makes reports that fit the published schema', () => {
  expect(imported.ok && imported.secrets.length).toBeGreaterThan(2);
  const remarks = [{ kind: 'date', path: 'x', sentence: 'A date.' }] as const;
  for (const report of [
    all,
    checkAll([], { at, remarks }),
    checkAll([{ ...secret, replicaOf: 'eu-central-1', unknown: [{ what: 'createTime', versionId: 'v1' }] }], { at }),
    withoutKnown(all, all),
  ]) {
    expect(complaintsOf(JSON.parse(JSON.stringify(report)))).toBeNull();
  }
  expect(complaintsOf({ ...all, version: 2 })).not.toBeNull();
  expect(complaintsOf({ ...all, secrets: [{ ...all.secrets[0], findings: [{}] }] })).not.toBeNull();
});

test('the schema names the fields that reports have', () => {
  const used = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) collect(each);
    else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) {
        used.add(key);
        // Their fields have names of other parts: actions, unknowns and thresholds.
        if (!['remedy', 'unknown', 'thresholds'].includes(key)) collect(each);
      }
  };
  collect(checkAll([{ ...secret, moments: [{ at: 0, state: two, line: 5 }] }], { at }));
  const named = JSON.stringify(schema);
  for (const field of used) expect(named, field).toContain(`"${field}"`);
  for (const field of ['line', 'since', 'board', 'fingerprint']) expect(used).toContain(field);
});

test('a report is plain JSON: the writers make the same of it after JSON.parse', () => {
  const parsed: CheckReport = JSON.parse(JSON.stringify(all));
  expect(parsed).toEqual(all);
  expect(toText(parsed)).toBe(toText(all));
  expect(toJUnit(parsed)).toBe(toJUnit(all));
  expect(JSON.stringify(toSarif(parsed))).toBe(JSON.stringify(toSarif(all)));
});

test('reportOf makes the report of checkAll from single secrets', () => {
  const secrets = imported.ok ? imported.secrets : [];
  expect(
    reportOf(
      secrets.map((each) => checkSecret(each, { at })),
      {},
    ),
  ).toEqual(all);
});

test('checkSecret returns little for a healthy secret, and a board with findings, unchecked rules or remarks', () => {
  const entry = (fields: Partial<SourcedSecret>, time = 2000) => checkSecret({ ...secret, ...fields }, { at: time });
  const healthy = { name: 'db', project: 'p', dialect: 'huawei-csms', source: 'db.json', file: 'db.json', line: 1 };
  expect(entry({})).toEqual({ ...healthy, at: 2000, findings: [], unchecked: [], remarks: [] });
  expect(entry({ file: 'x', line: 7 })).toMatchObject({ file: 'x', line: 7, source: 'db.json' });
  expect(entry({ expireTimes: undefined })).toMatchObject({
    unchecked: [
      {
        unknown: { what: 'expireTimes' },
        rules: ['expired-version'],
        sentence: expect.stringMatching(/^Expiry is unknown/),
      },
    ],
    board: { versions: [{ id: 'v1' }, { id: 'v2' }] },
  });
  expect(entry({ replicaOf: 'eu-central-1' })).toMatchObject({
    remarks: [expect.stringMatching(/eu-central-1/)],
    board: { cloud: 'Huawei Cloud CSMS' },
  });
  expect(entry({}, at)).toMatchObject({ findings: [{ rule: 'stuck-stage' }], board: { current: 'SYSCURRENT' } });
});

test('checkSecret reports changes that still hold, with their lines, and each finding once', () => {
  const back = assignStage(createVersion(one, { at: 1000 }), { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const moments = [
    { at: 0, line: 1, state: one },
    { at: 1000, line: 2, state: createVersion(one, { at: 1000 }) },
    { at: 2000, line: 3, state: back },
  ];
  const { findings } = checkSecret({ ...secret, state: back, moments }, { at: 3000 });
  expect(findings.map(({ rule, line, since, remedy }) => [rule, line, since, remedy.length])).toEqual([
    ['previous-is-not-current', 3, 2000, 1],
    ['rollback', 3, 2000, 0],
  ]);
  const again = checkSecret({ ...secret, state: back, before: moments[1]?.state, moments }, { at: 3000 });
  expect(again.findings.map(({ rule }) => rule).sort()).toEqual(['previous-is-not-current', 'rollback']);
});

test('the fingerprint of an AWS secret is the same with and without a secret of that name in another region', () => {
  const versions = (region: string) => ({
    name: region,
    json: {
      ARN: `arn:aws:secretsmanager:${region}:123456789012:secret:db-a1b2c3`,
      Name: 'db',
      Versions: [{ VersionId: 'a'.repeat(32), VersionStages: ['AWSPENDING'], CreatedDate: 1 }],
    },
  });
  const fingerprints = (...regions: string[]) => {
    const imported = importAll(regions.map(versions));
    const secrets = imported.ok ? checkAll(imported.secrets, { at }).secrets : expect.fail('It is invalid.');
    return secrets.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  };
  const alone = fingerprints('eu-west-1');
  expect(alone.length).toBeGreaterThan(0);
  const both = fingerprints('eu-west-1', 'us-east-1');
  expect(both).toEqual(expect.arrayContaining(alone));
  expect(new Set(both).size).toBe(2 * alone.length);
});

test('a fingerprint depends on neither the sentence, the time, the file nor the severity', () => {
  const fingerprints = (fields: Partial<SourcedSecret>, time = at) =>
    checkSecret({ ...secret, ...fields }, { at: time }).findings.map(({ fingerprint }) => fingerprint);
  const [stuck] = fingerprints({});
  expect(stuck).toBe('["stuck-stage","huawei-csms","p","db","canary","v2"]');
  expect(fingerprints({ source: 'other.json', file: 'z', line: 9 }, at + 9e9)).toContain(stuck);
  expect(fingerprints({ project: null })).not.toContain(stuck);
});

test('checkAll reports rules of your own', () => {
  const rule = defineRule({
    id: 'fresh-current',
    title: 'The current version is recent.',
    why: 'Auditors ask.',
    advice: 'Rotate the secret.',
    severity: 'error',
    thresholds: { days: 90 },
    find: ({ current = '', ageOf }, { days }) =>
      (ageOf(current) ?? 0) > days * 86_400_000 ? [{ sentence: 'Old.', versionId: current }] : [],
  });
  const report = checkAll([secret], { at, policy: [rule] });
  const { id, title, why, advice, severity, thresholds } = rule;
  expect(report.rules).toEqual([{ id, title, why, advice, severity, thresholds }]);
  expect(report.summary).toEqual({ secrets: 1, error: 1, warning: 0, note: 0, unchecked: 0, notChecked: 0 });
  expect(toSarif(report).runs).toMatchObject([
    { results: [{ ruleId: 'fresh-current', ruleIndex: 0, level: 'error' }] },
  ]);
});
