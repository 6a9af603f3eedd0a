import Table from 'cli-table3';

/** Rows below one another. A cell that is wider than its column is continued on the next line. */
export function drawTable(rows: readonly (readonly string[])[], colWidths: number[] = [], gap = 3): string {
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': gap };
  const table = new Table({ chars: noBorders, style, colWidths, wordWrap: true });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, '');
}

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);
