// @ts-check
import { deepStrictEqual } from 'node:assert';
import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { do_not_optimize, measure } from 'mitata';
import { circles, contenders } from './contenders.js';

// mitata times one function at a time, to the nanosecond and clear of the optimiser; what it does not do is interleave.
// So each round lets it time every contender once, and a ratio is taken within a round, where all meet the same machine.
const rounds = 15;
const options = { min_cpu_time: 40e6, batch_samples: 1024 };

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Before anything is timed, all must give the same answers. */
const checkAgreement = (/** @type {readonly import('./contenders.js').Move[]} */ circle) => {
  const all = Object.values(contenders).map((start) => {
    const contender = start();
    return { answers: circle.map(contender.move), board: contender.board() };
  });
  for (const one of all) deepStrictEqual(one, all[0]);
};

console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${platform()} ${arch()}; ${rounds} rounds, interleaved.`);
console.log('Nanoseconds are medians of the rounds; a ratio is the median of the ratios within each round.\n');

for (const [title, circle] of Object.entries(circles)) {
  checkAgreement(circle);
  const running = Object.entries(contenders).map(([name, start]) => {
    const { move } = start();
    let turn = 0;
    const step = () => {
      const next = circle[turn];
      turn = turn === circle.length - 1 ? 0 : turn + 1;
      do_not_optimize(next && move(next));
    };
    return { name, step, times: /** @type {number[]} */ ([]) };
  });

  for (let round = 0; round < rounds; round++) {
    for (const { step, times } of running) times.push((await measure(step, options)).p50);
  }

  const against = (/** @type {number[]} */ times, /** @type {number[]} */ base) =>
    median(times.map((time, round) => time / (base[round] ?? Number.NaN))).toFixed(2);
  const times = new Map(running.map(({ name, times }) => [name, times]));
  const limit = times.get('mutable table, the limit') ?? [];
  const ours = times.get('secret-stages') ?? [];
  console.log(`${title}, on a secret of 12 stages and 20 versions`);
  console.table(
    Object.fromEntries(
      running.map(({ name, times }) => [
        name,
        {
          ns: Math.round(median(times)),
          'times the limit': against(times, limit),
          'times secret-stages': against(times, ours),
        },
      ]),
    ),
  );
}
