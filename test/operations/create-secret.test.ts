import { expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  nextVersionId,
  parseSecretState,
  stagesOf,
  tryCreateSecret,
  violations,
} from '../../src/index.ts';
import { hostileNames } from '../arbitraries.ts';
import { expectFrozen } from '../expect-frozen.ts';

test('createSecret creates an ENABLED secret with SYSCURRENT on v1', () => {
  expect(createSecret({ name: 'db', at: 1000 })).toEqual({
    name: 'db',
    dialect: 'huawei-csms',
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: { v1: { id: 'v1', createTime: 1000, ordinal: 1 } },
    stages: [{ name: 'SYSCURRENT', versionId: 'v1', updateTime: 1000 }],
    versionsMade: 1,
    lastNumber: 1,
  });
});

test('createSecret leaves v1 to the next version if it is given another id', () => {
  const state = createSecret({ name: 'db', at: 0, versionId: 'bb6a3d22-dc93-47ac-b5bd-88df7ad35f1e' });
  expect(state).toMatchObject({ versionsMade: 1, lastNumber: 0 });
  expect(nextVersionId(state)).toBe('v1');
});

test.each(hostileNames)('createSecret takes %j as a name or a version id exactly if the rule allows it', (name) => {
  const asSecret = tryCreateSecret({ name, at: 0 });
  const asVersion = tryCreateSecret({ name: 'db', at: 0, versionId: name });
  expect(asSecret.ok).toBe(/^[A-Za-z0-9_.-]{1,64}$/.test(name));
  expect(asVersion.ok).toBe(name.length >= 1 && name.length <= 64);
  if (asVersion.ok) expect(stagesOf(asVersion.state, name)).toEqual(['SYSCURRENT']);
});

test('createSecret refuses an invalid time, name and version id, in this order', () => {
  const bad = { name: '', versionId: '', at: -1 };
  const refusal = (request: typeof bad) => {
    const outcome = tryCreateSecret(request);
    return outcome.ok ? undefined : outcome.refusal;
  };
  const code = 'INVALID_VALUE';
  expect(refusal(bad)).toEqual({ code, field: 'at', rule: 'epoch milliseconds as a number', found: '-1' });
  expect(refusal({ ...bad, at: 0 })).toEqual({
    code,
    field: 'name',
    rule: 'text that matches /^[\\w.-]{1,64}$/',
    found: 'the string ""',
  });
  expect(refusal({ ...bad, at: 0, name: 'db' })).toEqual({
    code,
    field: 'versionId',
    rule: 'text that matches /^.{1,64}$/',
    found: 'the string ""',
  });
  expect(() => createSecret(bad)).toThrow('INVALID_VALUE: at must be epoch milliseconds as a number; got -1.');
});

test('createSecret takes the first version id and the current stage from the dialect', () => {
  const vault = defineDialect(huaweiCsms, { stages: { current: 'LIVE' }, versions: { idPrefix: 'version-' } });
  expect(createSecret({ name: 'db', at: 0 }, vault).stages).toEqual([
    { name: 'LIVE', versionId: 'version-1', updateTime: 0 },
  ]);
});

test('createSecret stores the id of its dialect', () => {
  const vault = defineDialect(huaweiCsms, { id: 'our-vault' });
  expect(createSecret({ name: 'db', at: 0 }, vault).dialect).toBe('our-vault');
});

test('createSecret advances the series past a chosen id of the series, up to its end', () => {
  const numbered = (versionId: string) => tryCreateSecret({ name: 'db', at: 0, versionId });
  expect(numbered('v7')).toMatchObject({ state: { versionsMade: 1, lastNumber: 7 } });
  expect(numbered('v1000000000000000')).toMatchObject({ state: { lastNumber: 1e15 } });
  for (const past of ['v1000000000000001', `v${'9'.repeat(60)}`]) {
    expect(numbered(past)).toEqual({
      ok: false,
      refusal: {
        code: 'INVALID_VALUE',
        field: 'versionId',
        rule: 'at most v1000000000000000, where the series of ids ends',
        found: `the string "${past}"`,
      },
    });
  }
});

test('createSecret keeps the fingerprint of the first version, and refuses an invalid one', () => {
  expect(createSecret({ name: 'db', at: 0, fingerprint: 'a' }).versions['v1']).toMatchObject({ fingerprint: 'a' });
  expect(tryCreateSecret({ name: 'db', at: 0, fingerprint: '' })).toMatchObject({
    refusal: { code: 'INVALID_VALUE', field: 'fingerprint', found: 'a string of 0 characters' },
  });
});

test('createSecret creates a secret without a version only if the dialect allows the first version later', () => {
  const later = defineDialect(huaweiCsms, { secret: { firstVersion: 'may-come-later' } });
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, later);
  expectFrozen(empty);
  expect(empty).toEqual({
    name: 'db',
    dialect: 'huawei-csms',
    status: 'ENABLED',
    scheduledDeleteTime: null,
    versions: {},
    stages: [],
    versionsMade: 0,
    lastNumber: 0,
  });
  expect(violations(empty, later)).toEqual([]);
  expect(parseSecretState(empty, later)).toEqual({ ok: true, state: empty });
  expect(stagesOf(createVersion(empty, { at: 1000, stages: ['canary'] }, later), 'v1')).toEqual(['canary']);
  const first = createVersion(
    empty,
    { at: 1000, stages: ['canary'] },
    defineDialect(later, { secret: { firstVersion: 'may-come-later-and-is-current' } }),
  );
  expect(stagesOf(first, 'v1')).toEqual(['SYSCURRENT', 'canary']);
  for (const [fingerprint, rule, found] of [
    ['a', 'omitted, because the secret has no version yet', 'a string of 1 character'],
    ['', 'a string of 1 to 256 characters', 'a string of 0 characters'],
  ] as const) {
    expect(tryCreateSecret({ name: 'db', at: 0, versionId: null, fingerprint }, later)).toMatchObject({
      refusal: { code: 'INVALID_VALUE', field: 'fingerprint', rule, found },
    });
  }
  expect(tryCreateSecret({ name: 'db', at: 0, versionId: null })).toMatchObject({
    refusal: { code: 'INVALID_VALUE', field: 'versionId', found: 'null' },
  });
});

test('createSecret puts no stage on the first version if the dialect has no current stage', () => {
  const plain = defineDialect(huaweiCsms, {
    stages: { current: null, previous: null },
    versions: { latest: 'newest' },
  });
  expect(createSecret({ name: 'db', at: 0 }, plain).stages).toEqual([]);
});
