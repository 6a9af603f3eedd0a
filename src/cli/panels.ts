import type { Figure, Lane, Step, Stretch } from './picture.ts';

/** A part of a figure as wide as a page, with the lanes that are there in its time. A longer figure goes on below. */
export interface Panel {
  /** Where on the axis of time. */
  readonly from: number;
  readonly to: number;
  readonly columns: readonly Column[];
  readonly lanes: readonly Track[];
  readonly bars: readonly Bar[];
  readonly deprecated: readonly Box[];
  readonly pauses: readonly (Stretch & { readonly status: string })[];
  /** In rows. */
  readonly height: number;
}

/** The room of a step: from when it befell to the next. */
interface Column extends Stretch {
  readonly step: Step;
}

/** The room of something in time and in rows from above. */
interface Box extends Stretch {
  readonly top: number;
  readonly bottom: number;
}

interface Track extends Box {
  readonly versionId: string;
  /** What became of it, if within this panel. */
  readonly end: Lane['end'];
}

/** A stage while it is on a version. */
interface Bar extends Box {
  readonly stage: string;
  /** The middle of where it came from, if it was on another version just before. */
  readonly cameFrom: number | undefined;
}

/** So many steps of the usual length have room side by side. */
const longest = 32;
/** Room to read what the last step left behind. */
const tail = 4;
const laneGap = 0.5;

/**
 * Cuts a figure into panels, as music is set: none is wider than a page, so that neither a screen nor paper cuts it off, and
 * none shows a version before its time or after it.
 */
export function panelsOf(figure: Figure): readonly Panel[] {
  const { length } = figure.steps;
  const end = length + Math.min(tail, length / 8);
  const count = Math.ceil(end / longest);
  const panelLength = count === 1 ? end : Math.ceil(end / count);
  return Array.from({ length: count }, (_, index) =>
    panelOf(figure, end, index * panelLength, (index + 1) * panelLength),
  );
}

const panelOf = (figure: Figure, end: number, from: number, to: number): Panel => {
  const { steps, places } = figure;
  const placeOf = (step: number) => (step === steps.length ? end : Number(places[step]));
  const cut = <Part extends Stretch>(parts: readonly Part[]): readonly Part[] =>
    parts
      .map((part) => ({ ...part, from: Math.max(from, placeOf(part.from)), to: Math.min(to, placeOf(part.to)) }))
      .filter((part) => part.from < part.to);

  const bars: Omit<Bar, 'cameFrom'>[] = [];
  const deprecated: Box[] = [];
  let height = 0;
  const lanes = cut(figure.lanes).map(({ versionId, end, spans, deprecated: bare, ...lane }): Track => {
    const top = height;
    const rows: number[] = [0];
    for (const span of cut(spans)) {
      const free = rows.findIndex((taken) => taken <= span.from);
      const row = free === -1 ? rows.length : free;
      rows[row] = span.to;
      bars.push({ ...span, top: top + row, bottom: top + row + 1 });
    }
    for (const stretch of cut(bare)) deprecated.push({ ...stretch, top, bottom: top + 1 });
    height += rows.length + laneGap;
    return { ...lane, versionId, end: lane.to < to ? end : 'there', top, bottom: top + rows.length };
  });

  return {
    from,
    to,
    columns: cut(steps.map((step, index) => ({ step, from: index, to: index + 1 }))),
    lanes,
    bars: bars.map((bar) => {
      const before = bars.find(({ stage, to }) => stage === bar.stage && to === bar.from);
      return { ...bar, cameFrom: before && (before.top + before.bottom) / 2 };
    }),
    deprecated,
    pauses: cut(figure.pauses),
    height,
  };
};
