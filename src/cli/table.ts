import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';
import { fold, wrap } from './wrap.ts';

/** How a table is drawn. */
interface Layout extends Pick<Terminal, 'width'> {
  /** Blanks between columns. */
  readonly gap?: number;
  /** A longer word may be broken. If omitted, none is. */
  readonly longestWord?: number;
}

type Rows = readonly (readonly string[])[];

/** No column is made narrower than that, because text in it would be hard to read. */
const leastWidth = 20;

/**
 * Draws rows of equal length below one another, with aligned columns. Where they do not fit, long cells are continued on the next
 * line. Where they still do not fit, the last cell of each row moves to a line of its own.
 */
export function drawTable(rows: Rows, layout: Layout): string {
  return blocksOf(rows, layout).flat().join('\n');
}

/** The lines of each row. */
const blocksOf = (rows: Rows, layout: Layout): Rows => {
  const { width, gap = 3 } = layout;
  const widths = widthsOf(rows, layout, gap);
  if (widths !== undefined) return rows.map((row) => linesOf(row, widths, gap));
  const heads = blocksOf(
    rows.map((row) => row.slice(0, -1)),
    layout,
  );
  return rows.map((row, index) => [...(heads[index] ?? []), wrap(`  ${row.at(-1)}`, { width })]);
};

/** The widths of columns that fit; undefined if there are none. */
const widthsOf = (rows: Rows, { width, longestWord }: Layout, gap: number): readonly number[] | undefined => {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''));
  const natural = columns.map((cells) => widest(cells.flatMap((cell) => cell.split('\n'))));
  if (width === undefined) return natural;
  const room = width - gap * (columns.length - 1);
  const least = columns.map((cells, column) => {
    const word = widest(cells.flatMap((cell) => cell.split(/[ \n]/)));
    return Math.max(Math.min(word, longestWord ?? word), Math.min(natural[column] ?? 0, leastWidth));
  });
  if (columns.length === 1) return [Math.min(room, natural[0] ?? 0)];
  if (sum(least) > room) return undefined;
  // The widest columns become narrower first.
  const cappedAt = (most: number) => natural.map((one, column) => Math.max(least[column] ?? 0, Math.min(one, most)));
  let most = room;
  while (sum(cappedAt(most)) > room) most--;
  return cappedAt(most);
};

/** A row as lines: each cell is continued below itself. */
const linesOf = (row: readonly string[], widths: readonly number[], gap: number): readonly string[] => {
  const cells = row.map((cell, column) => cell.split('\n').flatMap((line) => foldTo(line, widths[column] ?? 0)));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells
      .map((lines, column) => padded(lines[index] ?? '', (widths[column] ?? 0) + gap))
      .join('')
      .trimEnd(),
  );
};

const foldTo = (line: string, width: number): readonly string[] =>
  stringWidth(line) <= width ? [line] : fold(line, width);
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));
const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
