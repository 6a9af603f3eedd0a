import type { Figure, Lane, Stretch } from './picture.ts';

/** A part of a figure as wide as a page, with the lanes that exist in its time. A longer figure is continued below. */
export type Panel = ReturnType<typeof panelOf>;

/** A part of the drawing, in time and in rows from above. */
interface Box extends Stretch {
  readonly top: number;
  readonly bottom: number;
}

/** So many steps of the usual length fit side by side. */
const longest = 32;
/** Space to read the state after the last step. */
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

const panelOf = ({ steps, places, lanes, pauses }: Figure, end: number, from: number, to: number) => {
  const placeOf = (step: number) => (step === steps.length ? end : Number(places[step]));
  const cut = <Part extends Stretch>(parts: readonly Part[]): readonly Part[] =>
    parts
      .map((part) => ({ ...part, from: Math.max(from, placeOf(part.from)), to: Math.min(to, placeOf(part.to)) }))
      .filter((part) => part.from < part.to);

  const bars: (Box & { readonly stage: string })[] = [];
  const deprecated: Box[] = [];
  let height = 0;
  const boxes = cut(lanes).map(({ tenures, ...lane }) => {
    const top = height;
    /** Up to where each row is taken. */
    const rows: number[] = [0];
    for (const tenure of cut(tenures)) {
      const free = rows.findIndex((taken) => taken <= tenure.from);
      const row = free === -1 ? rows.length : free;
      rows[row] = tenure.to;
      bars.push({ ...tenure, top: top + row, bottom: top + row + 1 });
    }
    deprecated.push(...cut(lane.deprecated).map((bare) => ({ ...bare, top, bottom: top + 1 })));
    height += rows.length + laneGap;
    /** What became of the version, if within this panel. */
    const end: Lane['end'] = lane.to < to ? lane.end : 'there';
    return { ...lane, end, top, bottom: top + rows.length };
  });

  return {
    /** Where on the axis of time. */
    from,
    to,
    /** Each step, from when it happened to the next. */
    columns: cut(steps.map((step, index) => ({ step, from: index, to: index + 1 }))),
    lanes: boxes,
    bars: bars.map((bar) => {
      const before = bars.find(({ stage, to }) => stage === bar.stage && to === bar.from);
      /** The middle of where it came from, if it was on another version just before. */
      return { ...bar, cameFrom: before && (before.top + before.bottom) / 2 };
    }),
    deprecated,
    pauses: cut(pauses),
    /** In rows. */
    height,
  };
};
