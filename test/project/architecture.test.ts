import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The floors of the house, from the ground up. A file imports from lower floors, or from its own folder. */
const floors: readonly (readonly string[])[] = [
  ['state.ts', 'json.ts'],
  ['refusal.ts', 'effect.ts'],
  ['describe.ts', 'issue.ts', 'dialects/'],
  ['series.ts', 'evidence/'],
  ['queries.ts'],
  ['operations/', 'laws.ts', 'effects.ts'],
  ['reduce.ts', 'parse.ts'],
  ['plan.ts'],
  ['bind.ts'],
  ['index.ts', 'history/'],
  ['emulator/'],
  ['policy/subject.ts', 'policy/rule.ts', 'policy/nearest.ts', 'policy/room.ts', 'policy/span.ts'],
  ['policy/rules/'],
  ['policy/'],
  ['testing/offered.ts'],
  ['testing/arbitraries/'],
  ['testing/', 'server/'],
  ['cli/'],
];

/** What may be imported from outside, and where alone. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'node:': ['server/', 'cli/'],
  valibot: ['issue.ts', 'history/', 'emulator/', 'policy/', 'testing/', 'server/', 'cli/'],
  leven: ['policy/'],
  immer: ['history/'],
  'fast-check': ['testing/'],
  '@noble/hashes': ['emulator/'],
  libsql: ['server/'],
  picocolors: ['cli/'],
  'cli-table3': ['cli/'],
  '@observablehq/plot': ['cli/'],
  linkedom: ['cli/'],
  sarif: ['cli/'],
};

const src = resolve('src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const importsOf = (file: string): readonly string[] =>
  ts.preProcessFile(readFileSync(join(src, file), 'utf8')).importedFiles.map(({ fileName }) => fileName);
const pathOf = (file: string, imported: string): string => relative(src, resolve(src, file, '..', imported));
const floorOf = (file: string): number =>
  floors.findIndex((rooms) => rooms.some((room) => (room.endsWith('/') ? file.startsWith(room) : file === room)));

test.each(files)('%s stands on a floor and imports from lower ones, or from its own folder', (file) => {
  expect(floorOf(file)).not.toBe(-1);
  for (const imported of importsOf(file).filter((name) => name.startsWith('.'))) {
    const path = pathOf(file, imported);
    const isNextDoor = dirname(file) !== '.' && dirname(path) === dirname(file);
    if (path === '../package.json') expect(file.startsWith('cli/')).toBe(true);
    else if (!isNextDoor) {
      expect(floorOf(path), `${file} imports ${path}`).not.toBe(-1);
      expect(floorOf(path), `${file} imports ${path}`).toBeLessThan(floorOf(file));
    }
  }
});

test('no file imports itself by a detour', () => {
  const onTheWay: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): void => {
    expect(onTheWay, `${onTheWay.join(' → ')} → ${file}`).not.toContain(file);
    if (done.has(file) || !files.includes(file)) return;
    onTheWay.push(file);
    for (const imported of importsOf(file)) visit(pathOf(file, imported));
    onTheWay.pop();
    done.add(file);
  };
  for (const file of files) visit(file);
});

test.each(files)('%s takes packages only where they belong, and the core takes none', (file) => {
  for (const name of importsOf(file).filter((name) => !name.startsWith('.'))) {
    const homes = packages[name.replace(/(?<=^node:).*|(?<=^(?:@[^/]+\/)?[^/@]+)\/.*/, '')] ?? [];
    expect(
      homes.some((home) => file.startsWith(home)),
      `${file} imports ${name}`,
    ).toBe(true);
  }
});

/** What runs, and so has a clock and chance: an emulator, its server, the command line. */
const isRunning = (file: string) => /^(emulator|server|cli)\//.test(file);

// The compiler knows neither process nor console in the core (`types: []`, no DOM); a clock and chance it does know.
test.each(files.filter((file) => !isRunning(file)))('%s reaches no clock and no chance', (file) => {
  expect(readFileSync(join(src, file), 'utf8')).not.toMatch(
    /Date\.now|new Date(?!\(\w)|[^.\w]Date\(\)|Math\.random|performance|crypto/,
  );
});

test('only what wraps the pure parts has a clock and chance', () => {
  const impure = files.filter((file) =>
    /Date\.now|new Date\(\)|randomUUID|Math\.random|performance\./.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(impure.sort()).toEqual([
    'cli/conform.ts',
    'cli/judged.ts',
    'emulator/emulator.ts',
    'server/open-store.ts',
    'server/serve.ts',
  ]);
});

test('HTTP statuses and codes of CSMS are in the emulator and its server alone', () => {
  for (const file of files.filter((file) => !/^(emulator|server)\//.test(file))) {
    expect(readFileSync(join(src, file), 'utf8')).not.toMatch(/CSMS\.\d{4}|\b(400|403|404)\b/);
  }
});

test('the core imports no list of all dialects, and no evidence: a bundle of it carries what it uses', () => {
  const carriers = files.filter((file) =>
    importsOf(file).some((name) => name.startsWith('.') && /^(dialects|evidence)\/index\.ts$/.test(pathOf(file, name))),
  );
  expect(carriers.length).toBeGreaterThan(0);
  for (const file of carriers) expect(file).toMatch(/^(evidence|policy|testing|cli)\//);
});
