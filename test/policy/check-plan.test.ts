import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  createSecret,
  createVersion,
  type Dialect,
  defineDialect,
  huaweiCsms,
  reduce,
  type SecretAction,
  type SecretState,
  stageOf,
  tryApplyAll,
} from '../../src/index.ts';
import {
  check,
  checkPlan,
  defineRule,
  type Finding,
  type PolicyRule,
  pack,
  type Unknown,
} from '../../src/policy/index.ts';
import { action } from '../arbitraries.ts';
import { property, runs } from '../property.ts';
import { asked, onlyTheDialect } from './arbitraries.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const back: SecretAction = { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 };
const on: SecretAction = { ...back, versionId: 'v2' };

/** Rules that also check changes. */
const checksChanges = ({ rule }: Finding): boolean =>
  ['rollback', 'stuck-stage', 'stage-budget', 'tracked-version'].includes(rule);
const keyOf = ({ rule, stage, versionId }: Finding): string => JSON.stringify([rule, stage, versionId]);

test('checkPlan reports the effects of an allowed plan and the findings it causes, with remedies for the secret after it', () => {
  const plan = checkPlan(two, [back], { at: 2000 });
  expect(plan).toMatchObject({
    allowed: true,
    asked: [{ type: 'stageMoved', stage: 'SYSCURRENT', from: 'v2', to: 'v1' }],
    follows: [{ type: 'versionDeprecated', versionId: 'v2' }],
    causes: [
      { rule: 'rollback', remedy: [] },
      { rule: 'previous-is-not-current', remedy: [{ stage: 'SYSPREVIOUS', versionId: 'v2', from: 'v1' }] },
    ],
    fixes: [],
  });
});

test('checkPlan reports the findings that a plan fixes with their remedies from before', () => {
  const plan = checkPlan(two, [back], { at: 2000 });
  expect(plan.allowed && checkPlan(plan.state, [on], { at: 3000 })).toMatchObject({
    causes: [],
    fixes: [{ rule: 'previous-is-not-current', remedy: [{ stage: 'SYSPREVIOUS', versionId: 'v2', at: 3000 }] }],
  });
});

test('checkPlan reports a finding between two actions only if a rule finds it in a change', () => {
  expect(checkPlan(two, [back, on], { at: 2000 })).toMatchObject({ causes: [{ rule: 'rollback' }], fixes: [] });
});

test('checkPlan reports no causes and fixes without actions', () => {
  const unmarked = { ...two, stages: [] };
  expect(checkPlan(unmarked, [], { at: 0 })).toEqual({
    allowed: true,
    state: unmarked,
    asked: [],
    follows: [],
    causes: [],
    fixes: [],
    unchecked: [{ rules: ['expired-version'], unknown: { what: 'expireTimes' } }],
    loses: [],
    remarks: [],
  });
});

test('checkPlan reports which action would be refused and why', () => {
  expect(checkPlan(two, [back, { ...on, versionId: 'v9' }, on], { at: 2000 })).toEqual({
    allowed: false,
    index: 1,
    sentence: 'Version "v9" does not exist: create it first. The secret has "v1", "v2".',
    refusal: expect.objectContaining({ code: 'UNKNOWN_VERSION', versionId: 'v9' }),
  });
});

test('checkPlan refuses every plan for a replica, and says where to change it', () => {
  const request = { at: 2000, replicaOf: 'eu-central-1' };
  const sentence = 'The secret is a replica. Change it in eu-central-1, its primary region.';
  const refused = { allowed: false, index: 0, sentence };
  expect(checkPlan(two, [on, back], request)).toEqual(refused);
  expect(checkPlan(two, [{ ...on, versionId: 'v9' }], request)).toEqual(refused);
  expect(checkPlan(two, [], request)).toMatchObject({ allowed: true });
});

test('checkPlan says which service manages the secret', () => {
  expect(checkPlan(two, [on], { at: 2000, managedBy: 'rds' })).toMatchObject({
    allowed: true,
    remarks: ['The secret is managed by rds. Change it through that service.'],
  });
});

test('checkPlan remarks that a pending version that becomes current may have no value, if the source does not say', () => {
  const ids = ['1'.repeat(32), '2'.repeat(32)] as const;
  const request = (stage: string) => ({
    at: 1000,
    versionId: stage === 'AWSCURRENT' ? ids[0] : ids[1],
    stages: [stage],
  });
  const empty = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const begun = createVersion(
    createVersion(empty, request('AWSCURRENT'), awsSecretsManager),
    request('AWSPENDING'),
    awsSecretsManager,
  );
  const move: SecretAction = { type: 'assignStage', stage: 'AWSCURRENT', versionId: ids[1], at: 2000, from: ids[0] };
  const also: SecretAction = { type: 'assignStage', stage: 'blue', versionId: ids[1], at: 2000 };
  const remarksOf = (state: SecretState, actions: readonly SecretAction[], unknown: readonly Unknown[]) => {
    const plan = checkPlan(state, actions, { at: 2000, dialect: awsSecretsManager, unknown });
    return plan.allowed ? plan.remarks : expect.fail(plan.sentence);
  };
  const ofResponses: readonly Unknown[] = [{ what: 'issued' }];
  const sentence = `Whether version "${ids[1]}" has a value is unknown. If it has none, readers of stage "AWSCURRENT" get an error. Read it first.`;
  expect(remarksOf(begun, [move], ofResponses)).toEqual([sentence]);
  expect(remarksOf(begun, [also], ofResponses)).toEqual([]);
  expect(remarksOf(begun, [move], [])).toEqual([]);
  expect(remarksOf(reduce(begun, also, awsSecretsManager), [move], ofResponses)).toEqual([]);
  expect(checkPlan(two, [back], { at: 2000, unknown: ofResponses })).toMatchObject({ remarks: [] });
});

const lossesIn = (state: SecretState, actions: readonly SecretAction[], dialect: Dialect) => {
  const plan = checkPlan(state, actions, { at: 2000, dialect });
  return plan.allowed ? plan.loses : expect.fail(plan.sentence);
};
const unmark = (stage: string): SecretAction => ({ type: 'removeStage', stage, at: 2000 });
const blue: SecretAction = { type: 'createVersion', versionId: 'b'.repeat(32), stages: ['blue'], at: 2000 };

test('checkPlan names the versions that the actions delete or leave to be deleted', () => {
  expect(lossesIn(two, [back, { type: 'createVersion', stages: [], at: 2000 }], huaweiCsms)).toEqual(
    ['v2', 'v3'].map((versionId) => ({
      versionId,
      isDeleted: false,
      sentence: `Version "${versionId}" has no stage any more. Its value may be deleted at any time.`,
    })),
  );
  expect(lossesIn(two, [back, { type: 'pruneDeprecated' }], huaweiCsms)).toEqual([
    { versionId: 'v2', isDeleted: true, sentence: 'The value of version "v2" is deleted.' },
  ]);
});

test('checkPlan names the version that a new one deletes to make room', () => {
  const dialect = defineDialect(huaweiCsms, { versions: { limit: { most: 2, whenFull: 'drop-oldest-deprecated' } } });
  const full = reduce(two, back, dialect);
  expect(lossesIn(full, [{ type: 'createVersion', at: 3000 }], dialect)).toMatchObject([
    { versionId: 'v2', isDeleted: true },
  ]);
});

test('checkPlan does not name a version that was deprecated before, or that gets a stage again', () => {
  const rolledBack = reduce(two, back);
  expect(lossesIn(rolledBack, [{ ...back, at: 3000 }], huaweiCsms)).toEqual([]);
  expect(lossesIn(two, [back, on], huaweiCsms)).toEqual([]);
  expect(lossesIn(rolledBack, [{ type: 'pruneDeprecated' }], huaweiCsms)).toMatchObject([{ versionId: 'v2' }]);
});

test.each([
  [awsSecretsManager, 'when the secret has more than about 100 versions, but not within 24 hours of its creation'],
  [alibabaKms, 'when the secret has more than 10 versions'],
])('checkPlan says when the cloud may delete a version', (dialect, when) => {
  const secret = createSecret({ name: 'db', at: 0, versionId: 'a'.repeat(32) }, dialect);
  expect(lossesIn(secret, [blue, unmark('blue')], dialect)).toEqual([
    {
      versionId: 'b'.repeat(32),
      isDeleted: false,
      sentence: `Version "${'b'.repeat(32)}" has no stage any more. Its value may be deleted ${when}.`,
    },
  ]);
  const withoutValue: SecretAction = { ...blue, withoutValue: true };
  if (dialect.versions.mayAwaitValue) expect(lossesIn(secret, [withoutValue, unmark('blue')], dialect)).toEqual([]);
});

test('checkPlan names no version in a cloud that never deletes one', () => {
  const limit = { most: 20, whenFull: 'refuse' } as const;
  for (const versions of [
    { prune: 'keeps', limit: null },
    { prune: 'keeps', limit },
  ] as const)
    expect(lossesIn(two, [back], defineDialect(huaweiCsms, { versions }))).toEqual([]);
});

test('checkPlan uses the given policy and dialect, and refuses an invalid time', () => {
  expect(checkPlan(two, [back], { at: 2000, policy: [] })).toMatchObject({ causes: [] });
  expect(
    checkPlan(two, [back], {
      at: 2000,
      dialect: defineDialect(huaweiCsms, { stages: { previousFollows: 'any-move' } }),
    }),
  ).toMatchObject({
    causes: [{ rule: 'rollback' }],
  });
  expect(() => checkPlan(two, [back], { at: -1 })).toThrow(
    'INVALID_VALUE: at must be epoch milliseconds as a number; got -1.',
  );
});

test('checkPlan passes each change to a rule, with the state before it', () => {
  const seen: unknown[] = [];
  const nosy = defineRule({
    id: 'nosy',
    title: '',
    why: '',
    advice: '',
    severity: 'note',
    thresholds: {},
    findInChange: ({ before, state }) => {
      seen.push([before.stages, state.stages]);
      return [{ sentence: 'A change.', remedies: [[on]] }];
    },
  });
  const plan = checkPlan(two, [back, on], { at: 2000, policy: [nosy] });
  expect(plan.allowed && plan.causes.map(({ sentence, remedy }) => [sentence, remedy])).toEqual([['A change.', []]]);
  expect(seen.slice(0, 2)).toMatchObject([
    [two.stages, { 0: { versionId: 'v1' } }],
    [{ 0: { versionId: 'v1' } }, {}],
  ]);
});

property([asked, fc.array(action, { maxLength: 4 })], { numRuns: runs(400) })(
  'checkPlan reports the difference between the checks before and after, apart from changes',
  ({ state, request, dialect }, actions) => {
    const plan = checkPlan(state, actions, request);
    const outcome = tryApplyAll(state, actions, dialect);
    expect(plan.allowed).toBe(outcome.ok);
    if (!plan.allowed || !outcome.ok) {
      expect(plan).toEqual({ ...outcome, ok: undefined, allowed: false, sentence: expect.any(String) });
      return;
    }
    expect(plan.state).toEqual(outcome.state);
    const before = check(state, request).findings;
    // The time of a stage that an action moved is known.
    const unknown = request.unknown?.filter(
      (one) => one.what !== 'stageTime' || stageOf(outcome.state, one.stage) === stageOf(state, one.stage),
    );
    const after = check(outcome.state, { ...request, unknown, dialect }).findings;
    const among = (findings: readonly Finding[]) => (one: Finding) =>
      findings.some((other) => keyOf(other) === keyOf(one));
    const caused = after.filter((one) => !among(before)(one));
    const inChanges = plan.causes.filter((one) => !among(caused)(one));
    expect(plan.causes.filter(among(caused)).map(keyOf).sort()).toEqual(caused.map(keyOf).sort());
    expect(inChanges.filter((one) => !checksChanges(one))).toEqual([]);
    const fixed = before.filter((one) => !among(after)(one));
    expect(plan.fixes).toEqual(fixed.filter((one) => !checksChanges(one) || among(plan.fixes)(one)));
    expect(new Set(plan.causes.map(keyOf)).size).toBe(plan.causes.length);
  },
);

test('checkPlan knows the time of a stage that an action moved, and can report it', () => {
  const request = { at: 864e13, unknown: [{ what: 'stageTime', stage: 'canary' }] } as const;
  const three = createVersion(two, { at: 2000, stages: ['canary', 'other'] });
  const put: SecretAction = { type: 'assignStage', stage: 'canary', versionId: 'v3', at: 3000 };
  expect(check(three, request).unchecked).toContainEqual({ rules: ['stuck-stage'], unknown: request.unknown[0] });
  const planned = checkPlan(three, [put], request);
  expect(planned).toMatchObject({ causes: [{ rule: 'stuck-stage', stage: 'canary', since: 3000 }] });
  expect(planned.allowed && planned.unchecked.flatMap(({ rules }) => rules)).toEqual(['expired-version']);
});

test('checkPlan leaves no rule unchecked for what a secret is like between two actions', () => {
  const canary: SecretAction = { type: 'assignStage', stage: 'canary', versionId: 'v2', at: 1000 };
  const state = reduce(two, canary);
  const unknown = [{ what: 'stageTime', stage: 'canary' }] as const;
  const plan = checkPlan(state, [back, { ...on, stage: 'SYSPREVIOUS' }], { at: 864e13, expireTimes: {}, unknown });
  expect(plan).toMatchObject({ causes: [{ rule: 'rollback' }], unchecked: [] });

  const ofUnknown = (findInChange?: () => []) =>
    defineRule({
      id: 'needy',
      title: 'A rule.',
      why: 'A reason.',
      advice: 'Do something.',
      severity: 'note',
      thresholds: {},
      needs: ['status'],
      misses: ({ stagesOf }) => stagesOf('v1').includes('SYSCURRENT'),
      findInChange,
    });
  const planned = (rule: PolicyRule, ...actions: readonly SecretAction[]) => {
    const report = checkPlan(two, actions, { at: 2000, policy: [rule], unknown: [{ what: 'status' }] });
    return report.allowed && report.unchecked.length;
  };
  expect([planned(ofUnknown(), back), planned(ofUnknown(), back, on)]).toEqual([1, 0]);
  expect(
    planned(
      ofUnknown(() => []),
      back,
      on,
    ),
  ).toBe(1);
});

test('checkPlan throws WRONG_DIALECT first, if the secret is of another dialect', () => {
  const request = { at: -1, policy: [...pack, ...pack], dialect: awsSecretsManager };
  const wrong = { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' };
  expect(() => checkPlan(two, [back], request)).toThrow(expect.objectContaining({ refusal: wrong }));
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const missing: unknown = undefined;
  const ofAws = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
  // @ts-expect-error A caller without types may omit the request.
  expect(() => checkPlan(aws, [back], missing)).toThrow(expect.objectContaining({ refusal: ofAws }));
  expect(() => checkPlan(aws, [back], onlyTheDialect())).toThrow(expect.objectContaining({ refusal: ofAws }));
});

test('checkPlan reports the deletion of very many versions', () => {
  const unlimited = defineDialect(huaweiCsms, { versions: { limit: null } });
  const count = 150_000;
  const versions = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `v${index + 1}`,
      { id: `v${index + 1}`, createTime: 0, ordinal: index + 1 },
    ]),
  );
  const state = { ...createSecret({ name: 'db', at: 0 }, unlimited), versions, versionsMade: count, lastNumber: count };
  const report = checkPlan(state, [{ type: 'pruneDeprecated' }], { at: 1000, dialect: unlimited });
  expect(report.allowed && [report.asked.length, report.loses.length]).toEqual([count - 1, count - 1]);
});
