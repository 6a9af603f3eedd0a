import type { Colors } from 'picocolors/types.js';
import { clouds } from '../dialects/index.ts';
import { evidenceOf } from '../evidence/index.ts';
import type { Dialect } from '../index.ts';
import { asJson } from '../text.ts';
import { readCloud } from './cloud.ts';
import type { Command, Options } from './command.ts';
import { print, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { compared, comparison, legend, markedWords, rulesRows, rulesTable } from './rules-table.ts';
import { drawTable } from './table.ts';
import { colorsFor } from './terminal.ts';

const options = {
  format: {
    value: 'FORMAT',
    choices: ['pretty', 'markdown', 'json'],
    usual: 'pretty',
    about: 'the format of the output',
  },
} as const satisfies Options;

export const dialects: Command = {
  name: 'dialects',
  takes: '[CLOUD]',
  suggested: clouds.map(({ id }) => id),
  summary: 'compares the rules of the clouds, or lists those of one with their sources',
  about: 'CLOUD is what --cloud takes: the id of a cloud, or a file with a dialect of your own.',
  options,
  examples: ['dialects', 'dialects aws-secrets-manager', 'dialects --format markdown'],

  run: async (host, args) => {
    const { values, positionals } = readOptions('dialects', args, options);
    if (positionals.length > 1) throw new UsageError(`dialects takes one CLOUD; got ${positionals.length}`);
    const [name] = positionals;
    const show = name === undefined ? comparisonAs : rulesAs(await readCloud(host, name));
    await print(host, `${show[values.format](colorsFor(host))}\n`);
    return 0;
  },
};

type Shown = Readonly<Record<'pretty' | 'markdown' | 'json', (colors: Colors) => string>>;

const comparisonAs: Shown = {
  pretty: (colors) => {
    const head = clouds.map(({ id, title }) => `${colors.bold(title)}\n${colors.dim(id)}`);
    const rows = compared(clouds).map(({ rule, values }) => [
      colors.bold(rule),
      ...values.map((value) => folded(markedWords(value, ''))),
    ]);
    return [drawTable([['', ...head], ...rows], [30, 20, 32, 29, 42], 2), '', legend].join('\n');
  },
  markdown: () => comparison(clouds),
  json: () => {
    const rules = compared(clouds).map(({ rule, gloss, values }) => {
      const rows = values.map(({ row }, index) => [clouds[index]?.id, row ?? null]);
      return { rule, gloss, dialects: Object.fromEntries(rows) };
    });
    return asJson({ rules });
  },
};

const rulesAs = (dialect: Dialect): Shown => ({
  pretty: (colors) => {
    const [head = [], ...rows] = rulesRows(dialect, '');
    const body = rows.map(([rule = '', value = '', ...others]) => [colors.bold(rule), folded(value), ...others]);
    const table = drawTable([head.map(colors.dim), ...body], [39, 38, 12, 60], 2);
    return `${colors.bold(dialect.title)}\n\n${table}`;
  },
  markdown: () => rulesTable(dialect),
  json: () => asJson({ id: dialect.id, title: dialect.title, rules: evidenceOf(dialect) }),
});

/** A pattern is one long word, which the table would cut off. */
const folded = (words: string): string => words.replace(/\S{36}(?=\S)/g, '$&\n');
