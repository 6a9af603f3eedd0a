// @ts-check
// The child process of main.js: runs one race, and prints it with its samples as JSON.
import './production.js';
import { ok } from 'node:assert';
import process from 'node:process';
import { measure } from 'mitata';
import { races } from './measures.js';

// mitata times one function at a time and does not interleave. Each round therefore times every contender once, starting with
// another one, and ratios are taken within a round, under the same conditions. The median of the samples excludes most garbage
// collection; `mean` includes it. `gc` is off because V8 loses optimisations in a full collection: immer then took twice as long.
const options = { min_cpu_time: 40e6, batch_samples: 128, batch_threshold: 20_000, warmup_samples: 5, gc: false };

/** @type {(step: () => unknown) => Promise<{ p50: number, avg: number }>} */
const once = async (step) => {
  const start = process.hrtime.bigint();
  await step();
  const ns = Number(process.hrtime.bigint() - start);
  return { p50: ns, avg: ns };
};

const [name = '', index = '', first = '', end = ''] = process.argv.slice(2);
const race = await races[name]?.[Number(index)]?.();
ok(race);
const { steps, isLong, close, ...head } = race;
const { requests = 1 } = race;
const timed = isLong ? once : (/** @type {() => unknown} */ step) => measure(step, { ...options });

const running = Object.entries(steps).map(([contender, step]) => ({
  contender,
  step,
  count: typeof requests === 'number' ? requests : (requests[contender] ?? 1),
  times: /** @type {number[]} */ ([]),
  means: /** @type {number[]} */ ([]),
}));
/** Every contender once, in the order of that round. */
const inRound = (/** @type {number} */ round) => {
  const start = round % running.length;
  return [...running.slice(start), ...running.slice(0, start)];
};

// One round more, which does not count: V8 is still compiling.
for (const { step } of inRound(Number(first))) await timed(step);
for (let round = Number(first); round < Number(end); round++) {
  for (const { step, count, times, means } of inRound(round)) {
    const { p50, avg } = await timed(step);
    times.push(p50 / count);
    means.push(avg / count);
  }
}
await close?.();
console.log(JSON.stringify({ ...head, running: running.map(({ step: _, ...samples }) => samples) }));
