// @ts-check
// npm run --silent bench -- --json > bench/results.json
// npm run bench:picture
import { readFileSync } from 'node:fs';
import process from 'node:process';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { ours } from './contenders/index.js';

/**
 * @typedef {{ contender: string, versions: number, ns: number }} Point
 * @typedef {{ measure: string, versions: number, rows: readonly { contender: string, ns: number }[] }} Table
 */

/** @type {{ node: string, cpu: string, date: string, tables: readonly Table[] }} */
const { node, cpu, date, tables } = JSON.parse(readFileSync(process.argv[2] ?? 'bench/results.json', 'utf8'));

const points = tables
  .filter(({ measure }) => measure === 'versions')
  .flatMap(({ versions, rows }) => rows.map(({ contender, ns }) => ({ contender, versions, ns })));
const sizes = [...new Set(points.map(({ versions }) => versions))];
const most = Math.max(...sizes);

/** The ends of the lines from below. A label that would overlap the one before is moved up. */
const labels = points
  .filter(({ versions }) => versions === most)
  .map((end) => ({ ...end }))
  .sort((a, b) => a.ns - b.ns);
for (const [index, label] of labels.entries()) label.ns = Math.max(label.ns, 1.65 * (labels[index - 1]?.ns ?? 0));

const colors = ['#555555', '#d62728', '#1f77b4', '#8c564b', '#2ca02c', '#7a9a01', '#9467bd', '#c2449c', '#e07b00'];
const color = (/** @type {Point} */ { contender }) =>
  colors[labels.findIndex((label) => label.contender === contender)];
const isOurs = (/** @type {Point} */ { contender }) => contender === ours;
const time = (/** @type {number} */ ns) => (ns < 1e3 ? `${ns} ns` : ns < 1e6 ? `${ns / 1e3} µs` : `${ns / 1e6} ms`);

/** @type {Plot.LineYOptions} */
const line = { x: 'versions', y: 'ns', z: 'contender', stroke: color };
/** @type {Plot.TextOptions} */
const label = { x: 'versions', y: 'ns', text: 'contender', fill: color, textAnchor: 'start', dx: 8 };

const svg = Plot.plot({
  document: parseHTML('<html></html>').document,
  width: 760,
  height: 480,
  marginLeft: 60,
  marginRight: 140,
  marginTop: 56,
  marginBottom: 64,
  style: { fontFamily: 'sans-serif', fontSize: '13px', background: 'white', color: '#222222' },
  x: { type: 'log' },
  y: { type: 'log' },
  marks: [
    Plot.frame({ fill: 'white', stroke: null, inset: -200 }),
    Plot.gridY({ stroke: '#dddddd', strokeOpacity: 1, ticks: 5 }),
    Plot.axisX(sizes, { label: null, text: (size) => size.toLocaleString('en') }),
    Plot.axisY({ label: null, ticks: 5, tickFormat: time }),
    Plot.lineY(points, { ...line, filter: (point) => !isOurs(point), strokeWidth: 1.5 }),
    Plot.lineY(points, { ...line, filter: isOurs, strokeWidth: 3.5 }),
    Plot.dot(points, { x: 'versions', y: 'ns', fill: color, r: 2.5 }),
    Plot.text(labels, { ...label, filter: (point) => !isOurs(point) }),
    Plot.text(labels, { ...label, filter: isOurs, fontWeight: 'bold' }),
    Plot.text(['Cost of one move, by the number of versions'], {
      frameAnchor: 'top-left',
      dy: -40,
      dx: -50,
      fontSize: 16,
      fontWeight: 'bold',
    }),
    Plot.text([`Versions of a secret of 12 stages. Node ${node}, ${cpu}, ${date}.`], {
      frameAnchor: 'bottom-left',
      dy: 48,
      dx: -50,
    }),
  ],
});
svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
svg.setAttribute('role', 'img');
svg.setAttribute('aria-label', 'Cost of one move, by the number of versions, for each contender');
console.log(svg.outerHTML);
