import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { bin } from '../../package.json';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { importAny, pack } from '../../src/policy/index.ts';
import { serve } from '../../src/server/index.ts';
import { checkConformance, explainConformance } from '../../src/testing/index.ts';
import { runCli } from '../cli/host.ts';
import { Vault } from '../gallery/vault.ts';
import { claimsOf } from './examples.ts';
import { measuredSentences, measuredTables } from './measured.ts';

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
  language,
  code,
}));
const blocksIn = (language: string) => blocks.filter((block) => block.language === language).map(({ code }) => code);

test('there is no code block that nobody runs', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['sh', 'ts', 'json', 'text']));
  expect(readme.match(/^```/gm)).toHaveLength(2 * blocks.length);
});

// What imports a test runner or reads files is of a test of this project, quoted.
const quotations = blocksIn('ts').filter((code) => /from '(vitest|node:fs)'/.test(code));
const examples = blocksIn('ts').filter((code) => !quotations.includes(code));

test.each(quotations)('what it quotes runs in a test: %s', (code) => {
  const files = ['test/rotation', 'test/policy-checker', 'test/own-vault'].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(folder, name), 'utf8')),
  );
  expect(files.some((text) => text.includes(code))).toBe(true);
});

test.each(examples)('the values in its comments are those that the code gives: %s', async (code) => {
  const claims = await claimsOf(code);
  expect(claims.length).toBeGreaterThan(0);
  for (const { found, claimed } of claims) expect(found).toEqual(claimed);
  const imported = code.match(/import \{([^}]*)\}/)?.[1]?.match(/\w+/g) ?? [];
  for (const name of imported) expect(code.split(new RegExp(`\\b${name}\\b`)).length, name).toBeGreaterThan(2);
});

test('the picture of the model is what the model does', async () => {
  const [picture = ''] = blocksIn('text');
  expect(picture).toContain("assignStage(db, { stage: 'SYSCURRENT', versionId: 'v2', at })");
  const [{ found } = { found: '' }] = await claimsOf(`
const four = applyAll(createSecret({ name: 'db', at: 0 }), [
  { type: 'createVersion', at: 1 },
  { type: 'createVersion', at: 2 },
  { type: 'assignStage', stage: 'canary', versionId: 'v3', at: 3 },
]);
const after = assignStage(four, { stage: 'SYSCURRENT', versionId: 'v2', at: 4 });
const board = (state) => versionsByAge(state).map(({ id }) => [id, stagesOf(state, id).join(', ') || 'deprecated'].join('   '));
[...board(four), ...board(after)]; // 0
`);
  const drawn = [...picture.matchAll(/v\d {3}\w+(, \w+)*/g)].map(([row]) => row);
  expect(drawn.sort()).toEqual([...(found as string[])].sort());
});

test('the finding that it shows is what check tells, and its remedy mends it', async () => {
  const [, , shown] = blocksIn('text');
  const stuck = 'test/transcripts/stuck-rotation.jsonl';
  const { code, out } = await runCli(['check', stuck]);
  expect([code, out]).toEqual([1, shown]);
  const remedy = out.split('\n').find((line) => line.includes('"PUT"'));
  const mended = await runCli(['check', '-'], { input: [readFileSync(stuck, 'utf8'), `${remedy}`] });
  expect([mended.code, mended.out]).toEqual([0, expect.stringContaining('0 errors, 0 warnings, 0 notes')]);
});

test('the broken law that it shows is told so', async () => {
  const [, shown] = blocksIn('text');
  const found = await checkConformance(new Vault('stage-on-two-versions'), { seed: 1 });
  expect(`${explainConformance(found)}\n`).toBe(shown);
});

test('the answer that it shows is one', () => {
  const [answer = ''] = blocksIn('json');
  expect(importAny(JSON.parse(answer))).toMatchObject({ ok: true });
});

test('the rules of policy in the table are those of the pack', () => {
  const rows = pack.map(({ id, title, why, severity, thresholds }) => {
    const numbers = Object.entries(thresholds).map((entry) => entry.join(' '));
    return `| \`${id}\` | ${title} ${why} | ${severity} | ${numbers.join(', ') || '–'} |`;
  });
  expect(readme).toContain(`| severity | thresholds |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n\n`);
});

test('its code passes the strictest compiler, as a reader would write it', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-types-'));
  const files = examples.map((code, index) => {
    const file = join(folder, `block-${index}.ts`);
    writeFileSync(file, code);
    return file;
  });
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2022.d.ts', 'lib.webworker.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    paths: {
      'secret-stages': [resolve('src/index.ts')],
      'secret-stages/*': [resolve('src/*/index.ts')],
      immer: [resolve('node_modules/immer/dist/immer.d.ts')],
      'fast-check': [resolve('node_modules/fast-check')],
    },
  });
  // Other checks compile the library itself.
  const ofBlocks = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  const found = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...ofBlocks];
  const complaints = found.map(({ messageText, file, start = 0 }) => {
    const line = file?.text.slice(0, start).split('\n').length;
    return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  rmSync(folder, { recursive: true });
  expect(complaints).toEqual([]);
});

test('the command that serves is one of the package, which the tests of the command line run', () => {
  const [, , served = ''] = blocksIn('sh');
  expect(served).toBe('npx secret-stages serve\n');
  expect(Object.keys(bin)).toEqual(['secret-stages']);
});

test('and so is the one that holds an endpoint to the model', async () => {
  const [, , , held = ''] = blocksIn('sh');
  const { url, close } = await serve(createCsmsEmulator());
  const args = held.trim().replace('http://127.0.0.1:8080', url).split(' ').slice(2);
  const { code, out } = await runCli([...args, '--runs=3'], { env: { CSMS_TOKEN: 'any' } }).finally(close);
  expect([code, out]).toEqual([0, expect.stringContaining('Every law that was tried held.')]);
});

test('the command that runs the main job is run by a test, and the one that passes the tests by CI', () => {
  const [demo = '', tests = ''] = blocksIn('sh');
  expect(demo).toBe('npm install && npm run demo\n');
  expect(tests).toBe('npm install && npm test\n');
  expect(readFileSync('.ci/run', 'utf8')).toContain(tests);
});

test('each law of the table is the name of a test, on the line that it links to', () => {
  const laws = [...readme.matchAll(/^\| (\d+) \| \[(.+?)\]\(test\/laws\.test\.ts#L(\d+)\) \|$/gm)];
  expect(laws.map(([, number]) => Number(number))).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  const lines = readFileSync('test/laws.test.ts', 'utf8').split('\n');
  for (const [, , sentence = '', line] of laws) expect(lines[Number(line) - 1]).toContain(sentence);
});

test('what it says was measured is what the benchmark gave', () => {
  for (const table of measuredTables) expect(readme).toContain(`\n\n${table}\n\n`);
  const words = readme.replaceAll(/\s+/g, ' ');
  for (const sentence of measuredSentences) expect(words).toContain(sentence);
});

test('its links lead somewhere', () => {
  for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) expect(existsSync(path), path).toBe(true);
});
