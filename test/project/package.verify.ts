import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dependencies, peerDependencies, version } from '../../package.json';

// A project with only the packed tarball and its dependencies.
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
  for (const name of Object.keys({ ...dependencies, ...peerDependencies }))
    symlinkSync(resolve('node_modules', name), join(modules, name));
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
});

afterAll(() => rmSync(home, { recursive: true }));

const script = `
  const one = createSecret({ name: 'db', at: 0 });
  const two = applyAll(one, [{ type: 'createVersion', at: 1 }]);
  console.log(versionOf(two, 'SYSPREVIOUS'), parseSecretState(JSON.parse(JSON.stringify(two))).ok);
`;
const names = 'applyAll, createSecret, parseSecretState, versionOf';

test('the package loads by import', () => {
  writeFileSync(join(home, 'esm.mjs'), `import { ${names} } from 'secret-stages';${script}`);
  expect(run('node', 'esm.mjs')).toBe('v1 true\n');
});

test('the package loads by require', () => {
  writeFileSync(join(home, 'cjs.cjs'), `const { ${names} } = require('secret-stages');${script}`);
  expect(run('node', 'cjs.cjs')).toBe('v1 true\n');
});

test.each([
  ['bind, huaweiCsms', 'bind(huaweiCsms)', []],
  ['bind, awsSecretsManager', 'bind(awsSecretsManager)', ['aws-secrets-manager']],
  ['bind, alibabaKms', 'bind(alibabaKms)', ['alibaba-kms']],
  ['bind, googleSecretManager', 'bind(googleSecretManager)', ['google-secret-manager']],
  ['assignStage, plan', '[assignStage, plan]', []],
])('a bundle with %s contains CSMS and that dialect, and no evidence', (names, use, others) => {
  writeFileSync(join(home, 'entry.js'), `import { ${names} } from 'secret-stages'; export default ${use};`);
  const options = ['--no-config', '--format', 'esm', '--out-dir', 'bundle', '--silent', '--minify'];
  run(resolve('node_modules/.bin/tsup'), 'entry.js', ...options);
  const bundle = readFileSync(join(home, 'bundle/entry.mjs'), 'utf8');
  const ids = ['huawei-csms', 'aws-secrets-manager', 'alibaba-kms', 'google-secret-manager'];
  expect(ids.filter((id) => bundle.includes(id))).toEqual(['huawei-csms', ...others]);
  expect(bundle).not.toContain('documented');
});

test('the command of the package runs, and returns its exit code', () => {
  const bin = join(installed, JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).bin['secret-stages']);
  expect(run('node', bin, '--version')).toBe(`${version}\n`);
  const rotation = resolve('test/transcripts/rotation.jsonl');
  const founding = resolve('test/transcripts/founding-example.jsonl');
  expect(run('node', bin, 'replay', founding)).toBe(readFileSync('test/cli/boards/founding-example.txt', 'utf8'));
  const drawn = () => run('node', bin, 'replay', rotation, '--html', 'rotation.html', '--svg', 'rotation.svg');
  expect(drawn).toThrow(expect.objectContaining({ status: 1 }));
  expect(readFileSync(join(home, 'rotation.svg'), 'utf8')).toBe(readFileSync('test/cli/boards/rotation.svg', 'utf8'));
  writeFileSync(join(home, 'bad.jsonl'), 'x\n');
  expect(() => run('node', bin, 'replay', 'bad.jsonl')).toThrow(expect.objectContaining({ status: 2 }));
});

test('the history entry loads by import and by require, and throws the errors of the core', () => {
  const story = `
    const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 9 });
    const two = record(born, { type: 'createVersion', at: 1 });
    console.log(undo(two).lastRevision, parseHistory(JSON.parse(JSON.stringify(two))).ok);
    try { record(two, { type: 'restore', at: 2 }); } catch (error) { console.log(error instanceof StageRefusedError); }
  `;
  const imports = ['{ createSecret, StageRefusedError }', '{ parseHistory, record, startHistory, undo }'];
  const entries = ['secret-stages', 'secret-stages/history'];
  const esm = imports.map((names, index) => `import ${names} from '${entries[index]}';`);
  const cjs = imports.map((names, index) => `const ${names} = require('${entries[index]}');`);
  writeFileSync(join(home, 'history.mjs'), [...esm, story].join('\n'));
  writeFileSync(join(home, 'history.cjs'), [...cjs, story].join('\n'));
  expect(run('node', 'history.mjs')).toBe('2 true\ntrue\n');
  expect(run('node', 'history.cjs')).toBe('2 true\ntrue\n');
});

test('the policy entry loads by import and by require', () => {
  const story = `
    const db = assignStage(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1 }), { stage: 'SYSCURRENT', versionId: 'v1', at: 2 });
    const [{ rule, remedy }] = check(db, { at: 3 }).findings;
    console.log(rule, check(applyAll(db, remedy), { at: 3 }).findings.length, importAny(db).ok);
  `;
  const entries = [
    ['{ applyAll, assignStage, createSecret, createVersion }', 'secret-stages'],
    ['{ check, importAny }', 'secret-stages/policy'],
  ];
  writeFileSync(
    join(home, 'policy.mjs'),
    [...entries.map(([names, entry]) => `import ${names} from '${entry}';`), story].join('\n'),
  );
  writeFileSync(
    join(home, 'policy.cjs'),
    [...entries.map(([names, entry]) => `const ${names} = require('${entry}');`), story].join('\n'),
  );
  expect(run('node', 'policy.mjs')).toBe('previous-is-not-current 0 true\n');
  expect(run('node', 'policy.cjs')).toBe('previous-is-not-current 0 true\n');
});

test('the emulator, server and testing entries load by import and by require', () => {
  const story = `
    const emulator = createCsmsEmulator();
    const headers = { 'x-auth-token': 'any' };
    const run = async () => {
      const { url, close } = await serve(emulator);
      const body = '{"name":"db","secret_string":"x"}';
      console.log((await fetch(url + '/v1/p/secrets', { method: 'POST', headers, body })).status);
      console.log((await emulator.fetch(new Request('http://x/v1/p/secrets/db', { headers }))).status);
      await close();
      const store = await openStore('store');
      console.log(store.commit([]), store.revisions().size, storeContract.length > 0);
      store.close();
    };
    run();
  `;
  const entries = [
    ['{ createCsmsEmulator }', 'emulator'],
    ['{ openStore, serve }', 'server'],
    ['{ storeContract }', 'testing'],
  ];
  const esm = entries.map(([names, entry]) => `import ${names} from 'secret-stages/${entry}';`);
  const cjs = entries.map(([names, entry]) => `const ${names} = require('secret-stages/${entry}');`);
  writeFileSync(join(home, 'emulator.mjs'), [...esm, story].join('\n'));
  writeFileSync(join(home, 'emulator.cjs'), [...cjs, story].join('\n'));
  expect(run('node', 'emulator.mjs')).toBe('200\n200\ntrue 0 true\n');
  expect(run('node', 'emulator.cjs')).toBe('200\n200\ntrue 0 true\n');
});

test('without libsql only openStore fails, and it names the missing package', () => {
  rmSync(join(modules, 'libsql'));
  const script = `
    import { createCsmsEmulator } from 'secret-stages/emulator';
    import { openStore } from 'secret-stages/server';
    console.log(createCsmsEmulator().world);
    await openStore('store').catch((error) => console.log(error.message));
  `;
  writeFileSync(join(home, 'without.mjs'), script);
  expect(run('node', 'without.mjs')).toBe(
    '{ projects: {} }\nA store on disk requires libsql, which is not installed. Run `npm install libsql`.\n',
  );
  symlinkSync(resolve('node_modules', 'libsql'), join(modules, 'libsql'));
});

test('the testing entry loads by import and by require', () => {
  const story = `
    const run = async () => {
      const { ok, laws } = await checkConformance(modelDriver(), { runs: 3 });
      const db = secret('db').version('v1', 'SYSCURRENT').build();
      console.log(ok, laws.length > 0, stageMatchers.toMark(db, 'SYSCURRENT', 'v1').pass, fc.sample(secretState(), 1).length);
    };
    run();
  `;
  const names = '{ checkConformance, modelDriver, secret, secretState, stageMatchers }';
  writeFileSync(
    join(home, 'kit.mjs'),
    `import fc from 'fast-check';import ${names} from 'secret-stages/testing';${story}`,
  );
  writeFileSync(
    join(home, 'kit.cjs'),
    `const fc = require('fast-check');const ${names} = require('secret-stages/testing');${story}`,
  );
  expect(run('node', 'kit.mjs')).toBe(`true true true 1\n`);
  expect(run('node', 'kit.cjs')).toBe(`true true true 1\n`);
});

test('the types of the matchers need no test runner', () => {
  expect(readFileSync(join(installed, 'dist/testing.d.ts'), 'utf8')).toMatch(
    /declare global \{\s+namespace jest \{\s+interface Matchers<R, T> extends StageMatchers<R> \{/,
  );
});

test('the vectors load by import and by require', () => {
  const names = ['dialect.json', 'assign-stage.json', 'optional/batch.json', 'generated.json', 'schema.json'];
  const script = names.map((name) => `console.log(Object.keys(require('secret-stages/vectors/${name}'))[0]);`);
  writeFileSync(join(home, 'vectors.cjs'), script.join('\n'));
  expect(run('node', 'vectors.cjs')).toBe(`id\n$schema\n$schema\n$schema\n$schema\n`);
  writeFileSync(
    join(home, 'vectors.mjs'),
    "console.log(import.meta.resolve('secret-stages/vectors/runner.py').endsWith('test/vectors/runner.py'))",
  );
  expect(run('node', 'vectors.mjs')).toBe('true\n');
});

test('conform needs only the dependencies of the package', () => {
  rmSync(join(modules, 'fast-check'));
  const bin = join(installed, 'dist/cli.js');
  const script = `
    import { execFile } from 'node:child_process';
    import { promisify } from 'node:util';
    import { createCsmsEmulator } from 'secret-stages/emulator';
    import { serve } from 'secret-stages/server';
    const { url, close } = await serve(createCsmsEmulator());
    const args = [${JSON.stringify(bin)}, 'conform', url, '--project', 'p', '--runs', '5', '--junit', 'conform.xml'];
    const { stdout } = await promisify(execFile)('node', args, { env: { ...process.env, CSMS_TOKEN: 'any' } });
    console.log(stdout.includes('No law was broken.'));
    await close();
  `;
  writeFileSync(join(home, 'conform.mjs'), script);
  expect(run('node', 'conform.mjs')).toBe('true\n');
  expect(readFileSync(join(home, 'conform.xml'), 'utf8')).toContain('<testsuites>');
  symlinkSync(resolve('node_modules', 'fast-check'), join(modules, 'fast-check'));
});

test('the types of the package compile without skipLibCheck', { timeout: 60_000 }, () => {
  const entries = ['', '/evidence', '/history', '/policy', '/emulator', '/server', '/testing'];
  const imports = entries.map(
    (entry, index) => `import * as entry${index} from 'secret-stages${entry}'; entry${index};`,
  );
  const files = ['types.mts', 'types.cts'].map((file) => join(home, file));
  for (const file of files) writeFileSync(file, imports.join('\n'));
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
  });
  const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => [file?.fileName, messageText]);
  // The types of peers are not ours.
  expect(found.filter(([file]) => !/node_modules\/(?!secret-stages)/.test(`${file}`))).toEqual([]);
});

test('the package contains the build, the vectors, the licence, the README and the manuals', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  const entries = ['index', 'evidence', 'history', 'policy', 'emulator', 'server', 'testing'].flatMap((entry) =>
    ['js', 'cjs', 'd.ts', 'd.cts'].map((end) => `${entry}.${end}`),
  );
  const manuals = ['cli', 'dialects', 'emulator', 'history', 'operations', 'policy', 'server', 'testing'];
  const shared = /^dist\/[\w-]+-[\w-]{8}\.(c?js|d\.c?ts)$/;
  const vectors = readdirSync('test/vectors', { recursive: true, encoding: 'utf8' }).map(
    (file) => `test/vectors/${file}`,
  );
  expect(files.filter((file) => !shared.test(file)).sort()).toEqual(
    [
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'test/laws.test.ts'],
      ...['bench', 'dist', 'src', 'test', 'test/vectors', 'bench/README.md', 'bench/growth.svg'],
      ...manuals.flatMap((folder) => [`src/${folder}`, `src/${folder}/README.md`]),
      'src/operations/stages.svg',
      ...['cli.js', ...entries].map((file) => `dist/${file}`),
      ...vectors,
    ].sort(),
  );
});

/** The packages that a built file imports, directly or through other built files. */
const packagesOf = (file: string): readonly string[] => {
  const text = readFileSync(join(installed, 'dist', file), 'utf8');
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return imported.flatMap((name) => (name.startsWith('./') ? packagesOf(name) : [name]));
};

test.each([
  ['index', []],
  ['evidence', []],
  ['history', ['immer', 'valibot']],
  ['policy', ['valibot']],
  ['emulator', ['valibot']],
  ['server', ['fs', 'http', 'libsql', 'crypto', 'path', 'process', 'valibot']],
  ['testing', ['fast-check', 'valibot']],
])('%s imports exactly %j', (entry, packages) => {
  for (const end of ['js', 'cjs']) {
    const asked = packagesOf(`${entry}.${end}`).map((name) => name.replace('node:', ''));
    expect([...new Set(asked)].sort()).toEqual([...packages].sort());
  }
});
