import { applyAll, createSecret, type SecretAction, type SecretState, stagesOf } from '../../src/index.ts';

// Draws the picture at the top of the README from what the model does. It has no style and no script, because code hosts remove both, and a
// background of its own, so that it is readable in dark mode.

const moments: readonly { readonly title: string; readonly note: string; readonly action?: SecretAction }[] = [
  { title: 'create a secret', note: 'v1 is current' },
  { title: 'rotate', note: 'v1 becomes the previous', action: { type: 'createVersion', at: 1 } },
  {
    title: 'add a stage',
    note: 'canary marks v2',
    action: { type: 'assignStage', stage: 'canary', versionId: 'v2', at: 2 },
  },
  { title: 'rotate again', note: 'no stage marks v1', action: { type: 'createVersion', at: 3 } },
  {
    title: 'move the stage',
    note: 'canary leaves v2',
    action: { type: 'assignStage', stage: 'canary', versionId: 'v3', at: 4 },
  },
];

const looks: Readonly<Record<string, { readonly ink: string; readonly paper: string }>> = {
  SYSCURRENT: { ink: '#0b57b0', paper: '#dbe9fb' },
  SYSPREVIOUS: { ink: '#8a4a00', paper: '#fbe8d3' },
  canary: { ink: '#0f6e56', paper: '#d3f2e7' },
};

const left = 56;
const column = 176;
const lane = 72;
const row = 28;
const versions = ['v1', 'v2', 'v3'];
const width = left + column * moments.length + 12;
const height = lane * versions.length + 84;

/** The picture of what stages are, as SVG. */
export function drawStages(): string {
  const actions = moments.flatMap(({ action }) => action ?? []);
  const born = createSecret({ name: 'db', at: 0 });
  const states = moments.map((_, moment) => applyAll(born, actions.slice(0, moment)));
  const bars = Object.keys(looks).flatMap((stage) => barsOf(stage, states));
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1c2128">`,
    '<title id="title">Versions are lanes, and stages move between them</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...versions.flatMap((id, index) => laneOf(id, index, states)),
    ...bars.map(moveOf),
    ...bars.map(barOf),
    ...moments.flatMap(captionOf),
    '</svg>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

interface Bar {
  readonly stage: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly before: Bar | undefined;
}

/** Where a stage is over time: a bar for each version that it marks. */
function barsOf(stage: string, states: readonly SecretState[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const [moment, state] of states.entries()) {
    const version = versions.findIndex((id) => stagesOf(state, id).includes(stage));
    const before = bars.at(-1);
    if (before?.version === version) bars.splice(-1, 1, { ...before, to: moment + 1 });
    else if (version >= 0) bars.push({ stage, version, from: moment, to: moment + 1, before });
  }
  return bars;
}

function laneOf(id: string, index: number, states: readonly SecretState[]): readonly string[] {
  const top = 12 + index * lane;
  const born = states.findIndex((state) => id in state.versions);
  const bare = states.findIndex((state) => id in state.versions && stagesOf(state, id).length === 0);
  const x = left + born * column;
  return [
    `<rect x="${x}" y="${top}" width="${width - x - 12}" height="${lane - 8}" rx="6" fill="#f0f3f6"/>`,
    `<text x="${left - 14}" y="${top + 37}" text-anchor="end" font-weight="600">${id}</text>`,
    bare < 0
      ? ''
      : `<rect x="${left + bare * column + 6}" y="${top + 6}" width="${width - left - bare * column - 24}" height="${lane - 20}" rx="6" fill="none" stroke="#59636e" stroke-dasharray="4 3"/>` +
        `<text x="${left + bare * column + 20}" y="${top + 28}" font-weight="600">deprecated</text>` +
        `<text x="${left + bare * column + 20}" y="${top + 46}" fill="#4b5560">CSMS may delete this version</text>`,
  ];
}

function place({ stage, version, from, to }: Bar) {
  const top = 12 + version * lane + 5 + (stage === 'canary' ? row - 1 : 0);
  return { x: left + from * column + 6, y: top, end: left + to * column - 6, middle: top + row / 2 - 1 };
}

function barOf(bar: Bar): string {
  const { x, y, end, middle } = place(bar);
  const { ink, paper } = looks[bar.stage] ?? { ink: '', paper: '' };
  return (
    `<rect x="${x}" y="${y}" width="${end - x}" height="${row - 3}" rx="6" fill="${paper}" stroke="${ink}" stroke-width="1.5"/>` +
    `<text x="${x + 12}" y="${middle + 4.5}" fill="${ink}" font-family="ui-monospace, Menlo, Consolas, monospace">${bar.stage}</text>`
  );
}

function moveOf(bar: Bar): string {
  if (bar.before === undefined) return '';
  const [start, end] = [place(bar.before), place(bar)];
  return `<path d="M${start.end} ${start.middle} C${end.x} ${start.middle} ${start.end} ${end.middle} ${end.x} ${end.middle}" fill="none" stroke="${looks[bar.stage]?.ink}" stroke-width="2"/>`;
}

function captionOf({ title, note }: (typeof moments)[number], index: number): readonly string[] {
  const x = left + index * column + 8;
  const y = 12 + versions.length * lane + 16;
  return [
    `<circle cx="${x + 10}" cy="${y + 4}" r="10" fill="#1c2128"/><text x="${x + 10}" y="${y + 8.5}" text-anchor="middle" fill="#ffffff" font-size="12" font-weight="600">${index + 1}</text>`,
    `<text x="${x + 28}" y="${y + 8.5}" font-weight="600">${title}</text>`,
    `<text x="${x + 28}" y="${y + 28}" fill="#4b5560">${note}</text>`,
  ];
}
