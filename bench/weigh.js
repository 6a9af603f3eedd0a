// @ts-check
// The child process of memory.js: prints the bytes of each of many states of one contender.
import { ok } from 'node:assert';
import process from 'node:process';
import { do_not_optimize } from 'mitata';
import { contenders } from './contenders/index.js';
import { around, circleOf, epoch, secretOf } from './secrets.js';

const [what, name = ''] = process.argv.slice(2);
const contender = contenders[name];
const { gc } = globalThis;
ok(contender && gc);

const heap = () => {
  gc();
  return process.memoryUsage().heapUsed;
};

/** Names and ids are made beforehand, so they do not count. Opened states are frozen, as all states of secret-stages. */
const manySecrets = (/** @type {number} */ count) => {
  const secret = secretOf({ stages: 2, versions: 2 });
  const names = Array.from({ length: count }, (_, index) => `secret-${index}`);
  return () => new Map(names.map((name) => [name, contender.open(Object.freeze({ ...secret, name }))]));
};

const chainOfStates = (/** @type {number} */ count) => {
  const secret = secretOf({});
  const circle = circleOf(secret);
  let state = contender.open(secret);
  return () =>
    Array.from({ length: count }, (_, turn) => {
      const outcome = contender.move(state, { ...around(circle, turn), at: epoch + turn });
      ok(outcome.ok);
      state = outcome.state;
      return state;
    });
};

const count = what === 'chain' ? 100_000 : 1_000_000;
const fill = what === 'chain' ? chainOfStates(count) : manySecrets(count);
const before = heap();
const kept = fill();
console.log((heap() - before) / count);
do_not_optimize(kept);
