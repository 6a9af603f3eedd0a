import type { Colors } from 'picocolors/types.js';
import { boardOf, versionRows } from '../board.ts';
import { type Dialect, huaweiCsms, type SecretState } from '../index.ts';
import { counted, printable } from '../text.ts';
import { drawTable } from './table.ts';

/** A secret as people read it: a caption, and its board with the times of the versions. */
export function drawSecret(state: SecretState, dialect: Dialect, colors: Colors): string {
  const { current, previous } = dialect.stages;
  const rows = versionRows(boardOf(state), {
    version: colors.bold,
    stage: (text, name) => {
      if (name === current) return colors.green(text);
      return name === previous ? colors.yellow(text) : colors.cyan(text);
    },
    deprecated: colors.dim,
    further: ({ createTime }) => [colors.dim(timeText(createTime))],
  });
  return `${captionOf(state, dialect, colors)}\n${drawTable(rows)}`;
}

/** A time as people write it. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

function captionOf(state: SecretState, dialect: Dialect, colors: Colors): string {
  const { name, status, scheduledDeleteTime, stages } = state;
  const deletion = scheduledDeleteTime === null ? '' : ` until ${timeText(scheduledDeleteTime)}`;
  const counts = [
    ...(dialect.id === huaweiCsms.id ? [] : [dialect.title]),
    `${stages.length} of ${dialect.stages.limit} stages`,
    versionCount(state, dialect),
  ];
  return [
    colors.bold(printable(name)),
    status === 'ENABLED' ? status : colors.red(status + deletion),
    colors.dim(counts.join(', ')),
  ].join('   ');
}

function versionCount({ versions }: SecretState, { versions: { limit } }: Dialect): string {
  const { length } = Object.keys(versions);
  if (limit === null) return counted(length, 'version');
  const isRough = limit.whenFull !== 'refuse' && limit.isRough;
  return `${length} of ${isRough ? 'about ' : ''}${limit.most} versions`;
}
