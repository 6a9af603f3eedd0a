import { timeText } from '../../drawing/draw-secret.ts';
import { counted, grouped, printable } from '../../text.ts';
import type { Event } from '../../transcript/index.ts';
import type { Step, Stretch } from './life.ts';
import { type Box, dot, layer, link, rect, symbols, text, times } from './marks.ts';
import { type Content, type Markup, markup } from './markup.ts';
import { type Area, mostLanes, type Panel, panelsOf, type Rows } from './panels.ts';
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
export const theme: Markup = markup`${day}@media screen and (prefers-color-scheme:dark){${night}}text{white-space:pre;unicode-bidi:isolate}`;

const colors = 12;
/** Each symbol is filled, and all but the last also hollow. 13 marks and 12 colours share no factor, so 156 stages look different. */
const marks = 2 * symbols.length - 1;

const lookOf = (stage: number) => {
  const color = `var(--stage-${stage % colors})`;
  const mark = stage % marks;
  const fill = mark < symbols.length ? color : 'var(--paper)';
  return { color, mark: { symbol: symbols[mark % symbols.length], fill, stroke: color } };
};

const width = 960;
const rowHeight = 20;
/** The width of a character in a monospaced font of 11 pixels, which ids and names use so that they can be fitted. */
const characterWidth = 6.7;

const ink = markup`fill="var(--ink)"`;
const muted = markup`fill="var(--muted)"`;
const label = markup`${ink} font-size="12"`;
const monospace = markup`${ink} font-size="11" font-family="ui-monospace, Menlo, Consolas, monospace"`;
const note = markup`${muted} font-size="11"`;
const halo = markup`stroke="var(--lane)" stroke-width="5" stroke-linejoin="round" paint-order="stroke"`;
const atEnd = markup`text-anchor="end"`;
const line = markup`fill="none" stroke-width="2"`;
const dashed = markup`fill="none" stroke="var(--muted)" stroke-dasharray="4 3"`;
const alarm = markup`fill="none" stroke="var(--alarm)" stroke-opacity="0.45" stroke-dasharray="2 4"`;
const outcomes = markup`stroke-width="${1.8 / 3.6}"`;

/** A name in at most `most` characters. A long name loses its middle, because ids differ at both ends. */
const fitted = (name: string, most: number): string => {
  if (widthOf(name) <= most) return name;
  const characters = [...name];
  const kept = Math.floor((most - 1) / (widthOf(name) / characters.length) / 2);
  return kept < 2 ? '' : `${characters.slice(0, kept + 1).join('')}…${characters.slice(-kept).join('')}`;
};

/** The width in Latin characters; most others may be twice as wide. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (character < '\u1100' ? 1 : 2), 0);

/** A part of a picture as wide as a page. */
interface Drawing {
  readonly height: number;
  readonly content: Content;
}

/** A drawing as an SVG element with these attributes. */
export function svgOf({ height, content }: Drawing, attributes: Markup): Markup {
  return markup`<svg ${attributes} ${sizeOf(width, height)}>\n${content}\n</svg>`;
}

const sizeOf = (width: number, height: number): Markup =>
  markup`width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;

/** Draws a figure: its legend, its panels from the top, and sentences about what they show and omit. `linkTo` makes each column a link. */
export function drawFigure(figure: Figure, linkTo?: (step: Step) => string, title?: string) {
  const panels = panelsOf(figure);
  return {
    legend: drawLegend(figure, title),
    panels: panels.map((panel) => drawPanel(figure, panel, linkTo)),
    text: figureText(figure),
    undrawn: undrawnTexts(figure, panels),
  };
}

const drawLegend = ({ stages }: Figure, title: string | undefined): Drawing => {
  const most = Math.floor((width - 44) / characterWidth);
  const names = stages.slice(0, mostStages).map((stage) => fitted(printable(stage), most));
  const columnWidth = 44 + characterWidth * Math.max(...names.map(widthOf));
  const columns = Math.max(1, Math.floor(width / columnWidth));
  const head = title === undefined ? [] : [title];
  const top = 2 * head.length;
  const rows = top + Math.ceil(names.length / columns) + 1;
  const height = 22 * rows + 8;
  const y = (row: number) => (row * height) / rows;
  const entries = names.map((name, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return { ...lookOf(index), name, x: 12 + columnWidth * column, y: y(top + row + 0.5) };
  });
  const last = y(rows - 0.5);
  const keys = [
    { key: 'done', x: 12 },
    { key: 'refused', x: 92 },
    { key: 'no effect on stages', x: 192 },
  ];
  const deprecated = { key: 'deprecated: no stage marks it', x: 364 };
  const sample = { left: 344, right: 368, top: y(rows - 0.8), bottom: y(rows - 0.2) };
  const content = [
    layer(markup`${ink} font-size="18" font-weight="600"`, head, (title) => text(4, y(0.9), title)),
    layer(markup`stroke-width="${1.5 / 4.5}"`, entries, ({ x, y, mark }) => dot(x, y, 4.5, mark)),
    layer(monospace, entries, ({ x, y, name }) => text(x + 12, y, name)),
    layer(outcomes, keys, ({ x, key }) => dot(x, last, 3.6, outcomeMark(key))),
    rect(sample, 6, dashed),
    layer(label, [...keys, deprecated], ({ x, key }) => text(x + 12, last, key)),
  ];
  return { height, content };
};

const outcomeMark = (outcome: string) => {
  if (outcome === 'refused') return { symbol: times, fill: 'none', stroke: 'var(--alarm)' };
  return { fill: /^done|^due/.test(outcome) ? 'var(--ink)' : 'var(--paper)', stroke: 'var(--ink)' };
};

const drawPanel = (figure: Figure, panel: Panel, linkTo?: (step: Step) => string): Drawing => {
  const { from, to, height, columns, deprecated } = panel;
  const lanes = panel.lanes.map((lane) => ({ ...lane, id: fitted(printable(lane.versionId), 17) }));
  const left = 24 + characterWidth * Math.max(...lanes.map(({ id }) => widthOf(id)), widthOf('calls'));
  /** The usual length of a step. */
  const unit = (width - left - 56) / (to - from);
  const inset = Math.min(10, Math.max(3, 0.12 * unit));
  const x = (place: number) => left + (place - from) * unit;
  const y = (row: number) => 18 + row * rowHeight;
  /** The middle of the symbols that are drawn at a place. */
  const start = (place: number) => x(place) + inset + 9;
  const middle = ({ top, bottom }: Rows) => y((top + bottom) / 2);
  const lengthOf = ({ from, to }: Stretch) => (to - from) * unit;
  const boxOf = ({ from, to, top, bottom }: Area, across = 0, down = 0): Box => ({
    left: x(from) + across,
    right: x(to) - across,
    top: y(top) + down,
    bottom: y(bottom) - down,
  });

  const rail = y(height + 0.5);
  const pauses = panel.pauses.map((pause) => ({ ...pause, top: -0.8, bottom: height }));
  const bars = panel.bars.map((bar) => {
    const most = Math.floor((lengthOf(bar) - 2 * inset - 22) / characterWidth);
    const look = lookOf(figure.stages.indexOf(bar.stage));
    return { ...bar, ...look, box: boxOf(bar, inset, 2), name: fitted(printable(bar.stage), most) };
  });
  const moves = bars.flatMap(({ cameFrom, ...bar }) => (cameFrom === undefined ? [] : { ...bar, cameFrom }));
  const ended = lanes.filter(({ end }) => end !== 'exists');
  const refused = columns.filter(({ step }) => step.outcome === 'refused');
  const named = deprecated.filter((bare) => lengthOf(bare) > 90 + 2 * inset);

  const picture = [
    layer(markup`fill="var(--lane)"`, lanes, (lane) => rect(boxOf(lane, 0, -2), 6)),
    layer(markup`fill="var(--rest)" fill-opacity="0.75"`, pauses, (pause) => rect(boxOf(pause), 6)),
    layer(markup`${ink} font-size="10"`, pauses, (pause) =>
      text(x(pause.from) + 6, y(-0.4), fitted(pause.status, lengthOf(pause) / 7)),
    ),
    layer(markup`${monospace} ${atEnd}`, lanes, (lane) => text(left - 12, middle(lane), lane.id)),
    layer(note, ended, ({ to, top, end }) => text(x(to) + 5, y(top + 0.5), end)),
    layer(markup`${line} stroke="var(--muted)"`, ended, ({ to, top, bottom }) => link(x(to), y(top), x(to), y(bottom))),
    layer(alarm, refused, ({ from }) => link(start(from), y(0), start(from), rail)),
    layer(line, moves, ({ from, cameFrom, color, ...bar }) =>
      link(x(from) - inset, y(cameFrom), x(from) + inset, middle(bar), markup`stroke="${color}"`),
    ),
    layer(dashed, deprecated, (bare) => rect(boxOf(bare, inset, 3), 6)),
    layer(markup`${note} ${halo}`, named, (bare) => text(x(bare.from) + inset + 8, middle(bare), 'deprecated')),
    // Paper below, so that nothing shows through the tint.
    layer(markup`fill="var(--paper)"`, bars, ({ box }) => rect(box, 7)),
    layer(markup`fill-opacity="0.2"`, bars, ({ box, color }) =>
      rect(box, 7, markup`fill="${color}" stroke="${color}"`),
    ),
    layer(markup`stroke-width="${1.5 / 3.8}"`, bars, (bar) => dot(start(bar.from), middle(bar), 3.8, bar.mark)),
    layer(monospace, bars, (bar) => text(start(bar.from) + 9, middle(bar), bar.name)),
    link(left, rail, x(to), rail, markup`stroke="var(--rule)"`),
    layer(markup`${muted} ${atEnd} font-size="12"`, ['calls'], (calls) => text(left - 12, rail, calls)),
    layer(outcomes, columns, ({ from, step }) => dot(start(from), rail, 3.6, outcomeMark(step.outcome))),
    layer(markup`${note} font-variant="tabular-nums"`, ticksOf(figure, columns, unit), ({ from, clock, newDay }) =>
      text(start(from) - 4, y(height + 1.415), clock, newDay),
    ),
  ];
  const columnOf = ({ from, to }: Stretch) => rect(boxOf({ from, to, top: 0, bottom: height + 1.2 }), 6);
  const calls = linkTo
    ? layer(markup`fill="transparent"`, columns, (column) => callOf(column.step, linkTo(column.step), columnOf(column)))
    : '';
  return { height: y(height + 1.5) + 38, content: [markup`<g aria-hidden="true">\n${picture}\n</g>`, calls] };
};

/** A link around the column of a step. It says the time, the call and the result, one effect per line. */
const callOf = ({ at, operation, outcome, sentences }: Step, href: string, column: Markup): Markup => {
  const said = [`${timeText(at)} ${operation}${outcome === 'refused' ? ' refused:' : ''}`, ...sentences];
  const name = said.join(' ');
  return markup`<a class="call ${outcome}" href="${href}" aria-label="${name}"><title>${said}</title>${column}</a>`;
};

/** Times where they fit, with the needed precision, and the day if it differs from the one to the left. */
const ticksOf = ({ steps, firstDrawn }: Figure, columns: Panel['columns'], unit: number) => {
  const precision = steps
    .slice(firstDrawn)
    .reduce((most, { at }) => Math.max(most, clockOf(at).replace(/(:00)?\.000$/, '').length), 0);
  const ticks: { readonly from: number; readonly clock: string; readonly day: string; readonly newDay: string }[] = [];
  for (const { from, step } of columns) {
    const last = ticks.at(-1);
    if (last && (from - last.from) * unit < 78) continue;
    const [day = ''] = new Date(step.at).toISOString().split('T');
    ticks.push({ from, clock: clockOf(step.at).slice(0, precision), day, newDay: day === last?.day ? '' : day });
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
    const project = figure.project === '' ? '' : `  in project ${figure.project}`;
    return { ...drawFigure(figure, undefined, `${figure.secret}${project}`), secret: figure.secret };
  });
  let height = 16;
  const drawings = drawn
    .flatMap(({ legend, panels }) => [legend, ...panels])
    .map((drawing) => {
      const place = markup`x="16" y="${height}"`;
      height += drawing.height + 8;
      return svgOf(drawing, place);
    });
  const missing = [
    ...drawn.flatMap(({ secret, undrawn }) => undrawn.map((text) => `${secret}: ${text}`)),
    ...undrawnText(undrawn),
  ];
  const notes = layer(label, missing, (note, index) => text(20, height + 12 + 18 * index, note));
  const size = sizeOf(width + 32, height + 8 + 18 * missing.length);
  const description = drawn.map(({ secret, text }) => `${secret}: ${text}`).join(' ') || 'No secret was created.';
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" aria-describedby="description" ${size} font-family="system-ui, sans-serif">
<title id="title">${title}</title><desc id="description">${description}</desc><style>${theme}</style>
<rect width="100%" height="100%" fill="var(--paper)"/>
${[...drawings, notes]}
</svg>
`}`;
}
