import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';
import { fold, wrap } from './wrap.ts';

/** The layout of a table. */
interface Layout extends Pick<Terminal, 'width'> {
  /** Blanks between columns. */
  readonly gap?: number;
  /** Longer words may be broken. If omitted, no word is. */
  readonly longestWord?: number;
}

type Rows = readonly (readonly string[])[];

/** No column is made narrower, because its text would be hard to read. */
const leastWidth = 20;

/**
 * Draws rows with aligned columns. If they do not fit, long cells continue on the next line. If they still do not fit, the last cells
 * of each row move to separate lines.
 */
export function drawTable(rows: Rows, layout: Layout): string {
  const { width, gap = 3, longestWord } = layout;
  const columns = columnsOf(rows, longestWord);
  const widths = width === undefined ? columns.map(({ natural }) => natural) : widthsOf(columns, width, gap);
  const drawn = rows.map((row) => {
    const others = row.slice(widths.length).map((cell) => wrap(`  ${cell}`, layout));
    return [...linesOf(row, widths, gap), ...others];
  });
  return drawn.flat().join('\n');
}

interface Column {
  /** The width at which no cell continues on another line. */
  readonly natural: number;
  /** The width at which no word is broken. */
  readonly least: number;
}

const columnsOf = (rows: Rows, longestWord = Number.POSITIVE_INFINITY): readonly Column[] => {
  const columns: Column[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      const { natural, least } = columns[index] ?? { natural: 0, least: 0 };
      const [line, word] = [widest(cell.split('\n')), widest(cell.split(/[ \n]/))];
      columns[index] = {
        natural: Math.max(natural, line),
        least: Math.max(least, Math.min(word, longestWord), Math.min(line, leastWidth)),
      };
    }
  }
  return columns;
};

/** The widths of as many columns as fit. The widest become narrower first. */
const widthsOf = (columns: readonly Column[], width: number, gap: number): readonly number[] => {
  if (columns.length <= 1) return columns.map(({ natural }) => Math.min(natural, width));
  const room = width - gap * (columns.length - 1);
  if (sum(columns.map(({ least }) => least)) > room) return widthsOf(columns.slice(0, -1), width, gap);
  const cappedAt = (most: number) => columns.map(({ natural, least }) => Math.max(least, Math.min(natural, most)));
  let most = room;
  while (sum(cappedAt(most)) > room) most--;
  return cappedAt(most);
};

/** The cells of a row side by side, each continued below itself. */
const linesOf = (row: readonly string[], widths: readonly number[], gap: number): readonly string[] => {
  const cells = widths.map((width, column) => {
    const lines = (row[column] ?? '').split('\n');
    return { width, lines: lines.flatMap((line) => (stringWidth(line) <= width ? [line] : fold(line, width))) };
  });
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells
      .map(({ width, lines }) => padded(lines[index] ?? '', width + gap))
      .join('')
      .trimEnd(),
  );
};

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));
const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
