import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// Without the `npm install` of the README. Runs on a copy, because it rebuilds `dist` while other tests read it.
test('npm run demo tells of a rotation that fails, its repair and a rollback', () => {
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
  expect(out.split('\n').filter((line) => /^(\d|\$| {2}[A-Za-z].*(app-|FAILED|warning|note|\. ))/.test(line))).toEqual([]);
});
