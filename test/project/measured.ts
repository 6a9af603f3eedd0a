import { readFileSync } from 'node:fs';

interface Row {
  readonly contender: string;
  readonly ns?: number;
  readonly ms?: number;
  readonly bytes?: number | string;
  readonly limit?: number;
  readonly import?: number;
  readonly require?: number;
  readonly 'per second'?: number;
  readonly 'times secret-stages'?: number;
}

interface Figure {
  readonly figure: string;
  readonly ratio: number;
  /** Such as `≤ 1.6`. */
  readonly must: string;
  readonly aim: string;
}

interface Results {
  readonly node: string;
  readonly cpu: string;
  readonly date: string;
  readonly rounds: number;
  readonly minutes: number;
  readonly tables: readonly {
    readonly measure: string;
    readonly title: string;
    readonly rows: readonly Row[];
    readonly figures?: readonly Figure[];
  }[];
}

const results: Results = JSON.parse(readFileSync('bench/results.json', 'utf8'));
const tablesOf = (measure: string) => results.tables.filter((table) => table.measure === measure);
const rowsOf = (measure: string, place = 0) => tablesOf(measure)[place]?.rows ?? [];
const cell = (rows: readonly Row[], contender: string, field: keyof Row) =>
  rows.find((row) => row.contender === contender)?.[field] ?? '–';

const missing = (name: string): never => {
  throw new Error(`bench/results.json has no ${name}.`);
};

const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(shown).join(' | ')} |`).join('\n');
const shown = (value: unknown) =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 3 }) : value;

const timeOf = (measure: string, contender: string) =>
  rowsOf(measure).find((row) => row.contender === contender)?.ns ?? missing(`${measure}, ${contender}`);
const ratio = (measure: string, contender: string, base: string): string =>
  (timeOf(measure, contender) / timeOf(measure, base)).toPrecision(2);
const timesOurs = (contender: string) => Number(cell(rowsOf('move'), contender, 'times secret-stages'));

const figures = results.tables.flatMap(({ figures }) => figures ?? []);
const figure = (name: string): number => figures.find((row) => row.figure === name)?.ratio ?? missing(name);
const isMet = (ratio: number, bound: string) => {
  const [sign, limit] = bound.split(' ');
  return sign === '≤' ? ratio <= Number(limit) : ratio >= Number(limit);
};

const programs = rowsOf('startup', 1);
const ms = (program: string) => programs.find((row) => row.contender === program)?.['ms'] ?? missing(program);
const pack = 'the whole pack on 100,000 secrets';
const packSeconds = (timeOf('policy', pack) / 1e9).toPrecision(2);
const packTimes = figure(`${pack}, times JSON.parse of their text`);
const inMegabytes = (name: string) => `${(Number(cell(rowsOf('sizes', 1), name, 'bytes')) / 1e6).toPrecision(3)} MB`;
const columns = ['move', 'repeat', 'refused', 'create', 'prune', 'batch', 'many'];

/** The parts of pages that are made from the results of `npm run bench`, by name. */
export const measured: Readonly<Record<string, string>> = {
  when: [
    `Measured on ${results.date} with Node ${results.node}, ${results.cpu}, in ${results.rounds} rounds and ${Math.round(results.minutes)} minutes.`,
    ...(results.rounds < 5 ? ['**So few rounds only show that everything runs: do not rely on these numbers.**'] : []),
  ].join('\n'),
  speed: [
    `Moving a stage takes about ${Math.round(figure('a move, times the limit'))} times as long as changing a plain mutable object. The same move with immer takes ${Math.round(timesOurs('immer, tuned'))} to ${Math.round(timesOurs('immer, fair'))} times as long as with this library.`,
    `The policy checker checks 100,000 secrets in ${packSeconds} seconds. Importing \`secret-stages\` takes ${cell(rowsOf('startup'), 'secret-stages', 'import')} ms.`,
  ].join('\n'),
  imports: table(
    ['milliseconds', '`import`', '`require`'],
    rowsOf('startup').map((row) => [`\`${row.contender}\``, row.import, row.require]),
  ),
  programs: [
    `- An empty program of Node takes ${ms('an empty program')} ms. \`secret-stages --version\` takes ${ms('secret-stages --version')} ms longer.`,
    `- A program that imports the emulator, makes one, and calls its \`fetch\` once takes ${ms('the first answer of an emulator')} ms longer. One that serves it and makes a call with \`node:http\` takes ${ms('the first answer over HTTP')} ms longer: it does not load Node's Request and Response.`,
    `- A check of ${tablesOf('policy')[0]?.title}, takes ${packSeconds} seconds with the whole policy pack: ${packTimes} times as long as \`JSON.parse\` of the same text.`,
    `- The package is ${inMegabytes('packed')} packed and ${inMegabytes('unpacked')} unpacked.`,
  ].join('\n'),
  sizes: table(
    ['a bundle, minified and gzipped', 'bytes', 'limit'],
    rowsOf('sizes').map(({ contender, bytes, limit }) => [contender, bytes, limit]),
  ),
  operations: table(
    ['times the cost of secret-stages', ...columns],
    rowsOf('move').map(({ contender }) => [
      contender,
      ...columns.map((measure) => cell(rowsOf(measure), contender, 'times secret-stages')),
    ]),
  ),
  columns: table(
    ['column', 'what is measured'],
    columns.map((measure) => [measure, tablesOf(measure)[0]?.title]),
  ),
  sentences: [
    `A move takes ${timeOf('move', 'secret-stages')} ns in secret-stages, and ${timeOf('move', 'mutable, the limit')} ns in a mutable table.`,
    `With 10,000 versions it takes ${figure('a move at 10,000 versions, times one at 20')} times as long as with 20.`,
  ].join('\n'),
  mixed: `Alone, a move takes ${figure('a move, times its bare frozen result')} times as long as its bare frozen result. In a program that also makes other calls, it takes ${figure('a move among other calls, times its bare frozen result')} times as long.`,
  figures: table(
    ['', 'measured', 'must be', 'aim'],
    figures.map(({ figure, ratio, must, aim }) => [figure, isMet(ratio, must) ? ratio : `**${ratio}**`, must, aim]),
  ),
  drafts: `A recipe of immer that replaces the state (grafting) takes ${ratio('drafts', 'the result, grafted', 'a spread, without immer')} times as long as a spread without a recipe. A recipe that calls \`onDraft\` takes ${ratio('drafts', 'onDraft(assignStage)', 'the result, grafted')} times as long as grafting.`,
  requests: table(
    ['an update of a stage', 'per second'],
    [...rowsOf('emulator'), ...rowsOf('emulator', 1)].map((row) => [row.contender, row['per second']]),
  ),
  aws: table(
    ['calls per second', ...rowsOf('aws').map(({ contender }) => contender)],
    tablesOf('aws').map(({ title, rows }) => [title, ...rows.map((row) => row['per second'])]),
  ),
  memory: table(
    ['bytes each', 'of 1,000,000 secrets of two versions', 'of a chain of 100,000 states'],
    rowsOf('memory').map(({ contender, bytes }) => [contender, bytes, cell(rowsOf('memory', 1), contender, 'bytes')]),
  ),
};
