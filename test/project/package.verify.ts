import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peerDependencies, version } from '../../package.json';
import { filesIn, packageProblems } from '../release/package-problems.js';
import { llmsText } from './llms.ts';

// A project with only the packed tarball and its optional peers. The package has no dependencies.
const home = mkdtempSync(join(tmpdir(), 'secret-stages-'));
const modules = join(home, 'node_modules');
const installed = join(modules, 'secret-stages');
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: home, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });

let packed: { readonly filename: string; readonly size: number; readonly unpackedSize: number };

beforeAll(() => {
  [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], { encoding: 'utf8' }),
  );
  mkdirSync(installed, { recursive: true });
  run('tar', '-xzf', packed.filename, '-C', installed, '--strip-components', '1');
  for (const name of Object.keys(peerDependencies)) symlinkSync(resolve('node_modules', name), join(modules, name));
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

// What the entries do in both forms is checked by test/runtimes.
test('every entry exports the same names by import and by require', () => {
  const entries = ['', '/evidence', '/history', '/policy', '/emulator', '/server', '/testing'];
  writeFileSync(
    join(home, 'names.mjs'),
    `${entries.map((entry, index) => `import * as e${index} from 'secret-stages${entry}';`).join('')}
    const list = [${entries.map((_, index) => `e${index}`)}];
    console.log(JSON.stringify(list.map((entry) => Object.keys(entry).sort())));`,
  );
  writeFileSync(
    join(home, 'names.cjs'),
    `const list = ${JSON.stringify(entries)}.map((entry) => require('secret-stages' + entry));
    console.log(JSON.stringify(list.map((entry) => Object.keys(entry).sort())));`,
  );
  const names: readonly (readonly string[])[] = JSON.parse(run('node', 'names.mjs'));
  expect(names[0]).toContain('assignStage');
  expect(JSON.parse(run('node', 'names.cjs'))).toEqual(names);
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

/** Runs without a peer in the project. */
const without = (peer: keyof typeof peerDependencies, use: () => void): void => {
  rmSync(join(modules, peer));
  try {
    use();
  } finally {
    symlinkSync(resolve('node_modules', peer), join(modules, peer));
  }
};

/** What a script prints on standard error as it fails. */
const complaintOf = (file: string, script: string): string => {
  writeFileSync(join(home, file), script);
  const { status, stderr } = spawnSync('node', [file], { cwd: home, encoding: 'utf8' });
  expect(status).toBe(1);
  return stderr;
};

test.each([
  ['history', 'immer'],
  ['testing', 'fast-check'],
] as const)('without its peer only %s fails to load, and it tells to install %s', (entry, peer) => {
  without(peer, () => {
    const others = ['', '/evidence', '/history', '/policy', '/emulator', '/server', '/testing'].filter(
      (other) => other !== `/${entry}`,
    );
    writeFileSync(join(home, 'others.mjs'), others.map((other) => `import 'secret-stages${other}';`).join('\n'));
    writeFileSync(join(home, 'others.cjs'), others.map((other) => `require('secret-stages${other}');`).join('\n'));
    for (const file of ['others.mjs', 'others.cjs']) expect(run('node', file)).toBe('');
    expect(complaintOf('needs.cjs', `require('secret-stages/${entry}')`)).toContain(
      `Error: secret-stages/${entry} requires ${peer}, which is not installed. Run \`npm install ${peer}\`.`,
    );
    expect(complaintOf('needs.mjs', `import 'secret-stages/${entry}'`)).toMatch(
      new RegExp(`Cannot find package '${peer}' imported from \\S*/npm-install-${peer}\\.js`),
    );
  });
});

test('without libsql only openStore fails, and it names the missing package', () => {
  const script = `
    import { createCsmsEmulator } from 'secret-stages/emulator';
    import { openStore } from 'secret-stages/server';
    console.log(createCsmsEmulator().world);
    await openStore('store').catch((error) => console.log(error.message));
  `;
  writeFileSync(join(home, 'without.mjs'), script);
  const advice = 'A store on disk requires libsql, which is not installed. Run `npm install libsql`.\n';
  without('libsql', () => {
    expect(run('node', 'without.mjs')).toBe(`{ projects: {} }\n${advice}`);
    const { status, stderr } = spawnSync('node', [join(installed, 'dist/cli.js'), 'serve', '--data', 'store'], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(stderr).toContain(`secret-stages: ${advice}`);
    expect(status).toBe(2);
  });
});

test('the types of the matchers need no test runner', () => {
  expect(readFileSync(join(installed, 'dist/testing.d.ts'), 'utf8')).toMatch(
    /declare global \{\s+namespace jest \{\s+interface Matchers<R, T> extends StageMatchers<R> \{/,
  );
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
test('the command writes the vectors of the package, and their runner passes', () => {
  const bin = join(installed, 'dist/cli.js');
  expect(run('node', bin, 'vectors', 'vectors')).toMatch(/^Wrote \d+ files\./);
  const [written, here] = [join(home, 'vectors'), 'test/vectors'].map((folder) =>
    JSON.parse(readFileSync(join(folder, 'assign-stage.json'), 'utf8')),
  );
  expect(written).toEqual(here);
  if (hasPython) expect(run('python3', 'vectors/runner.py')).toMatch(/^assign-stage\.json: (\d+) of \1 pass$/m);
});

test('llms.txt of the package is made from these sources', () => {
  expect(readFileSync(join(installed, 'dist/llms.txt'), 'utf8')).toBe(llmsText());
});

test('conform needs no other package', () => {
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
  without('fast-check', () => expect(run('node', 'conform.mjs')).toBe('true\n'));
  expect(readFileSync(join(home, 'conform.xml'), 'utf8')).toContain('<testsuites>');
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

test('the package has no problem that a release would be stopped for', () => {
  const files = filesIn(installed);
  const bundled: readonly string[] = JSON.parse(readFileSync('reports/bundled.json', 'utf8'));
  expect(bundled).toContain('valibot');
  expect(
    packageProblems({ files, bundled, packed: packed.size, unpacked: packed.unpackedSize, secrets: [process.cwd()] }),
  ).toEqual([]);
});

/** The packages that a built file imports, directly or through other built files. */
const packagesOf = (file: string): readonly string[] => {
  const text = readFileSync(join(installed, file), 'utf8');
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return imported.flatMap((name) => (name.startsWith('./') ? packagesOf(join(dirname(file), name)) : [name]));
};

test.each([
  ['index', []],
  ['evidence', []],
  ['history', ['immer']],
  ['policy', []],
  ['emulator', []],
  ['server', ['fs', 'http', 'libsql', 'net', 'crypto', 'path', 'process', 'timers/promises']],
  ['testing', ['fast-check']],
])('%s imports exactly %j', (entry, packages) => {
  for (const folder of ['dist', 'dist/cjs']) {
    const asked = packagesOf(join(folder, `${entry}.js`)).map((name) => name.replace('node:', ''));
    expect([...new Set(asked)].sort()).toEqual([...packages].sort());
  }
});
