import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gate } from './gate.ts';

const recorded = 1_581_507_610_000;
const day = 86_400_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  cpSync('test/policy-checker/recorded', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Records the answers anew, with something else in them. */
const change = (file: string, from: string, to: string) => {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
};

test('a canary that is ahead may be promoted', () => {
  expect(gate(folder, recorded + day)).toEqual([]);
});

test('one that waits too long is stuck, and a current version may get old', () => {
  expect(gate(folder, recorded + 8 * day)).toEqual([
    'warning stuck-stage: Stage "canary" has been on version "v3" for 8 days, and that is neither current nor previous.',
  ]);
  expect(gate(folder, recorded + 91 * day)).toContain('error fresh-current: Version "v2" is more than 90 days old.');
});

test('a canary that is behind would roll the secret back, and both are told', () => {
  change('versions.json', '["canary"]', '[]');
  change('versions.json', '["SYSPREVIOUS"]', '["SYSPREVIOUS", "canary"]');
  change('canary.json', 'v3', 'v1');
  expect(gate(folder, recorded)).toEqual([
    'warning canary-is-ahead: The canary is behind.',
    'note rollback: Stage "SYSCURRENT" goes back from version "v2" to version "v1", which came before it.',
  ]);
});

test('what was not recorded and would count is told', () => {
  rmSync(join(folder, 'canary.json'));
  expect(gate(folder, recorded + day)).toEqual([]);
  expect(gate(folder, recorded + 8 * day)).toContain(
    'not judged by stuck-stage: When stage "canary" was last put on its version is unknown, and the time of that version stands in: give its ShowSecretStage; of AWS no answer tells it.',
  );
});

test('nothing is deployed to a secret that is not enabled, or of which not all was recorded', () => {
  change('secret.json', 'ENABLED', 'DISABLED');
  expect(gate(folder, recorded)).toEqual(['The secret is DISABLED. Enable it first.']);
  change('versions.json', '"next_marker": null', '"next_marker": "v3"');
  expect(gate(folder, recorded)).toEqual([expect.stringContaining('with the marker "v3"')]);
});
