import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// Without the `npm install` of the README. Runs on a copy, because it rebuilds `dist` while other tests read it.
test('npm run demo shows a rotation that fails, its fix and a rollback', () => {
  const copy = mkdtempSync(join(tmpdir(), 'secret-stages-readme-'));
  for (const part of ['package.json', 'tsconfig.json', 'tsup.config.ts', 'README.md', 'src', 'test'])
    cpSync(part, join(copy, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const out = execFileSync('npm', ['run', 'demo'], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  rmSync(copy, { recursive: true });
  const stepsOf = (chapter: number) =>
    out.split(/^\d\. /m)[chapter]?.match(/(?<=^ {2})\w+(?= {3})|logs in as [\w-]+/gm);
  expect(stepsOf(2)).toEqual(['createSecret', 'setSecret', 'testSecret', 'logs in as app-1']);
  expect(out).toContain('testSecret     FAILED: app-2 cannot read the table "orders".');
  expect(out).toMatch(/AWS refuses another rotation:\n {2}A previous rotation isn't complete\./);
  expect(out).toContain('1 secret checked as of 2026-03-11 00:00:00Z: 0 errors, 1 warning, 0 notes.');
  expect(out).toMatch(/AWSPENDING is out of the way:\n\n {2}1\S+ {3}AWSCURRENT, AWSPENDING\n {2}2\S+ {3}deprecated\n/);
  expect(stepsOf(5)).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret', 'logs in as app-2']);
  expect(out).toMatch(/New findings\n {2}note {2}rollback\n/);
  expect(out).toMatch(/v1 {3}SYSPREVIOUS\n {2}v2 {3}SYSCURRENT\n\n$/);
});
