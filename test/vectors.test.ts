import * as model from 'secret-stages';
import { expect, test } from 'vitest';
import { caseOf, cases, type Implementation, runCase, type VectorCase } from './run-vectors.ts';

test.each(cases)('%s', (_, vector) => {
  expect(runCase(vector)).toBeUndefined();
});

test('the runner reports every way in which a case can fail', () => {
  const moves = caseOf('assign-stage/last-stage-leaves');
  const { after, effects = [], ...moving } = moves;
  const { refusal, ...removing } = caseOf('remove-stage/current');
  if (!after || !refusal) throw new Error('These cases are of other kinds.');
  const failures: readonly (readonly [string, VectorCase])[] = [
    ['after["status"] is "ENABLED", and should be "FROZEN"', { ...moves, after: { ...after, status: 'FROZEN' } }],
    [
      'after["stages"]["0"]["name"] is "SYSCURRENT"',
      { ...moves, after: { ...after, stages: after.stages.toReversed() } },
    ],
    ['after["stages"]["1"] is too much', { ...moves, after: { ...after, stages: after.stages.slice(0, 1) } }],
    ['after["versions"]["v1"] is too much', { ...moves, after: { ...after, versions: {} } }],
    ['effects["1"] is too much', { ...moves, effects: effects.slice(0, 1) }],
    ['effects["2"] is missing', { ...moves, effects: [...effects, { type: 'versionPruned', versionId: 'v1' }] }],
    ['it is not refused, and leads to {', { ...moving, refusal }],
    ['it is refused: {"code":"BUILT_IN_STAGE"', { ...removing, after, effects }],
    [
      'refusal["code"] is "BUILT_IN_STAGE"',
      { ...removing, refusal: { code: 'DELETION_NOT_SCHEDULED', status: 'FROZEN' } },
    ],
    ['index is 0, and should be 1', { ...caseOf('batch/first-is-refused'), index: 1 }],
    ['latest is "v1", and should be "v2"', { ...caseOf('create-version/latest-is-current'), latest: 'v2' }],
    [
      '`before` is not a state',
      { ...removing, before: { ...after, status: 'PENDING_DELETE' }, action: { type: 'restore', at: 0 }, refusal },
    ],
  ];
  for (const [complaint, vector] of failures) expect(runCase(vector)).toContain(complaint);
});

test('the runner reports an implementation that changes its input, thaws, copies, throws, or plans differently', () => {
  const moves = caseOf('assign-stage/last-stage-leaves');
  const batch = caseOf('batch/two-moves-of-one-stage');
  const thawed: Implementation['tryReduce'] = (...given) => {
    const outcome = model.tryReduce(...given);
    return outcome.ok ? { ok: true, state: { ...outcome.state } } : outcome;
  };
  const copying: Implementation['tryReduce'] = (...given) => {
    const outcome = model.tryReduce(...given);
    return outcome.ok ? { ok: true, state: Object.freeze({ ...outcome.state }) } : outcome;
  };
  const changing: Implementation['tryReduce'] = (state, ...given) => {
    Object.assign(state, { status: 'FROZEN' });
    return model.tryReduce(state, ...given);
  };
  expect(runCase(moves, { ...model, tryReduce: thawed })).toBe('the state after is not frozen to the bottom');
  expect(runCase(batch, { ...model, tryReduce: thawed })).toBe('the state after is not frozen to the bottom');
  expect(runCase(moves, { ...model, tryReduce: copying })).toBeUndefined();
  expect(runCase(caseOf('prune-deprecated/none-goes'), { ...model, tryReduce: copying })).toMatch(/another object$/);
  expect(runCase(moves, { ...model, tryReduce: changing })).toMatch(/^it threw TypeError/);
  expect(runCase(moves, { ...model, plan: (state) => ({ allowed: true, state, asked: [], follows: [] }) })).toMatch(
    /^state of the plan\["stages"\]/,
  );
  expect(
    runCase(caseOf('remove-stage/current'), {
      ...model,
      plan: () => ({ allowed: false, refusal: { code: 'DELETION_NOT_SCHEDULED', status: 'FROZEN' } }),
    }),
  ).toMatch(/^refusal of the plan\["code"\]/);
  expect(runCase(batch, { ...model, planAll: () => [] })).toMatch(/^effects/);
});
