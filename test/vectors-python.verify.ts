import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dialects } from './run-vectors.ts';

const folder = 'test/vectors';
const runner = readFileSync(join(folder, 'runner.py'), 'utf8');
const hasPython = spawnSync('python3', ['--version']).status === 0;
const withPython = hasPython ? test : test.skip;
const name = hasPython ? '' : ' (skipped: there is no python3 here)';

interface Run {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly failed: readonly string[];
}

const run = (path: string): Run => {
  const { status, stdout, stderr } = spawnSync('python3', [path], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split(/\r?\n/);
  return { status, lines, failed: lines.flatMap((line) => line.match(/^ {2}fails: (.+)/)?.[1] ?? []) };
};

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'vectors-'));
  cpSync(folder, copy, { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));

withPython(`an implementation in Python passes every case that is not about reading states${name}`, () => {
  const { status, lines } = run(join(folder, 'runner.py'));
  expect(lines.filter((line) => !/^[\w/\\-]+\.json: (\d+) of \1 pass$/.test(line))).toEqual([]);
  expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual(
    expect.arrayContaining([
      'assign-stage.json',
      'batch.json',
      'generated.json',
      join('optional', 'lifecycle.json'),
      ...Object.keys(dialects).flatMap((name) => [
        join(name, 'cases.json'),
        join(name, 'generated.json'),
        join(name, 'optional', 'cases.json'),
      ]),
    ]),
  );
  expect(status).toBe(0);
});

// Each line of the runner's own implementation, broken as an emulator might have it, and a case that must notice.
withPython.each([
  ['a limit of thirteen', '<= of_stages["limit"]', '<= of_stages["limit"] + 1', 'assign-stage/13th-stage'],
  ['a limit that counts a move', ' or set(stages) <= had', '', 'create-version/over-the-limit-already'],
  [
    'any built-in removed but the current',
    'None if of_stages["previousIsRemovable"] else previous',
    'None',
    'remove-stage/previous',
  ],
  [
    'a guard of null ignored',
    'action.get("from", held) == held',
    'action.get("from") in (None, held)',
    'assign-stage/from-null-of-a-held-stage',
  ],
  [
    'an id issued again',
    'old or 0 < number_of(version, prefix) <= last',
    'old',
    'create-version/pruned-id-cannot-be-chosen',
  ],
  ['a series that goes back', 'lastNumber=max(last, ', 'lastNumber=(', 'create-version/chosen-id'],
  ['a series without an end', ' and number_of(version, prefix) <= 10**15', '', 'create-version/series-is-at-its-end'],
  ['a secret of any cloud', 'before["dialect"] == dialect["id"]', 'True', 'create-version/wrong-dialect'],
  [
    'the oldest by its number',
    '"createTime", "ordinal"',
    '"ordinal", "createTime"',
    'prune-deprecated/keep-newest-by-time',
  ],
  ['seconds for milliseconds', '86_400_000', '86_400', 'lifecycle/schedule-7-days'],
  ['a time that ends too soon', '864 * 10**13', '864 * 10**10', 'assign-stage/at-last'],
  ['an input changed', 'copy.deepcopy(before)', 'before', 'assign-stage/last-stage-leaves'],
  [
    'a holder that nobody names',
    'of_stages["move"] == "free" or',
    'True or',
    'aws-secrets-manager/move-without-the-holder',
  ],
  [
    'a rotation that never ends',
    'if not has_list: stages.pop(of_stages["pending"], None)',
    '',
    'aws-secrets-manager/recorded-current-pending',
  ],
  ['a day in seconds', '* 3_600_000', '* 3_600', 'aws-secrets-manager/101st-version-a-millisecond-too-early'],
  [
    'a token used twice',
    'and (awaits if is_empty else is_same):',
    'and False:',
    'alibaba-kms/repeated-id-same-content',
  ],
  [
    'a version that asks for none',
    'request.get("versionId", "") is None',
    'False',
    'google-secret-manager/created-without-a-version',
  ],
  ['a status that others have', '*of_secret["pausedAs"]', '"DISABLED", "FROZEN"', 'alibaba-kms/no-secret-is-disabled'],
])(`%s is a red answer, with the id of the case${name}`, (_, right, wrong, id) => {
  expect(runner.split(right)).toHaveLength(2);
  writeFileSync(join(copy, 'runner.py'), runner.replace(right, wrong));
  const { status, failed } = run(join(copy, 'runner.py'));
  expect(failed).toContain(id);
  expect(status).toBe(1);
});

withPython(`a case that says otherwise is a red answer, and the others stay green${name}`, () => {
  const path = join(copy, 'generated.json');
  const corpus = JSON.parse(readFileSync(path, 'utf8'));
  const [first, second, ...others] = corpus.histories;
  const changed = { ...second, end: { ...second.end, name: 'another' } };
  writeFileSync(path, JSON.stringify({ ...corpus, histories: [first, changed, ...others] }));
  expect(run(join(copy, 'runner.py'))).toMatchObject({ status: 1, failed: [second.id] });
});

test('the runner in Python needs nothing but the standard library, and hardly more than a hundred lines', () => {
  const lines = runner.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(130);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
  expect(lines.filter((line) => /^\s*(import|from)\b/.test(line))).toEqual([
    'import copy, json, math, operator, pathlib, re, sys',
  ]);
});
