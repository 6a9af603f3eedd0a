import { type SecretState, type SecretStatus, type Stage, versionsByAge } from './index.ts';
import { asJson, printable } from './text.ts';

/** What an implementation shows of a secret. A `ShownSecret` is a board. */
export interface Board {
  /** The status of the secret. */
  readonly status: SecretStatus;
  /** When the secret will be deleted, in epoch milliseconds. Null if no deletion is scheduled. */
  readonly scheduledDeleteTime: number | null;
  /** The versions in any order, each with the stages listed with it. `createTime` is in epoch milliseconds. */
  readonly versions: readonly {
    readonly id: string;
    readonly createTime: number;
    readonly stages: readonly string[];
    /** It has no value yet. Omitted if the version has one, or if this is not known. */
    readonly withoutValue?: true | undefined;
  }[];
  /** The version that each stage is on when you look the stage up by its name. */
  readonly stages: readonly Pick<Stage, 'name' | 'versionId'>[];
}

/**
 * Draws a secret as plain text. It has a row for each version, oldest first, with the stages that mark it. Notes follow the
 * rows: on a stage whose version does not exist, on a stage that is on another version when you look it up by its name,
 * and on a status other than ENABLED. A version without a value has a remark. A name with a character that could break the picture is written as JSON.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
 * drawBoard(two).split('\n'); // ['v1   SYSCURRENT', 'v2   canary']
 */
export function drawBoard(secret: SecretState | Board): string {
  return boardRows(secret).join('\n');
}

/** The rows of {@link drawBoard}, for {@link sideBySide}. */
export function boardRows(secret: SecretState | Board): readonly string[] {
  const board = 'versionsMade' in secret ? boardOf(secret) : { ...secret, versions: byAge(secret) };
  const { status, versions, stages } = board;
  // Reversed, so that the first of two versions with the same id counts.
  const listed = new Map([...versions].reverse().map(({ id, stages }) => [id, new Set(stages)]));
  const notes = stages.flatMap(({ name, versionId }): readonly Row[] => {
    const holder = listed.get(versionId);
    if (holder?.has(name)) return [];
    const why = holder ? 'if you look it up by its name' : 'which does not exist';
    return [['', `${drawnName(name)} is on ${drawnName(versionId)}, ${why}.`]];
  });
  const paused: readonly Row[] = status === 'ENABLED' ? [] : [['', `The secret is ${status}.`]];
  return aligned([...versionRows(board), ...notes, ...paused]);
}

/** Two tables side by side, each below its title. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  [leftTitle, rightTitle]: readonly [string, string],
): string {
  const leftRows = [leftTitle, ...left];
  const rightRows = [rightTitle, ...right];
  const longest = leftRows.length > rightRows.length ? leftRows : rightRows;
  return aligned(longest.map((_, row) => [leftRows[row] ?? '', rightRows[row] ?? ''])).join('\n');
}

/** A state as a board, with its versions oldest first. */
export function boardOf(state: SecretState): Pick<SecretState, 'stages'> & Board {
  const { status, scheduledDeleteTime, stages } = state;
  const onVersion = new Map<string, string[]>();
  for (const { name, versionId } of stages) {
    const names = onVersion.get(versionId);
    if (names) names.push(name);
    else onVersion.set(versionId, [name]);
  }
  const versions = versionsByAge(state).map(({ id, createTime, withoutValue }) => ({
    id,
    createTime,
    stages: onVersion.get(id) ?? [],
    ...(withoutValue && { withoutValue }),
  }));
  return { status, scheduledDeleteTime, versions, stages };
}

/** How versions are drawn: a style for the text of each cell, and further cells after the stages. */
export interface BoardStyle<Version = Board['versions'][number]> {
  readonly version: (text: string) => string;
  readonly stage: (text: string, name: string) => string;
  /** For the id of a deprecated version, and the word in place of its stages. */
  readonly deprecated: (text: string) => string;
  readonly further: (version: Version) => readonly string[];
}

/** A row for each version, in the given order. The caller aligns them. */
export function versionRows<Version extends Omit<Board['versions'][number], 'createTime'>>(
  { versions }: { readonly versions: readonly Version[] },
  style: BoardStyle<Version> = plain,
): readonly Row[] {
  if (versions.length === 0) return [['', 'no versions']];
  return versions.map((version): Row => {
    const id = drawnName(version.id);
    const further = style.further(version);
    const remark = version.withoutValue ? ' (no value yet)' : '';
    if (version.stages.length === 0) return [style.deprecated(id), style.deprecated(`deprecated${remark}`), ...further];
    const stages = [...version.stages].sort().map((name) => style.stage(drawnName(name), name));
    return [style.version(id), stages.join(', ') + remark, ...further];
  });
}

type Row = readonly [first: string, second: string, ...further: readonly string[]];

const unpainted = (text: string): string => text;
const plain: BoardStyle<unknown> = { version: unpainted, stage: unpainted, deprecated: unpainted, further: () => [] };

/** Of the same millisecond, v2 comes before v10: only the ids show their order. */
const byAge = ({ versions }: Board): Board['versions'] =>
  [...versions].sort((a, b) => a.createTime - b.createTime || a.id.length - b.id.length || (a.id < b.id ? -1 : 1));

/** Longer first cells are not aligned, because one very long cell would make every row as long. */
const widest = 1000;

const aligned = (rows: readonly Row[]): readonly string[] => {
  const width = rows.reduce((most, [first]) => Math.max(most, Math.min(first.length, widest)), 0);
  return rows.map(([first, second]) => `${first.padEnd(width)}   ${second}`.trimEnd());
};

/** A name in a picture. A stage can be called `deprecated`, and an id can have a line break or steer a CI runner. */
const drawnName = (name: string): string =>
  name === 'deprecated' || !/^(?!::)[^\p{Z}",]+$/u.test(name) || printable(name) !== name ? asJson(name) : name;
