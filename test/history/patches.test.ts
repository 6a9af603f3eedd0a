import fc from 'fast-check';
import { immutableJSONPatch } from 'immutable-json-patch';
import { applyPatch as rfc6902 } from 'rfc6902';
import { expect, test } from 'vitest';
import { applyPatch, type JsonPatch, record, since, startHistory, undo } from '../../src/history/index.ts';
import { awsSecretsManager, createSecret, explain, googleSecretManager, type SecretState } from '../../src/index.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property } from '../property.ts';
import { expectLinear } from '../work.ts';
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

property([recorded(everLong), fc.constantFrom('rfc6902', 'immutable-json-patch')])(
  'JSON Patch libraries reach the present from {} and from every revision',
  ({ history, states }, library) => {
    const follow = libraries[library];
    const documents = new Map<number, object>([[0, {}], ...states]);
    for (const [revision, document] of documents) {
      const isReadable = [...states.values()].every((state) => reads(library, state));
      if (isReadable) expect(follow?.(document, since(history, revision))).toEqual(history.present);
    }
  },
);

property([recorded()])(
  'applyPatch reaches the present from {} and from every revision, whatever the names',
  (recorded) => {
    const { history, states, dialect } = recorded;
    for (const [revision, document] of new Map<number, object>([[0, {}], ...states])) {
      const patch = JSON.parse(JSON.stringify(since(history, revision)));
      const outcome = applyPatch(document, patch, { dialect });
      expect(outcome.ok && JSON.stringify(outcome.state)).toBe(JSON.stringify(history.present));
      if (outcome.ok) expectFrozen(outcome.state);
    }
  },
);

test('since includes all versions if a path cannot name one of them', () => {
  for (const versionId of ['__proto__', 'constructor', 'prototype', '-']) {
    const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
    const three = record(record(born, { type: 'createVersion', at: 1, versionId }), { type: 'createVersion', at: 2 });
    const paths = since(three, 1).map(({ path }) => path);
    expect(paths.filter((path) => /^\/versions(\/|$)/.test(path))).toEqual(['/versions', '/versions']);
    expect(libraries['immutable-json-patch']?.(born.present, since(three, 1))).toEqual(three.present);
  }
});

test('since escapes slashes and tildes in version ids as in RFC 6901', () => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
  const two = record(born, { type: 'createVersion', at: 1, versionId: 'a/b~c~1/' });
  expect(since(two, 1).map(({ path }) => path)).toContain('/versions/a~1b~0c~01~1');
  for (const follow of Object.values(libraries)) expect(follow(born.present, since(two, 1))).toEqual(two.present);
});

test('applyPatch takes every operation of RFC 6902', () => {
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

test('undo throws if the patches of a hand-made history lead nowhere', () => {
  const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
  const two = record(born, { type: 'createVersion', at: 1 });
  const [change] = two.past;
  if (!change) return expect.unreachable();
  const madeUp = { ...two, past: [{ ...change, backwards: [{ op: 'remove', path: '/a' }] as const }] };
  expect(() => undo(madeUp)).toThrow(
    expect.objectContaining({ refusal: expect.objectContaining({ field: 'patch[0]' }) }),
  );
});

test('applyPatch refuses an invalid patch, and changes nothing', () => {
  const state = createSecret({ name: 'db', at: 0 });
  const disable = { op: 'replace', path: '/status', value: 'DISABLED' };
  const refusal = { code: 'INVALID_VALUE', field: 'patch[1]', found: '"remove /a"' };
  expect(applyPatch(state, [disable, { op: 'remove', path: '/a' }])).toMatchObject({ ok: false, refusal });
  expect(applyPatch(state, 'hunter2')).toMatchObject({
    refusal: { field: 'patch', found: 'a string of 7 characters' },
  });
});

test('applyPatch refuses more than 100,000 operations', () => {
  const state = createSecret({ name: 'db', at: 0 });
  const operations = (count: number) =>
    Array.from({ length: count }, () => ({ op: 'test', path: '/name', value: 'db' }));
  expect(applyPatch(state, operations(100_000)).ok).toBe(true);
  const outcome = applyPatch(state, operations(100_001));
  expect(outcome).toMatchObject({ refusal: { code: 'INVALID_VALUE', field: 'patch', found: '100001 operations' } });
  if (!outcome.ok) expect(explain(outcome.refusal)).toContain('a list of at most 100,000 operations');
});

test('applyPatch is linear in the versions that a patch adds', () => {
  expectLinear((size) => {
    const state = createSecret({ name: 'db', at: 0 }, googleSecretManager);
    const made = Array.from({ length: size }, (_, index) => {
      const id = `${index + 2}`;
      return { op: 'add', path: `/versions/${id}`, value: { id, createTime: 0, ordinal: index + 2 } };
    });
    const counts = ['/versionsMade', '/lastNumber'].map((path) => ({ op: 'replace', path, value: size + 1 }));
    const patch = [...made, ...counts];
    return () => expect(applyPatch(state, patch, { dialect: googleSecretManager }).ok).toBe(true);
  }, 500);
});

test('applyPatch refuses a patch that leads to an invalid secret, or past a limit of the dialect', () => {
  const state = createSecret({ name: 'db', at: 0 });
  expect(applyPatch(state, [{ op: 'remove', path: '/versions/v1' }])).toMatchObject({
    refusal: { code: 'INVALID_STATE', problems: [{ law: 'stages-mark-versions' }] },
  });
  expect(applyPatch([], [])).toMatchObject({ refusal: { code: 'INVALID_STATE' } });
});

test('applyPatch refuses a secret of another dialect, before and after the patch', () => {
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
  const aws = createSecret({ name: 'db', at: 0 }, awsSecretsManager);
  expect(applyPatch(aws, 'not a patch')).toEqual({ ok: false, refusal });
  const state = createSecret({ name: 'db', at: 0 });
  const patch = [{ op: 'replace', path: '/dialect', value: 'aws-secrets-manager' }];
  expect(applyPatch(state, patch)).toEqual({ ok: false, refusal });
  expect(applyPatch(aws, [], { dialect: awsSecretsManager })).toEqual({ ok: true, state: aws });
});
