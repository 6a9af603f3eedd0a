import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { bin } from '../../package.json';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { serve } from '../../src/server/index.ts';
import { runCli } from '../cli/host.ts';
import { claimsOf } from './examples.ts';
import { contents, pageAt, pages, partsOf, regenerated } from './pages.ts';
import { drawStages } from './stages-picture.ts';

const readme = pageAt('README.md');
const manuals = pages.filter(({ path }) => path === 'README.md' || /^src\/\w+\/README\.md$/.test(path));
/** Quoted from a test, which runs it. */
const isQuoted = (code: string) => code.includes("from 'vitest'") || !/^[^\n]*; \/\/ /m.test(code);
const examples = manuals.flatMap(({ path, blocks }) =>
  blocks.flatMap(({ language, code }) => (language === 'ts' && !isQuoted(code) ? [{ path, code }] : [])),
);

// `--update` writes the parts of pages that are made from code.
test.each(pages)('the generated parts of $path are up to date', async (page) => {
  await expect(await regenerated(page)).toMatchFileSnapshot(resolve(page.path));
});

test('every part that is made from code is on a page', () => {
  const names = pages.flatMap(partsOf).filter((name) => !name.startsWith('test/'));
  expect(names.sort()).toEqual(Object.keys(contents).sort());
});

test('the picture of stages is up to date', async () => {
  const picture = drawStages();
  await expect(picture).toMatchFileSnapshot(resolve('src/operations/stages.svg'));
  // Code hosts remove both.
  expect(picture).not.toMatch(/<style|<script|style=/);
});

describe('a link', () => {
  /** The anchors of the headings, as code hosts make them. */
  const anchorsIn = (text: string) =>
    [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
  const linksIn = (text: string) =>
    [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g)].map(
      ([, target = '', anchor]) => ({ target, anchor }),
    );
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8', stdio: 'pipe' }),
  );
  const shipped = new Set(files.map(({ path }: { readonly path: string }) => path));

  test.each(pages)('of $path leads to a file and a heading', ({ path, text }) => {
    for (const { target, anchor } of linksIn(text)) {
      const file = target === '' ? path : normalize(join(dirname(path), target));
      expect(existsSync(file), `${path} links to ${file}`).toBe(true);
      if (anchor !== undefined) expect(anchorsIn(readFileSync(file, 'utf8')), file).toContain(anchor);
    }
  });

  test.each(pages.filter(({ path }) => shipped.has(path)))('of $path works in the package', ({ path, text }) => {
    const missing = linksIn(text).filter(
      ({ target }) => target !== '' && !shipped.has(normalize(join(dirname(path), target))),
    );
    expect(missing).toEqual([]);
  });

  test('leads from the README to every manual, and the package has them all', () => {
    for (const { path } of manuals) expect(shipped).toContain(path);
    const targets = linksIn(readme.text).map(({ target }) => target);
    for (const { path } of manuals.slice(1)) expect(targets).toContain(path);
  });
});

describe('a code block', () => {
  test.each(manuals)('of $path has a language that a test runs', ({ text, blocks }) => {
    expect(text.match(/^```/gm)?.length ?? 0).toBe(2 * blocks.length);
    for (const { language } of blocks) expect(['sh', 'js', 'ts', 'python', 'json', 'text', 'yaml']).toContain(language);
  });

  test.each(manuals)('of $path that a test runs is quoted word for word', ({ text, blocks }) => {
    const quoted = [...text.matchAll(/^<!-- from: (test\/\S+) -->/gm)].map(([, file = '']) =>
      readFileSync(file, 'utf8'),
    );
    for (const { language, code } of blocks)
      if (language === 'python' || (language === 'ts' && isQuoted(code))) expect(quoted).toContain(code);
    for (const code of quoted) expect(code.split('\n').length).toBeLessThan(61);
  });

  test.each(examples)('of $path does what its comments say: $code', async ({ code }) => {
    const claims = await claimsOf(code);
    expect(claims.length).toBeGreaterThan(0);
    for (const { found, claimed } of claims) expect(found).toEqual(claimed);
    const imported = code.match(/import \{([^}]*)\}/)?.[1]?.match(/\w+/g) ?? [];
    for (const name of imported) expect(code.split(new RegExp(`\\b${name}\\b`)).length, name).toBeGreaterThan(2);
  });

  test.each([
    ['without Node', [], examples.filter(({ code }) => !code.includes("from 'node:"))],
    ['with Node', ['node'], examples],
  ])('has types that the strictest compiler accepts %s', { timeout: 60_000 }, (_, types, examples) => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-stages-types-'));
    const files = examples.map(({ code }, index) => {
      const file = join(folder, `block-${index}.ts`);
      writeFileSync(file, code);
      return file;
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types,
      typeRoots: [resolve('node_modules/@types')],
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
});

describe('a command', () => {
  // test/policy/import/record.verify.ts runs the scripts.
  const commands = manuals
    .filter(({ path }) => path !== 'src/cli/README.md')
    .flatMap(({ blocks }) => blocks.filter(({ language, code }) => language === 'sh' && !code.startsWith('#!')))
    .map(({ code }) => code);

  test('of a page is one that a test runs', () => {
    expect(Object.keys(bin)).toEqual(['secret-stages']);
    const [install, check, starting, demo, tests, serving, conforming, ...others] = commands;
    expect(install).toBe('npm install secret-stages\n');
    expect(check).toContain('npx secret-stages check db.json --at 2023-11-25\n');
    // test/emulator/aws-start.verify.ts runs it.
    expect(starting).toMatch(
      /^npx secret-stages serve --cloud aws-secrets-manager .*\nexport .*\nexport .*\nsleep 1; aws secretsmanager .*\n$/,
    );
    expect(demo).toBe('npm install && npm run demo\n');
    expect(tests).toBe('npm install && npm test\n');
    expect(readFileSync('.ci/run', 'utf8')).toContain(tests);
    expect(serving).toBe('npx secret-stages serve\n');
    expect(conforming).toMatch(/^npx secret-stages conform \S+ --project \S+\n$/);
    expect(others).toEqual([]);
  });

  test('check prints the finding of the README', async () => {
    const [, json = ''] = /<<'END'\n(.*)\nEND\n/s.exec(commands[1] ?? '') ?? [];
    const { code, out } = await runCli(['check', '-', '--at', '2023-11-25'], { input: [json] });
    const [shown] = readme.blocks.filter(({ language }) => language === 'text');
    expect(code).toBe(1);
    expect(out).toContain(shown?.code);
  });

  test('conform passes against an emulator', async () => {
    const { url, close } = await serve(createCsmsEmulator());
    const args = (commands[6] ?? '').trim().replace('http://127.0.0.1:8080', url).split(' ').slice(2);
    const { code, out } = await runCli([...args, '--runs=3'], { env: { CSMS_TOKEN: 'any' } }).finally(close);
    expect([code, out]).toEqual([0, expect.stringContaining('No law was broken.')]);
  });
});

describe('the README', () => {
  test('has at most 1,500 words outside code blocks and 250 lines', () => {
    const words = readme.text.replaceAll(/^```.*?^```$/gms, '').match(/\S+/g) ?? [];
    expect(words.length).toBeLessThanOrEqual(1500);
    expect(readme.text.split('\n').length).toBeLessThanOrEqual(250);
  });
});

test('every number on the page of measurements is made from the recorded run', () => {
  const written = pageAt('bench/README.md')
    .text.replaceAll(/^<!-- from: measured .*?^<!-- end -->$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '');
  expect(written).not.toMatch(/(?<!\p{L})\d/u);
});

test('each law of the manual is the title of a test', () => {
  const { text } = pageAt('src/operations/README.md');
  const laws = [...text.matchAll(/^\| (\d+) \| \[(.+)\]\(\.\.\/\.\.\/test\/laws\.test\.ts\) \|$/gm)];
  expect(laws.map(([, number]) => Number(number))).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  const titles = readFileSync('test/laws.test.ts', 'utf8');
  for (const [, , law = ''] of laws) expect(titles).toMatch(new RegExp(`['"]${law.replaceAll(/[()?.]/g, '\\$&')}['"]`));
});

test('no source and no page has a phrase of translated English', () => {
  const clumsy =
    /\b((?<!there )is none|of no use|nobody|whoever|is told|are told|not judged|stands in|unless told otherwise)\b|(?<!there )\bis no (?!longer\b)[a-z]/i;
  const sources = ['src', 'bench'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[jt]s$/.test(file))
      .map((file) => join(folder, file)),
  );
  const found = [...sources, ...pages.map(({ path }) => path)].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (clumsy.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
