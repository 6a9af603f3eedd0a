// @ts-check
// npm run --silent bench -- --json > bench/results.json
// npm run bench:picture
//
// Draws the time of a move by the number of versions. The picture has no style, because code hosts remove it, and a background of its
// own, so that it is readable on dark pages.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { limit, ours, result } from './contenders/index.js';

/** @typedef {{ measure: string, versions: number, rows: readonly { contender: string, ns: number }[] }} Table */

/** @type {{ node: string, cpu: string, date: string, tables: readonly Table[] }} */
const { node, cpu, date, tables } = JSON.parse(readFileSync(process.argv[2] ?? 'bench/results.json', 'utf8'));

/** @type {Readonly<Record<string, string>>} */
const colors = {
  [limit]: '#4b5560',
  [result]: '#8c564b',
  [ours]: '#c62828',
  spread: '#1668b5',
  'mutative, tuned': '#5f7a00',
  'mutative, fair': '#2b8a3e',
  'immer, tuned': '#b35c00',
  'immer, fair': '#8e44ad',
};

const [width, height] = [760, 480];
const frame = { left: 64, right: 580, top: 60, bottom: 400 };
const sizes = tables.filter(({ measure }) => measure === 'versions');
const times = sizes.flatMap(({ rows }) => rows.map(({ ns }) => ns));

/** A place between two ends, on a logarithmic scale. @type {(from: number, to: number, start: number, end: number) => (value: number) => number} */
const scale = (from, to, start, end) => (value) =>
  start + ((end - start) * Math.log(value / from)) / Math.log(to / from);

const decades = Array.from({ length: 10 }, (_, power) => 10 ** power);
const floor = Math.max(...decades.filter((decade) => decade <= Math.min(...times)));
const ceiling = Math.min(...decades.filter((decade) => decade >= Math.max(...times)));
const counts = sizes.map(({ versions }) => versions);
const across = scale(Math.min(...counts), Math.max(...counts), frame.left + 24, frame.right);
const up = scale(floor, ceiling, frame.bottom, frame.top);

/** @type {(x: number, y: number, text: string, look?: string) => string} */
const text = (x, y, text, look = '') => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${look}>${text}</text>`;
const time = (/** @type {number} */ ns) => (ns < 1e3 ? `${ns} ns` : ns < 1e6 ? `${ns / 1e3} µs` : `${ns / 1e6} ms`);

const grid = decades
  .filter((decade) => decade >= floor && decade <= ceiling)
  .flatMap((decade) => [
    `<path d="M${frame.left} ${up(decade).toFixed(1)}H${frame.right}" stroke="#d8dee4"/>`,
    text(frame.left - 10, up(decade) + 4.5, time(decade), 'text-anchor="end"'),
  ]);
const ticks = counts.map((count) =>
  text(across(count), frame.bottom + 24, count.toLocaleString('en'), 'text-anchor="middle"'),
);

const lines = Object.entries(colors).map(([contender, color]) => {
  const points = sizes.map(({ versions, rows }) => {
    const ns = rows.find((row) => row.contender === contender)?.ns ?? Number.NaN;
    return { x: across(versions), y: up(ns) };
  });
  return { contender, color, points, isOurs: contender === ours, label: points.at(-1)?.y ?? Number.NaN };
});
// From below, a label that would overlap the one before is moved up.
lines.sort((a, b) => b.label - a.label);
for (const [index, line] of lines.entries())
  line.label = Math.min(line.label, (lines[index - 1]?.label ?? height) - 18);

const drawn = [...lines]
  .sort((a, b) => Number(a.isOurs) - Number(b.isOurs))
  .flatMap(({ contender, color, points, isOurs, label }) => [
    `<path d="M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}" fill="none" stroke="${color}" stroke-width="${isOurs ? 3.5 : 1.75}" stroke-linejoin="round"/>`,
    ...points.map(
      ({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${isOurs ? 4 : 3}" fill="${color}"/>`,
    ),
    text(frame.right + 14, label + 4.5, contender, `fill="${color}"${isOurs ? ' font-weight="bold"' : ''}`),
  ]);

const title = 'The time of one move, by the number of versions';
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}, for each contender" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1c2128">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(20, 32, title, 'font-size="16" font-weight="bold"'),
    ...grid,
    ...ticks,
    ...drawn,
    text(20, height - 20, `Versions of a secret of 12 stages. Node ${node}, ${cpu}, ${date}.`, 'fill="#4b5560"'),
    '</svg>',
  ].join('\n'),
);
