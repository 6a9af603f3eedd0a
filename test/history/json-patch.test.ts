import { fc, test } from '@fast-check/vitest';
import { immutableJSONPatch } from 'immutable-json-patch';
import { applyPatch as rfc6902 } from 'rfc6902';
import { expect } from 'vitest';
import { applyPatch, type JsonPatch, record, since, startHistory } from '../../src/history/index.ts';
import { createSecret, type SecretState } from '../../src/index.ts';
import { recorded } from './arbitraries.ts';

/** What a JSON Patch library that is not ours makes of a document, step by step, over JSON as a network would carry it. */
const libraries: Readonly<Record<string, (document: object, patch: JsonPatch) => unknown>> = {
  rfc6902: (document, patch) => {
    const copy = JSON.parse(JSON.stringify(document));
    expect(rfc6902(copy, JSON.parse(JSON.stringify(patch))).filter(Boolean)).toEqual([]);
    return copy;
  },
  'immutable-json-patch': (document, patch) => immutableJSONPatch(document, JSON.parse(JSON.stringify(patch))),
};

/** rfc6902 leaves every key `__proto__` out of the values that it copies. */
const reads = (library: string, state: SecretState) =>
  library !== 'rfc6902' || !Object.hasOwn(state.versions, '__proto__');

const everLong = { length: fc.constant(1000), maxLength: 200 };

test.prop([recorded(everLong), fc.constantFrom('rfc6902', 'immutable-json-patch')])(
  'from {} and from every state ever, a JSON Patch library gets to the end of a long history',
  ({ history, states }, library) => {
    const follow = libraries[library];
    const documents = new Map<number, object>([[0, {}], ...states]);
    for (const [revision, document] of documents) {
      const isReadable = [...states.values()].every((state) => reads(library, state));
      if (isReadable) expect(follow?.(document, since(history, revision))).toEqual(history.present);
    }
  },
);

test.prop([recorded()])('a replica that reads with applyPatch follows every change', ({ history, states, dialect }) => {
  const patch = JSON.parse(JSON.stringify(since(history, 0)));
  fc.pre([...states.values()].every((state) => reads('rfc6902', state)));
  expect(applyPatch({}, patch, dialect)).toEqual({ ok: true, state: history.present });
  for (const [revision, state] of states) {
    expect(applyPatch(state, since(history, revision), dialect)).toEqual({ ok: true, state: history.present });
  }
});

test('a version that a path cannot name comes with all the others, so that no library trips over it', () => {
  for (const versionId of ['__proto__', 'constructor', 'prototype']) {
    const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
    const three = record(record(born, { type: 'createVersion', at: 1, versionId }), { type: 'createVersion', at: 2 });
    const paths = since(three, 1).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('/versions'))).toEqual(['/versions', '/versions']);
    expect(libraries['immutable-json-patch']?.(born.present, since(three, 1))).toEqual(three.present);
  }
});

test('a version __proto__ that the library loses is missed, not forgotten', () => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
  const two = record(born, { type: 'createVersion', at: 1, versionId: '__proto__', stages: [] });
  expect(applyPatch(born.present, since(two, 1))).toMatchObject({
    ok: false,
    refusal: { code: 'INVALID_STATE', problems: [{ law: 'no-version-is-lost' }] },
  });
});

test('slashes and tildes in version ids are escaped as RFC 6901 says', () => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
  const two = record(born, { type: 'createVersion', at: 1, versionId: 'a/b~c~1/' });
  expect(since(two, 1).at(-1)?.path).toBe('/versions/a~1b~0c~01~1');
  for (const follow of Object.values(libraries)) expect(follow(born.present, since(two, 1))).toEqual(two.present);
});

test('a patch from elsewhere may use every operation of RFC 6902', () => {
  const state = createSecret({ name: 'db', at: 0 });
  const outcome = applyPatch(state, [
    { op: 'test', path: '/name', value: 'db' },
    { op: 'copy', from: '/stages/0', path: '/stages/-' },
    { op: 'replace', path: '/stages/1/name', value: 'canary' },
    { op: 'add', path: '/note', value: null },
    { op: 'move', from: '/note', path: '/scheduledDeleteTime' },
  ]);
  expect(outcome).toMatchObject({ ok: true, state: { stages: [{ name: 'SYSCURRENT' }, { name: 'canary' }] } });
  expect(Object.isFrozen(state) && state.stages.length).toBe(1);
});

const done = { op: 'replace', path: '/status', value: 'DISABLED' };
const place = 'a place where it can';

test.each([
  ['no list', 'patch', { field: 'patch', value: 'patch', rule: 'Array (RFC 6902)' }],
  ['no operation', [null], { field: 'patch[0]', value: 'null', rule: 'Object (RFC 6902)' }],
  ['an unknown one', [{ op: 'swap', path: '/status' }], { field: 'patch[0]["op"]', value: 'swap' }],
  ['one without a value', [{ op: 'add', path: '/status' }], { field: 'patch[0]["value"]', value: 'undefined' }],
  ['one with more', [{ op: 'remove', path: '/a', by: 'me' }], { field: 'patch[0]["by"]', value: 'by' }],
  ['a path without a slash', [{ op: 'remove', path: 'status' }], { field: 'patch[0]["path"]', value: 'status' }],
  [
    'a path to nowhere',
    [done, { op: 'remove', path: '/a' }],
    { field: 'patch[1]', value: '/a', rule: `${place}: Value required at path: /a` },
  ],
  [
    'a test that fails',
    [done, { op: 'test', path: '/name', value: 'x' }],
    { field: 'patch[1]', value: '/name', rule: `${place}: Test failed: db != x` },
  ],
])('%s is refused, and nothing is half done', (_, patch, refusal) => {
  const state = createSecret({ name: 'db', at: 0 });
  const before = JSON.stringify(state);
  expect(applyPatch(state, patch)).toMatchObject({ ok: false, refusal: { code: 'INVALID_VALUE', ...refusal } });
  expect(JSON.stringify(state)).toBe(before);
});

test('a patch that leads to no secret, or past the limits of the dialect, is refused as such a state is', () => {
  const state = createSecret({ name: 'db', at: 0 });
  expect(applyPatch(state, [{ op: 'remove', path: '/versions/v1' }])).toMatchObject({
    refusal: { code: 'INVALID_STATE', problems: [{ law: 'stages-mark-versions' }, { law: 'no-version-is-lost' }] },
  });
  expect(applyPatch([], [])).toMatchObject({ refusal: { code: 'INVALID_STATE' } });
});

test('no patch reaches a prototype', () => {
  const state = createSecret({ name: 'db', at: 0 });
  for (const path of ['/__proto__/polluted', '/constructor/prototype/polluted', '/versions/__proto__/polluted']) {
    applyPatch(state, [{ op: 'add', path, value: true }]);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});
