import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { createSecret, createVersion, huaweiCsms } from '../../../src/index.ts';
import { checkAll, type Remark, type SourcedSecret, toText, withoutKnown } from '../../../src/policy/index.ts';

const at = 864_000_000;
const secret = (fields: Partial<SourcedSecret> = {}): SourcedSecret => ({
  state: createVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 500 }), {
    at: 1000,
    stages: ['canary'],
  }),
  project: null,
  source: 'db.json',
  dialect: huaweiCsms,
  expireTimes: {},
  ...fields,
});
const stuck = checkAll([secret()], { at });
const remark = (kind: Remark['kind'], sentence: string): Remark => ({ kind, path: 'x.json', sentence });

test('toText draws the secrets that have something to report, and the totals', () => {
  expect(toText(checkAll([secret()], { at: 2000 }))).toBe(
    '1 secret checked as of 1970-01-01 00:00:02Z: 0 errors, 0 warnings, 0 notes.\n',
  );
  expect(toText(checkAll([], { at }))).toBe(
    '0 secrets checked, each as of its own time: 0 errors, 0 warnings, 0 notes.\n',
  );
  expect(toText(stuck).split('\n')).toEqual([
    'db.json',
    '  db   ENABLED   3 of 12 stages, 3 of 20 versions',
    '  v1   SYSPREVIOUS   1970-01-01 00:00:00Z',
    '  v2   SYSCURRENT    1970-01-01 00:00:00.500Z',
    '  v3   canary        1970-01-01 00:00:01Z',
    '',
    '  warning  stuck-stage',
    expect.stringMatching(/^ {2}Stage "canary" has been on version "v3" for 9 days/),
    expect.stringMatching(/^ {2}Since 1970-01-01 00:00:01Z\. /),
    '  Fix:',
    expect.stringMatching(/^ {4}curl /),
    expect.stringMatching(/^ {2}Or: /),
    '',
    '1 secret checked as of 1970-01-11 00:00:00Z: 0 errors, 1 warning, 0 notes.',
    '',
  ]);
});

test('toText does not show a time that is unknown', () => {
  const unknown = [{ what: 'createTime', versionId: 'v2' } as const];
  const lines = toText(checkAll([secret({ unknown })], { at })).split('\n');
  expect(lines.slice(2, 5)).toEqual([
    '  v1   SYSPREVIOUS   1970-01-01 00:00:00Z',
    '  v2   SYSCURRENT    unknown',
    '  v3   canary        1970-01-01 00:00:01Z',
  ]);
});

test('toText adds the preview of a finding', () => {
  const preview = (name: string) => `preview ${name}`;
  expect(toText(stuck, { preview: ({ name }, { rule }) => preview(`${name} ${rule}`) })).toContain(
    '\n  Preview: preview db stuck-stage\n',
  );
  expect(toText(stuck, { preview: () => undefined })).not.toContain('Preview');
});

test('toText uses colours and a width only if asked', () => {
  expect(toText(stuck)).not.toContain('\u001b');
  expect(toText(stuck, { colors: true })).toContain('\u001b[33mwarning\u001b[39m  \u001b[1mstuck-stage\u001b[22m');
  const lines = toText(stuck, { width: 40 }).split('\n');
  expect(lines.filter((line) => stringWidth(line) > 40)).toEqual([expect.stringMatching(/^ {4}curl /)]);
});

test('toText draws remarks on a secret, and remarks on the input', () => {
  const remarks = [remark('value', 'x.json has \u001b a value.'), remark('not-checked', 'Secret "a" was not checked.')];
  const text = toText(checkAll([secret({ replicaOf: 'eu-central-1' })], { at: 2000, remarks }));
  expect(text).toMatch(/canary .*\n {2}The secret is a replica\. .*eu-central-1/);
  expect(text).toContain(
    '\nRemarks on the input\n  x.json has \\u{1b} a value.\n  Secret "a" was not checked.\n\n1 secret checked',
  );
  expect(text).toContain('0 notes; 1 secret could not be checked.\n');
});

test('toText shortens long lists of remarks', () => {
  const remarks = Array.from({ length: 22 }, (_, index) => remark('date', `Remark ${index}.`));
  expect(toText(checkAll([], { at, remarks }))).toContain('  Remark 19.\n  and 2 more\n');
});

test('toText lists the rules that could not be checked, and each sentence once', () => {
  const text = toText(checkAll([secret({ expireTimes: undefined, unknown: [{ what: 'expireTimes' }] })], { at: 2000 }));
  expect(text).toContain('\n\n  Could not be checked: expired-version\n  Expiry is unknown; ');
  expect(text.match(/Expiry is unknown/g)).toHaveLength(1);
  expect(text).toContain('; 1 rule could not be checked.\n');
});

test('toText says how many findings a baseline hides, and how many are gone', () => {
  expect(toText(withoutKnown(stuck, stuck))).toContain(
    ': 0 errors, 0 warnings, 0 notes.\nNot shown: 1 finding of the baseline. 0 findings of the baseline are gone.\n',
  );
  expect(toText(withoutKnown(checkAll([], { at }), stuck))).toContain(' 1 finding of the baseline is gone.\n');
});

test('toText draws a secret without a board', () => {
  const secrets = stuck.secrets.map(({ board, ...rest }) => rest);
  expect(toText({ ...stuck, secrets })).toMatch(/^db\.json\n\n {2}warning {2}stuck-stage\n/);
});
