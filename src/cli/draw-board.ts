import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { type Dialect, huaweiCsms, isDeprecated, type SecretState, stagesOf, versionsByAge } from '../index.ts';
import { counted, printable } from '../text.ts';

/** A secret as a reader sees it: versions down, oldest first, and on each the stages that mark it. */
export type Board = ReturnType<typeof boardOf>;

export function boardOf(project: string, state: SecretState) {
  return {
    project,
    secret: state.name,
    status: state.status,
    scheduledDeleteTime: state.scheduledDeleteTime,
    versions: versionsByAge(state).map(({ id, createTime }) => ({
      id,
      createTime,
      stages: stagesOf(state, id),
      deprecated: isDeprecated(state, id),
    })),
  };
}

export function drawBoard(board: Board, dialect: Dialect, colors: Colors): string {
  const { current, previous, limit } = dialect.stages;
  const paint = (stage: string) => {
    if (stage === current) return colors.green(stage);
    return stage === previous ? colors.yellow(stage) : colors.cyan(printable(stage));
  };
  const rows = board.versions.map(({ id, createTime, stages, deprecated }) => [
    deprecated ? colors.dim(printable(id)) : colors.bold(printable(id)),
    deprecated ? colors.dim('deprecated') : stages.map(paint).join(', '),
    colors.dim(moment(createTime)),
  ]);
  const marked = board.versions.reduce((sum, version) => sum + version.stages.length, 0);
  const deletion = board.scheduledDeleteTime === null ? '' : ` until ${moment(board.scheduledDeleteTime)}`;
  const status = board.status === 'ENABLED' ? board.status : colors.red(board.status + deletion);
  return [
    `${colors.bold(printable(board.secret))}   ${status}   ` +
      colors.dim(
        `${dialect.id === huaweiCsms.id ? '' : `${dialect.title}, `}${marked} of ${limit} stages, ${countOf(board.versions, dialect)}`,
      ),
    drawTable(rows),
  ].join('\n');
}

/** How many versions there are, of how many that there may be. */
const countOf = ({ length }: Board['versions'], { versions: { limit } }: Dialect): string => {
  if (limit === null) return counted(length, 'version');
  const isRough = limit.whenFull !== 'refuse' && limit.isRough;
  return `${length} of ${isRough ? 'about ' : ''}${limit.most} versions`;
};

/** Rows under one another. A cell that is wider than its column goes on in the next line. */
export function drawTable(rows: readonly (readonly string[])[], colWidths: number[] = [], gap = 3): string {
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': gap };
  const table = new Table({ chars: plain, style, colWidths, wordWrap: true });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((row) => row.trimEnd())
    .join('\n');
}

const plain = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/** A moment as people write it. */
export function moment(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}
