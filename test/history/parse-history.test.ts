import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type History, parseHistory, record, redo, startHistory, undo } from '../../src/history/index.ts';
import { awsSecretsManager, createSecret, defineDialect, explain, huaweiCsms } from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property } from '../property.ts';
import { recorded } from './arbitraries.ts';

/** Three changes, the last of them undone. */
let history: History;
beforeEach(() => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 5 });
  const two = record(born, { type: 'createVersion', at: 1000 });
  const marked = record(two, { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 2000 });
  history = undo(record(marked, { type: 'createVersion', at: 3000, versionId: '__proto__' }));
});

property([recorded()])('parse(stringify(h)) equals h, to the letter, and goes on as h does', ({ history, dialect }) => {
  const parsed = parseHistory(JSON.parse(JSON.stringify(history)), { dialect });
  expect(parsed.ok && JSON.stringify(parsed.history)).toBe(JSON.stringify(history));
  if (!parsed.ok) return;
  expectFrozen(parsed.history);
  expect(undo(parsed.history)).toEqual(undo(history));
  expect(redo(parsed.history)).toEqual(redo(history));
});

test('parseHistory freezes a history without changes, too', () => {
  const parsed = parseHistory(
    JSON.parse(JSON.stringify(startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 0 }))),
  );
  expect(parsed.ok).toBe(true);
  expectFrozen(parsed.ok && parsed.history);
});

test('the input is left as it was, and its fields may come in any order', () => {
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

const toBefore = 'patches to the secret before the change';
const same = 'an action with patches that do what it does by the rules of this dialect';
const toAfter = 'patches to the secret after the change';
const proto = JSON.parse('[{ "op": "add", "path": "/__proto__", "value": { "polluted": 1 } }]');

test.each<[readonly (string | number)[], unknown, string, string]>([
  [['length'], -1, 'history.length', 'a whole number from 0'],
  [['length'], 2, 'history.length', '3 or more, for so many changes'],
  [['note'], 'x', 'history.note', 'omitted'],
  [['oldest', 'at'], 0.5, 'history.oldest.at', 'epoch ms'],
  [['past', 0, 'revision'], '2', 'history.past[0].revision', 'of type number'],
  [['past', 1, 'forwards', 0, 'op'], 'move', 'history.past[1].forwards', toAfter],
  [['past', 1, 'forwards'], 'x', 'history.past[1].forwards', 'of type Array'],
  [['past', 1, 'at'], undefined, 'history.past[1].at', 'there'],
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
  [['lastRevision'], 3, 'history.lastRevision', '4 or more, for it was given'],
  [['past', 0, 'at'], 999, 'history.past[0].at', '1000, the time of the action'],
  [['past', 0, 'action', 'secret_string'], 'hunter2', 'history.past[0].action', 'without other fields'],
  [['past', 1, 'action'], { type: 'pruneDeprecated' }, 'history.past[1].action', 'an action that changes something'],
  [['past', 0, 'action'], { type: 'pruneDeprecated' }, 'history.past[0].action', 'an action that changes something'],
  [
    ['past', 0, 'action'],
    { type: 'restore', at: 1000 },
    'history.past[0].action',
    'an action that is not refused: The secret is ENABLED, not PENDING_DELETE: there is no deletion to call off.',
  ],
  [['past', 0, 'action', 'type'], '__proto__', 'history.past[0].action', 'an action that is not refused'],
  [['past', 0, 'action', 'versionId'], 'v7', 'history.past[0]', same],
  [['present', 'stages', 2, 'updateTime'], 2500, 'history.present', 'where its past leads'],
  [['present', 'status'], 'LOST', 'history.present.status', 'one of ENABLED, DISABLED, FROZEN, PENDING_DELETE'],
])('%j with %j is refused at %s', (path, value, where, expected) => {
  const outcome = parseHistory(tampered(path, value));
  if (outcome.ok || outcome.refusal.code !== 'INVALID_HISTORY') return expect.unreachable();
  expect(outcome.refusal.problems[0]).toMatchObject({ path: where, expected: expect.stringContaining(expected) });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
  expect(explain(outcome.refusal)).toContain(`This is not a history: ${where} must be `);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('a history is judged by the rules that it is read under', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { limit: 2 } });
  expect(parseHistory(history, { dialect })).toMatchObject({
    refusal: { problems: [{ path: 'history.present', law: 'stage-limit' }] },
  });
  const ended = undo(history);
  expect(parseHistory(ended, { dialect })).toMatchObject({
    refusal: { problems: [{ path: 'history.future[0].action' }] },
  });
});

test('what is no history at all is named as a whole', () => {
  const problem = { path: 'history', expected: 'of type Object' };
  expect(parseHistory('x')).toMatchObject({ refusal: { problems: [problem] } });
});

property([fc.anything()])('anything else is refused and does no harm', (anything) => {
  expect(parseHistory(anything)).toMatchObject({ ok: false, refusal: { code: 'INVALID_HISTORY' } });
});

test('parseHistory refuses the history of a secret of another dialect before anything else in it', () => {
  const dialect = awsSecretsManager;
  const born = startHistory(createSecret({ name: 'db', at: 0 }, dialect), { at: 0, length: 5, dialect });
  const outcome = parseHistory(JSON.parse(JSON.stringify({ ...born, length: -1 })));
  if (outcome.ok) return expect.unreachable();
  expect(explain(outcome.refusal)).toBe(
    'The secret belongs to "aws-secrets-manager", and the call uses the rules of "huawei-csms". ' +
      'Pass the dialect "aws-secrets-manager".',
  );
});

test('parseHistory refuses a past of another dialect', () => {
  const other = { op: 'replace', path: '/dialect', value: 'aws-secrets-manager' };
  const backwards = [...(history.past[0]?.backwards ?? []), other];
  expect(parseHistory(tampered(['past', 0, 'backwards'], backwards))).toMatchObject({
    refusal: { code: 'INVALID_HISTORY', problems: [{ path: 'history.past[0].backwards', expected: toBefore }] },
  });
});
