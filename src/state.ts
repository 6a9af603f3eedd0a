/**
 * A secret: its versions, and the stages that mark them. Plain JSON data, deeply frozen. It never holds a secret value:
 * keep values yourself, by version id.
 */
export interface SecretState {
  /** The name of the secret. */
  readonly name: string;
  /** The id of the dialect that the secret belongs to, such as `huawei-csms`. */
  readonly dialect: string;
  /** Versions and stages change only while it is ENABLED. */
  readonly status: SecretStatus;
  /** When the secret will be deleted, in epoch milliseconds. Null unless it is PENDING_DELETE. */
  readonly scheduledDeleteTime: number | null;
  /** The versions by their id. Deleted versions are not kept. */
  readonly versions: Versions;
  /** Which version each stage is on. Sorted by name, each name once. No other field says it. */
  readonly stages: readonly Stage[];
  /** How many versions the secret has ever had, including deleted ones. */
  readonly versionsMade: number;
  /** The highest number used in the series of version ids. The next id of the series has the number after it. */
  readonly lastNumber: number;
}

/** The versions of a secret by their id. Read it with `Object.hasOwn`, because an id can be `constructor`. */
export type Versions = Readonly<Record<string, SecretVersion>>;

/** A version of a secret. It never holds the value. */
export interface SecretVersion {
  /** Its id, unique in its secret. */
  readonly id: string;
  /** When it was created, in epoch milliseconds. */
  readonly createTime: number;
  /** Its place among all versions that the secret has ever had, from 1. It orders versions of the same millisecond. */
  readonly ordinal: number;
  /** What identifies its content, such as a keyed digest, if its creator gave one. */
  readonly fingerprint?: string;
  /** It has no value yet. Absent from every version that has one. */
  readonly withoutValue?: true;
}

/** The state of a secret from a time on, in epoch milliseconds, until the next moment. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The state from then on. */
  readonly state: SecretState;
}

/** A mark on exactly one version. */
export interface Stage {
  /** Its name, unique in its secret. */
  readonly name: string;
  /** The version that it is on. */
  readonly versionId: string;
  /** When the stage was last put on this version, in epoch milliseconds. */
  readonly updateTime: number;
}

/** The status of a secret. Versions and stages change only while it is ENABLED. */
export type SecretStatus = 'ENABLED' | 'DISABLED' | 'PENDING_DELETE' | 'FROZEN';

/** Makes a frozen version. Versions without a fingerprint always have the same shape, which is faster to read. */
export function newVersion(
  id: string,
  createTime: number,
  ordinal: number,
  fingerprint: string | undefined,
  withoutValue?: boolean,
): SecretVersion {
  if (withoutValue) return Object.freeze({ id, createTime, ordinal, withoutValue });
  return Object.freeze(
    fingerprint === undefined ? { id, createTime, ordinal } : { id, createTime, ordinal, fingerprint },
  );
}

/** The next state of a secret: the state with these changes. */
export function change(state: SecretState, changes: Partial<SecretState>): SecretState {
  return Object.freeze({ ...state, ...changes });
}

/**
 * The next state of a secret in which only stages changed. Every move takes this path, so it uses a literal, and
 * `slotOf` a loop: a spread and `findIndex` would read better and take twice as long. Half of the remaining time is
 * freezing the stage, the list and the state, each a call into the engine (Builtin_ObjectFreeze).
 */
export function withStages(
  { name, dialect, status, scheduledDeleteTime, versions, versionsMade, lastNumber }: SecretState,
  stages: Stage[],
): SecretState {
  return Object.freeze({
    name,
    dialect,
    status,
    scheduledDeleteTime,
    versions,
    stages: Object.freeze(stages),
    versionsMade,
    lastNumber,
  });
}

/** Whether the version exists. */
export function has(versions: Versions, versionId: string): boolean {
  return typeof versionId === 'string' && Object.hasOwn(versions, versionId);
}

/** The index of a stage in a list of stages, or the length of the list if the stage is not in it. */
export function slotOf(stages: readonly Stage[], name: string): number {
  let slot = 0;
  while (slot < stages.length && stages[slot]?.name !== name) slot++;
  return slot;
}

/**
 * Puts a stage into a list that is not frozen yet: replaces the stage of that name, or adds it in the order of names.
 */
export function putStage(stages: Stage[], stage: Stage): void {
  const slot = slotOf(stages, stage.name);
  const isNew = slot === stages.length;
  stages[slot] = Object.freeze(stage);
  if (isNew) stages.sort(byName);
}

export function byName(one: Stage, other: Stage): number {
  return one.name < other.name ? -1 : 1;
}

export function byOrdinal(one: Pick<SecretVersion, 'ordinal'>, other: Pick<SecretVersion, 'ordinal'>): number {
  return one.ordinal - other.ordinal;
}

/** The number of versions of a secret. */
export function countVersions({ versions }: SecretState): number {
  return Object.keys(versions).length;
}

/** The versions by their id. `fromEntries` also takes the id `__proto__`, which an assignment would lose. */
export function versionsById(versions: readonly SecretVersion[]): Versions {
  return Object.freeze(Object.fromEntries(versions.map((version) => [version.id, version])));
}

/**
 * Returns all versions, oldest first.
 *
 * @example
 * versionsByAge(createSecret({ name: 'db', at: 0 })); // [{ id: 'v1', createTime: 0, ordinal: 1 }]
 */
export function versionsByAge(state: SecretState): readonly SecretVersion[] {
  return Object.values(state.versions).sort(byAge);
}

export function byAge(one: SecretVersion, other: SecretVersion): number {
  return one.createTime - other.createTime || one.ordinal - other.ordinal;
}

/** The deprecated versions themselves, oldest first. */
export function deprecatedByAge(state: SecretState): readonly SecretVersion[] {
  const marked = new Set(state.stages.map((stage) => stage.versionId));
  return versionsByAge(state).filter((version) => !marked.has(version.id));
}
