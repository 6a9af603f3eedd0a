import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  isDeprecated,
  StageRefusedError,
  scheduleDeletion,
} from '../../src/index.ts';
import { check, defineRule, pack, type Unknown } from '../../src/policy/index.ts';
import { property } from '../property.ts';
import { type Asked, asked, onlyTheDialect } from './arbitraries.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const definition = { title: '', why: '', advice: '', severity: 'note', thresholds: {} } as const;

test('check reports no findings for a sound secret, and what the state does not say', () => {
  expect(check(two, { at: 2000 })).toEqual({
    findings: [],
    unchecked: [{ rules: ['expired-version'], unknown: { what: 'expireTimes' } }],
    remarks: [],
  });
  expect(check(two, { at: 2000, expireTimes: {} })).toEqual({ findings: [], unchecked: [], remarks: [] });
});

test('check lists an unknown for each rule that needs it, and for no other', () => {
  const pending = createVersion(two, { at: 2000, stages: ['pending'] });
  const unknown = [{ what: 'stageTime', stage: 'pending' }, { what: 'status' }] as const;
  const request = { expireTimes: {}, unknown };
  const week = 7 * 86_400_000;
  expect(check(pending, { at: 2001 + week, ...request }).unchecked).toEqual([
    { rules: ['stuck-stage'], unknown: unknown[0] },
  ]);
  // The version of the stage is too young to be stuck. Built-in stages are not checked.
  expect(check(pending, { at: 2000 + week, ...request }).unchecked).toEqual([]);
  const builtIn = [
    { what: 'stageTime', stage: 'SYSCURRENT' },
    { what: 'issued' },
    { what: 'versions', after: 'v1' },
  ] as const;
  expect(check(two, { at: 864e13, expireTimes: {}, unknown: builtIn }).unchecked).toEqual([
    {
      unknown: builtIn[2],
      rules: [
        'expired-version',
        'stuck-stage',
        'stage-budget',
        'deprecated-pile',
        'deprecated-age',
        'lookalike-names',
        'reserved-name',
      ],
    },
  ]);
});

test('check uses the pack and CSMS by default, and reports findings in the order of the policy', () => {
  const unmarked = { ...two, stages: [{ name: 'canary', versionId: 'v2', updateTime: 0 }] };
  const rules = check(unmarked, { at: 864e13 }).findings.map(({ rule }) => rule);
  expect(rules).toEqual(['current-exists', 'previous-exists', 'stuck-stage', 'deprecated-age']);
  expect(check(unmarked, { at: 864e13, policy: [...pack].reverse() }).findings.map(({ rule }) => rule)).toEqual(
    rules.reverse(),
  );
  expect(check(unmarked, { at: 864e13, policy: [] })).toEqual({ findings: [], unchecked: [], remarks: [] });
  const full = defineDialect(huaweiCsms, { stages: { limit: 2 } });
  expect(check(two, { at: 2000, dialect: full }).findings).toMatchObject([{ rule: 'stage-budget' }]);
});

test.each([-1, -0, 0.5, Number.NaN, 864e13 + 1])('check refuses the time %s', (at) => {
  expect(() => check(two, { at })).toThrow(StageRefusedError);
  expect(() => check(two, { at })).toThrow(
    `INVALID_VALUE: at must be epoch milliseconds as a number; got ${Object.is(at, -0) ? '-0' : at}.`,
  );
});

test.each([0, 864e13])('check accepts the time %s', (at) => {
  expect(check(two, { at, policy: [] }).findings).toEqual([]);
});

test('check reports a repeated finding once, in its first place with its last sentence', () => {
  const twice = defineRule({
    ...definition,
    id: 'twice',
    find: () => [
      { sentence: 'One.' },
      { sentence: 'Other.', stage: 'a' },
      { sentence: 'Two.' },
      { sentence: 'Another.', versionId: 'a' },
    ],
  });
  expect(check(two, { at: 0, policy: [twice] }).findings.map(({ sentence }) => sentence)).toEqual([
    'Two.',
    'Other.',
    'Another.',
  ]);
  const same = [twice, ...pack, twice.with({ severity: 'error' })];
  expect(() => check(two, { at: 0, policy: same })).toThrow('Two rules of the policy have the id "twice"');
});

test('check passes everything known about the secret to a rule', () => {
  const seen: unknown[] = [];
  const nosy = defineRule({
    ...definition,
    id: 'nosy',
    find: (secret) => {
      seen.push(secret);
      return [];
    },
  });
  const request = { at: 5, policy: [nosy], expireTimes: { v1: 3 }, unknown: [{ what: 'status' } as const] };
  const facts = {
    rotation: { isEnabled: true, lastTime: 1, everyDays: 30, nextTime: null },
    replicaOf: 'eu-central-1',
    managedBy: 'rds',
    tracked: { v1: 'main.tf' },
  };
  check(two, { ...request, ...facts, dialect: huaweiCsms });
  expect(seen).toEqual([
    expect.objectContaining({
      ...{ state: two, at: 5, dialect: huaweiCsms, expireTimes: request.expireTimes, unknown: request.unknown },
      ...facts,
    }),
  ]);
});

test('check adds remarks about a replica and a managed secret, whose findings have no remedy', () => {
  const unmarked = { ...two, stages: [] };
  const [found] = check(unmarked, { at: 2000 }).findings;
  expect(found?.remedy).toHaveLength(1);
  const replica = check(unmarked, { at: 2000, replicaOf: 'eu-central-1' });
  expect(replica.remarks).toEqual(['The secret is a replica. Change it in eu-central-1, its primary region.']);
  const managed = check(unmarked, { at: 2000, managedBy: 'rds' });
  expect(managed.remarks).toEqual(['The secret is managed by rds. Change it through that service.']);
  for (const { findings } of [replica, managed]) expect(findings[0]).toEqual({ ...found, remedy: [] });
});

test('check adds a remark about a deletion that was due', () => {
  const deleted = scheduleDeletion(two, { at: 2000, recoveryWindowInDays: 7 });
  const due = 2000 + 7 * 86_400_000;
  const remarks = (at: number) => check(deleted, { at }).remarks;
  expect(remarks(due - 1)).toEqual([]);
  expect(remarks(due + 3_600_000)).toEqual([
    'The deletion of the secret was due 1 hour ago. The cloud deletes it some time after that date. Until then it exists.',
  ]);
  expect(remarks(due)).toHaveLength(1);
});

test('check also checks the change from the state before', () => {
  const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const unknown = [{ what: 'order', versionId: 'v1' }] as const;
  const report = check(back, { at: 2000, before: two, expireTimes: {}, unknown });
  expect(report.findings.map(({ rule }) => rule)).toEqual(['rollback', 'previous-is-not-current']);
  expect(report.unchecked).toEqual([{ unknown: unknown[0], rules: ['rollback'] }]);
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  expect(() => check(two, { at: 2000, before: aws })).toThrow('WRONG_DIALECT');
});

const deepFrozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
  }
  return value;
};

property([asked])('check changes nothing, and returns the same again', ({ state, request }) => {
  const { policy, ...rest } = request;
  const given = structuredClone({ state, rest });
  const report = check(deepFrozen(state), { ...deepFrozen(rest), policy });
  expect({ state, rest }).toEqual(given);
  expect(check(given.state, { ...given.rest, policy })).toEqual(report);
});

property([asked])('check reports only rules of the policy, existing stages and versions, and past times', (one) => {
  const { state, request } = one;
  const ids = pack.map(({ id }) => id);
  for (const { rule, versionId, stage, since, sentence } of check(state, request).findings) {
    expect(ids).toContain(rule);
    if (versionId !== undefined) expect(Object.hasOwn(state.versions, versionId)).toBe(true);
    if (stage !== undefined && versionId !== undefined)
      expect(state.stages).toContainEqual(expect.objectContaining({ name: stage, versionId }));
    if (since !== undefined && rule === 'stuck-stage' && !request.rotation?.isEnabled)
      expect(since).toBeLessThan(request.at);
    expect(sentence).toMatch(/\.$/);
  }
});

/** What the rules find in the whole of a secret, and in a part of it whose rest is unknown. */
const compared = ({ state, request }: Asked, isMissing: (versionId: string) => boolean, unknown: Unknown) => {
  const versions = Object.fromEntries(Object.entries(state.versions).filter(([id]) => !isMissing(id)));
  const part = { ...state, versions, stages: state.stages.filter(({ versionId }) => !isMissing(versionId)) };
  // Versions of other clouds than CSMS never expire.
  const isCsms = (request.dialect ?? huaweiCsms).id === huaweiCsms.id;
  const expireTimes = (isCsms && request.expireTimes) || {};
  const known = { ...request, expireTimes };
  const seen = check(part, { ...known, unknown: [unknown] });
  const found = seen.findings.map(({ rule }) => rule);
  const whole = check(state, { ...known, unknown: [] }).findings.map(({ rule }) => rule);
  const missed = whole.filter((rule) => !found.includes(rule));
  return { found, whole, missed, unchecked: seen.unchecked.flatMap(({ rules }) => rules) };
};

property([asked, fc.nat()])(
  'with a missing page, check lists every rule that finds more in the whole secret',
  (one, which) => {
    const ids = Object.keys(one.state.versions);
    const lost = ids[which % ids.length];
    const unknown = { what: 'versions', after: ids[0] ?? '' } as const;
    const { found, whole, missed, unchecked } = compared(one, (id) => id === lost, unknown);
    expect(unchecked).toEqual(expect.arrayContaining(missed));
    expect(whole).toEqual(expect.arrayContaining(found));
  },
);

property([asked])('without deprecated versions, check lists every rule that finds more in the whole secret', (one) => {
  const unknown = { what: 'deprecatedVersions' } as const;
  const { found, whole, missed, unchecked } = compared(one, (id) => isDeprecated(one.state, id), unknown);
  // A secret that lists no version is taken to have none, and one that lists no current version has that finding.
  const { stages } = one.state;
  const isOdd = stages.length === 0 || stages.every(({ name }) => name !== one.dialect.stages.current);
  // 80 versions younger than a day are not expected.
  const unexpected = ['version-budget', ...(isOdd ? ['current-exists', 'previous-exists'] : [])];
  const expected = missed.filter((rule) => !unexpected.includes(rule));
  expect(unchecked).toEqual(expect.arrayContaining(expected));
  expect(whole).toEqual(expect.arrayContaining(found));
});

test('check lists an unknown order where a rule depends on it', () => {
  const order = { what: 'order', versionId: 'v2' } as const;
  const missing = (state: typeof two) =>
    check(state, { at: 2000, expireTimes: {}, unknown: [order] }).unchecked.flatMap(({ rules }) => rules);
  expect(missing(two)).toEqual([]);
  expect(missing(createSecret({ name: 'db', at: 0, versionId: 'a' }))).toEqual(['previous-exists']);
});

test('check throws WRONG_DIALECT before it reads the time or the policy, if the secret is of another dialect', () => {
  const broken = [...pack, ...pack];
  const wrong = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(() => check(two, { at: -1, policy: broken, dialect: awsSecretsManager })).toThrow(
    expect.objectContaining({ refusal: wrong }),
  );
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const ofAws = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
  const missing: unknown = undefined;
  // @ts-expect-error A caller without types may omit the request.
  expect(() => check(aws, missing)).toThrow(expect.objectContaining({ refusal: ofAws }));
  expect(() => check(aws, onlyTheDialect())).toThrow(expect.objectContaining({ refusal: ofAws }));
});
