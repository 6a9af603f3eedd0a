import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentsOf } from '../../src/history/index.ts';
import {
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  type Moment,
  removeStage,
} from '../../src/index.ts';
import { check, checkHistory, checkPlan, defineRule, pack, tenures } from '../../src/policy/index.ts';
import { recorded } from '../history/arbitraries.ts';
import { property } from '../property.ts';
import { onlyTheDialect, policy } from './arbitraries.ts';

const day = 86_400_000;
const one = createSecret({ name: 'db', at: 0 });
const two = createVersion(one, { at: 1000 });
const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
const again = assignStage(back, { stage: 'SYSCURRENT', versionId: 'v2', at: 3000 });
const pending = createVersion(two, { at: 2000, stages: ['pending'] });
const removed = removeStage(pending, { stage: 'pending', at: 9 * day });
const spans = (moments: readonly Moment[], at: number) =>
  checkHistory(moments, { at }).map(({ rule, from, until }) => [rule, from, until]);

test('checkHistory reports nothing without moments, and still refuses an invalid time', () => {
  expect(checkHistory([], { at: 0 })).toEqual([]);
  expect(() => checkHistory([], { at: -1 })).toThrow(
    'INVALID_VALUE: at must be epoch milliseconds as a number; got -1.',
  );
  expect(() =>
    checkHistory(
      [
        { at: 5, state: one },
        { at: -1, state: one },
      ],
      { at: 9 },
    ),
  ).toThrow('INVALID_VALUE: at must be epoch milliseconds as a number; got -1.');
});

test('checkHistory reports when a finding began and ended, without its remedy', () => {
  const moments = [one, two, back].map((state, index) => ({ at: index * 1000, state }));
  expect(checkHistory(moments, { at: 5000 })).toMatchObject([
    { rule: 'rollback', change: 2, from: 2000, until: 2000 },
    { rule: 'previous-is-not-current', change: null, since: 2000, from: 2000, until: null },
  ]);
  for (const finding of checkHistory(moments, { at: 5000 })) expect(finding).not.toHaveProperty('remedy');
  expect(spans([...moments, { at: 3000, state: again }], 5000)).toEqual([
    ['rollback', 2000, 2000],
    ['previous-is-not-current', 2000, 3000],
  ]);
});

test('checkHistory reports the moment that a change led to, even if the clock went back', () => {
  const moments = [
    { at: 5000, state: two },
    { at: 2000, state: back },
    { at: 6000, state: again },
    { at: 7000, state: back },
  ];
  const changes = checkHistory(moments, { at: 8000 }).filter(({ rule }) => rule === 'rollback');
  expect(changes).toMatchObject([
    { change: 1, from: 5000 },
    { change: 3, from: 7000 },
  ]);
});

test('checkHistory reports a finding caused by time alone at the end of its moment', () => {
  const moments = [{ at: 2000, state: pending }];
  expect(spans(moments, 7 * day)).toEqual([]);
  expect(spans(moments, 8 * day)).toEqual([['stuck-stage', 8 * day, null]]);
  expect(spans([...moments, { at: 9 * day, state: removed }], 20 * day)).toEqual([['stuck-stage', 9 * day, 9 * day]]);
  expect(spans([...moments, { at: 8 * day, state: pending }, { at: 9 * day, state: removed }], 20 * day)).toEqual([
    ['stuck-stage', 8 * day, 9 * day],
  ]);
});

test('checkHistory ends a finding fixed by time alone at the end of its moment, and can report it again', () => {
  const odd = defineRule({
    id: 'odd',
    title: '',
    why: '',
    advice: '',
    severity: 'note',
    thresholds: {},
    find: ({ at }) => (at % 2 === 1 ? [{ sentence: 'It is odd.' }] : []),
  });
  const moments = [1, 4, 7].map((at) => ({ at, state: one }));
  expect(checkHistory(moments, { at: 9, policy: [odd] }).map(({ from, until }) => [from, until])).toEqual([
    [1, 4],
    [7, null],
  ]);
});

test('checkHistory treats a clock that went back as standing still, also at the end', () => {
  const moments = [
    { at: 5000, state: two },
    { at: 2000, state: back },
    { at: 1000, state: again },
    { at: 7000, state: back },
  ];
  expect(spans(moments, 0)).toEqual([
    ['rollback', 5000, 5000],
    ['previous-is-not-current', 5000, 5000],
    ['rollback', 7000, 7000],
    ['previous-is-not-current', 7000, null],
  ]);
});

test('checkHistory orders findings by their start', () => {
  const unmarked = { ...two, stages: [] };
  const moments = [
    { at: 0, state: unmarked },
    { at: 10, state: back },
    { at: 20, state: two },
  ];
  expect(spans(moments, 30)).toEqual([
    ['current-exists', 0, 10],
    ['previous-exists', 0, 10],
    ['previous-is-not-current', 10, 20],
  ]);
});

/** The times at which a history is checked. A clock that went back counts as standing still. */
const steadied = (moments: readonly Moment[]): readonly Moment[] =>
  moments.map(({ state }, index) => ({ at: Math.max(...moments.slice(0, index + 1).map(({ at }) => at)), state }));

const keyOf = ({ rule, stage, versionId }: { rule: string; stage?: string; versionId?: string }): string =>
  JSON.stringify([rule, stage, versionId]);

property([recorded(), policy, fc.nat(40)])(
  'checkHistory has at every moment the findings of check, each once',
  ({ history, dialect }, policy, end) => {
    const moments = momentsOf(history);
    const past = checkHistory(moments, { at: end, policy, dialect });
    const standing = past.filter(({ rule }) => rule !== 'rollback');
    const steady = steadied(moments);
    const last = Math.max(end, steady.at(-1)?.at ?? 0);
    steady.forEach(({ at, state }, index) => {
      const until = steady[index + 1]?.at ?? last;
      const found = (time: number) => check(state, { at: time, policy, dialect }).findings.map(keyOf);
      // Of moments with the same time only the last is compared. Within a moment, time alone fixes nothing here.
      if (until > at) {
        const now = standing.filter((one) => one.from <= at && (one.until === null || one.until > at));
        expect(now.map(keyOf).sort()).toEqual(found(at).sort());
      }
      const then = standing.filter((one) => one.from <= until && (one.until === null || one.until >= until));
      expect(then.map(keyOf)).toEqual(expect.arrayContaining(found(until)));
    });
    const state = steady.at(-1)?.state ?? one;
    const open = standing.filter(({ until }) => until === null).map(keyOf);
    expect(open.sort()).toEqual(check(state, { at: last, policy, dialect }).findings.map(keyOf).sort());
    for (const key of new Set(standing.map(keyOf))) {
      const intervals = standing.filter((other) => keyOf(other) === key);
      intervals.forEach(({ from, until }, index) => {
        expect(until ?? last).toBeGreaterThanOrEqual(from);
        const next = intervals[index + 1];
        if (next) expect(next.from).toBeGreaterThanOrEqual(until ?? Number.POSITIVE_INFINITY);
      });
    }
  },
);

property([recorded()])('checkHistory reports every rollback, with the finding of the plan', ({ history, dialect }) => {
  const moments = momentsOf(history);
  const reported = checkHistory(moments, { at: 40, dialect }).filter(({ rule }) => rule === 'rollback');
  const planned = history.past.flatMap(({ action }, index) => {
    const plan = checkPlan(moments[index]?.state ?? one, [action], { at: 40, dialect });
    return plan.allowed ? plan.causes.filter(({ rule }) => rule === 'rollback') : [];
  });
  expect(reported.map(keyOf)).toEqual(planned.map(keyOf));
});

test('tenures lists each version that a stage was on, and the times without one', () => {
  const moments = [one, two, pending, pending, back, again, removed].map((state, at) => ({ at, state }));
  expect(tenures(moments, 'pending')).toEqual([
    { versionId: null, from: 0, until: 2 },
    { versionId: 'v3', from: 2, until: 4 },
    { versionId: null, from: 4, until: null },
  ]);
  expect(tenures(moments, 'SYSCURRENT')).toEqual([
    { versionId: 'v1', from: 0, until: 1 },
    { versionId: 'v2', from: 1, until: 4 },
    { versionId: 'v1', from: 4, until: 5 },
    { versionId: 'v2', from: 5, until: null },
  ]);
  expect(tenures(moments, '__proto__')).toEqual([{ versionId: null, from: 0, until: null }]);
  expect(tenures([], 'SYSCURRENT')).toEqual([]);
});

test('tenures never ends one before it began, even if the clock went back', () => {
  const one = createSecret({ name: 'db', at: 0 });
  const two = createVersion(one, { at: 1 });
  const moments = [
    { at: 5000, state: one },
    { at: 3000, state: two },
  ];
  expect(tenures(moments, 'SYSCURRENT')).toEqual([
    { versionId: 'v1', from: 5000, until: 5000 },
    { versionId: 'v2', from: 5000, until: null },
  ]);
});

test('checkHistory throws WRONG_DIALECT first, if any state is of another dialect', () => {
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  const moments = [one, two, aws].map((state) => ({ at: -1, state }));
  const request = { at: -1, policy: [...pack, ...pack] };
  const wrong = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
  expect(() => checkHistory(moments, request)).toThrow(expect.objectContaining({ refusal: wrong }));
  const missing: unknown = undefined;
  // @ts-expect-error A caller without types may omit the request.
  expect(() => checkHistory(moments, missing)).toThrow(expect.objectContaining({ refusal: wrong }));
  expect(() => checkHistory(moments, onlyTheDialect())).toThrow(expect.objectContaining({ refusal: wrong }));
});
