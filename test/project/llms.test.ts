import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { commonOptions, exitCodesOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/main.ts';
import { createCsmsEmulator } from '../../src/emulator/index.ts';
import { pack, parsePolicy } from '../../src/policy/index.ts';
import { entryFiles, publicNames } from './api.ts';
import { claimsOf } from './examples.ts';
import { llmsText } from './llms.ts';
import { pages } from './pages.ts';

const text = llmsText();
const chapters = new Map(
  text.split(/^## /m).map((chapter) => {
    const [title = ''] = chapter.split('\n');
    return [title, chapter.slice(title.length)];
  }),
);
const chapter = (title: string) => chapters.get(title) ?? expect.fail(`There is no chapter "${title}".`);
/** The names that a chapter lists: each begins a line, or follows another on its line. */
const listed = new Map(
  [...entryFiles.keys()].map((entry) => {
    const lines = chapter(entry).match(/^- `.*$/gm) ?? [];
    const heads = lines.flatMap((line) => [...(/^- ((?:`[^`]*`,? ?)+)/.exec(line)?.[1] ?? '').matchAll(/`([^`]*)`/g)]);
    return [entry, heads.map(([, head = '']) => /^(?:class )?(\w+)/.exec(head)?.[1] ?? head)];
  }),
);
const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);

test('the page has a title, a summary, and at most 52,000 bytes', () => {
  expect(text).toMatch(/^# secret-stages\n\n> [A-Z`a-z].*\.\n/);
  expect(Buffer.byteLength(text), 'Quote one block less, or shorten a first sentence.').toBeLessThanOrEqual(52_000);
});

describe('a name', () => {
  test.each([...publicNames()])('that %s exports is listed in its chapter', (entry, names) => {
    expect([...new Set(listed.get(entry))].sort()).toEqual(names.map(({ name }) => name).sort());
  });

  test.each([...entryFiles])('that exists when %s is imported is listed in its chapter', async (entry, file) => {
    expect(listed.get(entry)).toEqual(expect.arrayContaining(Object.keys(await import(resolve(file)))));
  });

  test('that is listed can be imported from the entry of its chapter', () => {
    const file = resolve('test/project/imports-of-llms.ts');
    const lines = [...listed].map(
      ([entry, names]) => `export type { ${[...new Set(names)].join(', ')} } from '${entry}';\n`,
    );
    // The last line shows that the compiler looks.
    const found = problemsIn(file, `${lines.join('')}export type { assingStage } from 'secret-stages';`);
    expect(found).toEqual([expect.stringContaining("'assingStage'")]);
  });

  test('in the rules is exported by an entry, or is a field', () => {
    const names = new Set([...listed.values()].flat());
    const words = [...chapter('Rules').matchAll(/`([a-zA-Z]\w*)(?=[`(?])/g)].map(([, word = '']) => word);
    expect(words).toEqual(expect.arrayContaining(['tryAssignStage', 'importAll', 'at', 'fingerprint']));
    const isField = (word: string) => new RegExp(`[{;(] ${word}\\??: `).test(text);
    expect(words.filter((word) => !names.has(word) && !isField(word))).toEqual([]);
  });
});

describe('an example', () => {
  test('is one that a manual has, which other tests run and compile', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(6);
    const ofManuals = new Set(pages.flatMap((page) => page.blocks.map(({ code }) => code)));
    expect(blocks.filter((code) => !ofManuals.has(code))).toEqual([]);
  });

  test.each(blocks.filter((code) => /; \/\/ /.test(code)))('does what its comments say (%#)', async (code) => {
    const claims = await claimsOf(code);
    expect(claims.length).toBeGreaterThan(0);
    for (const { found, claimed } of claims) expect(found).toEqual(claimed);
  });

  test('of other code is a file of this project', () => {
    const others = blocks.filter((code) => !/; \/\/ /.test(code));
    const files = ['rollback.ts', 'rollback.test.ts'].map((file) =>
      readFileSync(`test/own-implementation/${file}`, 'utf8'),
    );
    expect(others).toEqual(files);
  });

  test('of calls works on an emulator', async () => {
    const [, calls = ''] = /```text\n(.*?)\n```/s.exec(chapter('secret-stages/emulator')) ?? [];
    const { fetch } = createCsmsEmulator();
    const statuses: number[] = [];
    for (const call of calls.split('\n')) {
      const [, method = '', path = '', body = null] = /^(\w+) (\S+) ?(\{.*\})?$/.exec(call) ?? expect.fail(call);
      const response = await fetch(`https://csms.example.com${path}`, {
        method,
        body,
        headers: { 'X-Auth-Token': 'any' },
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 200, 200, 204, 200, 200, 200]);
  });

  test('of a policy is valid, and every rule is listed with its thresholds', () => {
    const [, policy = ''] = /`(\{ "rules": .*?\})`/.exec(chapter('secret-stages/policy')) ?? [];
    expect(parsePolicy(JSON.parse(policy)).ok).toBe(true);
    const rules = pack.map(({ id, severity, thresholds }) => {
      const numbers = Object.entries(thresholds).map((entry) => entry.join(' '));
      return `\`${id}\` ${severity}${numbers.length > 0 ? ` (${numbers.join(', ')})` : ''}`;
    });
    expect(chapter('secret-stages/policy')).toContain(`Rules of \`pack\`: ${rules.join(', ')}. `);
  });
});

describe('the command line', () => {
  const lines = chapter('Command line').match(/^- `npx .*$/gm) ?? [];

  test.each(commands)('$name is listed with all its options', ({ name, takes, options }) => {
    const line = lines.find((one) => one.startsWith(`- \`npx ${['secret-stages', name, takes].join(' ').trim()}\` `));
    const flags = [...(line ?? expect.fail(`${name} is not listed.`)).matchAll(/`--([\w-]+)/g)].map(([, flag]) => flag);
    expect(flags).toEqual(Object.keys(options));
    for (const { choices } of Object.values(options)) if (choices) expect(line).toContain(` ${choices.join(', ')}`);
  });

  test('lists the exit codes', () => {
    const meanings = exitCodesOf(commands).map((row) => row.join(' '));
    expect(chapter('Command line')).toContain(`Exit codes: ${meanings.join('. ')}.`);
  });

  test('has no other commands and no unknown options, in the examples too', () => {
    expect(lines.length).toBe(commands.length);
    const known = new Set(commands.map(({ name }) => name));
    const named = [...text.matchAll(/npx secret-stages ([a-z]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const options = new Set(
      [commonOptions, ...commands.map(({ options }) => options)].flatMap((one) => Object.keys(one)),
    );
    const ours = text.replaceAll(/`aws .*?`/g, '');
    const flags = [...ours.matchAll(/--([a-z][\w-]*)/g)].map(([, flag = '']) => flag);
    expect(flags.length).toBeGreaterThan(40);
    expect(flags.filter((flag) => !options.has(flag))).toEqual([]);
  });
});

test('every link leads to a file, seen from dist', () => {
  const targets = [...text.matchAll(/\]\(([^)#]*)[^)]*\)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(8);
  expect(targets.filter((target) => !target.startsWith('../') || !existsSync(join('dist', target)))).toEqual([]);
});

/** What the compiler says about a file that would be in this project. */
function problemsIn(file: string, code: string): readonly string[] {
  const options: ts.CompilerOptions = {
    noEmit: true,
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    paths: { 'secret-stages': [resolve('src/index.ts')], 'secret-stages/*': [resolve('src/*/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
