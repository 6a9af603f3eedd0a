import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// That it runs and what it prints; never how long anything took.
test('a measure is taken by its name, as JSON for machines', { timeout: 60_000 }, () => {
  const out = execFileSync('node', ['bench/main.js', '--json', '--rounds', '1', 'repeat'], { encoding: 'utf8' });
  const { node, tables } = JSON.parse(out);
  expect(node).toBe(process.version);
  expect(tables).toHaveLength(1);
  const contenders = tables[0].rows.map((row: { contender: string }) => row.contender);
  expect(contenders.slice(0, 3)).toEqual(['mutable, the limit', 'secret-stages', 'spread']);
  for (const row of tables[0].rows) expect(row).toMatchObject({ ns: expect.any(Number), mean: expect.any(Number) });
});

test.each([
  [['create', 'nope', 'no'], /^There is no measure nope, no\. There is move, .*memory\.\n$/],
  [['--rounds', '0'], /^--rounds is a whole number from 1, not 0\.\n$/],
  [['--fast'], /Unknown option '--fast'/],
])('%j is refused with what there is', (args, complaint) => {
  const { status, stdout, stderr } = spawnSync('node', ['bench/main.js', ...args], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(complaint);
});

test('the picture is drawn from the results that the README tells', () => {
  const drawn = execFileSync('node', ['bench/picture.js', 'bench/results.json'], { encoding: 'utf8' });
  expect(drawn).toBe(readFileSync('bench/growth.svg', 'utf8'));
});
