import fc from 'fast-check';
import { freeze } from 'immer';
import specification from 'json-patch-test-suite/spec_tests.json';
import suite from 'json-patch-test-suite/tests.json';
import { expect, test } from 'vitest';
import { type JsonPatch, patched, pointerTo } from '../../src/history/json-patch.ts';
import { property, runs } from '../property.ts';
import { expectLinear } from '../work.ts';

interface Case {
  readonly comment?: string;
  readonly doc: unknown;
  readonly patch: unknown;
  readonly expected?: unknown;
  readonly error?: string;
  readonly disabled?: boolean;
}

const cases: readonly Case[] = [...specification, ...suite];

test.each(
  cases.filter((each) => !each.disabled).map((each) => [each.comment ?? JSON.stringify(each.patch), each] as const),
)('the official test suite: %s', (_, { doc, patch, expected, error }) => {
  const before = JSON.stringify(doc);
  const outcome = patched(doc, patch);
  expect(JSON.stringify(doc)).toBe(before);
  if (error !== undefined) expect(outcome).toMatchObject({ ok: false, refusal: { code: 'INVALID_VALUE' } });
  else expect(outcome).toMatchObject(expected === undefined ? { ok: true } : { ok: true, document: expected });
  if (outcome.ok && expected !== undefined) expect(outcome.document).toEqual(expected);
});

const document = Object.freeze({
  name: 'db',
  list: Object.freeze([1, 2]),
  deep: Object.freeze({ a: 1, __proto__: null }),
});
const done = { op: 'add', path: '/done', value: true };

property([fc.constantFrom(0, 1, 2)])('patched refuses with the first operation that cannot be done', (index) => {
  const patch: unknown[] = [done, done, done];
  patch[index] = { op: 'remove', path: '/a', value: 'hunter2' };
  expect(patched(document, patch)).toEqual({
    ok: false,
    refusal: {
      code: 'INVALID_VALUE',
      field: `patch[${index}]`,
      found: '"remove /a"',
      rule: 'an operation on a path that exists',
    },
  });
});

test('patched refuses a failed test without showing the value', () => {
  for (const value of ['hunter2', ['hunter2'], { hunter2: 1 }, { toString: null }, { 0: 'd', 1: 'b' }, null]) {
    expect(patched(document, [{ op: 'test', path: '/name', value }])).toEqual({
      ok: false,
      refusal: {
        code: 'INVALID_VALUE',
        field: 'patch[0]',
        found: '"test /name"',
        rule: 'a test that the document passes',
      },
    });
  }
});

test.each([
  [
    [1, 2],
    [1, 2, 3],
  ],
  [
    [1, 2],
    [1, 3],
  ],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1 }, { a: 1, __proto__: null }],
  [{ a: 1 }, [1]],
  [{ a: 1 }, 'a'],
])('the test operation does not take %j for %j', (one, other) => {
  const test = (document: unknown, value: unknown) => patched(document, [{ op: 'test', path: '', value }]).ok;
  const isLike = JSON.stringify(one) === JSON.stringify(other);
  expect([test(one, other), test(other, one)]).toEqual([isLike, isLike]);
  expect([test(one, structuredClone(one)), test(other, structuredClone(other))]).toEqual([true, true]);
});

test.each([
  ['hunter2', 'patch', 'a string of 7 characters'],
  [{ 0: done }, 'patch', 'an object'],
  [null, 'patch', 'null'],
  [['hunter2'], 'patch[0]', 'a string of 7 characters'],
  [[null], 'patch[0]', 'null'],
  [[done, { op: 'swap', path: '/name', value: 'hunter2' }], 'patch[1]', '"swap /name"'],
  [[{ op: 'add', path: '/name' }], 'patch[0]', '"add /name"'],
  [[{ op: 'remove', path: 'name' }], 'patch[0]', '"remove name"'],
  [[{ op: 'remove', path: '/~2' }], 'patch[0]', '"remove /~2"'],
  [[{ op: 'remove', path: ['/name'] }], 'patch[0]', '"remove object"'],
  [[{ op: 'move', path: '/name' }], 'patch[0]', '"move /name"'],
  [[{ op: 'copy', path: '/name', from: 1 }], 'patch[0]', '"copy /name"'],
])('patched refuses %j, which is not a patch, without showing a value', (patch, field, found) => {
  const rule = field === 'patch' ? 'a list of operations (RFC 6902)' : 'an operation of RFC 6902';
  expect(patched(document, patch)).toEqual({ ok: false, refusal: { code: 'INVALID_VALUE', field, found, rule } });
});

test('patched never follows a prototype', () => {
  const paths = [
    '/hasOwnProperty/call',
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/name/0',
    '/name/length',
  ];
  for (const path of [
    ...paths,
    '/list/length',
    '/list/map',
    '/list/concat/x',
    '/list/-1',
    '/list/00',
    '/list/3',
    '/list/1.0',
  ]) {
    for (const op of ['add', 'replace', 'remove', 'test']) {
      expect(patched(document, [{ op, path, value: 1 }]), `${op} ${path}`).toMatchObject({ ok: false });
    }
    expect(patched(document, [{ op: 'copy', from: path, path: '/x' }])).toMatchObject({ ok: false });
    expect(patched(document, [{ op: 'move', from: path, path: '/x' }])).toMatchObject({ ok: false });
  }
  expect(Object.getOwnPropertyNames(Function.prototype)).not.toContain('polluted');
  expect(typeof Object.prototype.hasOwnProperty.call).toBe('function');
});

test('patched takes names such as __proto__ and constructor', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', '-', '', 'a/b~c']) {
    const path = `/deep/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const added = patched(document, [{ op: 'add', path, value: { x: 1 } }]);
    if (!added.ok) return expect.unreachable();
    expect(Object.entries(Reflect.get(Object(added.document), 'deep'))).toContainEqual([name, { x: 1 }]);
    const patch: JsonPatch = [
      { op: 'test', path, value: { x: 1 } },
      { op: 'replace', path: `${path}/x`, value: 2 },
      { op: 'copy', from: `${path}/x`, path: '/name' },
      { op: 'remove', path },
    ];
    expect(patched(added.document, patch)).toEqual({ ok: true, document: { ...document, name: 2 } });
  }
});

test('patched takes the end of a list only for add', () => {
  expect(patched([1], [{ op: 'add', path: '/-', value: 2 }])).toEqual({ ok: true, document: [1, 2] });
  expect(patched([1], [{ op: 'copy', from: '/0', path: '/-' }])).toEqual({ ok: true, document: [1, 1] });
  for (const op of ['replace', 'remove', 'test']) expect(patched([1], [{ op, path: '/-', value: 1 }]).ok).toBe(false);
  expect(patched([1, 2, 3], [{ op: 'move', from: '/0', path: '/2' }])).toEqual({ ok: true, document: [2, 3, 1] });
  expect(patched([1, 2, 3], [{ op: 'move', from: '/0', path: '/3' }]).ok).toBe(false);
});

test('patched refuses to move a value into itself or to remove the document', () => {
  expect(patched(document, [{ op: 'move', from: '/deep', path: '/deep/b' }]).ok).toBe(false);
  expect(patched(document, [{ op: 'remove', path: '' }]).ok).toBe(false);
  expect(patched(document, [{ op: 'move', from: '', path: '/a' }]).ok).toBe(false);
  expect(patched(document, [{ op: 'replace', path: '', value: 1 }])).toEqual({ ok: true, document: 1 });
});

test('patched refuses a patch that doubles the document at each step', () => {
  const doubling = Array.from({ length: 60 }, (_, index) => ({ op: 'copy', from: '', path: `/x${index}` }));
  expect(patched(document, doubling)).toMatchObject({
    ok: false,
    refusal: {
      field: expect.stringMatching(/^patch\[1\d]$/),
      rule: 'within the limit of 1,000,000 values that a patch can copy',
    },
  });
});

test('patched copies up to 1,000,000 values', () => {
  const list = Array.from({ length: 99_999 }, (_, index) => index);
  const copies = Array.from({ length: 10 }, (_, index) => ({ op: 'copy', from: '/list', path: `/x${index}` }));
  expect(patched({ list }, copies).ok).toBe(true);
  expect(patched({ list }, [...copies, { op: 'copy', from: '/list/0', path: '/y' }])).toMatchObject({
    refusal: {
      field: 'patch[10]',
      found: '"copy /y"',
      rule: 'within the limit of 1,000,000 values that a patch can copy',
    },
  });
});

test('patched shifts the elements of a list of up to 10,000', () => {
  const list = Array.from({ length: 10_000 }, (_, index) => index);
  const longer = patched(list, [{ op: 'add', path: '/0', value: 'first' }]);
  if (!longer.ok) return expect.unreachable();
  expect(longer.document).toEqual(['first', ...list]);
  const rule = 'at the end of the list, or in a list of at most 10,000 elements';
  for (const operation of [
    { op: 'add', path: '/0', value: 1 },
    { op: 'remove', path: '/9999' },
    { op: 'move', from: '/0', path: '/-' },
  ])
    expect(patched(longer.document, [operation])).toMatchObject({ ok: false, refusal: { field: 'patch[0]', rule } });
  const atTheEnd = [
    { op: 'add', path: '/-', value: 1 },
    { op: 'add', path: '/10002', value: 2 },
    { op: 'remove', path: '/10002' },
    { op: 'remove', path: '/10001' },
    { op: 'replace', path: '/0', value: 'first' },
  ];
  expect(patched(longer.document, atTheEnd)).toEqual(longer);
});

const key = fc.constantFrom('a', 'b', '__proto__', '0', '1', '-');
const path = fc.array(key, { maxLength: 3 }).map(pointerTo);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, fc.nat(2), fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));
const step = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path, value }),
  fc.record({ op: fc.constant('remove'), path }),
  fc.record({ op: fc.constantFrom('move', 'copy'), from: path, path }),
);

property([value, fc.array(step, { maxLength: 12 })], { numRuns: runs(1000) })(
  'patched does the operations in order, and changes neither the document nor the patch',
  (document, steps) => {
    let expected = freeze(document, true);
    const patch: unknown[] = [];
    for (const step of freeze(steps, true)) {
      const outcome = patched(expected, [step]);
      if (outcome.ok) patch.push(step);
      if (outcome.ok) expected = freeze(outcome.document, true);
    }
    expect(patched(document, patch)).toEqual({ ok: true, document: expected });
  },
);

test('patched separates a value that is added twice, and a copy from its original', () => {
  const value = Object.freeze({ list: Object.freeze([1]) });
  const outcome = patched({}, [
    { op: 'add', path: '/a', value },
    { op: 'add', path: '/b', value },
    { op: 'add', path: '/a/list/-', value: 2 },
    { op: 'copy', from: '/a', path: '/c' },
    { op: 'add', path: '/c/list/-', value: 3 },
    { op: 'add', path: '/a/list/-', value: 4 },
  ]);
  expect(outcome).toEqual({ ok: true, document: { a: { list: [1, 2, 4] }, b: { list: [1] }, c: { list: [1, 2, 3] } } });
});

test('patched refuses to move an element into its successor, and takes a move to the same path', () => {
  expect(patched([{}, {}], [{ op: 'move', from: '/0', path: '/0/b' }]).ok).toBe(false);
  expect(patched([{ a: 1 }, {}], [{ op: 'move', from: '/0/a', path: '/0/a' }])).toEqual({
    ok: true,
    document: [{ a: 1 }, {}],
  });
  expect(patched({}, [{ op: 'move', from: '/a', path: '/a' }]).ok).toBe(false);
});

test('patched is linear in operations, document and values', () => {
  const object = (size: number) =>
    Object.fromEntries(Array.from({ length: size }, (_, index) => [`x${index}`, [index]]));
  const each = (size: number, operation: (index: number) => object) =>
    Array.from({ length: size }, (_, i) => operation(i));
  const patches: Record<string, (size: number) => readonly object[]> = {
    add: (size) => each(size, (index) => ({ op: 'add', path: `/object/y${index}`, value: index })),
    append: (size) => each(size, (index) => ({ op: 'add', path: '/list/-', value: index })),
    insert: (size) => each(size, (index) => ({ op: index % 2 ? 'remove' : 'add', path: '/few/0', value: index })),
    replace: (size) => each(size, (index) => ({ op: 'replace', path: `/object/x${index}/0`, value: 0 })),
    remove: (size) => each(size, (index) => ({ op: 'remove', path: `/object/x${index}` })),
    move: (size) => each(size, (index) => ({ op: 'move', from: `/object/x${index}`, path: `/z${index}` })),
    copy: (size) => each(size, (index) => ({ op: 'copy', from: `/object/x${index}`, path: `/z${index}` })),
    test: (size) => each(size, (index) => ({ op: 'test', path: `/object/x${index}`, value: [index] })),
    'test of a part': (size) =>
      each(size, (index) => ({ op: index % 2 ? 'test' : 'add', path: '/pair', value: { a: 1 } })),
    'test of the whole': (size) => [{ op: 'test', path: '/object', value: object(size) }],
  };
  for (const [name, patch] of Object.entries(patches)) {
    expectLinear((size) => {
      const document = { object: object(size), list: each(size, () => ({})), few: [1, 2, 3] };
      const operations = patch(size);
      return () => expect(patched(document, operations).ok, name).toBe(true);
    }, 500);
  }
});

test('patched refuses paths of more than 100 keys, and values deeper than that are never equal', () => {
  const deep = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const way = (depth: number) => '/0'.repeat(depth);
  const deepObject = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  for (const [depth, isReached] of [
    [100, true],
    [101, false],
  ] as const) {
    expect(patched(deepObject(depth + 1), [{ op: 'test', path: '', value: deepObject(depth + 1) }]).ok).toBe(isReached);
    expect(patched(deep(depth + 1), [{ op: 'test', path: '', value: deep(depth + 1) }]).ok).toBe(isReached);
    expect(patched(deep(depth), [{ op: 'add', path: way(depth), value: 1 }]).ok).toBe(isReached);
  }
  expect(patched(deep(20_000), [{ op: 'test', path: '', value: deep(20_000) }]).ok).toBe(false);
  expect(patched(deep(20_000), [{ op: 'add', path: `${way(19_999)}/0`, value: 1 }]).ok).toBe(false);
  expect(patched(deep(20_000), [{ op: 'test', path: way(19_999), value: [] }]).ok).toBe(false);
  expect(patched(deep(102), [{ op: 'test', path: way(101), value: [] }]).ok).toBe(false);
  expect(patched(deep(102), [{ op: 'copy', from: way(101), path: '/0' }]).ok).toBe(false);
  const sunk = deep(100_000);
  const patch = [
    { op: 'add', path: '/a', value: sunk },
    { op: 'copy', from: '/a', path: '/b' },
    { op: 'add', path: '/b/0/0/-', value: 1 },
    { op: 'move', from: '/b', path: '/c' },
    { op: 'test', path: '/c/0/0/1', value: 1 },
  ];
  expect(patched({ sunk }, patch).ok).toBe(true);
  expect(patched({ sunk }, [...patch, { op: 'test', path: '/a', value: sunk[0] }]).ok).toBe(false);
  expect(patched({}, [{ op: 'remove', path: '/a'.repeat(1_000_000) }]).ok).toBe(false);
});
