import { clouds } from '../dialects/index.ts';
import { drawTable } from '../drawing/table.ts';
import { indented, type Terminal } from '../drawing/terminal.ts';
import { wrap } from '../drawing/wrap.ts';
import { evidenceOf } from '../evidence/index.ts';
import type { Dialect } from '../index.ts';
import { asJson } from '../text.ts';
import { cloudIds, readCloud } from './cloud.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { compared, comparison, legend, markedWords, rulesRows, rulesTable } from './draw/rules-table.ts';
import { print, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { terminalOf } from './terminal/terminal.ts';

const options = {
  format: formatOption('markdown', 'json'),
} as const satisfies Options;

export const dialects: Command = {
  name: 'dialects',
  takes: '[CLOUD]',
  suggested: cloudIds,
  summary: "compare the rules of all clouds, or list one cloud's rules with sources",
  about: `CLOUD is ${cloudIds.join(', ')} or a dialect file. A dialect is the rules of a cloud.`,
  options,
  examples: ['dialects', 'dialects aws-secrets-manager', 'dialects --format markdown'],

  run: async (host, args) => {
    const { values, positionals } = readOptions('dialects', args, options);
    if (positionals.length > 1) throw new UsageError(`dialects takes one CLOUD; got ${positionals.length}.`);
    const [name] = positionals;
    const show = name === undefined ? comparisonAs : rulesAs(await readCloud(host, name));
    await print(host, `${show[values.format](terminalOf(host))}\n`);
    return 0;
  },
};

type Shown = Readonly<Record<'pretty' | 'markdown' | 'json', (terminal: Terminal) => string>>;

const comparisonAs: Shown = {
  pretty: (terminal) => {
    const { width = gridWidth } = terminal;
    return [width < gridWidth ? drawList(terminal) : drawGrid(terminal), '', wrap(legend, terminal)].join('\n');
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
  pretty: (terminal) => {
    const { colors } = terminal;
    const [head = [], ...rows] = rulesRows(dialect, '');
    const body = rows.map(([rule = '', ...others]) => [colors.bold(rule), ...others]);
    const table = drawTable([head.map(colors.dim), ...body], { ...terminal, ...layout });
    return `${colors.bold(dialect.title)}\n\n${table}`;
  },
  markdown: () => rulesTable(dialect),
  json: () => asJson({ id: dialect.id, title: dialect.title, rules: evidenceOf(dialect) }),
});

/** A pattern is one long word, which would make its column too wide. */
const layout = { gap: 2, longestWord: 36 };

/** A narrower terminal gets a list. */
const gridWidth = 150;

/** One row per rule, one column per cloud. */
const drawGrid = (terminal: Terminal): string => {
  const { colors } = terminal;
  const head = clouds.map(({ id, title }) => `${colors.bold(title)}\n${colors.dim(id)}`);
  const rows = compared(clouds).map(({ rule, values }) => [
    colors.bold(rule),
    ...values.map((value) => markedWords(value, '')),
  ]);
  return drawTable([['', ...head], ...rows], { ...terminal, ...layout });
};

/** Each rule, followed by one line per cloud. */
const drawList = (terminal: Terminal): string =>
  compared(clouds)
    .map(({ rule, values }) => {
      const rows = values.map((value, index) => [`${clouds[index]?.id}`, markedWords(value, '')]);
      const list = indented(2, terminal, (inner) => drawTable(rows, { ...inner, ...layout }));
      return `${terminal.colors.bold(rule)}\n${list}`;
    })
    .join('\n');
