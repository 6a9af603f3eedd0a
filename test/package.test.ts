import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dependencies, version } from '../package.json';

// A project of somebody else's, with the packed tarball and its dependencies, and nothing more.
const home = mkdtempSync(join(tmpdir(), 'secret-stages-'));
const modules = join(home, 'node_modules');
const installed = join(modules, 'secret-stages');
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: home, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], { encoding: 'utf8' }),
  );
  mkdirSync(installed, { recursive: true });
  run('tar', '-xzf', packed.filename, '-C', installed, '--strip-components', '1');
  for (const name of Object.keys(dependencies)) symlinkSync(resolve('node_modules', name), join(modules, name));
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
});

afterAll(() => rmSync(home, { recursive: true }));

const script = `
  const one = createSecret({ name: 'db', at: 0 });
  const two = applyAll(one, [{ type: 'createVersion', at: 1 }]);
  console.log(versionOf(two, 'SYSPREVIOUS'), parseSecretState(JSON.parse(JSON.stringify(two))).ok);
`;
const names = 'applyAll, createSecret, parseSecretState, versionOf';

test('the package is loaded by import', () => {
  writeFileSync(join(home, 'esm.mjs'), `import { ${names} } from 'secret-stages';${script}`);
  expect(run('node', 'esm.mjs')).toBe('v1 true\n');
});

test('and by require', () => {
  writeFileSync(join(home, 'cjs.cjs'), `const { ${names} } = require('secret-stages');${script}`);
  expect(run('node', 'cjs.cjs')).toBe('v1 true\n');
});

test('its command runs from there, and its exit code comes through', () => {
  const bin = join(installed, JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).bin['secret-stages']);
  expect(run('node', bin, '--version')).toBe(`${version}\n`);
  const rotation = resolve('test/transcripts/rotation.jsonl');
  expect(run('node', bin, 'replay', rotation)).toBe(readFileSync('test/cli/boards/rotation.txt', 'utf8'));
  writeFileSync(join(home, 'bad.jsonl'), 'x\n');
  expect(() => run('node', bin, 'replay', 'bad.jsonl')).toThrow(expect.objectContaining({ status: 1 }));
});

test('it carries the build, the licence and the README, and the core in it imports nothing', () => {
  const built = ['cli.js', 'index.cjs', 'index.d.cts', 'index.d.ts', 'index.js'].map((file) => join('dist', file));
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', ...built, 'package.json'].sort());
  for (const file of ['index.js', 'index.cjs']) {
    expect(readFileSync(join(installed, 'dist', file), 'utf8')).not.toMatch(/\bimport\b[^;]*from|\brequire\(/);
  }
});
