import { boardOf, versionRows } from '../../board.ts';
import { type Dialect, huaweiCsms, type SecretState } from '../../index.ts';
import { counted, grouped, printable } from '../../text.ts';
import { drawTable } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import { mostTelling } from './most-telling.ts';

/** The most versions that are drawn: those with stages first, then the newest. */
const mostVersions = 100;

/** A secret as text: a caption, and its board with the times of at most 100 versions. */
export function drawSecret(state: SecretState, dialect: Dialect, terminal: Terminal): string {
  const { colors } = terminal;
  const { current, previous } = dialect.stages;
  const board = boardOf(state);
  const versions = mostTelling(board.versions, mostVersions, ({ stages }) => stages.length > 0);
  const undrawn = board.versions.length - versions.length;
  const rows = versionRows(
    { ...board, versions },
    {
      version: colors.bold,
      stage: (text, name) => {
        if (name === current) return colors.green(text);
        return name === previous ? colors.yellow(text) : colors.cyan(text);
      },
      deprecated: colors.dim,
      further: ({ createTime }) => [colors.dim(timeText(createTime))],
    },
  );
  const more = undrawn > 0 ? [colors.dim(`and ${counted(undrawn, 'more version')}`)] : [];
  return [wrap(captionOf(state, dialect, terminal), terminal), drawTable(rows, terminal), ...more].join('\n');
}

/** A time in UTC, such as `2026-03-02 09:00:00Z`. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

const captionOf = (state: SecretState, dialect: Dialect, { colors }: Terminal): string => {
  const { name, status, scheduledDeleteTime, stages } = state;
  const deletion = scheduledDeleteTime === null ? '' : ` until ${timeText(scheduledDeleteTime)}`;
  const drawnStatus = status === 'ENABLED' ? status : colors.red(status + deletion);
  const cloud = dialect.id === huaweiCsms.id ? '' : `${printable(dialect.title)}, `;
  const counts = `${cloud}${stages.length} of ${dialect.stages.limit} stages, ${versionCount(state, dialect)}`;
  return `${colors.bold(printable(name))}   ${drawnStatus}   ${colors.dim(counts)}`;
};

const versionCount = ({ versions }: SecretState, { versions: { limit } }: Dialect): string => {
  const { length } = Object.keys(versions);
  if (limit === null) return counted(length, 'version');
  const isRough = limit.whenFull !== 'refuse' && limit.isRough;
  return `${grouped(length)} of ${isRough ? 'about ' : ''}${limit.most} versions`;
};
