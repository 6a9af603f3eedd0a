import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The layers of `src/README.md`, from the bottom up: files, and folders with a slash at the end. */
const layers = [...readFileSync('src/README.md', 'utf8').matchAll(/^\| \d+ \| (.*) \|$/gm)].map(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, module = '']) => module),
);

/** The modules that may import each package. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'node:': ['server/', 'cli/'],
  valibot: ['schema.ts', 'history/', 'api/', 'service/', 'transcript/', 'policy/', 'testing/', 'server/', 'cli/'],
  leven: ['nearest.ts', 'policy/'],
  croner: ['service/'],
  tinyqueue: ['transcript/'],
  immer: ['history/'],
  'fast-check': ['testing/'],
  // Only its types: see matchers.ts.
  expect: ['testing/'],
  '@noble/hashes': ['api/'],
  libsql: ['server/'],
  'string-width': ['drawing/', 'cli/'],
  'jsonc-parser': ['cli/'],
  // Only its types, and none that are public.
  sarif: ['policy/'],
};

const src = resolve('src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const importsOf = (file: string): readonly string[] =>
  ts.preProcessFile(readFileSync(join(src, file), 'utf8')).importedFiles.map(({ fileName }) => fileName);
const pathOf = (file: string, imported: string): string => relative(src, resolve(src, file, '..', imported));
const localImportsOf = (file: string): readonly string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => pathOf(file, name))
    .filter((path) => path !== '../package.json' || !/^(cli|policy\/report)\//.test(file));

const isOf = (file: string, module: string) => (module.endsWith('/') ? file.startsWith(module) : file === module);
/** The module of a file. If one folder contains another, the inner one. */
const moduleOf = (file: string): string =>
  layers
    .flat()
    .filter((module) => isOf(file, module))
    .sort((one, other) => other.length - one.length)[0] ?? '';
const layerOf = (file: string): number => layers.findIndex((modules) => modules.includes(moduleOf(file)));

test('the table of layers names every module once, and every file is in a module', () => {
  expect(layers.length).toBeGreaterThan(5);
  expect(new Set(layers.flat()).size).toBe(layers.flat().length);
  for (const module of layers.flat())
    expect(
      files.some((file) => isOf(file, module)),
      module,
    ).toBe(true);
  for (const file of files) expect(moduleOf(file), file).not.toBe('');
});

test.each(files)('%s imports only from lower layers or from its own module', (file) => {
  for (const path of localImportsOf(file)) {
    if (moduleOf(path) === moduleOf(file)) continue;
    expect(layerOf(path), `${file} imports ${path}`).not.toBe(-1);
    expect(layerOf(path), `${file} imports ${path}`).toBeLessThan(layerOf(file));
  }
});

test.each(files)('%s imports another folder only through its index.ts', (file) => {
  for (const path of localImportsOf(file)) {
    const folders = path.split('/').slice(0, -1);
    const entered = folders
      .map((_, depth) => folders.slice(0, depth + 1).join('/'))
      .filter((folder) => existsSync(join(src, folder, 'index.ts')) && !file.startsWith(`${folder}/`));
    if (entered.length > 0) expect(path, `${file} imports ${path}`).toBe(`${entered[0]}/index.ts`);
  }
});

test('no file imports itself through other files', () => {
  const onTheWay: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): void => {
    expect(onTheWay, `${onTheWay.join(' → ')} → ${file}`).not.toContain(file);
    if (done.has(file)) return;
    onTheWay.push(file);
    for (const path of localImportsOf(file)) visit(path);
    onTheWay.pop();
    done.add(file);
  };
  for (const file of files) visit(file);
});

test.each(files)('%s imports only the packages that its module may use', (file) => {
  for (const name of importsOf(file).filter((name) => !name.startsWith('.'))) {
    const homes = packages[name.replace(/(?<=^node:).*|(?<=^(?:@[^/]+\/)?[^/@]+)\/.*/, '')] ?? [];
    expect(
      homes.some((home) => file.startsWith(home)),
      `${file} imports ${name}`,
    ).toBe(true);
  }
});

test.each(files)('%s exports functions as declarations', (file) => {
  const source = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const isFunction = initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
      expect(isFunction, name.getText()).not.toBe(true);
    }
  }
});

/** Whether a file is part of a program, which may use a clock and randomness: emulator, server, command line. */
const isRunning = (file: string) => /^(emulator|server|cli)\//.test(file);

// The compiler excludes process and console from the core (`types: []`, no DOM), but not the clock and randomness.
test.each(files.filter((file) => !isRunning(file)))('%s uses no clock and no randomness', (file) => {
  expect(readFileSync(join(src, file), 'utf8')).not.toMatch(
    /Date\.now|new Date(?!\([\w`])|[^.\w]Date\(\)|Math\.random|performance|crypto/,
  );
});

test('only these files use a clock or randomness', () => {
  const impure = files.filter((file) =>
    /Date\.now|new Date\(\)|randomUUID|Math\.random|performance\./.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(impure.sort()).toEqual([
    'cli/check-options.ts',
    'cli/conform.ts',
    'cli/files/write-file.ts',
    'cli/serve.ts',
    'cli/terminal/progress.ts',
    'emulator/emulator.ts',
    'server/open-store.ts',
    'server/serve.ts',
  ]);
});

test('only api, service, emulator and server contain HTTP statuses and error codes of CSMS', () => {
  for (const file of files.filter((file) => !/^(api|service|emulator|server)\//.test(file))) {
    expect(readFileSync(join(src, file), 'utf8')).not.toMatch(/CSMS\.\d{4}|\b(400|403|404)\b/);
  }
});

test('the core imports no list of all dialects and no evidence, so that bundles stay small', () => {
  const core = files.filter((file) => !/^(dialects|evidence|transcript|policy|testing|cli)\//.test(file));
  for (const file of core) {
    expect(readFileSync(join(src, file), 'utf8'), file).not.toMatch(
      /import[^;]*\b(clouds|cloudOf|evidenceOf)\b[^;]*from/,
    );
  }
});
