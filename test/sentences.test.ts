import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  explain,
  type Refusal,
  type RefusalCode,
  type RefusalKind,
  reduce,
  refusalKind,
  removeStage,
  restore,
  StageRefusedError,
} from '../src/index.ts';
import { refusedError } from '../src/refusal.ts';
import { sentences } from '../src/sentences.ts';
import { property } from './property.ts';
import { unsafe } from './unsafe.ts';

const stages = [
  { name: 'SYSCURRENT', versionId: 'v2', updateTime: 1000 },
  { name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 1000 },
];
const versions = { v1: { id: 'v1', createTime: 0, ordinal: 1 }, v2: { id: 'v2', createTime: 1000, ordinal: 2 } };

const expected: { readonly [Code in RefusalCode]: readonly (readonly [Omit<Refusal<Code>, 'code'>, string])[] } = {
  WRONG_DIALECT: [
    [
      { stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' },
      'The secret belongs to "aws-secrets-manager", not "huawei-csms". Pass its dialect.',
    ],
  ],
  INVALID_VALUE: [
    [
      { field: 'stage', rule: 'text that matches /^[\\w-]{1,64}$/', found: 'the string "a b"' },
      'stage must be text that matches /^[\\w-]{1,64}$/; got the string "a b".',
    ],
    [
      { field: 'at', rule: 'epoch milliseconds as a number', found: '-1' },
      'at must be epoch milliseconds as a number; got -1.',
    ],
    [{ field: 'versionId', rule: 'a string', found: 'nothing' }, 'versionId is required.'],
    [{ field: '"secret"', rule: 'omitted' }, '"secret" must be omitted.'],
  ],
  SECRET_NOT_ENABLED: [
    [{ status: 'FROZEN' }, 'The secret is FROZEN. Enable it first.'],
    [{ status: 'PENDING_DELETE' }, 'The secret is PENDING_DELETE. Restore it first.'],
  ],
  ACTION_NOT_OFFERED: [
    [{ action: 'scheduleDeletion', dialect: 'our vault' }, 'our vault does not support scheduleDeletion. Omit it.'],
  ],
  HOLDER_NOT_NAMED: [
    [{ stage: 'canary', holder: 'v1' }, 'Stage "canary" is on version "v1". Pass `from: "v1"` to move it.'],
  ],
  DELETION_ALREADY_SCHEDULED: [
    [
      { scheduledDeleteTime: 0 },
      'The deletion is already scheduled for 1970-01-01T00:00:00.000Z. To change the day, restore the secret first.',
    ],
    [
      { scheduledDeleteTime: null },
      'The deletion is already scheduled for an unknown day. To change the day, restore the secret first.',
    ],
  ],
  DELETION_NOT_SCHEDULED: [[{ status: 'ENABLED' }, 'The secret is ENABLED: no deletion is scheduled.']],
  UNKNOWN_VERSION: [
    [{ versionId: 'v9', versions }, 'Version "v9" does not exist: create it first. The secret has "v1", "v2".'],
    [{ versionId: 'v9', versions: {} }, 'Version "v9" does not exist: create it first. The secret has none.'],
  ],
  UNKNOWN_STAGE: [
    [{ stage: 'canary', stages: [] }, 'Stage "canary" is on no version. The stages of the secret: none.'],
    [
      { stage: 'canary', stages },
      'Stage "canary" is on no version. The stages of the secret: "SYSCURRENT" on "v2", "SYSPREVIOUS" on "v1".',
    ],
  ],
  WRONG_HOLDER: [
    [
      { stage: 'canary', from: 'v1', holder: null },
      'Stage "canary" is on no version, not on version "v1". Read the secret again first.',
    ],
    [
      { stage: 'canary', from: null, holder: 'v2' },
      'Stage "canary" is on version "v2", but `from` is null. Read the secret again first.',
    ],
  ],
  BUILT_IN_STAGE: [
    [
      { stage: 'SYSCURRENT', versionId: 'v2' },
      'Stage "SYSCURRENT" is built in, so it can move but not be removed. It is on version "v2".',
    ],
    [
      { stage: 'SYSPREVIOUS', versionId: null },
      'Stage "SYSPREVIOUS" is built in, so it can move but not be removed. It is on no version.',
    ],
  ],
  STAGE_LIMIT: [
    [
      { stage: 'canary', limit: 2, stages },
      'Stage "canary" is over the limit of 2. Remove one that is not built in. The stages of the secret: "SYSCURRENT" on "v2", "SYSPREVIOUS" on "v1".',
    ],
  ],
  STAGE_LIST_LIMIT: [
    [
      { listed: ['a', 'b'], limit: 2, stages },
      'With "a", "b" the secret would exceed its stage limit of 2. List fewer, or remove one that is not built in. The stages of the secret: "SYSCURRENT" on "v2", "SYSPREVIOUS" on "v1".',
    ],
    [{ listed: ['a'], limit: 0, stages }, 'A new version cannot list stages here. Assign each one afterwards.'],
    [{ listed: ['a', 'b'], limit: 1, stages }, 'A new version can list at most 1 stage; got 2. List fewer.'],
    [{ listed: ['a', 'b', 'a'], limit: 2, stages }, 'A new version can list at most 2 stages; got 3. List fewer.'],
  ],
  VERSION_LIMIT: [
    [
      { limit: 2, stages },
      'The secret is at its version limit of 2. Prune deprecated versions, or take all stages off one. The stages of the secret: "SYSCURRENT" on "v2", "SYSPREVIOUS" on "v1".',
    ],
    [
      { limit: 1, stages: [] },
      'The secret is at its version limit of 1. Prune deprecated versions, or take all stages off one. The stages of the secret: none.',
    ],
    [
      { limit: 2, stages, roomAt: 86_400_000 },
      'The secret is at its version limit of 2, and none can be deleted before 1970-01-02T00:00:00.000Z. Wait until then.',
    ],
    [
      { limit: 2, stages: [], roomAt: 864e13 + 1 },
      'The secret is at its version limit of 2, and none can be deleted before an unknown day. Wait until then.',
    ],
  ],
  ROTATION_INCOMPLETE: [
    [
      { stage: 'AWSPENDING', holder: 'b' },
      'Stage "AWSPENDING" is on version "b", which is not current: a rotation is not complete. Finish it, or remove the stage.',
    ],
  ],
  VERSION_ID_TAKEN: [
    [{ versionId: 'v1', exists: true }, 'Version "v1" already exists. Choose another, or omit it.'],
    [{ versionId: 'v1', exists: false }, 'The series of ids has passed "v1". Choose another, or omit it.'],
  ],
  UNKNOWN_ACTION: [
    [{ type: 'move', known: ['restore', 'setStatus'] }, '"move" is not an action. Use one of restore, setStatus.'],
  ],
  INVALID_HISTORY: [
    [
      {
        problems: [
          { path: 'history.past[0].revision', expected: 'above 2' },
          { path: 'history.length', expected: 'from 1' },
        ],
      },
      'This is not a history: history.past[0].revision must be above 2; history.length must be from 1.',
    ],
  ],
  INVALID_STATE: [
    [
      {
        problems: [
          { path: 'state.name', expected: 'text that matches /^.{1,64}$/', found: 'the string ""' },
          { path: 'state.status', expected: 'one of ENABLED', found: 'nothing' },
          { path: 'state["x"]', expected: 'omitted' },
          { path: 'state', expected: 'a secret that obeys the law a-law: It holds', law: 'a-law' },
        ],
      },
      'This is not a secret: state.name must be text that matches /^.{1,64}$/; got the string ""; state.status is required; ' +
        'state["x"] must be omitted; state must be a secret that obeys the law a-law: It holds.',
    ],
    [
      { problems: Array.from({ length: 22 }, (_, index) => ({ path: `${index}`, expected: 'x' })) },
      `This is not a secret: ${Array.from({ length: 20 }, (_, index) => `${index} must be x`).join('; ')} and 2 more.`,
    ],
    [
      { problems: Array.from({ length: 20 }, (_, index) => ({ path: `${index}`, expected: 'x' })) },
      `This is not a secret: ${Array.from({ length: 20 }, (_, index) => `${index} must be x`).join('; ')}.`,
    ],
  ],
  DIALECT_CONTRADICTION: [
    [
      {
        dialect: 'our vault',
        contradictions: [
          { rules: ['stages.previous', 'stages.current'], why: 'must be null if stages.current is null' },
          { rules: ['stages.limit'], why: 'must be a whole number from 1' },
          { rules: ['stages.pending', 'stages.current'], why: 'must differ from stages.current' },
        ],
      },
      'Dialect "our vault" is invalid: stages.previous must be null if stages.current is null; ' +
        'stages.limit must be a whole number from 1; ' +
        'stages.pending must differ from stages.current.',
    ],
  ],
};

const cases = Object.entries(expected).flatMap(([code, examples]) =>
  examples.map(([facts, sentence]) => [code, facts, sentence] as const),
);

test.each(cases)('explain turns %s %j into a sentence', (code, facts, sentence) => {
  expect(Reflect.apply(explain, null, [{ code, ...facts }])).toBe(sentence);
});

test('StageRefusedError has the code and the sentence as its message, and the refusal as data', () => {
  for (const [code, facts, sentence] of cases) {
    const refusal = Object.assign({ code }, facts);
    const error = Reflect.apply(refusedError, null, [refusal, sentences]);
    expect(error).toBeInstanceOf(StageRefusedError);
    expect(error).toMatchObject({ name: 'StageRefusedError', message: `${code}: ${sentence}`, code, refusal });
    expect(error.refusal).toBe(refusal);
    expect('index' in error).toBe(false);
  }
});

const kindsExpected: { readonly [Code in RefusalCode]: RefusalKind } = {
  WRONG_DIALECT: 'invalid',
  INVALID_VALUE: 'invalid',
  SECRET_NOT_ENABLED: 'state',
  ACTION_NOT_OFFERED: 'invalid',
  DELETION_ALREADY_SCHEDULED: 'state',
  DELETION_NOT_SCHEDULED: 'state',
  UNKNOWN_VERSION: 'missing',
  UNKNOWN_STAGE: 'missing',
  WRONG_HOLDER: 'conflict',
  HOLDER_NOT_NAMED: 'conflict',
  BUILT_IN_STAGE: 'invalid',
  STAGE_LIMIT: 'limit',
  STAGE_LIST_LIMIT: 'limit',
  VERSION_LIMIT: 'limit',
  ROTATION_INCOMPLETE: 'conflict',
  VERSION_ID_TAKEN: 'conflict',
  UNKNOWN_ACTION: 'invalid',
  INVALID_STATE: 'invalid',
  INVALID_HISTORY: 'invalid',
  DIALECT_CONTRADICTION: 'invalid',
};

test('refusalKind returns the kind of every code, and every code has a sentence', () => {
  const codes = Object.keys(kindsExpected) as RefusalCode[];
  expect(Object.fromEntries(codes.map((code) => [code, refusalKind(code)]))).toEqual(kindsExpected);
  expect(Object.keys(sentences).sort()).toEqual(codes.sort());
  expect(Object.keys(expected).sort()).toEqual(codes);
});

test('explain lists at most 20 names, and the number of further ones', () => {
  const at = 0;
  const versionsOf = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`v${index}`, { id: `v${index}`, createTime: at, ordinal: 1 }]),
    );
  const state = { ...createSecret({ name: 'db', at }), versions: versionsOf(100_000) };
  const error = thrownBy(() => assignStage(state, { stage: 'canary', versionId: 'v-9', at }));
  const twenty = Array.from({ length: 20 }, (_, index) => `"v${index}"`).join(', ');
  expect(error.message).toBe(
    `UNKNOWN_VERSION: Version "v-9" does not exist: create it first. The secret has ${twenty} and 99980 more.`,
  );
  expect(error.message.length).toBeLessThan(3000);
  const sentenceFor = (count: number) =>
    explain({ code: 'UNKNOWN_VERSION', versionId: 'x', versions: versionsOf(count) });
  expect(sentenceFor(20)).toBe(`Version "x" does not exist: create it first. The secret has ${twenty}.`);
  expect(sentenceFor(21)).toBe(`Version "x" does not exist: create it first. The secret has ${twenty} and 1 more.`);
});

const megabyte = 'x'.repeat(2 ** 20);

test('operations cut a name of 1 MB in their errors', () => {
  const db = createSecret({ name: 'db', at: 0 });
  const cut = `"${'x'.repeat(79)}…"`;
  for (const [refused, message] of [
    [
      () => createSecret({ name: megabyte, at: 0 }),
      `name must be text that matches /^[\\w.-]{1,64}$/; got the string ${cut}.`,
    ],
    [
      () => removeStage(db, { stage: megabyte, at: 0 }),
      `Stage ${cut} is on no version. The stages of the secret: "SYSCURRENT" on "v1".`,
    ],
    [
      () => assignStage(db, { stage: 'canary', versionId: megabyte, at: 0 }),
      `Version ${cut} does not exist: create it first. The secret has "v1".`,
    ],
    [
      () => Reflect.apply(reduce, null, [db, { type: megabyte }]),
      `${cut} is not an action. Use one of createVersion, assignStage, removeStage, pruneDeprecated, scheduleDeletion, restore, setStatus.`,
    ],
    [
      () => restore({ ...db, dialect: megabyte }, { at: 0 }),
      `The secret belongs to ${cut}, not "huawei-csms". Pass its dialect.`,
    ],
    [
      () => Reflect.apply(restore, null, [{ ...db, status: megabyte }, { at: 0 }]),
      `The secret is ${'x'.repeat(79)}…: no deletion is scheduled.`,
    ],
    [
      () => Reflect.apply(restore, null, [{ ...db, status: 'PENDING_DELETE' }, { at: 10n ** 1000n }]),
      'at must be epoch milliseconds as a number; got a bigint.',
    ],
  ] as const) {
    expect(thrownBy(refused).message).toMatch(/^[A-Z_]+: /);
    expect(thrownBy(refused).message.replace(/^[A-Z_]+: /, '')).toBe(message);
  }
});

/** Characters that break a line, move the cursor, or reverse or hide what stands beside them. */
const steering = fc.constantFrom(
  '\n',
  '\r',
  '\t',
  '\0',
  '\u001b[2J',
  '\u007f',
  '\u0085',
  '\u009b',
  '\u200b',
  '\u200e',
  '\u202e',
  '\u2028',
  '\u2029',
  '\u2066',
  '\ufeff',
  '\ud800',
  '\u{e0001}',
  '\u00ad',
);
const hostileText = fc
  .array(fc.oneof(steering, fc.string()), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));

/** A refusal with other text in place of every text and every key in it. */
const withText = (value: unknown, text: () => string): unknown => {
  if (typeof value === 'string') return text();
  if (Array.isArray(value)) return value.map((element) => withText(element, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withText(part, text)]));
};

property([fc.constantFrom(...cases), fc.infiniteStream(hostileText)])(
  'explain escapes every character that could steer a terminal',
  ([code, facts], texts) => {
    const text = () => texts.next().value;
    const versions = Object.fromEntries(Array.from(texts.take(3), (id) => [id, { id }]));
    const refusal = { ...Object(withText(facts, text)), code, ...('versions' in facts && { versions }) };
    const sentence = explain(refusal);
    expect(sentence).not.toMatch(unsafe);
    expect(Reflect.apply(refusedError, null, [refusal, sentences]).message).toBe(`${code}: ${sentence}`);
  },
);

property([hostileText])('operations escape characters that could steer a terminal in their errors', (text) => {
  const db = createSecret({ name: 'db', at: 0 });
  for (const value of [`\n${text}`, Symbol(`\n${text}`)]) {
    for (const [operation, ...args] of [
      [createSecret, { name: value, at: 0, versionId: value }],
      [createVersion, db, { at: 0, stages: [value, value] }],
      [assignStage, db, { stage: 'SYSCURRENT', versionId: value, at: 0 }],
      [assignStage, db, { stage: 'SYSCURRENT', versionId: 'v1', from: value, at: 0 }],
      [reduce, db, { type: value }],
      [reduce, { ...db, dialect: value }, { type: 'restore', at: 0 }],
      [reduce, { ...db, status: value }, { type: 'restore', at: 0 }],
    ] as const) {
      expect(thrownBy(() => Reflect.apply(operation, null, args)).message).not.toMatch(unsafe);
    }
  }
});

const thrownBy = (refused: () => unknown): Error => {
  try {
    refused();
  } catch (error) {
    if (error instanceof StageRefusedError) return error;
    throw error;
  }
  return expect.fail('It is not refused.');
};
