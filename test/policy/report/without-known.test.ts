import { expect, test } from 'vitest';
import { createSecret, createVersion, huaweiCsms } from '../../../src/index.ts';
import { BaselineError, checkAll, type SourcedSecret, withoutKnown } from '../../../src/policy/index.ts';

const at = 1_600_000_000_000;
const named = (name: string, source = name): SourcedSecret => ({
  state: createVersion(createSecret({ name, at: 0 }), { at: 1000, stages: ['canary'] }),
  project: null,
  source,
  dialect: huaweiCsms,
  expireTimes: {},
});
const report = (...secrets: readonly SourcedSecret[]) => checkAll(secrets, { at });

test('withoutKnown omits the findings of the baseline, and counts those that are gone', () => {
  const found = withoutKnown(
    report(named('db'), named('new')),
    JSON.parse(JSON.stringify(report(named('gone'), named('db')))),
  );
  expect(found.secrets.map(({ name, findings }) => [name, findings.length])).toEqual([
    ['db', 0],
    ['new', 1],
  ]);
  expect(found.secrets[0]).not.toHaveProperty('board');
  expect(found.secrets[1]).toHaveProperty('board');
  expect(found.summary).toMatchObject({ secrets: 2, warning: 1 });
  expect(found.baseline).toEqual({ known: 1, gone: 1 });
});

test('withoutKnown recognises a finding by its fingerprint, although its sentence has changed', () => {
  const before = report(named('db'));
  const changed = JSON.parse(JSON.stringify(before).replaceAll('has been on', 'was on'));
  expect(withoutKnown(before, changed).summary.warning).toBe(0);
});

test('withoutKnown omits as many findings with one fingerprint as the baseline has', () => {
  const found = withoutKnown(report(named('db', 'a'), named('db', 'b')), report(named('db', 'c')));
  expect(found.secrets.map(({ source, findings }) => [source, findings.length])).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  expect(found.baseline).toEqual({ known: 1, gone: 0 });
});

test('withoutKnown keeps what could not be checked', () => {
  const unknown = report({ ...named('db'), expireTimes: undefined });
  expect(withoutKnown(unknown, unknown).secrets[0]).toMatchObject({ unchecked: [{}], board: {} });
});

test.each([
  [5, 'The baseline must be a report of check --format json.'],
  [{ version: '2.1.0', runs: [] }, 'The baseline must be a report of check --format json.'],
  [{ secrets: [] }, 'The baseline must be a report of check --format json.'],
  [
    { version: 2, secrets: [] },
    'The baseline must be a report of version 1; got 2. Record it again with this version of secret-stages.',
  ],
  [
    { version: 1, secrets: [], baseline: { known: 1, gone: 0 } },
    'The baseline was itself made with a baseline, so it does not have all findings. Record it again without one.',
  ],
  [{ version: 1, secrets: [5] }, 'secrets[0].findings of the baseline must be a list.'],
  [
    { version: 1, secrets: [{ findings: [{}] }] },
    'Every finding in secrets[0] of the baseline must have a fingerprint.',
  ],
  [
    { version: 1, secrets: [{ findings: [null] }] },
    'Every finding in secrets[0] of the baseline must have a fingerprint.',
  ],
])('withoutKnown refuses the baseline %j', (baseline, message) => {
  expect(() => withoutKnown(report(), baseline)).toThrow(new BaselineError(message));
});
