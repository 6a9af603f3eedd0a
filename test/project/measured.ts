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

const emulatorRows = tablesOf('emulator').flatMap(({ rows }) => rows);

const contenders = rowsOf('move').map((row) => row.contender);
const measures = ['move', 'repeat', 'refused', 'create', 'prune', 'batch'];

/** The tables of measurements in the documentation, made from `bench/results.json`. */
export const measuredTables: readonly string[] = [
  table(
    ['times the cost of secret-stages', ...measures],
    contenders.map((contender) => [
      contender,
      ...measures.map((measure) => cell(rowsOf(measure), contender, 'times secret-stages')),
    ]),
  ),
  table(
    ['what we hold ourselves to', 'measured', 'must be', 'aim'],
    rowsOf('figures').map((row) => [row.contender, row.ratio, row.must, row.aim]),
  ),
  table(
    ['for a policy checker', 'measured', 'must be', 'aim'],
    [...rowsOf('plan'), ...rowsOf('policy')].map((row) => [row.contender, row.ratio, row.must, row.aim]),
  ),
  table(
    ['an update of a stage', 'a second'],
    emulatorRows.flatMap((row) => ('per second' in row ? [[row.contender, row['per second']]] : [])),
  ),
  table(
    ['of the emulator', 'measured', 'must be', 'aim'],
    emulatorRows.flatMap((row) => ('ratio' in row ? [[row.contender, row.ratio, row.must, row.aim]] : [])),
  ),
  table(
    ['bytes each', 'of 1,000,000 secrets of two versions', 'of a chain of 100,000 states'],
    rowsOf('memory', false).map(({ contender, bytes }) => [
      contender,
      bytes,
      cell(rowsOf('memory'), contender, 'bytes'),
    ]),
  ),
];

const ratio = (measure: string, contender: string, base: string): string =>
  (Number(cell(rowsOf(measure), contender, 'ns')) / Number(cell(rowsOf(measure), base, 'ns'))).toPrecision(2);

const figure = (name: string) => rowsOf('figures').find((row) => row.contender === name)?.ratio;

/** The sentences about measurements in the documentation. */
export const measuredSentences: readonly string[] = [
  `Measured on ${results.date} with Node ${results.node}, ${results.cpu}, in ${results.rounds} rounds.`,
  `the naive recipe costs ${ratio('move', 'immer, naive', 'immer, tuned')} times the tuned one, the fair one ${ratio('move', 'immer, fair', 'immer, tuned')} times`,
  `at 10,000 versions a move costs ${figure('a move at 10,000 versions, times one at 20')} times what it costs at 20`,
  `A move takes ${cell(rowsOf('move'), 'secret-stages', 'ns')} ns here, the limit ${cell(rowsOf('move'), 'mutable, the limit', 'ns')}`,
  `Grafting costs ${ratio('drafts', 'the result, grafted', 'a spread, without immer')} times a spread without immer, \`onDraft\` ${ratio('drafts', 'onDraft(assignStage)', 'the result, grafted')} times grafting`,
];
