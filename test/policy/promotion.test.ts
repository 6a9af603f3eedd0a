import { expect, test } from 'vitest';
import {
  alibabaKms,
  applyAll,
  awsSecretsManager,
  createSecret,
  createVersion,
  currentVersion,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  previousVersion,
  removeStage,
  stagesOf,
  tryApplyAll,
} from '../../src/index.ts';
import { checkPlan, promotionOf, rollbackOf, rotationOf } from '../../src/policy/index.ts';
import { livedAnywhere } from '../arbitraries.ts';
import { property, runs } from '../property.ts';

const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const three = createVersion(two, { at: 2000, stages: ['canary'] });
const token = (number: number) => `3b7c1f52-0d7e-4a39-9c41-6f2f5a1d000${number}`;
const aws = createVersion(
  createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager),
  { at: 1000, versionId: token(2), stages: ['AWSPENDING'] },
  awsSecretsManager,
);
const ofAws = { at: 2000, dialect: awsSecretsManager };
const move = { type: 'assignStage', at: 3000 } as const;

test('promotionOf moves the previous stage first, and names the holders', () => {
  expect(promotionOf(three, 'v3', { at: 3000 })).toEqual({
    ok: true,
    actions: [
      { ...move, stage: 'SYSPREVIOUS', versionId: 'v2', from: 'v1' },
      { ...move, stage: 'SYSCURRENT', versionId: 'v3', from: 'v2' },
    ],
  });
});

test('promotionOf moves only the current stage if the previous one follows', () => {
  expect(promotionOf(aws, token(2), ofAws)).toEqual({
    ok: true,
    actions: [{ type: 'assignStage', at: 2000, stage: 'AWSCURRENT', versionId: token(2), from: token(1) }],
  });
});

test('promotionOf moves only the current stage if no version is current', () => {
  const stages = three.stages.filter(({ name }) => name !== 'SYSCURRENT');
  expect(promotionOf({ ...three, stages }, 'v3', { at: 3000 })).toEqual({
    ok: true,
    actions: [{ ...move, stage: 'SYSCURRENT', versionId: 'v3', from: null }],
  });
});

test('promotionOf moves only the current stage if the previous one is on the current version, or the cloud has none', () => {
  const promote = { ...move, stage: 'SYSCURRENT', versionId: 'v3', from: 'v2' };
  const stages = three.stages.map((one) => (one.name === 'SYSPREVIOUS' ? { ...one, versionId: 'v2' } : one));
  expect(promotionOf({ ...three, stages }, 'v3', { at: 3000 })).toEqual({ ok: true, actions: [promote] });
  const dialect = defineDialect(huaweiCsms, { stages: { previous: null } });
  expect(promotionOf(three, 'v3', { at: 3000, dialect })).toEqual({ ok: true, actions: [promote] });
});

test('promotionOf adds the previous stage if it is on no version', () => {
  const first = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: [] });
  expect(promotionOf(first, 'v2', { at: 3000 })).toMatchObject({
    actions: [{ stage: 'SYSPREVIOUS', versionId: 'v1', from: null }, { stage: 'SYSCURRENT' }],
  });
});

test('rollbackOf moves the current stage first, so that the previous version always has a stage', () => {
  expect(rollbackOf(two, { at: 3000 })).toEqual({
    ok: true,
    actions: [
      { ...move, stage: 'SYSCURRENT', versionId: 'v1', from: 'v2' },
      { ...move, stage: 'SYSPREVIOUS', versionId: 'v2', from: 'v1' },
    ],
  });
});

test.each([
  ['v9', 'Version "v9" does not exist: create it first. The secret has "v1", "v2", "v3".'],
  ['v2', 'Version "v2" is already current.'],
  ['constructor', 'Version "constructor" does not exist: create it first. The secret has "v1", "v2", "v3".'],
])('promotionOf refuses version %j', (versionId, sentence) => {
  expect(promotionOf(three, versionId, { at: 3000 })).toEqual({ ok: false, sentence });
});

test('promotionOf refuses a version without a value', () => {
  const rotating = createVersion(
    removeStage(aws, { stage: 'AWSPENDING', at: 1000 }, awsSecretsManager),
    { at: 1000, versionId: token(3), stages: ['blue'], withoutValue: true },
    awsSecretsManager,
  );
  const sentence = `Version "${token(3)}" has no value. Give it one first.`;
  expect(promotionOf(rotating, token(3), ofAws)).toEqual({ ok: false, sentence });
});

test('promotionOf and rollbackOf refuse a cloud without a current stage', () => {
  const dialect = googleSecretManager;
  const google = createVersion(createSecret({ name: 'db', at: 0, versionId: null }, dialect), { at: 1000 }, dialect);
  const sentence = 'Google Secret Manager has no current stage. Move a stage of your own instead.';
  expect(promotionOf(google, '1', { at: 2000, dialect })).toEqual({ ok: false, sentence });
  expect(rollbackOf(google, { at: 2000, dialect })).toEqual({ ok: false, sentence });
});

test('rollbackOf refuses a secret whose previous version is missing, or also current', () => {
  const sentence =
    'The secret has no previous version, so there is nothing to roll back to. Promote a version by its id.';
  expect(rollbackOf(aws, ofAws)).toEqual({ ok: false, sentence });
  const stages = two.stages.map((one) => ({ ...one, versionId: 'v2' }));
  expect(rollbackOf({ ...two, stages }, { at: 3000 })).toEqual({
    ok: false,
    sentence:
      'The current version is also the previous one, so there is nothing to roll back to. Promote a version by its id.',
  });
});

test('promotionOf, rollbackOf and rotationOf throw WRONG_DIALECT if the secret is of another dialect', () => {
  const wrong = { refusal: expect.objectContaining({ code: 'WRONG_DIALECT' }) };
  expect(() => promotionOf(aws, token(2), { at: 2000 })).toThrow(expect.objectContaining(wrong));
  expect(() => rollbackOf(two, ofAws)).toThrow(expect.objectContaining(wrong));
  expect(() => rotationOf(two, ofAws)).toThrow(expect.objectContaining(wrong));
});

property([livedAnywhere], { numRuns: runs(400) })(
  'a promotion swaps the roles or is refused, and a rollback undoes it',
  ({ state, dialect }) => {
    const holders = (of: typeof state) => [currentVersion(of, dialect), previousVersion(of, dialect)];
    const [current] = holders(state);
    for (const versionId of Object.keys(state.versions)) {
      const proposal = promotionOf(state, versionId, { at: 50, dialect });
      if (!proposal.ok) continue;
      const outcome = tryApplyAll(state, proposal.actions, dialect);
      if (!outcome.ok) {
        expect(['SECRET_NOT_ENABLED', 'STAGE_LIMIT']).toContain(outcome.refusal.code);
        continue;
      }
      expect(currentVersion(outcome.state, dialect)).toBe(versionId);
      if (current === undefined || dialect.stages.previous === null || state.versions[current]?.withoutValue) continue;
      expect(holders(outcome.state)).toEqual([versionId, current]);
      const back = rollbackOf(outcome.state, { at: 60, dialect });
      expect(back.ok && holders(applyAll(outcome.state, back.actions, dialect))).toEqual([current, versionId]);
    }
  },
);

test('rotationOf begins a rotation, puts the value, moves the current stage and removes the pending one', () => {
  const idle = removeStage(aws, { stage: 'AWSPENDING', at: 1000 }, awsSecretsManager);
  const rotation = rotationOf(idle, { ...ofAws, versionId: token(3) });
  const begin = { type: 'createVersion', at: 2000, versionId: token(3), stages: ['AWSPENDING'] };
  const move = { type: 'assignStage', at: 2000, stage: 'AWSCURRENT', versionId: token(3), from: token(1) };
  const actions = [
    { ...begin, withoutValue: true },
    begin,
    move,
    { type: 'removeStage', at: 2000, stage: 'AWSPENDING', from: token(3) },
  ];
  expect(rotation).toEqual({ ok: true, actions });
  const report = checkPlan(idle, rotation.ok ? rotation.actions : [], {
    ...ofAws,
    rotation: { isEnabled: true, lastTime: null, everyDays: 30, nextTime: null },
  });
  expect(report).toMatchObject({ allowed: true, causes: [], loses: [] });
  const next = rotationOf(idle, ofAws);
  expect(next.ok && next.actions[0]).toMatchObject({ versionId: '00000000-0000-4000-8000-000000000001' });
});

test('a plan refuses the actions of rotationOf while another rotation is not complete, and allows those of its own version', () => {
  const plan = (state: typeof aws, versionId: string) => {
    const rotation = rotationOf(state, { ...ofAws, versionId });
    return checkPlan(state, rotation.ok ? rotation.actions : [], ofAws);
  };
  expect(plan(aws, token(3))).toMatchObject({ allowed: false, index: 0, refusal: { code: 'ROTATION_INCOMPLETE' } });
  const idle = removeStage(aws, { stage: 'AWSPENDING', at: 1000 }, awsSecretsManager);
  const begun = createVersion(
    idle,
    { at: 1000, versionId: token(3), stages: ['AWSPENDING'], withoutValue: true },
    awsSecretsManager,
  );
  expect(plan(begun, token(3))).toMatchObject({ allowed: true });
});

test('rotationOf refuses a cloud whose rotations do not begin with a version without a value', () => {
  for (const dialect of [huaweiCsms, alibabaKms, googleSecretManager]) {
    const state = createSecret({ name: 'db', at: 0 }, dialect);
    const sentence = `${dialect.title} has no rotations that begin with a version without a value. Create a version instead.`;
    expect(rotationOf(state, { at: 2000, dialect })).toEqual({ ok: false, sentence });
  }
  const noCurrent = { current: null, previous: null };
  for (const [stages, mayAwaitValue] of [
    [{ pending: null }, true],
    [noCurrent, true],
    [{}, false],
  ] as const) {
    const dialect = defineDialect(huaweiCsms, {
      stages: { pending: 'next', ...stages },
      versions: { mayAwaitValue, latest: 'newest' },
    });
    expect(rotationOf(createSecret({ name: 'db', at: 0 }, dialect), { at: 2000, dialect }).ok).toBe(false);
  }
});

property([livedAnywhere], { numRuns: runs(400) })(
  'a rotation makes its version current and leaves no pending stage, or is refused',
  ({ state, dialect }) => {
    const waits = defineDialect(dialect, { versions: { mayAwaitValue: true } });
    const rotation = rotationOf(state, { at: 50, dialect: waits });
    if (!rotation.ok) return;
    const outcome = tryApplyAll(state, rotation.actions, waits);
    if (!outcome.ok) return;
    const [current] = [currentVersion(state, dialect)];
    expect(rotation.actions[0]).toMatchObject({ versionId: currentVersion(outcome.state, dialect) });
    expect(outcome.state.stages.map(({ name }) => name)).not.toContain(dialect.stages.pending);
    if (current !== undefined && dialect.stages.previous !== null)
      expect(previousVersion(outcome.state, dialect)).toBe(current);
  },
);

test('a rollback in a cloud like CSMS never leaves the version that becomes current without a stage', () => {
  for (const dialect of [huaweiCsms, alibabaKms]) {
    let state = createSecret({ name: 'db', at: 0, versionId: 'one' }, dialect);
    state = createVersion(state, { at: 1000, versionId: 'two' }, dialect);
    const rollback = rollbackOf(state, { at: 2000, dialect });
    for (const action of rollback.ok ? rollback.actions : expect.fail(rollback.sentence)) {
      state = applyAll(state, [action], dialect);
      expect(stagesOf(state, 'one')).not.toEqual([]);
    }
    expect(stagesOf(state, 'two')).toEqual([dialect.stages.previous]);
  }
});
