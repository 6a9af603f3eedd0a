import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;

test.skipIf(!hasBoto3)(
  `the Python example of the manual${hasBoto3 ? '' : ' (skipped: there is no boto3 here)'} passes`,
  { timeout: 120_000 },
  () => {
    // A project where the package is installed.
    const folder = mkdtempSync(join(tmpdir(), 'secret-stages-rotation-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(resolve('dist/cli.js'), join(folder, 'node_modules/.bin/secret-stages'));
    for (const file of ['rotation_function.py', 'test_rotation_function.py'])
      copyFileSync(join('test/rotation', file), join(folder, file));
    const { status, stderr } = spawnSync('python3', ['-m', 'unittest'], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('Ran 1 test')]);
  },
);
