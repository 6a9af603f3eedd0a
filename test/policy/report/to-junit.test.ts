import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { createSecret, createVersion, huaweiCsms } from '../../../src/index.ts';
import {
  type CheckReport,
  checkAll,
  type JUnitOptions,
  type SourcedSecret,
  toJUnit,
} from '../../../src/policy/index.ts';

const at = 864_000_000;
const secret = (fields: Partial<SourcedSecret> = {}): SourcedSecret => ({
  state: createVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 500 }), {
    at: 1000,
    stages: ['canary'],
  }),
  project: 'p',
  source: 'db.json',
  dialect: huaweiCsms,
  expireTimes: {},
  ...fields,
});
const read = (report: CheckReport, options?: JUnitOptions) => {
  const document = new DOMParser().parseFromString(toJUnit(report, options), 'text/xml');
  const suite = document.querySelector('testsuites > testsuite');
  const counts = ['name', 'tests', 'failures', 'errors', 'skipped'].map((name) => suite?.getAttribute(name));
  const cases = [...document.querySelectorAll('testsuite > testcase')].map((one) => [
    one.getAttribute('classname'),
    one.getAttribute('name'),
    [...one.children].map((child) => [child.tagName, child.getAttribute('message'), child.textContent]),
  ]);
  return { counts, cases };
};
const name = 'secret-stages check';

test('toJUnit writes a failure for each finding, and a passed test for a healthy secret', () => {
  const stuck = read(checkAll([secret()], { at }));
  expect(stuck.counts).toEqual([name, '1', '1', '0', '0']);
  const text = expect.stringMatching(/^warning: Stage .*\n.*\nFix:\ncurl .*\nOr: .*\nSource: db\.json$/);
  const message = expect.stringMatching(/^Stage "canary" has been on/);
  expect(stuck.cases).toEqual([[name, 'p/db: stuck-stage canary v3', [['failure', message, text]]]]);
  const healthy = read(checkAll([secret({ project: null })], { at: 2000 }));
  expect(healthy).toEqual({ counts: [name, '1', '0', '0', '0'], cases: [[name, 'db', []]] });
});

test('toJUnit skips findings below the severity that fails', () => {
  const report = checkAll([secret()], { at });
  expect(read(report, { failOn: 'error' }).cases[0]?.[2]).toEqual([['skipped', expect.anything(), expect.anything()]]);
  expect(read(report, { failOn: 'note' }).cases[0]?.[2]).toEqual([['failure', expect.anything(), expect.anything()]]);
});

test('toJUnit skips what could not be checked', () => {
  const remarks = [
    { kind: 'not-checked', path: 'a.json', sentence: 'Secret "a" was not checked.' },
    { kind: 'date', path: 'b.json', sentence: 'A date.' },
  ] as const;
  const { counts, cases } = read(checkAll([secret({ expireTimes: undefined })], { at: 2000, remarks }));
  expect(counts).toEqual([name, '2', '0', '0', '2']);
  expect(cases).toEqual([
    [name, 'p/db: expired-version', [['skipped', expect.stringMatching(/^Expiry is unknown/), '']]],
    [name, 'a.json', [['skipped', 'Secret "a" was not checked.', '']]],
  ]);
});

test('toJUnit says what to do about a finding without a remedy', () => {
  const current = { ...createSecret({ name: 'db', at: 0 }), stages: [] };
  const { cases } = read(checkAll([secret({ state: current, replicaOf: 'eu-central-1' })], { at: 2000 }));
  expect(JSON.stringify(cases)).toContain('\\nWhat to do: ');
});
