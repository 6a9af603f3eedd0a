import type { Colors } from 'picocolors/types.js';
import { dialects as known } from '../dialects/index.ts';
import { type Rule, rules, type SourcedDialect } from '../index.ts';
import { asJson } from '../json.ts';
import { drawTable } from './board.ts';
import { type Command, colorsFor, print, UsageError } from './host.ts';
import { dialectIn, oneOf, readOptions } from './options.ts';
import { compared, comparison, legend, markedWords, rulesRows, rulesTable } from './rules-table.ts';

const names = Object.keys(known);

const options = { format: { type: 'string', default: 'pretty' } } as const;

export const dialects: Command = {
  usage: `secret-stages dialects [NAME] [--format FORMAT]

  Shows in what the clouds differ, with a mark at what is not documented; with NAME, all rules of one and where they come from.
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
    const head = Object.entries(known).map(([name, dialect]) => `${colors.bold(dialect.name)}\n${colors.dim(name)}`);
    const rows = compared(Object.values(known)).map(({ rule, values }) => [
      colors.bold(rule),
      ...values.map((value) => markedWords(value, '')),
    ]);
    return [drawTable([['', ...head], ...rows], [30, 28, 28, 30, 39], 2), '', legend].join('\n');
  },
  markdown: () => comparison(Object.values(known)),
  json: () =>
    asJson({
      rules: compared(Object.values(known)).map(({ rule, gloss, values }) => ({
        rule,
        gloss,
        dialects: Object.fromEntries(values.map((value, index) => [names[index], asData(value.known)])),
      })),
    }),
};

const rulesAs = (dialect: SourcedDialect): Shown => ({
  pretty: (colors) => {
    const [head = [], ...rows] = rulesRows(dialect, '');
    const table = [head.map(colors.dim), ...rows.map(([rule = '', ...others]) => [colors.bold(rule), ...others])];
    return [colors.bold(dialect.name), '', drawTable(table, [36, 39, 12, 64], 2)].join('\n');
  },
  markdown: () => rulesTable(dialect),
  json: () => asJson({ name: dialect.name, rules: rules(dialect).map(asData) }),
});

/** A rule as JSON can say it, which knows no patterns. */
const asData = (row: Rule) => ({ ...row, value: row.value instanceof RegExp ? `${row.value}` : row.value });
