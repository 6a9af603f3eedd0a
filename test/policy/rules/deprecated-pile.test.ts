import { expect, test } from 'vitest';
import {
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
} from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { deprecatedPile } from '../../../src/policy/rules/deprecated-pile.ts';

const piled = (deprecated: number): SecretState =>
  Array.from({ length: deprecated + 1 }).reduce<SecretState>(
    (state) => createVersion(state, { at: 0 }),
    createSecret({ name: 'db', at: 0 }),
  );
const found = (state: SecretState, versions = 10) =>
  check(state, { at: 0, policy: [deprecatedPile.with({ thresholds: { versions } })] }).findings;

test('deprecated-pile accepts ten versions, and prunes the oldest of eleven', () => {
  expect(check(piled(10), { at: 0, policy: [deprecatedPile] }).findings).toEqual([]);
  expect(check(piled(11), { at: 0, policy: [deprecatedPile] }).findings).toEqual([
    {
      rule: 'deprecated-pile',
      severity: 'note',
      sentence: 'The secret has 11 deprecated versions.',
      remedy: [{ type: 'pruneDeprecated', keep: 10 }],
    },
  ]);
});

test('deprecated-pile accepts a threshold of zero, a fraction or a huge number', () => {
  expect(found(piled(0), 0)).toEqual([]);
  expect(found(piled(1), 0)).toMatchObject([
    { sentence: 'The secret has 1 deprecated version.', remedy: [{ type: 'pruneDeprecated', keep: 0 }] },
  ]);
  expect(found(piled(2), 2.5)).toEqual([]);
  expect(found(piled(3), 2.5)).toMatchObject([{ remedy: [{ type: 'pruneDeprecated', keep: 2 }] }]);
  expect(found(piled(18), 1e300)).toEqual([]);
});

test('deprecated-pile prunes nothing if there is no version to roll back to', () => {
  const back = assignStage(piled(0), { stage: 'SYSCURRENT', versionId: 'v1', at: 0 });
  expect(found(back, 0)).toMatchObject([{ sentence: 'The secret has 1 deprecated version.', remedy: [] }]);
  for (const name of ['SYSCURRENT', 'SYSPREVIOUS']) {
    const without = { ...piled(3), stages: piled(3).stages.filter((stage) => stage.name === name) };
    expect(found(without, 0)).toMatchObject([{ remedy: [] }]);
  }
});

test('deprecated-pile misses unknown versions', () => {
  const unknown = { what: 'versions', after: 'v1' } as const;
  expect(check(piled(0), { at: 0, policy: [deprecatedPile], unknown: [unknown] }).unchecked).toEqual([
    { rules: ['deprecated-pile'], unknown },
  ]);
  expect(check(piled(11), { at: 0, policy: [deprecatedPile], unknown: [unknown] }).unchecked).toEqual([]);
});

test('deprecated-pile finds and misses nothing in a cloud that cannot prune', () => {
  const unknown = [{ what: 'versions', after: 'v1' }] as const;
  const request = { at: 864e13, policy: [deprecatedPile], unknown };
  expect(check(piled(11), request).findings).toHaveLength(1);
  expect(
    check(piled(11), { ...request, dialect: defineDialect(huaweiCsms, { versions: { prune: 'keeps' } }) }),
  ).toEqual({
    findings: [],
    unchecked: [],
    remarks: [],
  });
});
