import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type History, parseHistory, record, redo, startHistory, undo } from '../../src/history/index.ts';
import {
  awsSecretsManager,
  createSecret,
  type Dialect,
  defineDialect,
  explain,
  googleSecretManager,
  huaweiCsms,
  type SecretAction,
} from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property } from '../property.ts';
import { expectLinear } from '../work.ts';
import { recorded } from './arbitraries.ts';

/** Three changes, the last of them undone. */
let history: History;
beforeEach(() => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 5 });
  const two = record(born, { type: 'createVersion', at: 1000 });
  const marked = record(two, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 });
  history = undo(record(marked, { type: 'createVersion', at: 3000, versionId: '__proto__' }));
});

property([recorded()])('parseHistory(stringify(h)) equals h and continues like h', ({ history, dialect }) => {
  const parsed = parseHistory(JSON.parse(JSON.stringify(history)), { dialect });
  expect(parsed.ok && JSON.stringify(parsed.history)).toBe(JSON.stringify(history));
  if (!parsed.ok) return;
  expectFrozen(parsed.history);
  expect(undo(parsed.history)).toEqual(undo(history));
  expect(redo(parsed.history)).toEqual(redo(history));
});

test('parseHistory freezes a history without changes', () => {
  const parsed = parseHistory(
    JSON.parse(JSON.stringify(startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 0 }))),
  );
  expect(parsed.ok).toBe(true);
  expectFrozen(parsed.ok && parsed.history);
});

test('parseHistory does not change the input, and takes fields in any order', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  };
  const input = JSON.parse(JSON.stringify(turned(history)));
  const before = JSON.stringify(input);
  const parsed = parseHistory(input);
  expect(parsed.ok && JSON.stringify(parsed.history)).toBe(JSON.stringify(history));
  expect(JSON.stringify(input)).toBe(before);
  expect(Object.isFrozen(input) || Object.isFrozen(input.past[0].forwards)).toBe(false);
});

/** The history as JSON with something put at a place in it. */
const tampered = (path: readonly (string | number)[], value: unknown): unknown => {
  const copy = JSON.parse(JSON.stringify(history));
  const parent = path.slice(0, -1).reduce((node, key) => node[key], copy);
  parent[path.at(-1) ?? ''] = value;
  return copy;
};

const toBefore = 'patches that lead to the secret before the change';
const same = 'an action whose patches do the same as the action does in this dialect';
const toAfter = 'patches that lead to the secret after the change';
const proto = JSON.parse('[{ "op": "add", "path": "/__proto__", "value": { "polluted": 1 } }]');

test.each<[readonly (string | number)[], unknown, string, string]>([
  [['length'], -1, 'history.length', 'a whole number from 0'],
  [['length'], 2, 'history.length', 'at least 3, the number of its changes'],
  [['length'], 10_001, 'history.length', 'a whole number from 0 to 10,000'],
  [['note'], 'x', 'history.note', 'omitted'],
  [['oldest', 'at'], 0.5, 'history.oldest.at', 'epoch milliseconds'],
  [['past', 0, 'revision'], '2', 'history.past[0].revision', 'a number'],
  [['past', 1, 'forwards', 0, 'op'], 'move', 'history.past[1].forwards', toAfter],
  [['past', 1, 'forwards'], 'x', 'history.past[1].forwards', 'a list'],
  [['past', 1, 'at'], undefined, 'history.past[1].at', 'a number'],
  [['oldest', 'revision'], 0, 'history.oldest.revision', 'from 1'],
  [['lastRevision'], 2 ** 53, 'history.lastRevision', 'a whole number from 0 to 1e15'],
  [['past', 0, 'backwards'], [], 'history.past[0]', same],
  [['past', 1, 'backwards', 0, 'path'], '/stages/0', 'history.past[1].backwards', toBefore],
  [['past', 0, 'backwards'], proto, 'history.past[0].backwards', toBefore],
  [['past', 0, 'backwards', 0, 'path'], '/__proto__/polluted', 'history.past[0].backwards', toBefore],
  [['past', 0, 'forwards'], [], 'history.past[0].forwards', toAfter],
  [['future', 0, 'forwards'], [], 'history.future[0].forwards', toAfter],
  [['future', 0, 'backwards'], [], 'history.future[0].backwards', toBefore],
  [['past', 1, 'revision'], 2, 'history.past[1].revision', 'above 2'],
  [['future', 0, 'revision'], 3, 'history.future[0].revision', 'above 3'],
  [['oldest', 'revision'], 2, 'history.past[0].revision', 'above 2'],
  [['lastRevision'], 3, 'history.lastRevision', 'at least 4, the revision of its last change'],
  [['past', 0, 'at'], 999, 'history.past[0].at', '1000, the time of the action'],
  [['past', 0, 'action', 'secret_string'], 'hunter2', 'history.past[0].action', 'without other fields'],
  [['past', 1, 'action'], { type: 'pruneDeprecated' }, 'history.past[1].action', 'an action that changes something'],
  [['past', 0, 'action'], { type: 'pruneDeprecated' }, 'history.past[0].action', 'an action that changes something'],
  [
    ['past', 0, 'action'],
    { type: 'restore', at: 1000 },
    'history.past[0].action',
    'an action that is not refused: The secret is ENABLED: no deletion is scheduled',
  ],
  [['past', 0, 'action', 'type'], '__proto__', 'history.past[0].action', 'an action that is not refused'],
  [['past', 0, 'action', 'versionId'], 'v7', 'history.past[0]', same],
  [['present', 'stages', 2, 'updateTime'], 2500, 'history.present', 'the state that its past leads to'],
  [['present', 'status'], 'LOST', 'history.present.status', 'one of ENABLED, DISABLED, FROZEN, PENDING_DELETE'],
])('%j with %j is refused at %s', (path, value, where, expected) => {
  const outcome = parseHistory(tampered(path, value));
  if (outcome.ok || outcome.refusal.code !== 'INVALID_HISTORY') return expect.unreachable();
  expect(outcome.refusal.problems[0]).toMatchObject({ path: where, expected: expect.stringContaining(expected) });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
  expect(explain(outcome.refusal)).toContain(
    `This is not a history: ${where} ${value === undefined ? 'is required' : 'must be '}`,
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('parseHistory checks a history with the dialect that it is given', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { limit: 2 } });
  expect(parseHistory(history, { dialect })).toMatchObject({
    refusal: { problems: [{ path: 'history.present', law: 'stage-limit' }] },
  });
  const ended = undo(history);
  expect(parseHistory(ended, { dialect })).toMatchObject({
    refusal: { problems: [{ path: 'history.future[0].action' }] },
  });
});

test('parseHistory reports data that is not a history as a whole', () => {
  const problem = { path: 'history', expected: 'an object' };
  expect(parseHistory('x')).toMatchObject({ refusal: { problems: [problem] } });
});

property([fc.anything()])('parseHistory refuses any other data and never throws', (anything) => {
  expect(parseHistory(anything)).toMatchObject({ ok: false, refusal: { code: 'INVALID_HISTORY' } });
});

test('parseHistory refuses the history of a secret of another dialect before anything else in it', () => {
  const dialect = awsSecretsManager;
  const born = startHistory(createSecret({ name: 'db', at: 0 }, dialect), { at: 0, length: 5, dialect });
  const outcome = parseHistory(JSON.parse(JSON.stringify({ ...born, length: -1 })));
  if (outcome.ok) return expect.unreachable();
  expect(explain(outcome.refusal)).toBe(
    'The secret belongs to "aws-secrets-manager", not "huawei-csms". Pass its dialect.',
  );
});

test('parseHistory refuses a past of another dialect', () => {
  const other = { op: 'replace', path: '/dialect', value: 'aws-secrets-manager' };
  const backwards = [...(history.past[0]?.backwards ?? []), other];
  expect(parseHistory(tampered(['past', 0, 'backwards'], backwards))).toMatchObject({
    refusal: { code: 'INVALID_HISTORY', problems: [{ path: 'history.past[0].backwards', expected: toBefore }] },
  });
});

/** A history of these actions. */
const livedThrough = (actions: readonly SecretAction[], dialect: Dialect) => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }, dialect), { at: 0, length: 10_000, dialect });
  return actions.reduce((history, action) => record(history, action, { dialect }), born);
};

test('parseHistory is linear in changes that create versions', () => {
  // One keeps all versions, and the other 20.
  for (const dialect of [googleSecretManager, huaweiCsms]) {
    expectLinear((size) => {
      const actions = Array.from({ length: size }, (_, at) => ({ type: 'createVersion' as const, at }));
      const all = livedThrough(actions, dialect);
      // Half of them undone, so that both lists are read.
      const history = Array.from({ length: size / 2 }).reduce<History>(undo, all);
      const input = JSON.parse(JSON.stringify(history));
      return () => expect(parseHistory(input, { dialect })).toMatchObject({ ok: true });
    }, 100);
  }
});

test('parseHistory is linear in the moves of a stage, and in the versions of one pruning', () => {
  const dialect = defineDialect(huaweiCsms, { versions: { limit: null } });
  const ofMoves = (size: number) =>
    Array.from({ length: size }, (_, at) => {
      const versionId = `v${(at % 2) + 1}`;
      return { type: 'assignStage' as const, stage: 'canary', versionId, at: at + 2 };
    });
  const made = (size: number) =>
    Array.from({ length: size }, (_, at) => ({ type: 'createVersion' as const, at, stages: [] }));
  const stories: ((size: number) => readonly SecretAction[])[] = [
    (size) => [...made(2), ...ofMoves(size)],
    (size) => [...made(size), { type: 'pruneDeprecated' }],
  ];
  for (const story of stories) {
    expectLinear((size) => {
      const input = JSON.parse(JSON.stringify(livedThrough(story(size), dialect)));
      return () => expect(parseHistory(input, { dialect })).toMatchObject({ ok: true });
    }, 100);
  }
});

test('parseHistory reports the path of a patch that leads to an invalid secret, even if only the whole state shows it', () => {
  const actions: SecretAction[] = [
    { type: 'createVersion', at: 1, stages: [] },
    ...['a', 'b', 'c', 'd', 'e'].map((stage) => ({ type: 'assignStage' as const, stage, versionId: 'v1', at: 2 })),
  ];
  const lived = JSON.parse(JSON.stringify(livedThrough(actions, huaweiCsms)));
  // The version v2 was the second that was made, and no stage marks it.
  const born = { ...lived, past: lived.past.slice(1), oldest: { revision: 2, at: 1 } };
  expect(parseHistory(born).ok).toBe(true);
  for (const index of born.past.keys()) {
    const copy = structuredClone(born);
    copy.past[index].backwards.push({ op: 'replace', path: '/versionsMade', value: 1 });
    expect(parseHistory(copy)).toMatchObject({
      refusal: { problems: [{ path: `history.past[${index}].backwards`, expected: toBefore }] },
    });
  }
});

test('parseHistory reports the path of a patch that leads to an invalid secret, even if an older patch would hide it', () => {
  const backwards = [
    ...(history.past[1]?.backwards ?? []),
    { op: 'replace', path: '/stages/0/updateTime', value: 0.5 }, // the change before replaces the stage
    { op: 'replace', path: '/status', value: 'DISABLED' }, // and could not be done
  ];
  expect(parseHistory(tampered(['past', 1, 'backwards'], backwards))).toMatchObject({
    refusal: { problems: [{ path: 'history.past[1].backwards', expected: toBefore }] },
  });
});

test('parseHistory takes patches of other libraries, if they lead to the same states and copy nothing', () => {
  const [change] = history.past;
  if (!change) return expect.unreachable();
  const same = { op: 'test', path: '/versions/v1', value: history.present.versions['v1'] };
  const moves = [
    { op: 'move', from: '/versions/v2', path: '/versions/v3' },
    { op: 'move', from: '/versions/v3', path: '/versions/v2' },
  ];
  const longer = tampered(['past', 0, 'forwards'], [...change.forwards, same, ...moves]);
  expect(parseHistory(longer)).toEqual(parseHistory(history));
  const whole = [...change.forwards, { op: 'replace', path: '/versions', value: undo(history).present.versions }];
  expect(parseHistory(tampered(['past', 0, 'forwards'], whole))).toEqual(parseHistory(history));
  for (const extra of [
    [{ op: 'copy', from: '/name', path: '/name' }],
    [
      { op: 'move', from: '/versions', path: '/x' },
      { op: 'move', from: '/x', path: '/versions' },
    ],
  ]) {
    for (const [direction, expected] of [
      ['forwards', toAfter],
      ['backwards', toBefore],
    ] as const) {
      expect(parseHistory(tampered(['past', 0, direction], [...change[direction], ...extra]))).toMatchObject({
        refusal: { problems: [{ path: `history.past[0].${direction}`, expected }] },
      });
    }
  }
});

test('parseHistory requires all versions in a change if a path cannot name one of them', () => {
  const move: SecretAction = { type: 'assignStage', stage: 'canary', versionId: 'v2', at: 4000 };
  const full = record(redo(history), move);
  const input = JSON.parse(JSON.stringify(full));
  expect(parseHistory(input)).toEqual({ ok: true, history: full });
  const { value } = input.past[2].forwards.find((operation: { path: string }) => operation.path === '/versions');
  const id = '__proto__';
  const others = (patch: { path: string }[]) => patch.filter(({ path }) => path !== '/versions');
  input.past[2].forwards = [
    ...others(input.past[2].forwards),
    { op: 'add', path: `/versions/${id}`, value: new Map(Object.entries(value)).get(id) },
  ];
  input.past[2].backwards = [...others(input.past[2].backwards), { op: 'remove', path: `/versions/${id}` }];
  expect(parseHistory(input)).toMatchObject({ refusal: { problems: [{ path: 'history.past[2]', expected: same }] } });
});

test('parseHistory refuses data with a million problems, or nested 100,000 deep', () => {
  const many = Array.from({ length: 200_000 }, () => 'x');
  expect(parseHistory({ ...history, past: many })).toMatchObject({ ok: false, refusal: { code: 'INVALID_HISTORY' } });
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  for (const path of [
    ['present', 'name'],
    ['past', 0, 'action', 'versionId'],
    ['past', 1, 'action', 'stage'],
    ['past', 0, 'forwards', 0, 'value'],
    ['past', 0, 'backwards', 0],
    ['future', 0, 'forwards', 0, 'value'],
  ]) {
    expect(parseHistory(tampered(path, deep))).toMatchObject({ ok: false, refusal: { code: 'INVALID_HISTORY' } });
  }
});
