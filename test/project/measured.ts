import { readFileSync } from 'node:fs';

interface Row {
  readonly contender: string;
  readonly ns?: number;
  readonly bytes?: number | string;
  readonly ratio?: number;
  readonly must?: string;
  readonly aim?: string;
  readonly 'per second'?: number;
  readonly [ratio: `times ${string}`]: number;
}

interface Results {
  readonly node: string;
  readonly cpu: string;
  readonly date: string;
  readonly rounds: number;
  readonly tables: readonly {
    readonly measure: string;
    readonly title: string;
    readonly rows: readonly Row[];
  }[];
}

const results: Results = JSON.parse(readFileSync('bench/results.json', 'utf8'));
const tablesOf = (measure: string) => results.tables.filter((table) => table.measure === measure);
const rowsOf = (measure: string, last = true) => tablesOf(measure).at(last ? -1 : 0)?.rows ?? [];
const cell = (rows: readonly Row[], contender: string, field: keyof Row) =>
  rows.find((row) => row.contender === contender)?.[field] ?? '–';

const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const goals = (subject: string, rows: readonly Row[]): string =>
  table(
    [subject, 'measured', 'must be', 'aim'],
    rows.flatMap((row) => ('ratio' in row ? [[row.contender, row.ratio, row.must, row.aim]] : [])),
  );

const ratio = (measure: string, contender: string, base: string): string =>
  (Number(cell(rowsOf(measure), contender, 'ns')) / Number(cell(rowsOf(measure), base, 'ns'))).toPrecision(2);
const figure = (name: string): number => rowsOf('figures').find((row) => row.contender === name)?.ratio ?? Number.NaN;

const emulatorRows = tablesOf('emulator').flatMap(({ rows }) => rows);
const contenders = rowsOf('move').map((row) => row.contender);
const measures = ['move', 'repeat', 'refused', 'create', 'prune', 'batch'];

/** The parts of the page of measurements, by name, made from the results of `npm run bench`. */
export const measured: Readonly<Record<string, string>> = {
  when: `Measured on ${results.date} with Node ${results.node}, ${results.cpu}, in ${results.rounds} rounds.`,
  operations: table(
    ['times the cost of secret-stages', ...measures],
    contenders.map((contender) => [
      contender,
      ...measures.map((measure) => cell(rowsOf(measure), contender, 'times secret-stages')),
    ]),
  ),
  sentences: [
    `A move takes ${cell(rowsOf('move'), 'secret-stages', 'ns')} ns in secret-stages, and ${cell(rowsOf('move'), 'mutable, the limit', 'ns')} ns in a mutable table.`,
    `The naive recipe of immer takes ${ratio('move', 'immer, naive', 'immer, tuned')} times as long as the tuned one, and the fair one ${ratio('move', 'immer, fair', 'immer, tuned')} times.`,
    `With 10,000 versions a move takes ${figure('a move at 10,000 versions, times one at 20')} times as long as with 20.`,
  ].join('\n'),
  figures: goals('an operation', rowsOf('figures')),
  drafts: `A recipe of immer that replaces the state (grafting) takes ${ratio('drafts', 'the result, grafted', 'a spread, without immer')} times as long as a spread without a recipe. A recipe that calls \`onDraft\` takes ${ratio('drafts', 'onDraft(assignStage)', 'the result, grafted')} times as long as grafting.`,
  policy: goals('the policy checker', [...rowsOf('plan'), ...rowsOf('policy')]),
  requests: table(
    ['an update of a stage', 'per second'],
    emulatorRows.flatMap((row) => ('per second' in row ? [[row.contender, row['per second']]] : [])),
  ),
  emulator: goals('the emulator', emulatorRows),
  memory: table(
    ['bytes each', 'of 1,000,000 secrets of two versions', 'of a chain of 100,000 states'],
    rowsOf('memory', false).map(({ contender, bytes }) => [
      contender,
      bytes,
      cell(rowsOf('memory'), contender, 'bytes'),
    ]),
  ),
};

/** How many times as long as ours a move with immer takes, in every measurement. */
const immer = [
  ...['immer naive', 'immer fair', 'immer tuned'].map((name) => figure(`${name}, times a move`)),
  ...['immer, naive', 'immer, fair', 'immer, tuned'].map((name) =>
    Number(cell(rowsOf('move'), name, 'times secret-stages')),
  ),
];

/** What the README says in a sentence. */
export const measuredSentence = `Moving a stage takes about ${Math.round(figure('a move, times the limit'))} times as long as changing a plain mutable object. The same move with immer takes ${Math.round(Math.min(...immer))} to ${Math.round(Math.max(...immer))} times as long as with this library.`;
