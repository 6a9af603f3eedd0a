// @ts-check
import { strictEqual } from 'node:assert';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { median, rounded } from './statistics.js';

/** The entries of the package, and two libraries for scale. */
const entries = [
  'secret-stages',
  ...['evidence', 'history', 'policy', 'emulator', 'server', 'testing'].map((entry) => `secret-stages/${entry}`),
  'immer',
  'valibot',
];

const empty = [fileURLToPath(new URL('empty.js', import.meta.url))];

/** @type {Readonly<Record<string, readonly string[]>>} */
const programs = {
  'secret-stages --version': [fileURLToPath(new URL('../dist/cli.js', import.meta.url)), '--version'],
  'the first answer of an emulator': [fileURLToPath(new URL('first-answer.js', import.meta.url))],
  'the first answer over HTTP': [fileURLToPath(new URL('first-answer-http.js', import.meta.url))],
};

/** @type {(args: readonly string[]) => number} The milliseconds of a process of Node, from its start to its end. */
const timeOf = (args) => {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const time = performance.now() - start;
  strictEqual(status, 0, args.join(' '));
  return time;
};

/**
 * Whole processes, each next to one that does nothing. In every other round that one is first.
 *
 * @typedef {{ contender: string, import?: number, require?: number, ms?: number }} Start
 * @type {(rounds: number) => { title: string, rows: Start[] }[]}
 */
export const startup = (rounds) => {
  const pairs = [
    ...entries.flatMap((entry) => [
      { contender: entry, how: 'import', args: module(`import '${entry}'`), base: module('') },
      { contender: entry, how: 'require', args: script(`require('${entry}')`), base: script('') },
    ]),
    ...Object.entries(programs).map(([contender, args]) => ({ contender, how: 'ms', args, base: empty })),
  ].map((pair) => ({ ...pair, extras: /** @type {number[]} */ ([]) }));
  /** @type {number[]} */
  const empties = [];
  for (let round = 0; round < rounds; round++) {
    for (const { args, base, extras } of pairs) {
      const isBaseFirst = round % 2 === 0;
      const early = isBaseFirst ? timeOf(base) : 0;
      const time = timeOf(args);
      const baseTime = isBaseFirst ? early : timeOf(base);
      extras.push(time - baseTime);
      if (base === empty) empties.push(baseTime);
    }
  }
  const extraOf = (/** @type {string} */ contender, /** @type {string} */ how) =>
    rounded(median(pairs.find((pair) => pair.contender === contender && pair.how === how)?.extras ?? []));
  return [
    {
      title: 'milliseconds that an import adds to an empty program',
      rows: entries.map((contender) => ({
        contender,
        import: extraOf(contender, 'import'),
        require: extraOf(contender, 'require'),
      })),
    },
    {
      title: 'milliseconds that a program takes longer than an empty one',
      rows: [
        ...Object.keys(programs).map((contender) => ({ contender, ms: extraOf(contender, 'ms') })),
        { contender: 'an empty program', ms: rounded(median(empties)) },
      ],
    },
  ];
};

/** @type {(code: string) => readonly string[]} */
const module = (code) => ['--input-type=module', '--eval', code];

/** @type {(code: string) => readonly string[]} */
const script = (code) => ['--input-type=commonjs', '--eval', code];
