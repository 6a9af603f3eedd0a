import { expect, test } from 'vitest';
import {
  alibabaKms,
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  currentVersion,
  huaweiCsms,
  previousVersion,
  type SecretAction,
  versionOf,
} from '../../src/index.ts';
import {
  check,
  checkPlan,
  defineRule,
  type Finding,
  type PolicyRule,
  pack,
  type RuleFinding,
} from '../../src/policy/index.ts';
import { property, runs, sample } from '../property.ts';
import { type Asked, asked } from './arbitraries.ts';

/** What identifies a finding. */
const keyOf = ({ rule, stage, versionId }: Finding): string => JSON.stringify([rule, stage, versionId]);

/** Follows the remedy of each finding, and returns the rules that had one. */
const followed = ({ state, request, dialect }: Asked): readonly string[] => {
  const { findings } = check(state, request);
  const before = findings.map(keyOf);
  expect(new Set(before).size).toBe(before.length);
  return findings.flatMap((finding) => {
    if (finding.remedy.length === 0) return [];
    const remedied = applyAll(state, finding.remedy, dialect);
    const after = check(remedied, request).findings.map(keyOf);
    expect(after).not.toContain(keyOf(finding));
    expect(before).toEqual(expect.arrayContaining(after));
    const plan = checkPlan(state, finding.remedy, request);
    expect(plan.allowed && plan.causes).toEqual([]);
    expect(plan.allowed && plan.fixes.map(keyOf)).toContain(keyOf(finding));
    return [finding.rule];
  });
};

property([asked], { numRuns: runs(400) })('a remedy is allowed, fixes its finding and causes no other', (one) => {
  followed(one);
});

test('a remedy works in many runs, which reach every rule with remedies in every cloud', () => {
  const met = new Map<string, string[]>();
  for (const one of sample(asked, 3000)) {
    for (const rule of followed(one)) met.set(rule, [...(met.get(rule) ?? []), one.dialect.id]);
  }
  const rules = ['current-exists', 'previous-exists', 'previous-is-not-current', 'stage-without-value'];
  const others = ['expired-version', 'stuck-stage'];
  const pruning = ['version-budget', 'deprecated-pile', 'deprecated-age'];
  expect([...met.keys()].sort()).toEqual([...rules, ...others, ...pruning].sort());
  for (const [rule, ids] of met) expect(ids.length, rule).toBeGreaterThanOrEqual(10);
  // Google has no built-in stage that a remedy could move.
  const clouds = [huaweiCsms, awsSecretsManager, alibabaKms].map(({ id }) => id);
  expect(new Set([...met.values()].flat())).toEqual(new Set(clouds));
});

property([asked])(
  'a remedy removes a stage only if no version is current, and prunes only if a rollback stays possible',
  (one) => {
    const { state, request, dialect } = one;
    const [current, previous] = [currentVersion(state, dialect), previousVersion(state, dialect)];
    const hasWayBack = current !== undefined && previous !== undefined && current !== previous;
    for (const { remedy } of check(state, request).findings) {
      const types = remedy.map((action) => action.type);
      if (current !== undefined) expect(types).not.toContain('removeStage');
      if (!hasWayBack) expect(types).not.toContain('pruneDeprecated');
    }
  },
);

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const blue = (versionId: string): SecretAction => ({ type: 'assignStage', stage: 'blue', versionId, at: 2000 });
const green = (versionId: string): SecretAction => ({ type: 'assignStage', stage: 'green', versionId, at: 2000 });

/** A rule that requires the stage, with the given remedies. */
const on = (stage: string, id: string, remedies: RuleFinding['remedies']): PolicyRule =>
  defineRule({
    id,
    title: 'The stage is on a version.',
    why: 'Somebody wants it.',
    advice: 'Put it there.',
    severity: 'note',
    thresholds: {},
    find: ({ state }) => (versionOf(state, stage) === undefined ? [{ sentence: 'It is not.', remedies }] : []),
  });

/** A rule that forbids a stage. */
const off = (stage: string): PolicyRule =>
  defineRule({
    id: `no-${stage}`,
    title: 'The stage is on no version.',
    why: 'Nobody wants it.',
    advice: 'Take it off.',
    severity: 'note',
    thresholds: {},
    find: ({ state }) => (versionOf(state, stage) === undefined ? [] : [{ sentence: 'It is there.', stage }]),
  });

/** A rule that forbids any change. */
const still = defineRule({
  id: 'still',
  title: 'Nothing moves.',
  why: 'It is late.',
  advice: 'Wait.',
  severity: 'note',
  thresholds: {},
  findInChange: ({ state, before }) => (state === before ? [] : [{ sentence: 'It moved.' }]),
});

const remedyOf = (...policy: readonly PolicyRule[]) => check(two, { at: 2000, policy }).findings[0]?.remedy;

test('check reports the first remedy that works', () => {
  expect(remedyOf(on('blue', 'one', [[blue('v1')], [blue('v2')]]))).toEqual([blue('v1')]);
  expect(remedyOf(on('blue', 'one', [[blue('v9')], [green('v1')], [blue('v2')], [blue('v1')]]))).toEqual([blue('v2')]);
  expect(remedyOf(on('blue', 'one', [[green('v1'), blue('v1')]]))).toEqual([green('v1'), blue('v1')]);
});

test('check reports no remedy with a refused action', () => {
  expect(remedyOf(on('blue', 'one', [[blue('v9')]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', [[blue('v1'), green('v9')]]))).toEqual([]);
});

test('check reports no remedy that fixes nothing', () => {
  expect(remedyOf(on('blue', 'one', [[green('v1')]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', [[]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', []))).toEqual([]);
  expect(remedyOf(on('blue', 'one', undefined))).toEqual([]);
});

test('check reports no remedy that causes a finding, in the secret or in a change', () => {
  const rule = on('blue', 'one', [[green('v1'), blue('v1')], [blue('v1')]]);
  expect(remedyOf(rule, off('green'))).toEqual([blue('v1')]);
  expect(remedyOf(rule, off('blue'))).toEqual([]);
  expect(remedyOf(rule, still)).toEqual([]);
});

test('check reports a remedy that leaves or fixes other findings', () => {
  const other = on('green', 'two', [[green('v1'), blue('v1')]]);
  const { findings } = check(two, { at: 2000, policy: [on('blue', 'one', [[blue('v1')]]), other] });
  expect(findings.map(({ remedy }) => remedy)).toEqual([[blue('v1')], [green('v1'), blue('v1')]]);
});

test('check reports remedies of a rollback that undo it and cause no other finding', () => {
  const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const [finding] = check(back, { at: 3000 }).findings;
  const remedied = applyAll(back, finding?.remedy ?? []);
  expect(check(remedied, { at: 3000, policy: pack }).findings).toEqual([]);
});

test('check tries 20 remedies of each of the first 100 findings', () => {
  const useless = Array.from({ length: 19 }, () => [green('v1')]);
  const late = (before: number) => on('blue', 'one', [...useless.slice(0, before), [green('v1')], [blue('v1')]]);
  const remedyOf = (before: number) => check(two, { at: 2000, policy: [late(before)] }).findings[0]?.remedy;
  expect(remedyOf(18)).toEqual([blue('v1')]);
  expect(remedyOf(19)).toEqual([]);

  const findings = Array.from({ length: 101 }, (_, index) => on('blue', `one-${index}`, [[blue('v1')]]));
  const remedies = check(two, { at: 2000, policy: findings }).findings.map(({ remedy }) => remedy.length);
  expect(remedies).toEqual([...new Array(100).fill(1), 0]);
});
