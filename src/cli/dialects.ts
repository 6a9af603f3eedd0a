import type { Colors } from 'picocolors/types.js';
import { clouds } from '../dialects/index.ts';
import { evidenceOf } from '../evidence/index.ts';
import type { Dialect } from '../index.ts';
import { asJson } from '../text.ts';
import { type Command, print, UsageError } from './host.ts';
import { dialectIn, oneOf, readOptions, text } from './options.ts';
import { compared, comparison, legend, markedWords, rulesRows, rulesTable } from './rules-table.ts';
import { drawTable } from './table.ts';
import { colorsFor } from './terminal.ts';

const options = { format: { ...text, default: 'pretty' } };

export const dialects: Command = {
  usage: `secret-stages dialects [NAME] [--format FORMAT]

  Shows in what the clouds differ, with a mark at what is not documented. With NAME, shows all rules of one, and their sources.
  NAME is what --dialect takes: huawei-csms, aws-secrets-manager, alibaba-kms or google-secret-manager.

  --format FORMAT  pretty, markdown or json

  Exit code: 0 shown; 2 there is no such dialect`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('dialects', args, options);
    const format = oneOf('--format', values.format, ['pretty', 'markdown', 'json']);
    if (positionals.length > 1) throw new UsageError(`dialects takes one NAME, not ${positionals.length}`);
    const [name] = positionals;
    const show = name === undefined ? comparisonAs : rulesAs(dialectIn(name));
    await print(host, `${show[format](colorsFor(host))}\n`);
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
