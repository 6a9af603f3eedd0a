// @ts-check
import { ok } from 'node:assert';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { limit, ours } from './contenders/index.js';

/**
 * What to weigh, for contenders that store different data. Tables that change in place have no past states.
 *
 * @type {readonly { what: 'secrets' | 'chain', title: string, contenders: readonly string[] }[]}
 */
const loads = [
  {
    what: 'secrets',
    title: 'bytes each of 1,000,000 secrets of two versions, in a Map',
    contenders: [limit, ours, 'spread', 'immer, tuned'],
  },
  {
    what: 'chain',
    title: 'bytes each of a chain of 100,000 states, a move apart',
    contenders: [ours, 'spread', 'immer, tuned'],
  },
];

const scale = fileURLToPath(new URL('weigh.js', import.meta.url));

/**
 * Each in its own process, so that garbage of one does not affect the next.
 *
 * @typedef {{ contender: string, bytes: number | string }} Weight
 * @type {() => { title: string, rows: Weight[] }[]}
 */
export const memory = () =>
  loads.map(({ what, title, contenders }) => ({
    title,
    rows: contenders.map((contender) => {
      const options = ['--expose-gc', '--max-old-space-size=8192', scale, what, contender];
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
      ok(status === 0 || signal === 'SIGABRT', stderr);
      return { contender, bytes: status === 0 ? Math.round(Number(stdout)) : 'more than 8 GB in all' };
    }),
  }));
