import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  awsSecretsManager,
  bind,
  createSecret,
  type Dialect,
  defineDialect,
  explain,
  googleSecretManager,
  huaweiCsms,
  parseAction,
  type SecretAction,
  tryReduce,
} from '../src/index.ts';
import { bareAction, parseActionOrCreation } from '../src/parse-action.ts';
import { secretAction } from '../src/testing/index.ts';
import { action } from './arbitraries.ts';
import { expectFrozen, expectLoose } from './expect-frozen.ts';
import { property } from './property.ts';

const types = 'createVersion, assignStage, removeStage, pruneDeprecated, scheduleDeletion, restore, setStatus';
const move = { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 1000 };
const refusalOf = (input: unknown, dialect?: Dialect) => {
  const parsed = parseAction(input, dialect);
  return parsed.ok ? expect.fail('It is an action.') : parsed.refusal;
};
const sentenceOf = (input: unknown, dialect?: Dialect) => explain(refusalOf(input, dialect));

const full: readonly SecretAction[] = [
  { type: 'createVersion', at: 0, versionId: 'v2', stages: ['canary', 'blue'], fingerprint: 'hmac:1' },
  { type: 'createVersion', at: 0 },
  { type: 'createVersion', at: 0, withoutValue: false },
  { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0, from: 'v2' },
  { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0, from: null },
  { type: 'removeStage', stage: 'canary', at: 0, from: 'v2' },
  { type: 'pruneDeprecated', keep: 0, createdBefore: 864e13 },
  { type: 'pruneDeprecated' },
  { type: 'scheduleDeletion', at: 0, recoveryWindowInDays: 7 },
  { type: 'restore', at: 0 },
  { type: 'setStatus', status: 'FROZEN', at: 0 },
];

test.each(full)('parseAction returns %j as it is, with and without its dialect', (action) => {
  expect(parseAction(action)).toStrictEqual({ ok: true, action });
  expect(parseAction(action, huaweiCsms)).toStrictEqual({ ok: true, action });
  expect(bind(huaweiCsms).parseAction(action)).toStrictEqual({ ok: true, action });
  expect(parseActionOrCreation(action)).toStrictEqual({ ok: true, action });
});

test('parseAction returns withoutValue where the dialect may allow it', () => {
  const action = { type: 'createVersion', at: 0, withoutValue: true };
  for (const dialect of [undefined, awsSecretsManager])
    expect(parseAction(action, dialect)).toStrictEqual({ ok: true, action });
  expect(sentenceOf(action, huaweiCsms)).toBe(
    'withoutValue must be omitted, because a version has a value from its creation; got true.',
  );
  expect(sentenceOf({ ...action, withoutValue: 1 })).toBe('withoutValue must be true or false; got 1.');
});

test('parseAction returns a frozen copy and does not change the input', () => {
  const input = { type: 'createVersion', at: 0, stages: ['canary'], versionId: undefined };
  const parsed = parseAction(input);
  expect(parsed).toStrictEqual({ ok: true, action: { type: 'createVersion', at: 0, stages: ['canary'] } });
  expectFrozen(parsed.ok && parsed.action);
  input.stages.push('blue');
  expect(parsed).toMatchObject({ action: { stages: ['canary'] } });
  expectLoose(input);
});

test('parseAction takes an action without a prototype, and ignores inherited fields', () => {
  expect(parseAction(Object.assign(Object.create(null), move))).toStrictEqual({ ok: true, action: move });
  expect(sentenceOf(Object.create(move))).toBe('type is required.');
  expect(sentenceOf(Object.assign(Object.create({ at: 0 }), { type: 'restore' }))).toBe('at is required.');
});

test.each([
  [undefined, 'nothing', 'action is required.'],
  [null, 'null', 'action must be an object; got null.'],
  ['restore', 'a string of 7 characters', 'action must be an object; got a string of 7 characters.'],
  [[move], 'a list', 'action must be an object; got a list.'],
  [new Map([['type', 'restore']]), 'an object', 'action must be an object; got an object.'],
])('parseAction refuses %o, which is not an object with fields', (input, found, sentence) => {
  expect(refusalOf(input)).toEqual({ code: 'INVALID_VALUE', field: 'action', rule: 'an object', found });
  expect(sentenceOf(input)).toBe(sentence);
});

test.each([
  [undefined, 'nothing', 'type is required.'],
  [null, 'null', `type must be one of ${types}; got null.`],
  [['restore'], 'a list', `type must be one of ${types}; got a list.`],
])('parseAction refuses the type %j, which is not a string', (type, found, sentence) => {
  expect(refusalOf({ ...move, type })).toEqual({
    code: 'INVALID_VALUE',
    field: 'type',
    rule: `one of ${types}`,
    found,
  });
  expect(sentenceOf({ ...move, type })).toBe(sentence);
});

test.each(['move', 'createSecret', '__proto__', 'constructor', 'toString', ''])(
  'parseAction refuses the unknown type %j before it checks fields',
  (type) => {
    expect(refusalOf({ type, colour: 1 })).toEqual({ code: 'UNKNOWN_ACTION', type, known: types.split(', ') });
  },
);

test.each([
  [googleSecretManager, 'scheduleDeletion'],
  [googleSecretManager, 'restore'],
  [googleSecretManager, 'setStatus'],
  [awsSecretsManager, 'setStatus'],
])('parseAction refuses an action that %j does not support, before it checks fields', (dialect, type) => {
  expect(refusalOf({ type, colour: 1 }, dialect)).toEqual({
    code: 'ACTION_NOT_OFFERED',
    action: type,
    dialect: dialect.title,
  });
  expect(refusalOf({ type, colour: 1 }).code).toBe('INVALID_VALUE');
});

test.each([
  ['createVersion', 'stage', 'did you mean stages?'],
  ['createVersion', 'versionID', 'did you mean versionId?'],
  ['assignStage', 'form', 'did you mean from?'],
  ['assignStage', 'stages', 'did you mean stage?'],
  ['scheduleDeletion', 'recoveryWindowInDay', 'did you mean recoveryWindowInDays?'],
  ['restore', 'secret_string', 'use one of at'],
  ['setStatus', 'secret_string', 'use one of status, at'],
  ['pruneDeprecated', '__proto__', 'use one of keep, createdBefore'],
  ['assignStage', 'constructor', 'use one of stage, versionId, at, from'],
  ['assignStage', 'toString', 'use one of stage, versionId, at, from'],
])('parseAction refuses %s with the field %j and suggests a field', (type, field, hint) => {
  // Parsed, because a literal would set the prototype.
  const input = JSON.parse(`{ "type": ${JSON.stringify(type)}, ${JSON.stringify(field)}: "hunter2" }`);
  expect(refusalOf(input)).toEqual({
    code: 'INVALID_VALUE',
    field: JSON.stringify(field),
    rule: `omitted, because ${type} has no such field (${hint})`,
  });
  expect(sentenceOf(input)).toBe(`"${field}" must be omitted, because ${type} has no such field (${hint}).`);
});

test('parseAction refuses an unknown field even if it is undefined, and cuts and escapes its name', () => {
  expect(sentenceOf({ ...move, form: undefined })).toContain('did you mean from?');
  const [long, turned] = ['x'.repeat(2 ** 20), 'a\n\u202eb'];
  expect(sentenceOf({ ...move, [long]: 1 })).toBe(
    `"${'x'.repeat(79)}…" must be omitted, because assignStage has no such field (use one of stage, versionId, at, from).`,
  );
  expect(sentenceOf({ ...move, [turned]: 1 })).toMatch(/^"a\\n\\u\{202e\}b" must be omitted/);
});

const stage = 'text that matches /^[\\w-]{1,64}$/';
const id = 'text that matches /^.{1,64}$/';
const time = 'epoch milliseconds as a number';
const print = 'omitted, or a string of 1 to 256 characters';

test.each<readonly [object, field: string, rule: string, found: string, ofDialect?: string]>([
  [{ type: 'createVersion' }, 'at', time, 'nothing'],
  [{ type: 'createVersion', at: '5' }, 'at', time, 'the string "5"'],
  [{ type: 'createVersion', at: -0 }, 'at', time, '-0'],
  [{ type: 'createVersion', at: 0, versionId: null }, 'versionId', 'a string', 'null', id],
  [{ type: 'createVersion', at: 0, stages: 'canary' }, 'stages', 'a list', 'a string of 6 characters'],
  [{ type: 'createVersion', at: 0, stages: ['canary', 5] }, 'stages[1]', 'a string', '5', stage],
  [{ type: 'createVersion', at: 0, stages: [undefined] }, 'stages[0]', 'a string', 'nothing', stage],
  [{ type: 'createVersion', at: 0, fingerprint: '' }, 'fingerprint', print, 'a string of 0 characters'],
  [{ type: 'createVersion', at: 0, fingerprint: 5 }, 'fingerprint', print, 'a number'],
  [{ type: 'assignStage', versionId: 'v1', at: 0 }, 'stage', 'a string', 'nothing', stage],
  [{ type: 'assignStage', stage: null, versionId: 'v1', at: 0 }, 'stage', 'a string', 'null', stage],
  [{ type: 'assignStage', stage: 'a', at: 0 }, 'versionId', 'a string', 'nothing', id],
  [{ type: 'assignStage', stage: 'a', versionId: 'v1' }, 'at', time, 'nothing'],
  [{ ...move, from: 5 }, 'from', 'a string, or be null', '5', `${id}, or be null`],
  [{ type: 'removeStage', at: 0 }, 'stage', 'a string', 'nothing', stage],
  [{ type: 'removeStage', stage: 'a' }, 'at', time, 'nothing'],
  [{ type: 'removeStage', stage: 'a', at: 0, from: null }, 'from', 'a string', 'null', id],
  [{ type: 'pruneDeprecated', keep: -1 }, 'keep', 'a whole number from 0', '-1'],
  [{ type: 'pruneDeprecated', createdBefore: 0.5 }, 'createdBefore', time, '0.5'],
  [
    { type: 'scheduleDeletion', at: 0, recoveryWindowInDays: 0 },
    'recoveryWindowInDays',
    'a whole number from 1',
    '0',
    'a whole number from 7 to 30',
  ],
  [{ type: 'restore' }, 'at', time, 'nothing'],
  [{ type: 'setStatus', at: 0 }, 'status', 'one of ENABLED, DISABLED, FROZEN', 'nothing'],
  [
    { type: 'setStatus', at: 0, status: 'PENDING_DELETE' },
    'status',
    'one of ENABLED, DISABLED, FROZEN',
    'the string "PENDING_DELETE"',
  ],
])('parseAction refuses %j because of %s', (input, field, rule, found, ofDialect = rule) => {
  expect(refusalOf(input)).toEqual({ code: 'INVALID_VALUE', field, rule, found });
  expect(refusalOf(input, huaweiCsms)).toEqual({ code: 'INVALID_VALUE', field, rule: ofDialect, found });
  expect(sentenceOf(input)).toBe(
    found === 'nothing' ? `${field} is required.` : `${field} must be ${rule}; got ${found}.`,
  );
});

test.each<readonly [object, Dialect, string]>([
  [{ ...move, stage: 'a b' }, huaweiCsms, `stage must be ${stage}; got the string "a b".`],
  [{ ...move, versionId: '' }, huaweiCsms, `versionId must be ${id}; got the string "".`],
  [{ ...move, from: '' }, huaweiCsms, `from must be ${id}, or be null; got the string "".`],
  [
    { type: 'scheduleDeletion', at: 0, recoveryWindowInDays: 31 },
    huaweiCsms,
    'recoveryWindowInDays must be a whole number from 7 to 30; got 31.',
  ],
  [
    { type: 'setStatus', at: 0, status: 'FROZEN' },
    defineDialect(huaweiCsms, { secret: { pausedAs: ['DISABLED'] } }),
    'status must be one of ENABLED, DISABLED; got the string "FROZEN".',
  ],
])('parseAction refuses %j only with a dialect that does not allow it', (input, dialect, sentence) => {
  expect(parseAction(input)).toStrictEqual({ ok: true, action: input });
  expect(sentenceOf(input, dialect)).toBe(sentence);
});

test('parseAction never shows a value in place of a fingerprint or of a list', () => {
  for (const odd of ['hunter2'.repeat(40), { hunter2: 1 }, ['hunter2'], Symbol('hunter2')]) {
    expect(sentenceOf({ type: 'createVersion', at: 0, fingerprint: odd })).not.toContain('hunter2');
  }
  expect(sentenceOf({ type: 'createVersion', at: 0, stages: 'hunter2' })).not.toContain('hunter2');
  expect(sentenceOf({ type: 'createVersion', at: 0, value: 'hunter2' })).not.toContain('hunter2');
});

test('parseAction reads each getter and each element of a list once', () => {
  const reads: PropertyKey[] = [];
  const counting = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get: (from, key) => {
        if (key !== Symbol.toStringTag && key !== Symbol.iterator && key !== 'length') reads.push(key);
        return Reflect.get(from, key);
      },
    });
  const stages = counting(['canary', 'blue']);
  expect(parseAction(counting({ type: 'createVersion', at: 0, stages, fingerprint: 'a' }), huaweiCsms).ok).toBe(true);
  expect(reads).toEqual(['type', 'at', 'stages', 'fingerprint', '0', '1']);
});

test('parseAction keeps the first value of a getter', () => {
  let times = 0;
  const input = {
    ...move,
    get stage() {
      return times++ === 0 ? 'canary' : 5;
    },
  };
  expect(parseAction(input)).toStrictEqual({ ok: true, action: move });
});

property([action])('parseAction returns every action whose fields are valid, and refuses any other', (given) => {
  const parsed = parseAction(given);
  const isSound = (value: unknown) =>
    value === undefined ||
    (Number.isSafeInteger(value) && !Object.is(value, -0) && Number(value) >= 0 && Number(value) <= 864e13);
  const { at, keep, createdBefore }: { at?: number; keep?: number | undefined; createdBefore?: number | undefined } =
    given as object;
  expect(parsed.ok).toBe([at, keep, createdBefore].every(isSound));
  if (parsed.ok) expect(parsed.action).toEqual(given);
});

const dialects = fc.constantFrom(huaweiCsms, awsSecretsManager, alibabaKms, googleSecretManager);
const actionOf = (hostile: boolean) =>
  dialects.chain((dialect) =>
    fc.tuple(fc.constant(dialect), secretAction(createSecret({ name: 'db', at: 0 }, dialect), { dialect, hostile })),
  );

property([actionOf(false)])(
  'parseAction returns every action of the test kit, with and without a dialect',
  ([dialect, given]) => {
    expect(parseAction(given)).toStrictEqual({ ok: true, action: given });
    const parsed = parseAction(given, dialect);
    if (parsed.ok) expect(parsed.action).toStrictEqual(given);
    // The kit also makes windows that are too short or too long.
    else expect(given.type).toBe('scheduleDeletion');
  },
);

property([actionOf(true)])(
  'tryReduce refuses every action that parseAction refuses with a dialect',
  ([dialect, given]) => {
    const parsed = parseAction(given, dialect);
    const outcome = tryReduce(createSecret({ name: 'db', at: 0 }, dialect), given, dialect);
    if (!parsed.ok) expect(outcome.ok && parsed.refusal.code !== 'ACTION_NOT_OFFERED').toBe(false);
    else expect(tryReduce(createSecret({ name: 'db', at: 0 }, dialect), parsed.action, dialect)).toEqual(outcome);
  },
);

test('parseActionOrCreation also reads the creation of a secret', () => {
  const creation = { type: 'createSecret', name: 'db', at: 0, versionId: null, fingerprint: 'a' };
  expect(parseActionOrCreation(creation)).toStrictEqual({ ok: true, action: creation });
  expect(parseActionOrCreation({ type: 'createSecret', at: 0 })).toMatchObject({
    refusal: { field: 'name', found: 'nothing' },
  });
});

test('bareAction drops unknown fields, and returns other values unchanged', () => {
  const long = Object.assign({ secret: 'hunter2', constructor: 1 }, move);
  expect(Reflect.apply(bareAction, null, [long])).toStrictEqual(move);
  const stages = ['canary'];
  const bare = bareAction({ type: 'createVersion', at: 0, stages, versionId: undefined });
  expect(bare).toStrictEqual({ type: 'createVersion', at: 0, stages: ['canary'] });
  expectFrozen(bare);
  for (const other of [undefined, null, 'restore', [move], { type: 'move', at: 0 }, { type: Symbol('restore') }]) {
    expect(Reflect.apply(bareAction, null, [other])).toBe(other);
  }
});

test('parseAction reads at most 10,000 stages in a list', () => {
  const listing = (length: number) =>
    parseAction({ type: 'createVersion', at: 0, stages: Array.from({ length }, () => 'canary') });
  expect(listing(10_000)).toMatchObject({ ok: true });
  expect(listing(10_001)).toMatchObject({
    refusal: { field: 'stages', rule: 'a list of at most 10,000 entries', found: '10,001 entries' },
  });
});
