// @ts-check
import './production.js';
import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { measure } from 'mitata';
import { limit, ours } from './contenders/index.js';
import { measures } from './measures.js';

// mitata times one function at a time, to the nanosecond and clear of the optimiser; what it does not do is interleave.
// So each round lets it time every contender once, a different one first each time, and a ratio is taken within a round,
// where all meet the same machine. The median of a contender's samples leaves most garbage collection out; `mean` has it in.
// It would also collect all garbage first, and V8 then forgets what it has learnt: immer took twice as long after that.
const options = { min_cpu_time: 40e6, batch_samples: 128, batch_threshold: 20_000, warmup_samples: 5, gc: false };

/**
 * @typedef {import('./measures.js').Race} Race
 * @typedef {{ contender: string, ns: number, mean: number, [ratio: `times ${string}`]: number }} Time
 */

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** @type {(steps: Race['steps'], rounds: number) => Promise<Time[]>} */
const timesOf = async (steps, rounds) => {
  const running = Object.entries(steps).map(([contender, step]) => ({
    contender,
    step,
    times: /** @type {number[]} */ ([]),
    means: /** @type {number[]} */ ([]),
  }));
  // Code is compiled and recompiled while it is new, so a first round does not count.
  for (const { step } of running) await measure(step, { ...options });
  for (let round = 0; round < rounds; round++) {
    const first = round % running.length;
    for (const { step, times, means } of [...running.slice(first), ...running.slice(0, first)]) {
      const { p50, avg } = await measure(step, { ...options });
      times.push(p50);
      means.push(avg);
    }
  }

  const ratio = (/** @type {number[]} */ times, /** @type {string} */ base) => {
    const baseTimes = running.find(({ contender }) => contender === base)?.times;
    const ratios = baseTimes && times.map((time, round) => time / (baseTimes[round] ?? Number.NaN));
    return ratios && { [`times ${base.split(', ').at(-1)}`]: rounded(median(ratios)) };
  };
  return running.map(({ contender, times, means }) => ({
    contender,
    ns: rounded(median(times)),
    mean: rounded(median(means)),
    ...ratio(times, limit),
    ...ratio(times, ours),
  }));
};

/** To three digits, for there are no more in it. */
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
if (!Number.isInteger(rounds) || rounds < 1) giveUp(`--rounds is a whole number from 1, not ${values.rounds}.`);
const known = Object.keys(measures);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) giveUp(`There is no measure ${unknown.join(', ')}. There is ${known.join(', ')}.`);

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
  for (const { title, ...table } of tablesOf()) {
    const rows = 'rows' in table ? table.rows : await timesOf(table.steps, rounds);
    tables.push({ measure, title, ...('versions' in table && { versions: table.versions }), rows });
    print(`\n${measure}: ${title}`);
    if (!values.json) console.table(Object.fromEntries(rows.map(({ contender, ...row }) => [contender, row])));
  }
}
if (values.json) console.log(JSON.stringify({ ...machine, tables }, null, 1));
