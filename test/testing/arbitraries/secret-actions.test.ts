import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createSecret,
  type Dialect,
  defineDialect,
  huaweiCsms,
  plan,
  planAll,
  type SecretAction,
  type SecretState,
  StageRefusedError,
  tryReduce,
} from '../../../src/index.ts';
import { secretAction, secretActions, secretName, secretState } from '../../../src/testing/arbitraries/index.ts';
import { fixedSeed, runs, sample } from '../../property.ts';
import { alibabaKms, aws, awsSecretsManager, dialects, googleSecretManager } from './dialects.ts';

const born = createSecret({ name: 'db', at: 0 });

/** The states of a history, and what happened: effects, and refusals with their actions. */
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
const strict: Dialect = defineDialect(huaweiCsms, {
  stages: { limit: 4 },
  versions: { limit: { most: 3, whenFull: 'refuse' } },
});
const ofStrict = ['createVersion: STAGE_LIMIT', 'createVersion: VERSION_LIMIT', 'assignStage: STAGE_LIMIT'];

const ofAws = [
  'versionCreated',
  'versionFilled',
  'stageMoved',
  'stageRemoved',
  ...['SECRET_NOT_ENABLED', 'INVALID_VALUE', 'VERSION_ID_TAKEN', 'STAGE_LIST_LIMIT'].map(
    (code) => `createVersion: ${code}`,
  ),
  ...['HOLDER_NOT_NAMED', 'WRONG_HOLDER', 'STAGE_LIMIT', 'UNKNOWN_VERSION'].map((code) => `assignStage: ${code}`),
  'removeStage: BUILT_IN_STAGE',
  'scheduleDeletion: DELETION_ALREADY_SCHEDULED',
  'setStatus: INVALID_VALUE',
];
const ofGoogle = [
  'stageAdded',
  'stageMoved',
  'stageRemoved',
  'createVersion: STAGE_LIST_LIMIT',
  'createVersion: VERSION_ID_TAKEN',
  'assignStage: INVALID_VALUE',
  'scheduleDeletion: ACTION_NOT_OFFERED',
  'restore: DELETION_NOT_SCHEDULED',
  'setStatus: INVALID_VALUE',
];
const hourly: Dialect = defineDialect(huaweiCsms, {
  versions: { limit: { most: 3, whenFull: 'drop-oldest-deprecated', sparedHours: 2 } },
});
const ofHourly = ['versionPruned', 'createVersion: VERSION_LIMIT'];

test.each([
  ['CSMS', huaweiCsms, ofCsms],
  ['a strict dialect', strict, ofStrict],
  ['AWS', awsSecretsManager, ofAws],
  ['Google', googleSecretManager, ofGoogle],
  ['a dialect that keeps versions for hours', hourly, ofHourly],
] as const)(
  'secretActions reaches every effect and every refusal: %s',
  (_, dialect, reachable) => {
    const histories = sample(secretActions({ dialect, hostile: true }), 800);
    const happened = new Set(histories.flatMap((actions) => play(actions, dialect).happened));
    expect(reachable.filter((what) => !happened.has(what))).toEqual([]);
  },
  20_000,
);

test.each([
  ['AWS', awsSecretsManager],
  ['Alibaba', alibabaKms],
  ['Google', googleSecretManager],
] as const)('secretActions generates mostly allowed actions, and none that the dialect lacks: %s', (_, dialect) => {
  const histories = sample(secretActions({ dialect }), 200);
  const refused = histories.flatMap((actions) => play(actions, dialect).happened).filter((what) => what.includes(':'));
  expect(refused.length / histories.flat().length).toBeGreaterThan(0.1);
  expect(refused.length / histories.flat().length).toBeLessThan(0.5);
  const types = new Set(histories.flat().map(({ type }) => type));
  expect(types).not.toContain('setStatus');
  expect(types.has('scheduleDeletion')).toBe(dialect.secret.deletionDays !== null);
  expect(types.has('restore')).toBe(dialect.secret.deletionDays !== null);
});

test('secretActions requests versions again, with the same and with other content, if a repeated id is ignored', () => {
  const histories = sample(secretActions({ dialect: awsSecretsManager }), 200);
  const found = { same: 0, other: 0 };
  for (const actions of histories) {
    const issued = new Map<string, string | undefined>();
    let state = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
    for (const action of actions) {
      const outcome = tryReduce(state, action, awsSecretsManager);
      if (action.type === 'createVersion' && action.versionId !== undefined && issued.has(action.versionId)) {
        const print = issued.get(action.versionId);
        if (outcome.ok && outcome.state === state) found.same++;
        if (!outcome.ok && outcome.refusal.code === 'VERSION_ID_TAKEN' && print !== action.fingerprint) found.other++;
      }
      if (!outcome.ok) continue;
      state = outcome.state;
      for (const { id, fingerprint } of Object.values(state.versions)) issued.set(id, fingerprint);
    }
  }
  expect(found.same).toBeGreaterThan(140);
  expect(found.other).toBeGreaterThan(320);
  const csms = sample(secretActions(), 200);
  expect(csms.flat().filter((action) => 'fingerprint' in action)).toEqual([]);
  const example = { type: 'createVersion', at: 5, fingerprint: 'sha256:1f' } as const;
  expect(secretAction(born).canShrinkWithoutContext(example)).toBe(true);
});

test('secretActions requests versions without a value, and gives them their value, if the dialect has them', () => {
  const histories = sample(secretActions({ dialect: awsSecretsManager }), 200);
  const played = histories.map((actions) => play(actions, awsSecretsManager));
  const happened = played.flatMap(({ happened }) => happened);
  expect(happened.filter((what) => what === 'versionFilled').length).toBeGreaterThan(40);
  const waiting = ({ versions }: SecretState) => Object.values(versions).some(({ withoutValue }) => withoutValue);
  expect(played.filter(({ states }) => states.some(waiting)).length).toBeGreaterThan(60);
  const csms = sample(secretActions(), 200);
  expect(csms.flat().filter((action) => 'withoutValue' in action)).toEqual([]);
  const example = { type: 'createVersion', at: 5, withoutValue: true } as const;
  expect(secretAction(born).canShrinkWithoutContext(example)).toBe(true);
});

test('secretAction creates versions and stages of a secret that has none', () => {
  for (const dialect of [awsSecretsManager, googleSecretManager]) {
    const later = createSecret({ name: 'db', at: 0, versionId: null }, dialect);
    const actions = sample(secretAction(later, { dialect }), 200);
    expect(actions.filter((action) => plan(later, action, dialect).allowed).length).toBeGreaterThan(50);
  }
});

test('secretActions reaches the limits of CSMS with mostly allowed actions', () => {
  const histories = sample(secretActions(), 500);
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
  'secretActions and secretAction generate actions that the dialect can have, and that shrink like examples: %s',
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
            createSecret({ name: sample(secretName({ dialect }), 1)[0] ?? '', at: 0 }, dialect),
            action,
            dialect,
          );
          if (!outcome.ok && outcome.refusal.code === 'INVALID_VALUE' && outcome.refusal.field !== 'versionId') {
            // A window out of range, or a deletion later than the last possible time.
            expect(action.type).toBe('scheduleDeletion');
          }
        }
      }),
      { numRuns: runs(30) },
    );
  },
);

test.each(['ENABLED', 'DISABLED', 'FROZEN', 'PENDING_DELETE'] as const)(
  'secretAction generates mostly allowed actions for a secret that is %s',
  (status) => {
    const states = sample(secretState({ status }), 500);
    const allowed = states.filter((state, seed) => {
      const [action] = fc.sample(secretAction(state), { seed, numRuns: 1 });
      return action !== undefined && plan(state, action).allowed;
    });
    expect(allowed.length).toBeGreaterThan(250);
  },
);

/** The counterexample of a failing property of one action, as text. */
const shrunk = <Type extends SecretAction['type']>(
  type: Type,
  fails: (action: SecretAction<Type>) => boolean,
  example?: SecretAction,
) => {
  const isOfType = (action: SecretAction): action is SecretAction<Type> & SecretAction => action.type === type;
  const property = fc.property(secretAction(born, { hostile: true }), (action) => !(isOfType(action) && fails(action)));
  return fc.stringify(
    fc.check(property, { seed: fixedSeed, numRuns: 1000, examples: example ? [[example]] : [] }).counterexample?.[0],
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
] as const)('an action shrinks to %s, whether it is generated or an example', (text, example) => {
  expect(shrunk(example.type, any)).toBe(text);
  // `as const` makes the list read-only. The types of fast-check do not allow that.
  expect(shrunk(example.type, any, example)).toBe(text);
});

test('an action shrinks to the part that matters', () => {
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

test('a frozen action shrinks, and other data does not', () => {
  const actions = secretAction(born);
  expect(actions.canShrinkWithoutContext(Object.freeze({ type: 'restore', at: 5 }))).toBe(true);
  for (const other of [undefined, null, 'restore', {}, { type: 'restore', at: 5, stage: 'blue' }])
    expect(actions.canShrinkWithoutContext(other)).toBe(false);
});

test('a history shrinks to the actions that matter, whether it is generated or an example', () => {
  const prunes = (actions: readonly SecretAction[]) => play(actions).happened.includes('versionPruned');
  const example: SecretAction[] = [
    { type: 'createVersion', at: 1000 },
    { type: 'restore', at: 2000 },
    { type: 'createVersion', at: 3000, stages: ['blue'] },
    { type: 'createVersion', at: 4000 },
    { type: 'pruneDeprecated', keep: 0 },
    { type: 'setStatus', status: 'FROZEN', at: 5000 },
  ];
  const shortest = '[{"type":"createVersion","at":0},{"type":"createVersion","at":0},{"type":"pruneDeprecated"}]';
  for (const examples of [[], [[example]]] as [SecretAction[]][][]) {
    const { counterexample } = fc.check(
      fc.property(secretActions(), (actions) => !prunes(actions)),
      { seed: fixedSeed, examples },
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
    { seed: fixedSeed },
  );
  expect(fc.stringify(counterexample?.[0])).toBe(
    '[{"type":"assignStage","stage":"canary","versionId":"version-1","at":0}]',
  );
});

test('secretActions mostly names the holder, if a move requires it', () => {
  const histories = sample(secretActions({ dialect: awsSecretsManager }), 200);
  let [moves, unnamed] = [0, 0];
  for (const actions of histories) {
    let state = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
    for (const action of actions) {
      const outcome = tryReduce(state, action, awsSecretsManager);
      if (action.type === 'assignStage') moves++;
      if (!outcome.ok && outcome.refusal.code === 'HOLDER_NOT_NAMED') unnamed++;
      if (outcome.ok) state = outcome.state;
    }
  }
  expect(moves).toBeGreaterThan(500);
  expect(unnamed).toBeGreaterThan(10);
  expect(unnamed / moves).toBeLessThan(0.15);
});

test('secretAction refuses a secret of another dialect, and names both dialects', () => {
  expect(() => secretAction(born, { dialect: awsSecretsManager })).toThrow(
    new StageRefusedError(
      { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'aws-secrets-manager' },
      'The secret belongs to "huawei-csms", not "aws-secrets-manager". Pass its dialect.',
    ),
  );
});
