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

/** By what a finding is known again. */
const keyOf = ({ rule, stage, versionId }: Finding): string => JSON.stringify([rule, stage, versionId]);

/** Follows the remedy of each finding, and tells which rules had one. */
const followed = ({ state, request, dialect }: Asked): readonly string[] => {
  const { findings } = check(state, request);
  const before = findings.map(keyOf);
  expect(new Set(before).size).toBe(before.length);
  return findings.flatMap((finding) => {
    if (finding.remedy.length === 0) return [];
    const mended = applyAll(state, finding.remedy, dialect);
    const after = check(mended, request).findings.map(keyOf);
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

test('so it is wherever many runs lead, and they meet the remedies of every rule that has any, under every cloud that has', () => {
  const met = new Map<string, string[]>();
  for (const one of sample(asked, 3000)) {
    for (const rule of followed(one)) met.set(rule, [...(met.get(rule) ?? []), one.dialect.id]);
  }
  const rules = ['current-exists', 'previous-exists', 'previous-is-not-current', 'expired-version', 'stuck-stage'];
  const pruning = ['version-budget', 'deprecated-pile', 'deprecated-age'];
  expect([...met.keys()].sort()).toEqual([...rules, ...pruning].sort());
  for (const [rule, ids] of met) expect(ids.length, rule).toBeGreaterThanOrEqual(10);
  // Google has no stage that a remedy could be about.
  const clouds = [huaweiCsms, awsSecretsManager, alibabaKms].map(({ id }) => id);
  expect(new Set([...met.values()].flat())).toEqual(new Set(clouds));
});

property([asked])(
  'a remedy takes a stage off all versions only where none is current, and deletes none while there is nothing to roll back to',
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

/** A rule that is content once the stage is on a version, with the remedies that are given. */
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

/** A rule that minds a stage. */
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

/** A rule that minds any action, though no single state shows it. */
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

test('of several remedies the first that works is told', () => {
  expect(remedyOf(on('blue', 'one', [[blue('v1')], [blue('v2')]]))).toEqual([blue('v1')]);
  expect(remedyOf(on('blue', 'one', [[blue('v9')], [green('v1')], [blue('v2')], [blue('v1')]]))).toEqual([blue('v2')]);
  expect(remedyOf(on('blue', 'one', [[green('v1'), blue('v1')]]))).toEqual([green('v1'), blue('v1')]);
});

test('a remedy that is refused is not told, nor one of which any action is', () => {
  expect(remedyOf(on('blue', 'one', [[blue('v9')]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', [[blue('v1'), green('v9')]]))).toEqual([]);
});

test('a remedy that mends nothing is not told, nor an empty one or none', () => {
  expect(remedyOf(on('blue', 'one', [[green('v1')]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', [[]]))).toEqual([]);
  expect(remedyOf(on('blue', 'one', []))).toEqual([]);
  expect(remedyOf(on('blue', 'one', undefined))).toEqual([]);
});

test('a remedy that brings another finding is not told, whether the secret or the change shows it', () => {
  const rule = on('blue', 'one', [[green('v1'), blue('v1')], [blue('v1')]]);
  expect(remedyOf(rule, off('green'))).toEqual([blue('v1')]);
  expect(remedyOf(rule, off('blue'))).toEqual([]);
  expect(remedyOf(rule, still)).toEqual([]);
});

test('a remedy may leave another finding as it was, and mend another', () => {
  const other = on('green', 'two', [[green('v1'), blue('v1')]]);
  const { findings } = check(two, { at: 2000, policy: [on('blue', 'one', [[blue('v1')]]), other] });
  expect(findings.map(({ remedy }) => remedy)).toEqual([[blue('v1')], [green('v1'), blue('v1')]]);
});

test('the remedies of a rollback lead back, and no other rule of the pack minds', () => {
  const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const [finding] = check(back, { at: 3000 }).findings;
  const mended = applyAll(back, finding?.remedy ?? []);
  expect(check(mended, { at: 3000, policy: pack }).findings).toEqual([]);
});

test('of a finding the first 20 remedies are tried, and those of the first 100 findings', () => {
  const useless = Array.from({ length: 19 }, () => [green('v1')]);
  const late = (before: number) => on('blue', 'one', [...useless.slice(0, before), [green('v1')], [blue('v1')]]);
  const remedyOf = (before: number) => check(two, { at: 2000, policy: [late(before)] }).findings[0]?.remedy;
  expect(remedyOf(18)).toEqual([blue('v1')]);
  expect(remedyOf(19)).toEqual([]);

  const findings = Array.from({ length: 101 }, (_, index) => on('blue', `one-${index}`, [[blue('v1')]]));
  const remedies = check(two, { at: 2000, policy: findings }).findings.map(({ remedy }) => remedy.length);
  expect(remedies).toEqual([...new Array(100).fill(1), 0]);
});
