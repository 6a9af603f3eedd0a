import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// Without the `npm install` of the README. Runs on a copy, because it rebuilds `dist` while other tests read it.
test('npm run demo serves, replays and checks a rotation', () => {
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
  expect(out).toMatch(/204 {2}DELETE {3}\/v1\/demo\/secrets\/db-password\/stages\/pending/);
  expect(out).toMatch(/v1 {3}SYSPREVIOUS .*\n {5}v2 {3}SYSCURRENT .*\n\n5 calls played/);
  expect(out).toContain('5 calls played: 5 done, 0 refused, 0 without effect on stages.');
  expect(out).toContain('1 secret checked as of 2020-02-21 11:33:00Z: 0 errors, 1 warning, 0 notes;');
});
