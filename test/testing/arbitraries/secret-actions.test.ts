import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createSecret,
  type Dialect,
  huaweiCsms,
  plan,
  planAll,
  type SecretAction,
  type SecretState,
  tryReduce,
} from '../../../src/index.ts';
import { secretAction, secretActions, secretName, secretState } from '../../../src/testing/arbitraries/index.ts';
import { aws, dialects } from './dialects.ts';

const born = createSecret({ name: 'db', at: 0 });

/** The states that a history leads through, and what happened on the way: its effects, and its refusals with the action. */
const play = (
  actions: readonly SecretAction[],
  dialect: Dialect = huaweiCsms,
  start = createSecret({ name: 'db', at: 0 }, dialect),
) => {
  const happened: string[] = [];
  const states: SecretState[] = [start];
  let state = start;
  for (const action of actions) {
    const planned = plan(state, action, dialect);
    if (planned.allowed) {
      state = planned.state;
      states.push(state);
      for (const { type } of [...planned.asked, ...planned.follows]) happened.push(type);
    } else happened.push(`${action.type}: ${planned.refusal.code}`);
  }
  return { states, happened };
};

const ofCsms = [
  'versionCreated',
  'versionPruned',
  'stageAdded',
  'stageMoved',
  'stageRefreshed',
  'stageRemoved',
  'versionDeprecated',
  'versionRevived',
  'statusChanged',
  ...['SECRET_NOT_ENABLED', 'INVALID_VALUE', 'VERSION_ID_TAKEN', 'STAGE_LIST_LIMIT'].map(
    (code) => `createVersion: ${code}`,
  ),
  ...['SECRET_NOT_ENABLED', 'INVALID_VALUE', 'UNKNOWN_VERSION', 'WRONG_HOLDER', 'STAGE_LIMIT'].map(
    (code) => `assignStage: ${code}`,
  ),
  ...['SECRET_NOT_ENABLED', 'INVALID_VALUE', 'BUILT_IN_STAGE', 'UNKNOWN_STAGE', 'WRONG_HOLDER'].map(
    (code) => `removeStage: ${code}`,
  ),
  'pruneDeprecated: INVALID_VALUE',
  'scheduleDeletion: DELETION_ALREADY_SCHEDULED',
  'scheduleDeletion: INVALID_VALUE',
  'restore: DELETION_NOT_SCHEDULED',
  'restore: INVALID_VALUE',
  'setStatus: SECRET_NOT_ENABLED',
  'setStatus: INVALID_VALUE',
];
const strict: Dialect = {
  ...huaweiCsms,
  stageLimit: 4,
  versionLimit: 3,
  deprecatedIsFinal: true,
  pruningNeedsEnabled: true,
  deletionNeedsEnabled: true,
};
const ofStrict = [
  'createVersion: STAGE_LIMIT',
  'createVersion: VERSION_LIMIT',
  'assignStage: DEPRECATED_VERSION',
  'pruneDeprecated: SECRET_NOT_ENABLED',
  'scheduleDeletion: SECRET_NOT_ENABLED',
];

test.each([
  ['CSMS', huaweiCsms, ofCsms],
  ['a strict dialect', strict, ofStrict],
] as const)(
  'with %s, a thousand histories reach every effect and every refusal',
  (_, dialect, reachable) => {
    const histories = fc.sample(secretActions({ dialect, hostile: true }), { seed: 1, numRuns: 1000 });
    const happened = new Set(histories.flatMap((actions) => play(actions, dialect).happened));
    expect(reachable.filter((what) => !happened.has(what))).toEqual([]);
  },
  20_000,
);

test('histories reach the limits of CSMS, and most of their actions are allowed', () => {
  const histories = fc.sample(secretActions(), { seed: 1, numRuns: 500 });
  const played = histories.map((actions) => play(actions));
  const reached = (is: (state: SecretState) => boolean) => played.filter(({ states }) => states.some(is)).length;
  expect(reached(({ stages }) => stages.length === 12)).toBeGreaterThan(50);
  expect(reached(({ versions }) => Object.keys(versions).length === 20)).toBeGreaterThan(25);
  const refused = played.flatMap(({ happened }) => happened).filter((what) => what.includes(':'));
  const share = refused.length / histories.flat().length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.5);
  expect(Math.max(...histories.map(({ length }) => length))).toBe(50);
  expect(histories.some(({ length }) => length < 2)).toBe(true);
}, 20_000);

test.each(dialects)(
  'with %s, histories and actions are such that it may know, and shrink as if written by hand',
  (_, dialect) => {
    const histories = secretActions({ dialect, maxLength: 12 });
    fc.assert(
      fc.property(histories, (actions) => {
        expect(actions.length).toBeLessThanOrEqual(12);
        expect(histories.canShrinkWithoutContext(JSON.parse(JSON.stringify(actions)))).toBe(true);
        for (const action of actions) {
          expect(Object.values(action)).not.toContain(undefined);
          expect(Object.getPrototypeOf(action)).toBe(Object.prototype);
          const outcome = tryReduce(
            createSecret({ name: fc.sample(secretName({ dialect }), 1)[0] ?? '', at: 0 }, dialect),
            action,
            dialect,
          );
          if (!outcome.ok && outcome.refusal.code === 'INVALID_VALUE' && outcome.refusal.field !== 'versionId') {
            // A window out of range, or a time so late that the deletion would have none.
            expect(action.type).toBe('scheduleDeletion');
          }
        }
      }),
      { numRuns: 30 },
    );
  },
);

test.each(['ENABLED', 'DISABLED', 'FROZEN', 'PENDING_DELETE'] as const)(
  'most actions on a secret that is %s are allowed',
  (status) => {
    const states = fc.sample(secretState({ status }), { seed: 1, numRuns: 500 });
    const allowed = states.filter((state, seed) => {
      const [action] = fc.sample(secretAction(state), { seed, numRuns: 1 });
      return action !== undefined && plan(state, action).allowed;
    });
    expect(allowed.length).toBeGreaterThan(250);
  },
);

/** The text of what a failing property of one action ends at. */
const shrunk = <Type extends SecretAction['type']>(
  type: Type,
  fails: (action: SecretAction<Type>) => boolean,
  example?: SecretAction,
) => {
  const isOfType = (action: SecretAction): action is SecretAction<Type> & SecretAction => action.type === type;
  const property = fc.property(secretAction(born, { hostile: true }), (action) => !(isOfType(action) && fails(action)));
  return fc.stringify(
    fc.check(property, { seed: 4, numRuns: 1000, examples: example ? [[example]] : [] }).counterexample?.[0],
  );
};

const any = () => true;

test.each([
  [
    '{"type":"createVersion","at":0}',
    { type: 'createVersion', at: 7000, versionId: 'mine', stages: ['blue', 'no blank'] },
  ],
  [
    '{"type":"assignStage","stage":"canary","versionId":"v1","at":0}',
    { type: 'assignStage', stage: 'x', versionId: 'v77', at: 99, from: null },
  ],
  [
    '{"type":"removeStage","stage":"canary","at":0}',
    { type: 'removeStage', stage: 'toString', at: Number.NaN, from: 'v3' },
  ],
  ['{"type":"pruneDeprecated"}', { type: 'pruneDeprecated', keep: 7, createdBefore: 1581507580000 }],
  ['{"type":"scheduleDeletion","at":0}', { type: 'scheduleDeletion', at: 1581507580000, recoveryWindowInDays: 30 }],
  ['{"type":"restore","at":0}', { type: 'restore', at: 1581507580000 }],
  ['{"type":"setStatus","status":"ENABLED","at":0}', { type: 'setStatus', status: 'FROZEN', at: -1 }],
] as const)('an action shrinks to %s, be it generated or written by hand', (text, example) => {
  expect(shrunk(example.type, any)).toBe(text);
  // `as const` would make the list read-only, which no action of ours minds but fast-check's types do.
  expect(shrunk(example.type, any, example)).toBe(text);
});

test('an action shrinks to the piece that matters', () => {
  expect(shrunk('assignStage', ({ from }) => from !== undefined)).toBe(
    '{"type":"assignStage","stage":"canary","versionId":"v1","at":0,"from":null}',
  );
  expect(shrunk('createVersion', ({ stages }) => (stages?.length ?? 0) > 1)).toBe(
    '{"type":"createVersion","at":0,"stages":["canary","canary"]}',
  );
  expect(shrunk('restore', ({ at }) => Number.isNaN(at), { type: 'restore', at: Number.NaN })).toBe(
    '{"type":"restore","at":Number.NaN}',
  );
});

test('an action that is frozen shrinks, and what is none does not', () => {
  const actions = secretAction(born);
  expect(actions.canShrinkWithoutContext(Object.freeze({ type: 'restore', at: 5 }))).toBe(true);
  for (const other of [undefined, null, 'restore', {}, { type: 'restore', at: 5, stage: 'blue' }])
    expect(actions.canShrinkWithoutContext(other)).toBe(false);
});

test('a history shrinks to the calls that matter, be it generated or written by hand', () => {
  const prunes = (actions: readonly SecretAction[]) => play(actions).happened.includes('versionPruned');
  const example: SecretAction[] = [
    { type: 'createVersion', at: 1000 },
    { type: 'restore', at: 2000 },
    { type: 'createVersion', at: 3000, stages: ['blue'] },
    { type: 'createVersion', at: 4000 },
    { type: 'pruneDeprecated', keep: 0 },
    { type: 'setStatus', status: 'FROZEN', at: 5000 },
  ];
  for (const [examples, shortest] of [
    [[], '[{"type":"createVersion","at":0,"stages":[]},{"type":"pruneDeprecated"}]'],
    [[[example]], '[{"type":"createVersion","at":0},{"type":"createVersion","at":0},{"type":"pruneDeprecated"}]'],
  ] as [[SecretAction[]][], string][]) {
    const { counterexample } = fc.check(
      fc.property(secretActions(), (actions) => !prunes(actions)),
      { seed: 1, examples },
    );
    expect(fc.stringify(counterexample?.[0])).toBe(shortest);
  }
  const { counterexample } = fc.check(
    fc.property(
      secretActions({ dialect: aws }),
      (actions) =>
        !planAll(createSecret({ name: 'db', at: 0 }, aws), actions, aws).some(
          (step) => step.allowed && step.asked.some(({ type }) => type === 'stageAdded'),
        ),
    ),
    { seed: 1 },
  );
  expect(fc.stringify(counterexample?.[0])).toBe('[{"type":"createVersion","at":0,"stages":["canary"]}]');
});
