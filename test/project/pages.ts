import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { comparison, rulesTable } from '../../src/cli/draw/rules-table.ts';
import { clouds } from '../../src/dialects/index.ts';
import { pack } from '../../src/policy/index.ts';
import { checkConformance, explainConformance } from '../../src/testing/index.ts';
import { Vault } from '../gallery/vault.ts';
import { processes } from '../runtimes/processes.js';
import { operationsTable, refusalsTable } from './csms-manual.ts';
import { measured } from './measured.ts';

/** A page of the documentation. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly { readonly language: string; readonly code: string }[];
}

const folders = ['.', 'bench', 'src', 'test'];

/** Every page in the repository. */
export const pages: readonly Page[] = folders
  .flatMap((folder) =>
    readdirSync(folder, { recursive: folder !== '.', encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((path) => path.endsWith('.md'))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
    return { path, text, blocks: blocks.map(([, language = '', code = '']) => ({ language, code })) };
  });

export function pageAt(path: string): Page {
  const page = pages.find((page) => page.path === path);
  if (!page) throw new Error(`${path} does not exist.`);
  return page;
}

const part = /^<!-- from: ([^\n]*) -->\n(.*?)^<!-- end -->$/gms;

/** The names of the generated parts of a page. Throws if a mark is not complete. */
export function partsOf({ path, text }: Page): readonly string[] {
  const names = [...text.matchAll(part)].map(([, name = '']) => name);
  for (const mark of ['<!-- from', '<!-- end'])
    if (text.split('\n').filter((line) => line.trimStart().startsWith(mark)).length !== names.length)
      throw new Error(`${path} has a broken "${mark}".`);
  return names;
}

/** The text of a page with each of its generated parts as it must be. */
export async function regenerated(page: Page): Promise<string> {
  const names = partsOf(page);
  const parts = new Map(await Promise.all(names.map(async (name) => [name, await contentOf(name)] as const)));
  return page.text.replaceAll(part, (_, name) => `<!-- from: ${name} -->\n\n${parts.get(name)}\n\n<!-- end -->`);
}

/** What stands between two comments of a page: a file, or a table made from the code. */
async function contentOf(name: string): Promise<string> {
  if (name.startsWith('test/')) {
    const language = name.endsWith('.py') ? 'python' : 'ts';
    return `\`${basename(name)}\`:\n\n\`\`\`${language}\n${readFileSync(name, 'utf8')}\`\`\``;
  }
  return (
    (await contents[name]?.()) ?? Promise.reject(new Error(`There is no part "${name}". See test/project/pages.ts.`))
  );
}

/** The parts that are made from code. */
export const contents: Readonly<Record<string, () => string | Promise<string>>> = {
  ...Object.fromEntries(Object.entries(measured).map(([name, text]) => [`measured ${name}`, () => text])),
  runtimes: () => {
    const versions = Object.values(processes).flatMap(({ from }) => from ?? []);
    const list = versions.map((one) => one.replace('@', ' ').replace(/^./, (first) => first.toUpperCase()));
    return `Tested with ${list.join(', ')}, and in a page and a worker of Chromium. Node 20 is past its end of life, but still tested.`;
  },
  'csms operations': operationsTable,
  'csms refusals': refusalsTable,
  comparison: () => comparison(clouds),
  evidence: () => clouds.map((dialect) => `## ${dialect.title}\n\n${rulesTable(dialect)}`).join('\n\n'),
  pack: () => {
    const rows = pack.map(({ id, title, why, severity, thresholds }) => {
      const numbers = Object.entries(thresholds).map((entry) => entry.join(' '));
      return `| \`${id}\` | ${title} | ${why} | ${severity} | ${numbers.join(', ') || '–'} |`;
    });
    return [
      '| rule | what is right | why it matters | severity | thresholds |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  },
  'a broken law': async () => {
    const found = await checkConformance(new Vault('stage-on-two-versions'), { seed: 1 });
    return `\`\`\`text\n${explainConformance(found)}\n\`\`\``;
  },
};
