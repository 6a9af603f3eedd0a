import { type SecretState, type SecretStatus, type Stage, stagesOf, versionsByAge } from './index.ts';

/** What a board shows: what a reader sees of a secret, whoever keeps it. A `ShownSecret` is one. */
export interface Board {
  readonly status: SecretStatus;
  /** In any order, each with the stages that are listed with it. `createTime` is in epoch milliseconds. */
  readonly versions: readonly {
    readonly id: string;
    readonly createTime: number;
    readonly stages: readonly string[];
  }[];
  /** Which version a stage marks, for whoever asks by its name. */
  readonly stages: readonly Pick<Stage, 'name' | 'versionId'>[];
}

/**
 * A secret as plain text: one row a version, oldest first, with the stages that mark it. What does not fit in a row
 * comes after them: a stage that marks no version that exists, one that is on another version when it is asked for by
 * its name, and a status other than ENABLED. A name with a sign that could break the picture is written as JSON.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
 * drawBoard(two).split('\n'); // ['v1   SYSCURRENT', 'v2   canary']
 */
export function drawBoard(secret: SecretState | Board): string {
  return boardRows(secret).join('\n');
}

/**
 * The rows of {@link drawBoard}, for {@link sideBySide}.
 *
 * @example
 * boardRows(setStatus(createSecret({ name: 'db', at: 0 }), { status: 'FROZEN', at: 1000 })); // ['v1   SYSCURRENT', '     The secret is FROZEN.']
 */
export function boardRows(secret: SecretState | Board): readonly string[] {
  const { status, versions, stages } =
    'versionsMade' in secret ? boardOf(secret) : { ...secret, versions: byAge(secret) };
  const marked = versions.map(({ id, stages: names }): Row => [nameOf(id), marksOf(names)]);
  const notes = stages.flatMap(({ name, versionId }): readonly Row[] => {
    const holder = versions.find(({ id }) => id === versionId);
    if (holder?.stages.includes(name)) return [];
    const why = holder ? 'when asked for by its name' : 'which does not exist';
    return [['', `${nameOf(name)} is on ${nameOf(versionId)}, ${why}.`]];
  });
  const rest: readonly Row[] = status === 'ENABLED' ? [] : [['', `The secret is ${status}.`]];
  const none: readonly Row[] = versions.length > 0 ? [] : [['', 'no version']];
  return columns([...none, ...marked, ...notes, ...rest]);
}

/**
 * Two tables next to each other, each below its title.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const two = createVersion(one, { at: 1000 });
 * const text = sideBySide(boardRows(one), boardRows(two), ['before', 'after']);
 * text.split('\n'); // ['before            after', 'v1   SYSCURRENT   v1   SYSPREVIOUS', '                  v2   SYSCURRENT']
 */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  [leftTitle, rightTitle]: readonly [string, string],
): string {
  const [leftRows, rightRows] = [
    [leftTitle, ...left],
    [rightTitle, ...right],
  ];
  const longest = leftRows.length > rightRows.length ? leftRows : rightRows;
  return columns(longest.map((_, row) => [leftRows[row] ?? '', rightRows[row] ?? ''])).join('\n');
}

/** What a reader sees of a state. */
export function boardOf(state: SecretState): Pick<SecretState, 'status' | 'stages'> & Board {
  const versions = versionsByAge(state).map(({ id, createTime }) => ({ id, createTime, stages: stagesOf(state, id) }));
  return { status: state.status, versions, stages: state.stages };
}

type Row = readonly [string, string];

/** Of one millisecond, v2 before v10: nothing but the id is left to go by. */
const byAge = ({ versions }: Board): Board['versions'] =>
  [...versions].sort((a, b) => a.createTime - b.createTime || a.id.length - b.id.length || (a.id < b.id ? -1 : 1));

const marksOf = (stages: readonly string[]): string =>
  stages.length > 0 ? [...stages].sort().map(nameOf).join(', ') : 'deprecated';

const columns = (rows: readonly Row[]): readonly string[] => {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}   ${second}`.trimEnd());
};

/** A name in a picture. A stage may be called `deprecated`, and an id may hold a line break. */
const nameOf = (name: string): string =>
  name === 'deprecated' || !/^[^\p{C}\p{Z}",]+$/u.test(name)
    ? JSON.stringify(name).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped)
    : name;

const escaped = (sign: string): string =>
  sign
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
