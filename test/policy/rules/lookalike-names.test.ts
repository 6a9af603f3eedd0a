import { expect, test } from 'vitest';
import { assignStage, createSecret } from '../../../src/index.ts';
import { check } from '../../../src/policy/index.ts';
import { lookalikeNames } from '../../../src/policy/rules/lookalike-names.ts';

const named = (...names: readonly string[]) =>
  names.reduce(
    (state, stage) => assignStage(state, { stage, versionId: 'v1', at: 0 }),
    createSecret({ name: 'db', at: 0 }),
  );
const found = (...names: readonly string[]) =>
  check(named(...names), { at: 0, policy: [lookalikeNames] }).findings.map(({ sentence }) => sentence);

test('lookalike-names reports two similar names on the second one, without a remedy', () => {
  expect(check(named('blue', 'Blue'), { at: 0, policy: [lookalikeNames] }).findings).toEqual([
    {
      rule: 'lookalike-names',
      severity: 'warning',
      sentence: 'Stages "Blue" and "blue" are easy to confuse.',
      stage: 'blue',
      versionId: 'v1',
      remedy: [],
    },
  ]);
});

test.each([
  ['case', 'syscurrent', 'SYSCURRENT'],
  ['the sign between words', 'blue_green', 'blue-green'],
  ['one and l', 'stage1', 'stagel'],
  ['I and l', 'Ive', 'lve'],
  ['zero and O', 'PR0D', 'PROD'],
  ['m and rn', 'team', 'tearn'],
  ['a prefix of none', '__proto__', '--proto--'],
])('they differ by %s alone', (_, one, other) => {
  expect(found(one, other)).toHaveLength(1);
});

test.each([
  ['numbers', 'stage-1', 'stage-2'],
  ['words run together', 'v1-1', 'v11'],
  ['order', 'blue-green', 'green-blue'],
  ['hostile names', 'constructor', 'toString'],
  ['said like the other is seen', 'team', 'TEARN'],
])('lookalike-names accepts %s', (_, one, other) => {
  expect(found(one, other)).toEqual([]);
});

test('lookalike-names reports each of three similar names with the one before it', () => {
  expect(found('BLUE', 'Blue', 'blue')).toEqual([
    'Stages "BLUE" and "Blue" are easy to confuse.',
    'Stages "Blue" and "blue" are easy to confuse.',
  ]);
});

test.each(['SYSCURENT', 'SYS-CURRENT', 'syscurrnt'])(
  'lookalike-names reports %s as similar to a built-in stage',
  (stage) => {
    expect(found(stage)).toEqual([`Stages "SYSCURRENT" and "${stage}" are easy to confuse.`]);
    expect(found('SYSPREVIOUS')).toEqual([]);
  },
);
