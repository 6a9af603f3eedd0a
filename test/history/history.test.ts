import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import {
  type History,
  momentsOf,
  parseHistory,
  record,
  redo,
  revisionOf,
  since,
  startHistory,
  stateAt,
  tryRecord,
  undo,
} from '../../src/history/index.ts';
import {
  applyAll,
  awsSecretsManager,
  bind,
  createSecret,
  currentVersion,
  defineDialect,
  explain,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  StageRefusedError,
} from '../../src/index.ts';
import { action } from '../arbitraries.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property } from '../property.ts';
import { expectLinear } from '../work.ts';
import { recorded } from './arbitraries.ts';

let born: History;
let rotated: History;
beforeEach(() => {
  born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
  rotated = record(born, { type: 'createVersion', at: 1000 });
});

test('startHistory starts at revision 1, with nothing to undo or redo', () => {
  expect(born).toEqual({
    length: 100,
    present: createSecret({ name: 'db', at: 0 }),
    oldest: { revision: 1, at: 0 },
    lastRevision: 1,
    past: [],
    future: [],
  });
  expect(revisionOf(born)).toBe(1);
});

test('record stores a change with its action, its time and patches in both directions', () => {
  const frozen = record(born, { type: 'setStatus', status: 'FROZEN', at: 1000 });
  expect(frozen.past).toEqual([
    {
      revision: 2,
      at: 1000,
      action: { type: 'setStatus', status: 'FROZEN', at: 1000 },
      forwards: [{ op: 'replace', path: '/status', value: 'FROZEN' }],
      backwards: [{ op: 'replace', path: '/status', value: 'ENABLED' }],
    },
  ]);
  expect(revisionOf(frozen)).toBe(2);
  expectFrozen(frozen);
});

test.each(Object.getOwnPropertyNames(Object.prototype))(
  'record, undo and redo work with a version called %s',
  (versionId) => {
    const actions: readonly SecretAction[] = [
      { type: 'createVersion', versionId, at: 1000 },
      { type: 'createVersion', at: 2000 },
      { type: 'createVersion', at: 3000 },
      { type: 'pruneDeprecated' },
    ];
    const history = actions.reduce((history, action) => record(history, action), born);
    const states = actions.map((_, done) => applyAll(born.present, actions.slice(0, done + 1)));
    expect(momentsOf(history).map(({ state }) => state)).toEqual([born.present, ...states]);
    expect(redo(undo(history)).present).toEqual(history.present);
  },
);

test('startHistory refuses an invalid time or length', () => {
  const state = createSecret({ name: 'db', at: 0 });
  expect(() => startHistory(state, { at: -1, length: 1 })).toThrow(
    expect.objectContaining({
      refusal: { code: 'INVALID_VALUE', field: 'at', found: '-1', rule: 'epoch milliseconds as a number' },
    }),
  );
  for (const length of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 10_001]) {
    expect(() => startHistory(state, { at: 0, length })).toThrow(
      expect.objectContaining({
        refusal: {
          code: 'INVALID_VALUE',
          field: 'length',
          found: `${length}`,
          rule: 'a whole number from 0 to 10,000',
        },
      }),
    );
  }
  expect(startHistory(state, { at: 0, length: 10_000 }).length).toBe(10_000);
});

property([recorded(), action])(
  'record does not change the history if the action is refused',
  ({ history, dialect }, action) => {
    const before = JSON.stringify(history);
    const outcome = tryRecord(history, action, { dialect });
    if (outcome.ok) expect(record(history, action, { dialect })).toEqual(outcome.history);
    else
      expect(() => record(history, action, { dialect })).toThrow(
        new StageRefusedError(outcome.refusal, explain(outcome.refusal)),
      );
    expect(JSON.stringify(history)).toBe(before);
  },
);

test('record drops unknown fields of an action, which could be the value of the secret', () => {
  const action = {
    type: 'createVersion',
    at: 2000,
    stages: ['canary'],
    secret_string: 'hunter2',
    versionId: undefined,
  };
  const history = record(rotated, action as SecretAction);
  expect(JSON.stringify(history)).not.toContain('hunter2');
  expect(Object.keys(history.past[1]?.action ?? {})).toEqual(['type', 'at', 'stages']);
  expect(Object.isFrozen(action.stages)).toBe(false);
});

test('record refuses a value that is not an action, and an unknown type', () => {
  for (const nothing of [undefined, null, 'restore', { type: 5 }]) {
    expect(tryRecord(rotated, nothing as never)).toMatchObject({ ok: false, refusal: { code: 'INVALID_VALUE' } });
  }
  const refusal = { code: 'UNKNOWN_ACTION', type: 'explode' };
  expect(tryRecord(rotated, { type: 'explode' } as never)).toMatchObject({ ok: false, refusal });
});

test('record reads an action whose getters change only once', () => {
  let asked = 0;
  const fickle = {
    type: 'createVersion' as const,
    get at() {
      return 2000 + asked++;
    },
    stages: Object.assign(['canary'], { toJSON: () => 'hunter2' }),
    toJSON: () => 'hunter2',
  };
  const history = record(rotated, fickle);
  expect(history.past[1]?.action).toEqual({ type: 'createVersion', at: 2000, stages: ['canary'] });
  expect(history.present.versions['v3']?.createTime).toBe(2000);
  expect(parseHistory(JSON.parse(JSON.stringify(history))).ok).toBe(true);
});

test('startHistory copies the state, and refuses one that breaks a law', () => {
  const loose = structuredClone(rotated.present);
  const note = { ...loose, stages: [...loose.stages].reverse() };
  const history = startHistory(note, { at: 0, length: 1 });
  expect(JSON.stringify(history.present)).toBe(JSON.stringify(rotated.present));
  expectFrozen(history);
  record(history, { type: 'pruneDeprecated' });
  expect(Object.isFrozen(note) || Object.isFrozen(note.versions) || Object.isFrozen(note.stages[0])).toBe(false);
  expect(() => startHistory({ ...loose, secret_string: 'hunter2' } as SecretState, { at: 0, length: 1 })).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ code: 'INVALID_STATE' }) }),
  );
  const dialect = defineDialect(huaweiCsms, { stages: { limit: 2 } });
  const full = record(rotated, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 }).present;
  expect(() => startHistory(full, { at: 0, length: 1, dialect })).toThrow('stage-limit');
});

test('record takes the empty string as a version id', () => {
  const dialect = defineDialect(huaweiCsms, { versions: { id: '.{0,64}' } });
  const history = record(rotated, { type: 'createVersion', at: 2000, versionId: '' }, { dialect });
  expect(undo(history).present).toEqual(rotated.present);
  expect(parseHistory(JSON.parse(JSON.stringify(history)), { dialect }).ok).toBe(true);
});

test('record stores at most two numbers for the counts of a secret', () => {
  const chosen = record(born, { type: 'createVersion', at: 1, versionId: 'mine', stages: [] });
  const paths = record(chosen, { type: 'createVersion', at: 2, stages: [] }).past.map(({ forwards }) =>
    forwards.map(({ path }) => path),
  );
  expect(paths).toEqual([
    ['/versions/mine', '/versionsMade'],
    ['/versions/v2', '/versionsMade', '/lastNumber'],
  ]);
});

test('record gives a pruning the time of the change before it', () => {
  const three = record(rotated, { type: 'createVersion', at: 2000 });
  const pruned = record(three, { type: 'pruneDeprecated', at: 9 } as SecretAction);
  expect(pruned.past[2]).toMatchObject({ at: 2000, action: { type: 'pruneDeprecated' } });
  const first = startHistory(three.present, { at: 5000, length: 1 });
  expect(record(first, { type: 'pruneDeprecated' }).past[0]?.at).toBe(5000);
});

test('redo redoes undone changes until another is recorded, and their revisions are not given again', () => {
  const back = undo(rotated);
  expect(currentVersion(back.present)).toBe('v1');
  expect(revisionOf(back)).toBe(1);
  expect(redo(back)).toEqual(rotated);

  const other = record(back, { type: 'setStatus', status: 'FROZEN', at: 2000 });
  expect(other.future).toEqual([]);
  expect(revisionOf(other)).toBe(3);
  expect(redo(other)).toBe(other);
});

test('record drops the oldest change beyond the length', () => {
  let history = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 2 });
  for (const at of [1, 2, 3]) history = record(history, { type: 'createVersion', at });
  expect(history.past.map((change) => change.revision)).toEqual([3, 4]);
  expect(history.oldest).toEqual({ revision: 2, at: 1 });
  expect(currentVersion(undo(undo(undo(history))).present)).toBe('v2');
  expect(stateAt(history, 0)).toBeUndefined();
  expect(stateAt(history, 1)).toEqual(undo(undo(history)).present);
});

test('a history of length 0 keeps only the present and its revision', () => {
  const none = record(startHistory(born.present, { at: 0, length: 0 }), { type: 'createVersion', at: 7 });
  expect(none).toMatchObject({ past: [], oldest: { revision: 2, at: 7 }, lastRevision: 2 });
  expect(revisionOf(none)).toBe(2);
  expect(undo(none)).toBe(none);
});

test('stateAt returns the state at a time', () => {
  const back = record(rotated, { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  const currentAt = (time: number) => currentVersion(stateAt(back, time) ?? born.present);
  expect([0, 999, 1000, 1999, 2000, 9e12].map(currentAt)).toEqual(['v1', 'v1', 'v2', 'v2', 'v1', 'v1']);
  expect(stateAt(back, -1)).toBeUndefined();
  expect(stateAt(back, Number.NaN)).toBeUndefined();
  expect(stateAt(undo(back), 2000)).toEqual(rotated.present);
});

property([recorded(), fc.nat(25)])(
  'stateAt returns the state after the last change up to the time',
  ({ history, states }, time) => {
    const moments = [history.oldest, ...history.past];
    const last = moments.findLast((moment) => moment.at <= time);
    expect(stateAt(history, time)).toEqual(last && states.get(last.revision));
  },
);

test('since refuses a revision that was never given, and names the range', () => {
  for (const revision of [-1, 3, 0.5, Number.NaN]) {
    expect(() => since(rotated, revision)).toThrow(
      expect.objectContaining({
        refusal: {
          code: 'INVALID_VALUE',
          field: 'revision',
          found: `${revision}`,
          rule: 'a whole number from 0 to 2',
        },
      }),
    );
  }
});

test('since returns only the changes after a known revision', () => {
  const marked = record(rotated, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 });
  const canary = { name: 'canary', versionId: 'v1', updateTime: 2000 };
  expect(since(marked, 3)).toEqual([]);
  for (const patch of [since(marked, 0), since(marked, 1), since(undo(marked), 3)]) expectFrozen(patch);
  expect(since(marked, 2)).toEqual([{ op: 'add', path: '/stages/2', value: canary }]);
  expect(since(marked, 1)).toEqual([...(rotated.past[0]?.forwards ?? []), ...since(marked, 2)]);
  expect(since(undo(marked), 3)).toStrictEqual([{ op: 'remove', path: '/stages/2' }]);
  expect(since(undo(undo(marked)), 3)).toEqual([
    { op: 'remove', path: '/stages/2' },
    ...(rotated.past[0]?.backwards ?? []),
  ]);
});

test('since returns the whole secret if the changes are not known', () => {
  const whole = Object.entries(rotated.present).map(([field, value]) => ({ op: 'add', path: `/${field}`, value }));
  expect(since(rotated, 0)).toEqual(whole);
  const other = record(undo(rotated), { type: 'createVersion', at: 2000 });
  expect(since(other, 2)).toHaveLength(8);
});

test('momentsOf returns every state with its time, oldest first', () => {
  const again = record(rotated, { type: 'createVersion', at: 2000 });
  expect(momentsOf(again)).toEqual([
    { at: 0, state: born.present },
    { at: 1000, state: rotated.present },
    { at: 2000, state: again.present },
  ]);
});

test('record keeps fingerprints, and parseHistory reads a history with its dialect', () => {
  const aws = bind(awsSecretsManager);
  const { dialect } = aws;
  const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
  const born = startHistory(aws.createSecret({ name: 'db', at: 0, versionId: a }), { at: 0, length: 9, dialect });
  const put: SecretAction = { type: 'createVersion', at: 1000, versionId: b, stages: ['AWSPENDING'], fingerprint: 'f' };
  const pending = record(born, put, { dialect });
  const promotion: SecretAction = { type: 'assignStage', stage: 'AWSCURRENT', versionId: b, at: 2000, from: a };
  const promoted = record(pending, promotion, { dialect });
  expect(aws.previousVersion(promoted.present)).toBe(a);
  expect(aws.createVersion(promoted.present, put)).toBe(promoted.present);
  expect(parseHistory(JSON.parse(JSON.stringify(promoted)), { dialect })).toEqual({ ok: true, history: promoted });
  expect(undo(promoted).present).toEqual(pending.present);
});

const wrong = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
const ofAws = () => createSecret({ name: 'db', at: 0 }, awsSecretsManager);

test.each(['mine', '__proto__'])('record keeps the change of a version %s that gets its value', (versionId) => {
  const dialect = defineDialect(huaweiCsms, { versions: { mayAwaitValue: true } });
  const start = startHistory(createSecret({ name: 'db', at: 0 }, dialect), { at: 0, length: 9, dialect });
  const begun = record(
    start,
    { type: 'createVersion', at: 1, versionId, stages: ['a'], withoutValue: true },
    { dialect },
  );
  const value = { type: 'createVersion', at: 2, versionId, stages: ['a'], fingerprint: 'f' } as const;
  const filled = record(begun, value, { dialect });
  expect(undo(filled).present).toEqual(begun.present);
  expect(redo(undo(filled)).present).toEqual(filled.present);
  expect(undo(undo(filled)).present).toEqual(start.present);
  for (const history of [begun, filled, undo(filled)])
    expect(parseHistory(JSON.parse(JSON.stringify(history)), { dialect })).toEqual({ ok: true, history });
});

test('startHistory refuses a secret of another dialect before an invalid time', () => {
  expect(() => startHistory(ofAws(), { at: -1, length: 1 })).toThrow(expect.objectContaining({ refusal: wrong }));
});

test('record refuses a secret of another dialect before an unknown action', () => {
  const history = startHistory(ofAws(), { at: 0, length: 1, dialect: awsSecretsManager });
  const nothing = { type: 'explode' } as never;
  expect(tryRecord(history, nothing)).toEqual({ ok: false, refusal: wrong });
  expect(() => record(history, nothing)).toThrow(expect.objectContaining({ refusal: wrong }));
});

/** A cloud without a limit of versions, where deprecated ones are pruned. */
const dialect = defineDialect(huaweiCsms, { versions: { limit: null } });
const versionActions = (count: number): SecretAction[] =>
  Array.from({ length: count }, (_, index) => ({ type: 'createVersion', at: index, stages: [] }));
/** A history of a secret with many versions, and no change yet. */
const manyVersions = (count: number): History =>
  startHistory(applyAll(createSecret({ name: 'db', at: 0 }), versionActions(count), dialect), {
    at: 0,
    length: 10_000,
    dialect,
  });
/** A history of many moves of one stage. */
const manyMoves = (count: number): History => {
  let history = startHistory(rotated.present, { at: 0, length: 10_000 });
  for (let at = 0; at < count; at++)
    history = record(history, { type: 'assignStage', stage: 'canary', versionId: at % 2 ? 'v1' : 'v2', at });
  return history;
};

test('record, undo and redo are linear in the versions of the secret', () => {
  const prune: SecretAction = { type: 'pruneDeprecated' };
  const create: SecretAction = { type: 'createVersion', at: 1 };
  for (const action of [prune, create]) {
    expectLinear((size) => {
      const history = manyVersions(size);
      return () => {
        const changed = record(history, action, { dialect });
        expect(JSON.stringify(undo(changed).present)).toBe(JSON.stringify(history.present));
        expect(redo(undo(changed)).past).toHaveLength(1);
      };
    }, 200);
  }
});

test('record, undo and redo of a move are linear in the versions and in the list of changes', () => {
  expectLinear((size) => {
    const history = manyVersions(size);
    return () => undo(record(history, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 1 }, { dialect }));
  }, 2000);
  expectLinear((size) => {
    const history = manyMoves(size);
    return () => redo(undo(record(history, { type: 'setStatus', status: 'FROZEN', at: 1 })));
  }, 200);
});

test('stateAt, momentsOf and since are linear in the changes', () => {
  for (const read of [(history: History) => stateAt(history, 0), momentsOf, (history: History) => since(history, 1)]) {
    expectLinear((size) => {
      const history = manyMoves(size);
      return () => read(history);
    }, 200);
  }
});

test('stateAt creates one state, however many changes it undoes', () => {
  expectLinear((size) => {
    const history = versionActions(size).reduce(
      (history, action) => record(history, action, { dialect }),
      manyVersions(0),
    );
    return () => expect(Object.keys(stateAt(history, -1) ?? stateAt(history, 0)?.versions ?? {})).toHaveLength(2);
  }, 100);
});

test('since returns the whole secret if the changes have more than 100,000 operations', () => {
  const made = manyVersions(0).present;
  const versions = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, index) => [
      `x${index}`,
      { id: `x${index}`, createTime: 0, ordinal: index + 2 },
    ]),
  );
  const many = { ...made, versions: { ...made.versions, ...versions }, versionsMade: 100_001 };
  const history = startHistory(many, { at: 0, length: 9, dialect });
  const pruned = record(history, { type: 'pruneDeprecated' }, { dialect });
  expect(since(pruned, 1)).toHaveLength(100_000);
  const frozen = record(pruned, { type: 'setStatus', status: 'FROZEN', at: 1 }, { dialect });
  expect(since(frozen, 1)).toEqual(since(frozen, 0));
  expect(since(frozen, 2)).toHaveLength(1);
  expect(JSON.stringify(undo(pruned).present)).toBe(JSON.stringify(history.present));
});
