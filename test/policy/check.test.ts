import { expect, test } from 'vitest';
import {
  awsSecretsManager,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  StageRefusedError,
} from '../../src/index.ts';
import { check, defineRule, pack } from '../../src/policy/index.ts';
import { property } from '../property.ts';
import { asked, onlyTheDialect } from './arbitraries.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const definition = { title: '', why: '', advice: '', severity: 'note', thresholds: {} } as const;

test('check reports no findings for a sound secret, and what the state does not say', () => {
  expect(check(two, { at: 2000 })).toEqual({
    findings: [],
    unchecked: [{ rule: 'expired-version', unknown: { what: 'expireTimes' } }],
  });
  expect(check(two, { at: 2000, expireTimes: {} })).toEqual({ findings: [], unchecked: [] });
});

test('check lists an unknown for each rule that needs it, and for no other', () => {
  const pending = createVersion(two, { at: 2000, stages: ['pending'] });
  const unknown = [{ what: 'stageTime', stage: 'pending' }, { what: 'status' }] as const;
  const request = { expireTimes: {}, unknown };
  const week = 7 * 86_400_000;
  expect(check(pending, { at: 2001 + week, ...request }).unchecked).toEqual([
    { rule: 'stuck-stage', unknown: unknown[0] },
  ]);
  // The version of the stage is too young to be stuck. Built-in stages are not checked.
  expect(check(pending, { at: 2000 + week, ...request }).unchecked).toEqual([]);
  const builtIn = [
    { what: 'stageTime', stage: 'SYSCURRENT' },
    { what: 'issued' },
    { what: 'versions', after: 'v1' },
  ] as const;
  expect(check(two, { at: 864e13, expireTimes: {}, unknown: builtIn }).unchecked.map(({ rule }) => rule)).toEqual([
    'stage-budget',
    'version-budget',
    'deprecated-pile',
    'deprecated-age',
  ]);
});

test('check uses the pack and CSMS by default, and reports findings in the order of the policy', () => {
  const unmarked = { ...two, stages: [{ name: 'canary', versionId: 'v2', updateTime: 0 }] };
  const rules = check(unmarked, { at: 864e13 }).findings.map(({ rule }) => rule);
  expect(rules).toEqual(['current-exists', 'previous-exists', 'stuck-stage', 'deprecated-age']);
  expect(check(unmarked, { at: 864e13, policy: [...pack].reverse() }).findings.map(({ rule }) => rule)).toEqual(
    rules.reverse(),
  );
  expect(check(unmarked, { at: 864e13, policy: [] })).toEqual({ findings: [], unchecked: [] });
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
  check(two, { ...request, dialect: huaweiCsms });
  expect(seen).toEqual([
    { state: two, at: 5, dialect: huaweiCsms, expireTimes: request.expireTimes, unknown: request.unknown },
  ]);
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
    if (since !== undefined && rule === 'stuck-stage') expect(since).toBeLessThan(request.at);
    expect(sentence).toMatch(/\.$/);
  }
});

test('check lists an unknown order where a rule depends on it', () => {
  const order = { what: 'order', versionId: 'v2' } as const;
  const missing = (state: typeof two) =>
    check(state, { at: 2000, expireTimes: {}, unknown: [order] }).unchecked.map(({ rule }) => rule);
  expect(missing(two)).toEqual(['rollback']);
  expect(missing({ ...two, stages: [] })).toEqual(['current-exists', 'previous-exists', 'rollback']);
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
