import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { motoHere } from '../../bench/aws.js';
import manifest from '../../package.json';

// Checks that it runs and what it prints, not how fast it is.
test('bench runs one measure by name, and prints JSON', { timeout: 60_000 }, () => {
  const out = execFileSync('node', ['bench/main.js', '--json', '--rounds', '1', 'repeat'], { encoding: 'utf8' });
  const { node, tables } = JSON.parse(out);
  expect(node).toBe(process.version);
  expect(tables).toHaveLength(1);
  const contenders = tables[0].rows.map((row: { contender: string }) => row.contender);
  expect(contenders.slice(0, 3)).toEqual(['mutable, the limit', 'secret-stages', 'spread']);
  for (const row of tables[0].rows) expect(row).toMatchObject({ ns: expect.any(Number), mean: expect.any(Number) });
});

test('bench gives the ratios of a race with their bounds', { timeout: 120_000 }, () => {
  const out = execFileSync('node', ['bench/main.js', '--json', '--rounds', '2', 'batch'], { encoding: 'utf8' });
  const [{ rows, figures }] = JSON.parse(out).tables;
  expect(rows).toContainEqual(expect.objectContaining({ contender: 'secret-stages', 'times secret-stages': 1 }));
  expect(figures).toEqual([
    { figure: 'a move in a batch, times the limit', ratio: expect.any(Number), must: '≤ 2.5', aim: '≤ 1.2' },
  ]);
});

test('bench measures the start of programs, and sizes', { timeout: 180_000 }, () => {
  const args = ['bench/main.js', '--json', '--rounds', '1', 'startup', 'sizes'];
  const [imports, programs, bundles, packed] = JSON.parse(execFileSync('node', args, { encoding: 'utf8' })).tables;
  const time = expect.any(Number);
  const entries = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
  expect(imports.rows).toEqual(
    [...entries.map((path) => path.replace('.', 'secret-stages')), 'immer', 'valibot'].map((contender) => ({
      contender,
      import: time,
      require: time,
    })),
  );
  expect(programs.rows.at(-1)).toEqual({ contender: 'an empty program', ms: time });
  expect(bundles.rows).toEqual(
    manifest['size-limit'].map(({ name }) => ({
      contender: name,
      bytes: expect.any(Number),
      limit: expect.any(Number),
    })),
  );
  const [{ bytes }, { bytes: unpacked }] = packed.rows;
  expect(unpacked).toBeGreaterThan(bytes);
});

const moto = motoHere();
test.skipIf(!moto)('bench makes the same calls to moto and to the emulator of AWS', { timeout: 180_000 }, () => {
  const out = execFileSync('node', ['bench/main.js', '--json', '--rounds', '1', 'aws'], { encoding: 'utf8' });
  const { tables } = JSON.parse(out);
  const row = { ns: expect.any(Number), 'per second': expect.any(Number) };
  for (const { rows } of tables)
    expect(rows).toEqual(['secret-stages', moto].map((contender) => expect.objectContaining({ contender, ...row })));
  expect(tables.map(({ figures }: { readonly figures: object }) => figures)).toEqual([
    [expect.objectContaining({ ratio: expect.any(Number), must: '≥ 12' })],
    [expect.objectContaining({ ratio: expect.any(Number), must: '≥ 50' })],
  ]);
});

test('bench skips the race with moto if there is no Python', () => {
  const env = { PATH: 'nowhere' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/main.js', '--json', 'aws'], {
    encoding: 'utf8',
    env,
  });
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, tables: [] });
  expect(stderr).toMatch(/^aws: skipped, because python3 .*\n$/);
});

test.each([
  [['create', 'nope', 'no'], /^Unknown measure: nope, no\. Known measures: move, .*memory\.\n$/],
  [['--rounds', '0'], /^--rounds must be a whole number of at least 1; got 0\.\n$/],
  [['--fast'], /Unknown option '--fast'/],
])('bench refuses %j', (args, complaint) => {
  const { status, stdout, stderr } = spawnSync('node', ['bench/main.js', ...args], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(complaint);
});

test('the picture is drawn from bench/results.json', () => {
  const drawn = execFileSync('node', ['bench/picture.js', 'bench/results.json'], { encoding: 'utf8' });
  expect(drawn).toBe(readFileSync('bench/growth.svg', 'utf8'));
});
