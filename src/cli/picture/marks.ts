import { type Content, type Markup, markup } from './markup.ts';

// The marks of a picture. All lengths are in pixels. A look is the attributes that marks have in common, such as fill="none".

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Dot {
  /** The outline: a circle if undefined, one of {@link symbols}, or {@link times}. */
  readonly symbol?: string | undefined;
  readonly fill: string;
  readonly stroke: string;
}

/** A mark for each item, with a common look. If there are no items, there is no layer. */
export function layer<Item>(look: Markup, items: readonly Item[], mark: (item: Item, index: number) => Markup): Markup {
  return items.length === 0 ? markup`` : markup`<g ${look}>\n${items.map(mark)}\n</g>`;
}

/** A rectangle with round corners. */
export function rect({ left, right, top, bottom }: Box, radius: number, look = markup``): Markup {
  const size = markup`width="${Math.max(0, right - left)}" height="${bottom - top}"`;
  return markup`<rect x="${left}" y="${top}" ${size} rx="${radius}" ${look}/>`;
}

/** A symbol that is as large as a circle of this radius. The width of its stroke is a part of the radius. */
export function dot(x: number, y: number, radius: number, { symbol = circle, fill, stroke }: Dot): Markup {
  return markup`<path transform="translate(${x},${y}) scale(${radius})" d="${symbol}" fill="${fill}" stroke="${stroke}"/>`;
}

/** One or two lines of text, with `y` in the middle of the first. If the first is empty, there is no mark. */
export function text(x: number, y: number, first: string, second = ''): Markup {
  const below: Content = second === '' ? '' : markup`<tspan x="${x}" dy="1em">${second}</tspan>`;
  return first === '' ? markup`` : markup`<text x="${x}" y="${y}" dy="0.32em">${first}${below}</text>`;
}

/** A curve that is horizontal at both ends. It is a straight line if these have the same x or the same y. */
export function link(x1: number, y1: number, x2: number, y2: number, look = markup``): Markup {
  const x = (x1 + x2) / 2;
  return markup`<path d="M${x1},${y1}C${x},${y1},${x},${y2},${x2},${y2}" ${look}/>`;
}

const circle = 'M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0';

/** Outlines with the area of a circle of radius 1: a circle, square, triangle, diamond, star, wye and cross. */
export const symbols: readonly string[] = [
  circle,
  'M-.886,-.886H.886V.886H-.886Z',
  'M0,-1.555L1.347,.778H-1.347Z',
  'M0,-1.649L.952,0L0,1.649L-.952,0Z',
  'M0,-1.673L.376,-.517H1.591L.608,.197L.983,1.353L0,.639L-.983,1.353L-.608,.197L-1.591,-.517H-.376Z',
  'M.478,.276V1.233H-.478V.276L-1.307,-.202L-.828,-1.031L0,-.552L.828,-1.031L1.307,-.202Z',
  'M-1.189,-.396H-.396V-1.189H.396V-.396H1.189V.396H.396V1.189H-.396V.396H-1.189Z',
];

/** Two crossed strokes. */
export const times = 'M-1.074,-1.074L1.074,1.074M-1.074,1.074L1.074,-1.074';
