import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

// It packs and installs the package, and runs the checks.
const timeout = 300_000;

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync('node', ['test/runtimes/run.js', ...args], { encoding: 'utf8', env: { ...process.env, ...env } });

test.each([
  [
    ['deno', 'dino', 'nodes'],
    'Unknown runtime: dino, nodes. Known runtimes: node, node20, node22, node24, node26, bun, deno, page, worker.\n',
  ],
  [['--require-browsers'], "Unknown option '--require-browsers'"],
  [['--tarball', 'missing.tgz'], 'The file missing.tgz does not exist. Run `npm pack`, or omit --tarball.\n'],
])('verify:runtimes refuses %j', (args, complaint) => {
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(complaint);
});

/** Packs the build after a change of its files, and returns the tarball. */
const packChanged = (change: (file: string, text: string) => string): string => {
  const home = mkdtempSync(join(tmpdir(), 'secret-stages-broken-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const pack = (from: string) => {
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', from, '--ignore-scripts', '--json', '--pack-destination', home], {
        encoding: 'utf8',
      }),
    );
    return join(home, filename);
  };
  execFileSync('tar', ['-xzf', pack('.'), '-C', home]);
  const dist = join(home, 'package/dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.c?js$/.test(file))) {
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, file), change(file, text));
  }
  return pack(join(home, 'package'));
};

test('verify:runtimes reports a broken package, and results that differ, with what is expected', { timeout }, () => {
  const tarball = packChanged((file, text) =>
    /\bcjs\b/.test(file)
      ? text.replaceAll('create it first', 'make it first')
      : text.replaceAll('VERSION_ID_TAKEN', 'VERSION_ID_GONE'),
  );
  const checks = ['vectors', 'histories'].flatMap((name) => ['--check', name]);
  const { status, stderr } = run(['node', ...checks, '--tarball', tarball]);
  const version = process.version.slice(1);
  expect(stderr).toMatch(
    new RegExp(
      `^node ${version}, vectors: Error: \\d+ of \\d+ vectors fail\\. .*"VERSION_ID_GONE", and should be "VERSION_ID_TAKEN"`,
      'm',
    ),
  );
  expect(stderr).toMatch(
    new RegExp(
      `^node ${version}, histories by require: \\d+ of \\d+ lines differ from Node v${version}\\.\n[^]*expected: .*create it first.*\n    found:    .*make it first`,
      'm',
    ),
  );
  expect(stderr).not.toContain('vectors by require');
  expect(status).toBe(1);
});

test('verify:runtimes skips a missing browser with a line, and fails if it is required', { timeout }, () => {
  const args = ['page', '--check', 'evidence', '--tarball', packChanged((_, text) => text)];
  const skipped = run(args, { CHROMIUM: '/missing/browser' });
  expect(skipped.stdout).toContain('page: skipped. There is no browser at /missing/browser. Set CHROMIUM');
  expect(skipped.stderr).toBe('');
  expect(skipped.status).toBe(0);
  const failed = run([...args, '--check', 'nope', '--require-browser'], { CHROMIUM: '/missing/browser' });
  expect(failed.stderr).toMatch(
    /^\npage: There is no browser at \/missing\/browser\. Set CHROMIUM .*\n\nThere is no check "nope"\.\n$/,
  );
  expect(failed.status).toBe(1);
});
