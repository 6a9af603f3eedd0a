// @ts-check
import { deepStrictEqual, ok } from 'node:assert';
import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { do_not_optimize, measure } from 'mitata';
import { circles, contenders } from './contenders.js';

// mitata times one function at a time, to the nanosecond and clear of the optimiser; what it does not do is interleave.
// So each round lets it time every contender once, a different one first each time, and a ratio is taken within a round,
// where all meet the same machine. The median of a contender's samples leaves most garbage collection out; `mean` has it in.
const rounds = 15;
const options = { min_cpu_time: 40e6, batch_samples: 1024 };

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Before anything is timed, all must give the same answers, and an accepted move must have moved something. */
const checkAgreement = (/** @type {readonly import('./contenders.js').Move[]} */ circle) => {
  const all = Object.values(contenders).map((start) => {
    const contender = start();
    const steps = circle.map((move) => {
      const from = contender.board().get(move.stage)?.versionId;
      const isAccepted = contender.move(move);
      ok(!isAccepted || from !== move.versionId);
      return isAccepted;
    });
    return { steps, board: contender.board() };
  });
  for (const one of all) deepStrictEqual(one, all[0]);
};

console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${platform()} ${arch()}; ${rounds} rounds, interleaved.`);
console.log('Nanoseconds are medians over the rounds; a ratio is the median of the ratios within each round.\n');

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
    return { name, step, times: /** @type {number[]} */ ([]), means: /** @type {number[]} */ ([]) };
  });

  for (let round = 0; round < rounds; round++) {
    const first = round % running.length;
    for (const { step, times, means } of [...running.slice(first), ...running.slice(0, first)]) {
      const { p50, avg } = await measure(step, options);
      times.push(p50);
      means.push(avg);
    }
  }

  const against = (/** @type {number[]} */ times, /** @type {number[]} */ base) =>
    median(times.map((time, round) => time / (base[round] ?? Number.NaN))).toFixed(2);
  const times = new Map(running.map(({ name, times }) => [name, times]));
  const limit = times.get('mutable table, the limit') ?? [];
  const ours = times.get('secret-stages') ?? [];
  console.log(`${title}, on a secret of 12 stages and 20 versions`);
  console.table(
    Object.fromEntries(
      running.map(({ name, times, means }) => [
        name,
        {
          ns: Math.round(median(times)),
          mean: Math.round(median(means)),
          'times the limit': against(times, limit),
          'times secret-stages': against(times, ours),
        },
      ]),
    ),
  );
}
