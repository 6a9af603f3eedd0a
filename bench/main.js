// @ts-check
import './production.js';
import { ok } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { motoHere } from './aws.js';
import { ours } from './contenders/index.js';
import { races } from './measures.js';
import { memory } from './memory.js';
import { sizes } from './sizes.js';
import { startup } from './startup.js';
import { median, rounded } from './statistics.js';

/**
 * @typedef {{ contender: string, times: number[], means: number[] }} Runner
 * @typedef {Pick<import('./measures.js').Race, 'title' | 'versions' | 'requests' | 'figures'> & { running: Runner[] }} Run
 * @typedef {Record<string, unknown>} Row
 * @typedef {{ title: string, versions?: number, rows: readonly Row[], figures?: readonly Row[] }} Table
 */

/** At most so many processes share the rounds of a race, because each compiles the same code a little differently. */
const most = 3;

const child = fileURLToPath(new URL('race.js', import.meta.url));

/** @type {(measure: string, index: number) => Table} Runs a race in processes of its own. */
const raced = (measure, index) => {
  const count = Math.min(most, rounds);
  const runs = Array.from({ length: count }, (_, nth) => {
    const [first, end] = [nth, nth + 1].map((each) => Math.floor((each * rounds) / count));
    const args = [child, measure, index, first, end].map(String);
    return /** @type {Run} */ (JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })));
  });
  const [run] = runs;
  ok(run);
  const { title, versions, requests, figures } = run;
  const running = run.running.map(({ contender }, place) => ({
    contender,
    times: runs.flatMap(({ running }) => running[place]?.times ?? []),
    means: runs.flatMap(({ running }) => running[place]?.means ?? []),
  }));
  return {
    title,
    ...(versions && { versions }),
    rows: timesOf(running, requests),
    ...(figures && {
      figures: figures.map(({ of, to, ...figure }) => ({ ...figure, ratio: ratioOf(running, of, to) })),
    }),
  };
};

/** @type {(running: readonly Runner[], requests: Run['requests']) => Row[]} The time of a step, or of one request if a step has several. */
const timesOf = (running, requests) =>
  running.map(({ contender, times, means }) => ({
    contender,
    ns: rounded(median(times)),
    mean: rounded(median(means)),
    ...(requests && { 'per second': rounded(1e9 / median(means)) }),
    ...(running.some(({ contender }) => contender === ours) && {
      'times secret-stages': ratioOf(running, contender, ours),
    }),
  }));

/** @type {(running: readonly Runner[], one: string, base: string) => number} */
const ratioOf = (running, one, base) => {
  const timesOf = (/** @type {string} */ name) => running.find(({ contender }) => contender === name)?.times ?? [];
  const baseTimes = timesOf(base);
  return rounded(median(timesOf(one).map((time, round) => time / (baseTimes[round] ?? Number.NaN))));
};

/** @returns {never} */
const giveUp = (/** @type {string} */ message) => {
  console.error(message);
  process.exit(2);
};

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '12' } },
    });
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : String(error));
  }
};

const { values, positionals } = readArguments();
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  giveUp(`--rounds must be a whole number of at least 1; got ${values.rounds}.`);

/** @type {Record<string, () => readonly Table[]>} */
const measures = {
  ...Object.fromEntries(
    Object.entries(races).map(([name, { length }]) => [
      name,
      () => Array.from({ length }, (_, index) => raced(name, index)),
    ]),
  ),
  startup: () => startup(rounds),
  sizes,
  memory,
};
const known = Object.keys(measures);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) giveUp(`Unknown measure: ${unknown.join(', ')}. Known measures: ${known.join(', ')}.`);

const print = values.json ? () => {} : console.log;
const machine = {
  node: process.version,
  cpu: `${cpus()[0]?.model}, ${platform()} ${arch()}`,
  date: new Date().toISOString().slice(0, 10),
  rounds,
};
print(`Node ${machine.node}, ${machine.cpu}, ${machine.date}; ${rounds} rounds, interleaved.`);
print('Nanoseconds are medians over the rounds; a ratio is the median of the ratios within each round.');

const tables = [];
for (const [measure, tablesOf] of Object.entries(measures)) {
  if (positionals.length > 0 && !positionals.includes(measure)) continue;
  if (measure === 'aws' && !motoHere()) {
    console.error(
      "aws: skipped, because python3 cannot run moto's server. Install it with: pip install 'moto[server]'",
    );
    continue;
  }
  for (const table of tablesOf()) {
    tables.push({ measure, ...table });
    print(`\n${measure}: ${table.title}`);
    if (!values.json) for (const rows of [table.rows, table.figures ?? []]) if (rows.length > 0) console.table(rows);
  }
}
const minutes = rounded(process.uptime() / 60);
if (values.json) console.log(JSON.stringify({ ...machine, minutes, tables }, null, 1));
