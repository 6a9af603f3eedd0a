import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../cli/host.ts';
import { gate, sarif } from './gate.ts';

const recorded = Date.UTC(2020, 1, 12, 12);
const day = 86_400_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  cpSync('test/policy-checker/recorded', folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Changes a recorded response. */
const change = (file: string, from: string, to: string) => {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
};

describe('gate', () => {
  test('returns nothing for a healthy secret of each cloud', () => {
    expect(gate(folder, recorded + day)).toEqual([]);
  });

  test('blocks on a stuck stage', () => {
    expect(gate(folder, recorded + 8 * day)).toEqual([
      'db-password: Stage "canary" has been on version "v3" for 8 days, and that version is neither current nor previous. (stuck-stage)',
      'orders/db-password: Stage "AWSPENDING" is on version "9c1f0a4e-5d7b-4b7e-9a2d-000000000003", which was created 8 days ago and is not current. (stuck-stage)',
    ]);
  });

  test('blocks if a current version is too old', () => {
    const closed = gate(folder, recorded + 91 * day);
    expect(closed).toContain('db-password: Current version "v2" is more than 90 days old. (fresh-current)');
    expect(closed).toContain(
      'orders/db-password: Current version "9c1f0a4e-5d7b-4b7e-9a2d-000000000002" is more than 90 days old. (fresh-current)',
    );
  });

  test('blocks if the promotion would roll a secret back', () => {
    change('csms-versions.json', '["canary"]', '[]');
    change('csms-versions.json', '["SYSPREVIOUS"]', '["SYSPREVIOUS", "canary"]');
    change('csms-canary.json', 'v3', 'v1');
    expect(gate(folder, recorded)).toEqual([
      'db-password: Stage "SYSCURRENT" moves back from version "v2" to the older version "v1". (rollback)',
    ]);
  });

  test('blocks if a cloud would refuse the promotion', () => {
    change('csms-secret.json', 'ENABLED', 'DISABLED');
    change(
      'aws-describe-secret.json',
      '"RotationEnabled"',
      '"DeletedDate": "2020-03-14T01:00:00+01:00", "RotationEnabled"',
    );
    expect(gate(folder, recorded)).toEqual([
      'db-password: The promotion would be refused. The secret is DISABLED. Enable it first.',
      'orders/db-password: The promotion would be refused. The secret is PENDING_DELETE. Restore it first.',
    ]);
  });

  test('reports what could not be checked', () => {
    rmSync(join(folder, 'csms-canary.json'));
    expect(gate(folder, recorded + day)).toEqual([]);
    expect(gate(folder, recorded + 8 * day)).toContain(
      'db-password: Rule stuck-stage could not be checked. When stage "canary" was moved is unknown; assuming the creation time of its version. Add the ShowSecretStage response.',
    );
  });

  test('blocks if the folder is empty', () => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    expect(gate(folder, recorded)).toEqual([`${folder} has no recorded responses.`]);
  });

  test('blocks if a page of versions is missing', () => {
    change('csms-versions.json', '"next_marker": null', '"next_marker": "v3"');
    expect(gate(folder, recorded)).toEqual([
      expect.stringMatching(/^csms-versions\.json\.page_info\.next_marker .* marker "v3".*\.$/),
    ]);
  });
});

test("sarif has the findings of the gate's own rule in both clouds", () => {
  const results = JSON.parse(JSON.stringify(sarif(folder, recorded + 91 * day))).runs[0].results;
  const own = results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'fresh-current');
  expect(own.map(({ level, message }: { level: string; message: { text: string } }) => [level, message.text])).toEqual([
    ['error', expect.stringContaining('Current version "v2" is more than 90 days old.')],
    [
      'error',
      expect.stringContaining('Current version "9c1f0a4e-5d7b-4b7e-9a2d-000000000002" is more than 90 days old.'),
    ],
  ]);
});

test('check --rules finds the same with the same rule', async () => {
  const args = ['check', folder, '--rules', 'test/policy-checker/rules.ts', '--at', `${recorded + 91 * day}`];
  const { code, out } = await runCli([...args, '--format', 'sarif']);
  expect(code).toBe(1);
  const ruleIds = (log: string) => JSON.parse(log).runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
  expect(ruleIds(out)).toEqual(ruleIds(JSON.stringify(sarif(folder, recorded + 91 * day))));
});

test('sarif is undefined if the responses cannot be read', () => {
  change('csms-versions.json', '"next_marker": null', '"next_marker": "v3"');
  expect(sarif(folder, recorded)).toBeUndefined();
});
