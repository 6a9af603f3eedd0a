import { type Board, boardOf, versionRows } from '../board.ts';
import { type Dialect, huaweiCsms, type SecretState, type SecretStatus } from '../index.ts';
import { counted, grouped, printable } from '../text.ts';
import { mostTelling } from './most-telling.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** The most versions that are drawn: those with stages first, then the newest. */
const mostVersions = 100;

/** What is shown of a secret: its board, with at most 100 versions, and the limits of its cloud. Plain data. */
export interface BoardExcerpt {
  /** The name of the cloud. */
  readonly cloud: string;
  /** The status of the secret. */
  readonly status: SecretStatus;
  /** When the secret will be deleted, in epoch milliseconds; null if no deletion is scheduled. */
  readonly scheduledDeleteTime: number | null;
  /** The built-in stage of the current version; null if the cloud has none. */
  readonly current: string | null;
  /** The built-in stage of the previous version; null if the cloud has none. */
  readonly previous: string | null;
  /** How many stages the secret has, and may have. */
  readonly stageCount: readonly [count: number, limit: number];
  /** How many versions the secret has, and may have; null if there is no limit. */
  readonly versionCount: readonly [count: number, limit: number | null];
  /** Whether the limit of versions is a rough one. */
  readonly isRough: boolean;
  /** The versions that are shown, oldest first: those with stages, then the newest. `createTime` is in epoch milliseconds; null if unknown. */
  readonly versions: readonly (Omit<Board['versions'][number], 'createTime'> & {
    readonly createTime: number | null;
  })[];
}

/** What is unknown about a secret. Only the creation times of versions matter here. */
type Unknowns = readonly { readonly what: string; readonly versionId?: string }[];

/** Returns what is shown of a secret. */
export function excerptOf(
  state: SecretState,
  { title, stages, versions: { limit } }: Dialect,
  unknown: Unknowns = [],
): BoardExcerpt {
  const ageless = new Set(unknown.map(({ what, versionId }) => what === 'createTime' && versionId));
  const { status, scheduledDeleteTime, versions } = boardOf(state);
  return {
    cloud: title,
    status,
    scheduledDeleteTime,
    current: stages.current,
    previous: stages.previous,
    stageCount: [state.stages.length, stages.limit],
    versionCount: [versions.length, limit?.most ?? null],
    isRough: limit !== null && limit.whenFull !== 'refuse' && limit.isRough === true,
    versions: mostTelling(versions, mostVersions, ({ stages }) => stages.length > 0).map((version) =>
      ageless.has(version.id) ? { ...version, createTime: null } : version,
    ),
  };
}

/** A secret as text: a caption, and its board with the times of at most 100 versions. */
export function drawSecret(state: SecretState, dialect: Dialect, terminal: Terminal, unknown?: Unknowns): string {
  return drawExcerpt(state.name, excerptOf(state, dialect, unknown), terminal);
}

/** {@link drawSecret} from what is shown of a secret. */
export function drawExcerpt(secret: string, excerpt: BoardExcerpt, terminal: Terminal): string {
  const { colors } = terminal;
  const { current, previous, versions } = excerpt;
  const undrawn = excerpt.versionCount[0] - versions.length;
  const rows = versionRows(
    { versions },
    {
      version: colors.bold,
      stage: (text, name) => {
        if (name === current) return colors.green(text);
        return name === previous ? colors.yellow(text) : colors.cyan(text);
      },
      deprecated: colors.dim,
      further: ({ createTime }) => [colors.dim(createTime === null ? 'unknown' : timeText(createTime))],
    },
  );
  const more = undrawn > 0 ? [colors.dim(`and ${counted(undrawn, 'more version')}`)] : [];
  return [wrap(captionOf(secret, excerpt, terminal), terminal), drawTable(rows, terminal), ...more].join('\n');
}

/** A time in UTC, such as `2026-03-02 09:00:00Z`. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('.000Z', 'Z');
}

const captionOf = (secret: string, excerpt: BoardExcerpt, { colors }: Terminal): string => {
  const { cloud, status, scheduledDeleteTime, stageCount } = excerpt;
  const deletion = scheduledDeleteTime === null ? '' : ` until ${timeText(scheduledDeleteTime)}`;
  const drawnStatus = status === 'ENABLED' ? status : colors.red(status + deletion);
  const named = cloud === huaweiCsms.title ? '' : `${printable(cloud)}, `;
  const counts = `${named}${stageCount.join(' of ')} stages, ${versionText(excerpt)}`;
  return `${colors.bold(printable(secret))}   ${drawnStatus}   ${colors.dim(counts)}`;
};

const versionText = ({ versionCount: [count, limit], isRough }: BoardExcerpt): string =>
  limit === null ? counted(count, 'version') : `${grouped(count)} of ${isRough ? 'about ' : ''}${limit} versions`;
