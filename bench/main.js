// @ts-check
import './production.js';
import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { measure } from 'mitata';
import { limit, ours } from './contenders/index.js';
import { emulator } from './emulator.js';
import { races } from './measures.js';
import { memory } from './memory.js';
import { policy } from './policy.js';

const measures = { ...races, policy, emulator, memory };

// mitata times one function at a time and does not interleave. Each round therefore times every contender once, starting with
// another one, and ratios are taken within a round, under the same conditions. The median of the samples excludes most garbage
// collection; `mean` includes it. `gc` is off because V8 loses optimisations in a full collection: immer then took twice as long.
const options = { min_cpu_time: 40e6, batch_samples: 128, batch_threshold: 20_000, warmup_samples: 5, gc: false };

/**
 * @typedef {import('./measures.js').Race} Race
 * @typedef {{ contender: string, step: () => unknown, times: number[], means: number[] }} Runner
 * @typedef {{ contender: string } & Record<string, unknown>} Row
 */

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** @type {(steps: Race['steps'], rounds: number) => Promise<Runner[]>} */
const run = async (steps, rounds) => {
  const running = Object.entries(steps).map(([contender, step]) => ({
    contender,
    step,
    times: /** @type {number[]} */ ([]),
    means: /** @type {number[]} */ ([]),
  }));
  // The first round does not count: V8 is still compiling.
  for (const { step } of running) await measure(step, { ...options });
  for (let round = 0; round < rounds; round++) {
    const first = round % running.length;
    for (const { step, times, means } of [...running.slice(first), ...running.slice(0, first)]) {
      const { p50, avg } = await measure(step, { ...options });
      times.push(p50);
      means.push(avg);
    }
  }

  return running;
};

/** @type {(running: readonly Runner[], one: string, base: string) => number} */
const ratioOf = (running, one, base) => {
  const timesOf = (/** @type {string} */ name) => running.find(({ contender }) => contender === name)?.times ?? [];
  const baseTimes = timesOf(base);
  return rounded(median(timesOf(one).map((time, round) => time / (baseTimes[round] ?? Number.NaN))));
};

/** @type {(running: readonly Runner[], requests?: number) => Row[]} The time of a step, or of one request if a step has several. */
const timesOf = (running, requests) =>
  running.map(({ contender, times, means }) => ({
    contender,
    ns: rounded(median(times) / (requests ?? 1)),
    mean: rounded(median(means) / (requests ?? 1)),
    ...(requests && { 'per second': rounded((requests * 1e9) / median(means)) }),
    ...(has(running, limit) && { 'times the limit': ratioOf(running, contender, limit) }),
    ...(has(running, ours) && { 'times secret-stages': ratioOf(running, contender, ours) }),
  }));

/** @type {(running: readonly Runner[], name: string) => boolean} */
const has = (running, name) => running.some(({ contender }) => contender === name);

/** @type {(running: readonly Runner[], figures: readonly import('./measures.js').Figure[]) => Row[]} */
const figuresOf = (running, figures) =>
  figures.map(({ figure, of, to, ...bounds }) => ({ contender: figure, ratio: ratioOf(running, of, to), ...bounds }));

/** To three digits, the precision of the measurements. */
const rounded = (/** @type {number} */ value) => Number(value.toPrecision(3));

/** @returns {never} */
const giveUp = (/** @type {string} */ message) => {
  console.error(message);
  process.exit(2);
};

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
    });
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : String(error));
  }
};

const { values, positionals } = readArguments();
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  giveUp(`--rounds must be a whole number of at least 1; got ${values.rounds}.`);
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

/**
 * @typedef {{ title: string, versions?: number, rows: readonly Row[] }} Table
 * @type {(table: Race | Table) => Promise<readonly Table[]>}
 */
const measured = async (table) => {
  if ('rows' in table) return [table];
  const { title, versions, steps, requests, figures, close } = table;
  const running = await run(steps, rounds);
  await close?.();
  const times = { title, ...(versions && { versions }), rows: timesOf(running, requests) };
  const ratios = { title: requests ? `${title}: ratios` : title, rows: figuresOf(running, figures ?? []) };
  return figures ? (requests ? [times, ratios] : [ratios]) : [times];
};

const tables = [];
for (const [measure, tablesOf] of Object.entries(measures)) {
  if (positionals.length > 0 && !positionals.includes(measure)) continue;
  for (const table of await tablesOf()) {
    for (const { rows, ...head } of await measured(table)) {
      tables.push({ measure, ...head, rows });
      print(`\n${measure}: ${head.title}`);
      if (!values.json) console.table(Object.fromEntries(rows.map(({ contender, ...row }) => [contender, row])));
    }
  }
}
if (values.json) console.log(JSON.stringify({ ...machine, tables }, null, 1));
