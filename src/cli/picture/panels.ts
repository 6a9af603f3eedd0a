import { mostTelling } from '../../drawing/most-telling.ts';
import type { Lane, Stretch } from './life.ts';
import type { Figure } from './picture.ts';

/** A part of a figure as wide as a page, with the lanes that exist in its time. A longer figure continues below. */
export type Panel = ReturnType<typeof panelOf>;

/** A range of rows, from above. */
export interface Rows {
  readonly top: number;
  readonly bottom: number;
}

/** A part of the drawing, in time and in rows. */
export type Area = Stretch & Rows;

/** The steps of usual length that fit side by side. */
const longest = 32;
/** Space to read the state after the last step. */
const tail = 4;
const laneGap = 0.5;
/** The most lanes in a panel. */
export const mostLanes = 100;

/**
 * Splits a figure into panels, like lines of sheet music. No panel is wider than a page, so neither a screen nor paper cuts it off, and
 * each shows only the versions that exist in its time.
 */
export function panelsOf(figure: Figure): readonly Panel[] {
  const length = figure.steps.length - figure.firstDrawn;
  const end = length + Math.min(tail, length / 8);
  const count = Math.ceil(end / longest);
  const panelLength = count === 1 ? end : Math.ceil(end / count);
  return Array.from({ length: count }, (_, index) =>
    panelOf(figure, end, index * panelLength, (index + 1) * panelLength),
  );
}

const panelOf = ({ steps, firstDrawn, places, lanes: all, pauses }: Figure, end: number, from: number, to: number) => {
  // A part that began before the first drawn step is drawn from that step.
  const placeOf = (step: number) => (step === steps.length ? end : Number(places[Math.max(0, step - firstDrawn)]));
  const cut = <Part extends Stretch>(parts: readonly Part[]): readonly Part[] =>
    parts
      .map((part) => ({ ...part, from: Math.max(from, placeOf(part.from)), to: Math.min(to, placeOf(part.to)) }))
      .filter((part) => part.from < part.to);

  const bars: (Area & { readonly stage: string })[] = [];
  const deprecated: Area[] = [];
  let height = 0;
  const lanes = cut(all).map((lane) => ({ ...lane, tenures: cut(lane.tenures) }));
  const shown = mostTelling(lanes, mostLanes, ({ tenures }) => tenures.length > 0);
  const boxes = shown.map(({ tenures, ...lane }) => {
    const top = height;
    /** Where the last bar of each row ends. */
    const rows: number[] = [0];
    for (const tenure of tenures) {
      const free = rows.findIndex((taken) => taken <= tenure.from);
      const row = free === -1 ? rows.length : free;
      rows[row] = tenure.to;
      bars.push({ ...tenure, top: top + row, bottom: top + row + 1 });
    }
    for (const bare of cut(lane.deprecated)) deprecated.push({ ...bare, top, bottom: top + 1 });
    height += rows.length + laneGap;
    /** Whether the version still exists at the end of this panel. */
    const end: Lane['end'] = lane.to < to ? lane.end : 'exists';
    return { ...lane, end, top, bottom: top + rows.length };
  });

  const endOf = ({ stage, to }: (typeof bars)[number], place = to) => JSON.stringify([stage, place]);
  const ending = new Map(bars.map((bar) => [endOf(bar), bar]));
  return {
    /** The range on the time axis. */
    from,
    to,
    /** Each step, from its time to that of the next. */
    columns: cut(
      steps.slice(firstDrawn).map((step, index) => ({ step, from: firstDrawn + index, to: firstDrawn + index + 1 })),
    ),
    lanes: boxes,
    bars: bars.map((bar) => {
      const before = ending.get(endOf(bar, bar.from));
      /** The middle of the bar that it came from, if the stage was on another version just before. */
      return { ...bar, cameFrom: before && (before.top + before.bottom) / 2 };
    }),
    deprecated,
    pauses: cut(pauses),
    /** In rows. */
    height,
    /** The number of versions that exist in its time but have no lane. */
    undrawn: lanes.length - shown.length,
  };
};
