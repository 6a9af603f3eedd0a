import * as Plot from '@observablehq/plot';
import { DOMParser } from 'linkedom';
import { printable } from '../text.ts';
import type { Event } from '../transcript/play.ts';
import { timeText } from './draw-secret.ts';
import { type Panel, panelsOf } from './panels.ts';
import { type Figure, pictureOf, type Step } from './picture.ts';

/** The colours, by day and by night. Stages are told apart by a mark and by their name as well. */
export const theme = (() => {
  const day = {
    paper: '#ffffff',
    ink: '#1c2128',
    muted: '#59636e',
    lane: '#f3f5f8',
    rule: '#d5dae1',
    rest: '#ece5f5',
    alarm: '#c4162a',
    stages: '#0b63c5 #c2570c #299dac #8a0316 #ad56ff #68013f #c17277 #2f1790 #9c4535 #7c5792 #2b18c5 #743b67',
  };
  const night = {
    paper: '#14171c',
    ink: '#e8ebef',
    muted: '#9aa4b0',
    lane: '#1e232a',
    rule: '#3a424d',
    rest: '#2b2338',
    alarm: '#ff7b86',
    stages: '#6db3ff #ff9d4d #a0fbd8 #ed3b87 #f7e95b #9f83c4 #73dded #c04732 #7649f5 #c68206 #8080fc #9353b7',
  };
  const root = ({ stages, ...others }: typeof day, scheme: string) =>
    `:root{color-scheme:${scheme};${[
      ...Object.entries(others).map(([name, color]) => `--${name}:${color}`),
      ...stages.split(' ').map((color, index) => `--stage-${index}:${color}`),
    ].join(';')}}`;
  return `${root(day, 'light')}@media screen and (prefers-color-scheme:dark){${root(night, 'dark')}}text{white-space:pre;unicode-bidi:isolate}`;
})();

const colors = 12;
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross'] as const;
/** Each full, and all but the last hollow too: 13, which has no factor in common with 12, so 156 stages look each its own way. */
const marks = 2 * symbols.length - 1;

const lookOf = (index: number) => {
  const color = `var(--stage-${index % colors})`;
  const mark = index % marks;
  return { color, symbol: symbols[mark % symbols.length], fill: mark < symbols.length ? color : 'var(--paper)' };
};

const width = 960;
const rowHeight = 20;
/** How wide a sign is in a monospaced font of 11 pixels, in which ids and names are set so that they can be fitted. */
const signWidth = 6.7;
const monospace = { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: 11 } as const;
const hidden = { ariaHidden: 'true' } as const;

/** What a drawing is made of: the library's own types want a browser's, which Node does not have. */
interface Drawing {
  readonly outerHTML: string;
  readonly setAttribute: (name: string, value: string) => void;
  readonly getAttribute: (name: string) => string | null;
  readonly querySelector: (selector: string) => { readonly remove: () => void } | null;
  readonly querySelectorAll: (selector: string) => Iterable<Drawing>;
}

// As XML, for as HTML linkedom leaves < in attributes.
const document = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');

const plot = (options: Plot.PlotOptions): Drawing => {
  const drawing: Drawing = Plot.plot({
    document,
    width,
    marginTop: 0,
    marginBottom: 0,
    axis: null,
    color: { type: 'identity' },
    ...options,
  });
  // Its rules are those of the page, whose policy lets in no other.
  drawing.querySelector('style')?.remove();
  return drawing;
};

/** A name within so many signs; of a long one the middle is left out, for ids differ at both ends. */
const fitted = (name: string, most: number): string => {
  const signs = [...name];
  if (widthOf(name) <= most) return name;
  const kept = Math.floor((most - 1) / (widthOf(name) / signs.length) / 2);
  return kept < 2 ? '' : `${signs.slice(0, kept + 1).join('')}…${signs.slice(-kept).join('')}`;
};

/** In signs of the Latin alphabet; most others may take twice the room. */
const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign < '\u1100' ? 1 : 2), 0);

/** The drawings of a figure, its strips from above. A column is a link if `linkTo` says where to. */
export function drawFigure(
  figure: Figure,
  linkTo?: (step: Step) => string,
  title?: string,
): { readonly legend: Drawing; readonly strips: readonly Drawing[] } {
  const looks = new Map(figure.stages.map((stage, index) => [stage, lookOf(index)]));
  return {
    legend: drawLegend(figure, looks, title),
    strips: panelsOf(figure).map((strip) => drawStrip(figure, strip, looks, linkTo)),
  };
}

type Looks = ReadonlyMap<string, ReturnType<typeof lookOf>>;

const drawLegend = (figure: Figure, looks: Looks, title: string | undefined): Drawing => {
  const names = figure.stages.map((stage) => fitted(printable(stage), Math.floor((width - 44) / signWidth)));
  const columnWidth = 44 + signWidth * Math.max(...names.map(widthOf));
  const columns = Math.max(1, Math.floor(width / columnWidth));
  const entries = figure.stages.map((stage, index) => ({
    ...looks.get(stage),
    name: names[index],
    x: 12 + columnWidth * (index % columns),
    y: Math.floor(index / columns),
  }));
  const head = title === undefined ? 0 : 2;
  const rows = Math.ceil(entries.length / columns) + 1;
  const keys = [
    { key: 'done', x: 12 },
    { key: 'refused', x: 92 },
    { key: 'moves no stage', x: 192 },
    { key: 'deprecated: no stage marks it', x: 334 },
  ];
  return plot({
    height: (head + rows) * 22 + 8,
    marginLeft: 0,
    marginRight: 0,
    x: { domain: [0, width] },
    y: { domain: [rows, -head] },
    marks: [
      Plot.text(title === undefined ? [] : [title], { ...label, x: 4, y: -1.1, fontSize: 18, fontWeight: 600 }),
      Plot.dot(entries, { ...hidden, ...look, x: 'x', y: middle, r: 4.5 }),
      Plot.text(entries, { ...label, ...monospace, x: 'x', dx: 12, y: middle, text: 'name' }),
      Plot.dot(keys.slice(0, 3), { ...hidden, ...railMark(({ key }) => key), x: 'x', y: rows - 0.5 }),
      Plot.rect(keys.slice(3), {
        ...dashed,
        x1: ({ x }) => x - 20,
        x2: ({ x }) => x + 4,
        y1: rows - 0.8,
        y2: rows - 0.2,
      }),
      Plot.text(keys, { ...label, x: 'x', dx: 12, y: rows - 0.5, text: 'key' }),
    ],
  });
};

const middle = ({ y }: { readonly y: number }) => y + 0.5;
const label = { ...hidden, textAnchor: 'start', fontSize: 12, fill: 'var(--ink)' } as const;
const small = { ...label, fontSize: 11, fill: 'var(--muted)' } as const;
/** The fields of {@link lookOf}. */
const look = { symbol: 'symbol', fill: 'fill', stroke: 'color' } as const;
const dashed = { ...hidden, fill: 'none', stroke: 'var(--muted)', strokeDasharray: '4 3', rx: 6 } as const;

const railMark = <Datum>(outcomeOf: (datum: Datum) => string) =>
  ({
    symbol: (datum: Datum) => (outcomeOf(datum) === 'refused' ? 'times' : 'circle'),
    fill: (datum: Datum) => (/^done|^due/.test(outcomeOf(datum)) ? 'var(--ink)' : 'var(--paper)'),
    stroke: (datum: Datum) => (outcomeOf(datum) === 'refused' ? 'var(--alarm)' : 'var(--ink)'),
    strokeWidth: 1.8,
    r: 3.6,
  }) as const;

const drawStrip = (figure: Figure, strip: Panel, looks: Looks, linkTo?: (step: Step) => string): Drawing => {
  const { from, to, columns, lanes, bars, deprecated, rests, height } = strip;
  const ids = new Map(lanes.map(({ versionId }) => [versionId, fitted(printable(versionId), 17)]));
  const marginLeft = 24 + signWidth * Math.max(...[...ids.values(), 'calls'].map(widthOf));
  const marginRight = 56;
  /** So long on the axis of time is a pixel. */
  const pixel = (to - from) / (width - marginLeft - marginRight);
  const inset = Math.min(10, Math.max(3, 0.12 / pixel));
  const start = inset + 9;
  const rail = height + 0.5;

  const pills = bars.map((bar) => {
    const room = Math.floor(((bar.to - bar.from) / pixel - 2 * inset - 22) / signWidth);
    return { ...bar, ...looks.get(bar.stage), y: (bar.top + bar.bottom) / 2, name: fitted(printable(bar.stage), room) };
  });
  const moves = pills.filter(({ cameFrom }) => cameFrom !== undefined);
  const wide = { x1: 'from', x2: 'to' } as const;
  const box = { ...wide, y1: 'top', y2: 'bottom' } as const;
  const ended = lanes.filter(({ end }) => end !== 'there');
  const isRefused = ({ step }: Panel['columns'][number]) => step.outcome === 'refused';

  const drawing = plot({
    height: (height + 1.5) * rowHeight + 18 + 38,
    marginTop: 18,
    marginBottom: 38,
    marginLeft,
    marginRight,
    x: { domain: [from, to] },
    y: { domain: [height + 1.5, 0] },
    marks: [
      Plot.rect(lanes, { ...hidden, ...box, fill: 'var(--lane)', rx: 6, insetTop: -2, insetBottom: -2 }),
      Plot.rect(rests, { ...hidden, ...wide, y1: -0.8, y2: height, fill: 'var(--rest)', fillOpacity: 0.75, rx: 6 }),
      Plot.text(rests, {
        ...label,
        x: 'from',
        y: -0.4,
        dx: 6,
        fontSize: 10,
        text: ({ from, to, status }) => fitted(status, (to - from) / pixel / 7),
      }),
      Plot.text(lanes, {
        ...label,
        ...monospace,
        x: from,
        y: ({ top, bottom }) => (top + bottom) / 2,
        dx: -12,
        textAnchor: 'end',
        text: ({ versionId }) => ids.get(versionId),
      }),
      Plot.text(ended, { ...small, x: 'to', y: ({ top }) => top + 0.5, dx: 5, text: 'end' }),
      Plot.link(ended, { ...hidden, ...box, x1: 'to', stroke: 'var(--muted)', strokeWidth: 2 }),
      Plot.link(columns.filter(isRefused), {
        ...hidden,
        x1: 'from',
        x2: 'from',
        y1: 0,
        y2: rail,
        dx: start,
        stroke: 'var(--alarm)',
        strokeOpacity: 0.45,
        strokeDasharray: '2 4',
      }),
      Plot.link(moves, {
        ...hidden,
        x1: ({ from }) => from - inset * pixel,
        x2: ({ from }) => from + inset * pixel,
        y1: 'cameFrom',
        y2: 'y',
        curve: 'bump-x',
        stroke: 'color',
        strokeWidth: 2,
      }),
      Plot.rect(deprecated, { ...dashed, ...box, insetLeft: inset, insetRight: inset, insetTop: 3, insetBottom: 3 }),
      Plot.text(deprecated, {
        ...small,
        x: 'from',
        y: ({ top }) => top + 0.5,
        dx: inset + 8,
        stroke: 'var(--lane)',
        strokeWidth: 5,
        text: ({ from, to }) => ((to - from) / pixel > 90 + 2 * inset ? 'deprecated' : ''),
      }),
      // Paper below, so that nothing behind shines through the tint.
      ...[{ fill: 'var(--paper)' }, { fill: 'color', fillOpacity: 0.2, stroke: 'color' }].map((paint) =>
        Plot.rect(pills, { ...hidden, ...box, ...paint, rx: 7, inset: 2, insetLeft: inset, insetRight: inset }),
      ),
      Plot.dot(pills, { ...hidden, ...look, x: 'from', y: 'y', dx: start, r: 3.8 }),
      Plot.text(pills, { ...label, ...monospace, x: 'from', y: 'y', dx: start + 9, text: 'name' }),
      Plot.link([rail], { ...hidden, x1: from, x2: to, y1: rail, y2: rail, stroke: 'var(--rule)' }),
      Plot.text(['calls'], { ...label, x: from, y: rail, dx: -12, textAnchor: 'end', fill: 'var(--muted)' }),
      Plot.dot(columns, { ...hidden, ...railMark(({ step }) => step.outcome), x: 'from', y: rail, dx: start }),
      Plot.text(ticksOf(figure, strip, pixel), {
        ...small,
        x: 'from',
        y: height + 1.2,
        dx: start - 4,
        lineAnchor: 'top',
        fontVariant: 'tabular-nums',
        text: 'text',
      }),
      linkTo &&
        Plot.rect(columns, {
          ...wide,
          y1: 0,
          y2: height + 1.2,
          rx: 6,
          fill: 'transparent',
          title: ({ step }) => sayStep(step),
          href: ({ step }) => linkTo(step),
        }),
    ],
  });
  const links = [...drawing.querySelectorAll('a')];
  for (const [index, { step }] of columns.entries()) {
    links[index]?.setAttribute('class', `call ${step.outcome}`);
    links[index]?.setAttribute('aria-label', sayStep(step).replaceAll('\n', ' '));
  }
  return drawing;
};

/** A step in words: the moment, the call, and what came of it, each effect on a line. */
const sayStep = ({ at, operation, outcome, told }: Step): string =>
  [`${timeText(at)} ${operation}${outcome === 'refused' ? ' refused:' : ''}`, ...told].join('\n');

/** Moments where there is room, as precise as they need to be, and the day where it is another than on the left. */
const ticksOf = ({ steps }: Figure, { columns }: Panel, pixel: number) => {
  const clocks = steps.map(({ at }) => clockOf(at));
  const precision = clocks.some((clock) => !clock.endsWith('.000'))
    ? 12
    : clocks.some((clock) => !clock.endsWith(':00.000'))
      ? 8
      : 5;
  const ticks: { readonly from: number; readonly day: string; readonly text: string }[] = [];
  for (const { from, step } of columns) {
    const last = ticks.at(-1);
    if (last && (from - last.from) / pixel < 78) continue;
    const [day = ''] = new Date(step.at).toISOString().split('T');
    const clock = clockOf(step.at).slice(0, precision);
    ticks.push({ from, day, text: day === last?.day ? clock : `${clock}\n${day}` });
  }
  return ticks;
};

const clockOf = (at: number): string => new Date(at).toISOString().slice(-13, -1);

/** What a figure shows, in one sentence or two. */
export function sayFigure({ steps, lanes, isToScale }: Figure): string {
  const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;
  const refused = steps.filter(({ outcome }) => outcome === 'refused').length;
  const gone = lanes.filter(({ end }) => end !== 'there').length;
  return (
    `${count(steps.length, 'step')}, ${refused} refused; ${count(lanes.length, 'version')}, ${gone} pruned or deleted. ` +
    `Times are UTC${isToScale ? ', drawn to scale' : '; each step takes the same room'}.`
  );
}

/**
 * The pictures of a replayed transcript, one below the other, as one SVG file.
 *
 * @param title names the file to a screen reader
 */
export function drawSvg(events: readonly Event[], title: string): string {
  const { figures } = pictureOf(events);
  const parts = figures.flatMap((figure) => {
    const project = figure.project === '' ? '' : `  in project ${printable(figure.project)}`;
    const title = printable(figure.secret) + project;
    const { legend, strips } = drawFigure(figure, undefined, title);
    return [legend, ...strips];
  });
  let height = 16;
  for (const part of parts) {
    part.setAttribute('x', '16');
    part.setAttribute('y', `${height}`);
    height += Number(part.getAttribute('height')) + 8;
  }
  const size = `width="${width + 32}" height="${height + 8}" viewBox="0 0 ${width + 32} ${height + 8}"`;
  const told = figures.map((figure) => `${figure.secret}: ${sayFigure(figure)}`).join('\n') || 'No secret was created.';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" aria-describedby="told" ${size}>`,
    `<title id="title">${escaped(title)}</title><desc id="told">${escaped(told)}</desc><style>${theme}</style>`,
    '<rect width="100%" height="100%" fill="var(--paper)"/>',
    ...parts.map((part) => part.outerHTML),
    '</svg>\n',
  ].join('\n');
}

/** Text from outside as text of a page or picture, in which nothing is markup. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
