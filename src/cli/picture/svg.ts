import * as Plot from '@observablehq/plot';
import { DOMParser } from 'linkedom';
import { counted, grouped, printable } from '../../text.ts';
import type { Event } from '../../transcript/index.ts';
import { timeText } from '../draw/draw-secret.ts';
import { escapeHtml } from './escape-html.ts';
import type { Step } from './life.ts';
import { mostLanes, type Panel, panelsOf } from './panels.ts';
import { type Figure, mostFigures, mostStages, mostSteps, pictureOf } from './picture.ts';

const rootRule = (scheme: 'light' | 'dark', colors: string, stageColors: string): string => {
  const stages = stageColors.split(' ').map((color, index) => `--stage-${index}:${color}`);
  return `:root{color-scheme:${scheme};${colors};${stages.join(';')}}`;
};

const day = rootRule(
  'light',
  '--paper:#ffffff;--ink:#1c2128;--muted:#59636e;--lane:#f3f5f8;--rule:#d5dae1;--rest:#ece5f5;--alarm:#c4162a',
  '#0b63c5 #c2570c #299dac #8a0316 #ad56ff #68013f #c17277 #2f1790 #9c4535 #7c5792 #2b18c5 #743b67',
);
const night = rootRule(
  'dark',
  '--paper:#14171c;--ink:#e8ebef;--muted:#9aa4b0;--lane:#1e232a;--rule:#3a424d;--rest:#2b2338;--alarm:#ff7b86',
  '#6db3ff #ff9d4d #a0fbd8 #ed3b87 #f7e95b #9f83c4 #73dded #c04732 #7649f5 #c68206 #8080fc #9353b7',
);

/** The colours, for a light and a dark page. Stages also differ by their mark and name. */
export const theme = `${day}@media screen and (prefers-color-scheme:dark){${night}}text{white-space:pre;unicode-bidi:isolate}`;

const colors = 12;
const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross'] as const;
/** Each symbol is filled, and all but the last also hollow. 13 marks and 12 colours share no factor, so 156 stages look different. */
const marks = 2 * symbols.length - 1;

const lookOf = (index: number) => {
  const color = `var(--stage-${index % colors})`;
  const mark = index % marks;
  return { color, symbol: symbols[mark % symbols.length], fill: mark < symbols.length ? color : 'var(--paper)' };
};

type Looks = ReadonlyMap<string, ReturnType<typeof lookOf>>;

const width = 960;
const rowHeight = 20;
/** The width of a character in a monospaced font of 11 pixels, which ids and names use so that they can be fitted. */
const characterWidth = 6.7;
const monospace = { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: 11 } as const;
const hidden = { ariaHidden: 'true' } as const;
const label = { ...hidden, textAnchor: 'start', fontSize: 12, fill: 'var(--ink)' } as const;
const note = { ...label, fontSize: 11, fill: 'var(--muted)' } as const;
/** The fields of {@link lookOf}. */
const look = { symbol: 'symbol', fill: 'fill', stroke: 'color' } as const;
const dashed = { ...hidden, fill: 'none', stroke: 'var(--muted)', strokeDasharray: '4 3', rx: 6 } as const;
const line = { ...hidden, strokeWidth: 2 } as const;
const move = { ...line, x1: 'before', x2: 'after', y1: 'cameFrom', curve: 'bump-x', stroke: 'color' } as const;
const alarm = { ...hidden, stroke: 'var(--alarm)', strokeOpacity: 0.45, strokeDasharray: '2 4' } as const;
const halo = { stroke: 'var(--lane)', strokeWidth: 5 } as const;
const rounded = { ...hidden, rx: 7, inset: 2 } as const;
const tick = { ...note, lineAnchor: 'top', fontVariant: 'tabular-nums' } as const;
const link = { rx: 6, fill: 'transparent', title: 'title', href: 'href' } as const;
/** The range of a stretch, and the sides of a box. */
const stretch = { x1: 'from', x2: 'to' } as const;
const box = { ...stretch, y1: 'top', y2: 'bottom' } as const;
const middle = ({ top, bottom }: { readonly top: number; readonly bottom: number }) => (top + bottom) / 2;

/** An SVG element. The types of the library need those of a browser, which Node does not have. */
interface Drawing {
  readonly outerHTML: string;
  readonly setAttribute: (name: string, value: string) => void;
  readonly getAttribute: (name: string) => string | null;
  readonly querySelector: (selector: string) => { readonly remove: () => void } | null;
  readonly querySelectorAll: (selector: string) => Iterable<Drawing>;
}

// As XML, because in HTML linkedom does not escape < in attributes.
const document = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');

const plot = (options: Plot.PlotOptions): Drawing => {
  const common = { document, width, margin: 0, axis: null, color: { type: 'identity' } } as const;
  const drawing: Drawing = Plot.plot({ ...common, ...options });
  // The page has the style; its policy allows no other.
  drawing.querySelector('style')?.remove();
  return drawing;
};

/** A name in at most `most` characters. A long name loses its middle, because ids differ at both ends. */
const fitted = (name: string, most: number): string => {
  if (widthOf(name) <= most) return name;
  const characters = [...name];
  const kept = Math.floor((most - 1) / (widthOf(name) / characters.length) / 2);
  return kept < 2 ? '' : `${characters.slice(0, kept + 1).join('')}…${characters.slice(-kept).join('')}`;
};

/** The width in Latin characters; most others may be twice as wide. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (character < '\u1100' ? 1 : 2), 0);

/** Draws a figure: its legend, its panels from the top, and sentences about what they show and omit. `linkTo` makes each column a link. */
export function drawFigure(figure: Figure, linkTo?: (step: Step) => string, title?: string) {
  const looks = new Map(figure.stages.slice(0, mostStages).map((stage, index) => [stage, lookOf(index)]));
  const panels = panelsOf(figure);
  return {
    legend: drawLegend(looks, title),
    panels: panels.map((panel) => drawPanel(figure, panel, looks, linkTo)),
    text: figureText(figure),
    undrawn: undrawnTexts(figure, panels),
  };
}

const drawLegend = (looks: Looks, title: string | undefined): Drawing => {
  const names = [...looks.keys()].map((stage) => fitted(printable(stage), Math.floor((width - 44) / characterWidth)));
  const columnWidth = 44 + characterWidth * Math.max(...names.map(widthOf));
  const columns = Math.max(1, Math.floor(width / columnWidth));
  const entries = [...looks.values()].map((look, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return { ...look, name: names[index], x: 12 + columnWidth * column, y: row + 0.5 };
  });
  const head = title === undefined ? [] : [title];
  const rows = Math.ceil(entries.length / columns) + 1;
  const top = -2 * head.length;
  const y = rows - 0.5;
  const keys = [
    { key: 'done', x: 12 },
    { key: 'refused', x: 92 },
    { key: 'no effect on stages', x: 192 },
  ];
  const deprecated = { key: 'deprecated: no stage marks it', x: 364, from: 344, to: 368 };
  return plot({
    height: (rows - top) * 22 + 8,
    x: { domain: [0, width] },
    y: { domain: [rows, top] },
    marks: [
      Plot.text(head, { ...label, x: 4, y: -1.1, fontSize: 18, fontWeight: 600 }),
      Plot.dot(entries, { ...hidden, ...look, x: 'x', y: 'y', r: 4.5 }),
      Plot.text(entries, { ...label, ...monospace, x: 'x', dx: 12, y: 'y', text: 'name' }),
      Plot.dot(keys, { ...hidden, ...outcomeMark(({ key }) => key), x: 'x', y }),
      Plot.rect([deprecated], { ...dashed, ...stretch, y1: rows - 0.8, y2: rows - 0.2 }),
      Plot.text([...keys, deprecated], { ...label, x: 'x', dx: 12, y, text: 'key' }),
    ],
  });
};

const outcomeMark = <Datum>(outcomeOf: (datum: Datum) => string) =>
  ({
    symbol: (datum: Datum) => (outcomeOf(datum) === 'refused' ? 'times' : 'circle'),
    fill: (datum: Datum) => (/^done|^due/.test(outcomeOf(datum)) ? 'var(--ink)' : 'var(--paper)'),
    stroke: (datum: Datum) => (outcomeOf(datum) === 'refused' ? 'var(--alarm)' : 'var(--ink)'),
    strokeWidth: 1.8,
    r: 3.6,
  }) as const;

const drawPanel = (figure: Figure, panel: Panel, looks: Looks, linkTo?: (step: Step) => string): Drawing => {
  const { from, to, columns, deprecated, height } = panel;
  const lanes = panel.lanes.map((lane) => ({ ...lane, id: fitted(printable(lane.versionId), 17) }));
  const marginLeft = 24 + characterWidth * Math.max(...lanes.map(({ id }) => widthOf(id)), widthOf('calls'));
  const margins = { marginTop: 18, marginBottom: 38, marginLeft, marginRight: 56 };
  /** The length of a pixel on the time axis. */
  const pixel = (to - from) / (width - marginLeft - margins.marginRight);
  const pixelsOf = (part: { readonly from: number; readonly to: number }) => (part.to - part.from) / pixel;
  const inset = Math.min(10, Math.max(3, 0.12 / pixel));
  const insets = { insetLeft: inset, insetRight: inset };
  const start = inset + 9;
  const rail = height + 0.5;

  const pauses = panel.pauses.map((pause) => ({ ...pause, text: fitted(pause.status, pixelsOf(pause) / 7) }));
  const bars = panel.bars.map((bar) => {
    const most = Math.floor((pixelsOf(bar) - 2 * inset - 22) / characterWidth);
    const gap = { before: bar.from - inset * pixel, after: bar.from + inset * pixel };
    return { ...bar, ...gap, ...looks.get(bar.stage), name: fitted(printable(bar.stage), most) };
  });
  const moves = bars.filter(({ cameFrom }) => cameFrom !== undefined);
  const ended = lanes.filter(({ end }) => end !== 'exists');
  const refused = columns.filter(({ step }) => step.outcome === 'refused');
  const named = deprecated.filter((bare) => pixelsOf(bare) > 90 + 2 * inset);
  const links = linkTo && columns.map((one) => ({ ...one, title: stepText(one.step), href: linkTo(one.step) }));

  const drawing = plot({
    height: (height + 1.5) * rowHeight + margins.marginTop + margins.marginBottom,
    ...margins,
    x: { domain: [from, to] },
    y: { domain: [height + 1.5, 0] },
    marks: [
      Plot.rect(lanes, { ...hidden, ...box, fill: 'var(--lane)', rx: 6, insetTop: -2, insetBottom: -2 }),
      Plot.rect(pauses, { ...hidden, ...stretch, y1: -0.8, y2: height, fill: 'var(--rest)', fillOpacity: 0.75, rx: 6 }),
      Plot.text(pauses, { ...label, x: 'from', y: -0.4, dx: 6, fontSize: 10, text: 'text' }),
      Plot.text(lanes, { ...label, ...monospace, x: from, y: middle, dx: -12, textAnchor: 'end', text: 'id' }),
      Plot.text(ended, { ...note, x: 'to', y: ({ top }) => top + 0.5, dx: 5, text: 'end' }),
      Plot.link(ended, { ...line, ...box, x1: 'to', stroke: 'var(--muted)' }),
      Plot.link(refused, { ...alarm, x1: 'from', x2: 'from', y1: 0, y2: rail, dx: start }),
      Plot.link(moves, { ...move, y2: middle }),
      Plot.rect(deprecated, { ...dashed, ...box, ...insets, insetTop: 3, insetBottom: 3 }),
      Plot.text(named, { ...note, ...halo, x: 'from', y: middle, dx: inset + 8, text: () => 'deprecated' }),
      // Paper below, so that nothing shows through the tint.
      Plot.rect(bars, { ...rounded, ...box, ...insets, fill: 'var(--paper)' }),
      Plot.rect(bars, { ...rounded, ...box, ...insets, fill: 'color', fillOpacity: 0.2, stroke: 'color' }),
      Plot.dot(bars, { ...hidden, ...look, x: 'from', y: middle, dx: start, r: 3.8 }),
      Plot.text(bars, { ...label, ...monospace, x: 'from', y: middle, dx: start + 9, text: 'name' }),
      Plot.link([rail], { ...hidden, x1: from, x2: to, y1: rail, y2: rail, stroke: 'var(--rule)' }),
      Plot.text(['calls'], { ...label, x: from, y: rail, dx: -12, textAnchor: 'end', fill: 'var(--muted)' }),
      Plot.dot(columns, { ...hidden, ...outcomeMark(({ step }) => step.outcome), x: 'from', y: rail, dx: start }),
      Plot.text(ticksOf(figure, panel, pixel), { ...tick, x: 'from', y: height + 1.2, dx: start - 4, text: 'text' }),
      links && Plot.rect(links, { ...stretch, ...link, y1: 0, y2: height + 1.2 }),
    ],
  });
  for (const [index, anchor] of [...drawing.querySelectorAll('a')].entries()) {
    anchor.setAttribute('class', `call ${columns[index]?.step.outcome}`);
    anchor.setAttribute('aria-label', `${links?.[index]?.title.replaceAll('\n', ' ')}`);
  }
  return drawing;
};

/** A step as text: the time, the call and the result, one effect per line. */
const stepText = ({ at, operation, outcome, sentences }: Step): string =>
  [`${timeText(at)} ${operation}${outcome === 'refused' ? ' refused:' : ''}`, ...sentences].join('\n');

/** Times where they fit, with the needed precision, and the day if it differs from the one to the left. */
const ticksOf = ({ steps, firstDrawn }: Figure, { columns }: Panel, pixel: number) => {
  const precision = steps
    .slice(firstDrawn)
    .reduce((most, { at }) => Math.max(most, clockOf(at).replace(/(:00)?\.000$/, '').length), 0);
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

/** The content of a figure, in two sentences. */
const figureText = ({ steps, lanes, isToScale }: Figure): string => {
  const refused = steps.filter(({ outcome }) => outcome === 'refused').length;
  const removed = lanes.filter(({ end }) => end !== 'exists').length;
  return (
    `${counted(steps.length, 'step')}, ${grouped(refused)} refused. ${counted(lanes.length, 'version')}, ${grouped(removed)} pruned or deleted. ` +
    `Times are in UTC${isToScale ? ', drawn to scale' : '. Each step has the same width'}.`
  );
};

/** What a figure omits. */
const undrawnTexts = ({ steps, firstDrawn, stages }: Figure, panels: readonly Panel[]): readonly string[] => {
  const undrawn = panels.reduce((most, panel) => Math.max(most, panel.undrawn), 0);
  return [
    firstDrawn > 0 &&
      `Only the last ${grouped(steps.length - firstDrawn)} of ${counted(steps.length, 'step')} are drawn.`,
    stages.length > mostStages && `Only the first ${mostStages} of ${grouped(stages.length)} stages are drawn.`,
    undrawn > 0 &&
      `Only ${mostLanes} versions are drawn at a time, those with stages first; up to ${grouped(undrawn)} more exist.`,
  ].filter((text) => text !== false);
};

/** The number of secrets that are not drawn, and why; empty if all are drawn. */
export function undrawnText(undrawn: number): readonly string[] {
  const limits = `A picture shows at most ${mostFigures} secrets and ${grouped(mostSteps)} steps.`;
  return undrawn > 0 ? [`${counted(undrawn, 'more secret')} ${undrawn === 1 ? 'is' : 'are'} not drawn. ${limits}`] : [];
}

/**
 * The pictures of a replayed transcript, one below the other, in one SVG file.
 *
 * It draws at most 100 secrets and 2,000 steps, and at most 156 stages and 100 versions at a time per secret. Below the pictures it
 * says what is not drawn.
 *
 * @param title names the file to a screen reader
 */
export function drawSvg(events: readonly Event[], title: string): string {
  const { figures, undrawn } = pictureOf(events);
  const drawn = figures.map((figure) => {
    const project = figure.project === '' ? '' : `  in project ${printable(figure.project)}`;
    return { ...drawFigure(figure, undefined, printable(figure.secret) + project), secret: figure.secret };
  });
  const drawings = drawn.flatMap(({ legend, panels }) => [legend, ...panels]);
  let height = 16;
  for (const drawing of drawings) {
    drawing.setAttribute('x', '16');
    drawing.setAttribute('y', `${height}`);
    height += Number(drawing.getAttribute('height')) + 8;
  }
  const missing = [
    ...drawn.flatMap(({ secret, undrawn }) => undrawn.map((text) => `${printable(secret)}: ${text}`)),
    ...undrawnText(undrawn),
  ];
  const notes = missing.map((text, index) => `<text x="20" y="${height + 16 + 18 * index}">${escapeHtml(text)}</text>`);
  const total = height + 8 + 18 * notes.length;
  const size = `width="${width + 32}" height="${total}" viewBox="0 0 ${width + 32} ${total}"`;
  const text = drawn.map(({ secret, text }) => `${secret}: ${text}`).join(' ') || 'No secret was created.';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" aria-describedby="description" ${size}>`,
    `<title id="title">${escapeHtml(title)}</title><desc id="description">${escapeHtml(text)}</desc><style>${theme}</style>`,
    '<rect width="100%" height="100%" fill="var(--paper)"/>',
    ...drawings.map((drawing) => drawing.outerHTML),
    ...(notes.length > 0
      ? ['<g font-family="system-ui,sans-serif" font-size="12" fill="var(--ink)">', ...notes, '</g>']
      : []),
    '</svg>\n',
  ].join('\n');
}
