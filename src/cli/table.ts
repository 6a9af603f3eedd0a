import Table from 'cli-table3';

/** Rows below one another, some hundreds at most: the library compares each cell with all above it. A cell that is wider than its column is continued on the next line. */
export function drawTable(rows: readonly (readonly string[])[], colWidths: number[] = [], gap = 3): string {
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': gap };
  const table = new Table({ chars: noBorders, style, colWidths, wordWrap: true });
  for (const row of rows) table.push([...row]);
  return table.toString().replaceAll(/ +$/gm, '');
}

const parts =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';
const noBorders = Object.fromEntries(parts.split(' ').map((part) => [part, '']));
