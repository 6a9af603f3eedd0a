/**
 * A secret as CSMS keeps it: versions, and stages that mark them. Plain JSON data, frozen to the bottom. It never holds a
 * secret value: payloads are the caller's, keyed by version id.
 */
export interface SecretState {
  readonly name: string;
  readonly status: SecretStatus;
  /** When a pending deletion falls due, in epoch milliseconds; null in every other status. */
  readonly scheduledDeleteTime: number | null;
  readonly versions: Versions;
  /** The only place that says which version carries which stage. Sorted by name, each name once. */
  readonly stages: readonly Stage[];
  readonly issued: Issued;
}

/** Which version ids have ever been issued, so that none is a second time, also after pruning. */
export interface Issued {
  /** The ids v1 … v{lastNumber} all have been, and v{lastNumber + 1} has not. */
  readonly lastNumber: number;
  /** Every other one, in the order of issue. */
  readonly chosenIds: readonly string[];
  /** How many of their versions are gone. */
  readonly pruned: number;
}

/** The versions of a secret by their id. Read it with `Object.hasOwn`: an id may well be `constructor`. */
export type Versions = Readonly<Record<string, SecretVersion>>;

/** A version of a secret: never its value. */
export interface SecretVersion {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createTime: number;
  /** It was the first, the second, … version of the secret: this tells apart two of the same millisecond. */
  readonly ordinal: number;
  /** What its creator gave to tell its content from other content, such as a keyed digest; left out where none was given. */
  readonly fingerprint?: string;
}

/** A version as the operations make it, frozen. Who gives no fingerprint makes one of the same shape as ever. */
export const newVersion = (
  id: string,
  createTime: number,
  ordinal: number,
  fingerprint: string | undefined,
): SecretVersion =>
  Object.freeze(fingerprint === undefined ? { id, createTime, ordinal } : { id, createTime, ordinal, fingerprint });

/** A secret as it was from a time on, in epoch milliseconds, until the next moment. */
export interface Moment {
  readonly at: number;
  readonly state: SecretState;
}

/** A mark on exactly one version. */
export interface Stage {
  readonly name: string;
  readonly versionId: string;
  /** When the mark was last put where it is, in epoch milliseconds. */
  readonly updateTime: number;
}

/** What CSMS calls the state of a secret. Only an ENABLED one can be read, and have versions made. */
export type SecretStatus = 'ENABLED' | 'DISABLED' | 'PENDING_DELETE' | 'FROZEN';

export const statuses: readonly SecretStatus[] = ['ENABLED', 'DISABLED', 'PENDING_DELETE', 'FROZEN'];

/**
 * Whether a value is a time of this model: whole milliseconds from 1970 to the last that a `Date` can name. -0 is none,
 * for JSON would give it back as 0, and 1 / -0 tells it apart.
 */
export const isTime = (value: number): boolean => Number.isInteger(value) && 1 / value > 0 && value <= 864e13;

export const timeRule = 'epoch ms';

/** Whether a value can be a fingerprint, or was left out. */
export const isFingerprint = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && 0 < value.length && value.length <= 256);

export const fingerprintRule = 'a text of 1 to 256 characters';

/** The next state of a secret: what changes, and all else as it was. */
export const change = (state: SecretState, changes: Partial<SecretState>): SecretState =>
  Object.freeze({ ...state, ...changes });

/**
 * The next state of a secret of which only stages changed. This is the path that everybody takes all the time, so the
 * literal here and the loop in `slotOf` stand where a spread and `findIndex` would read better and take twice as long.
 * Half of what is left is freezing: the stage, the list and the state, each a call into the engine (Builtin_ObjectFreeze).
 */
export const withStages = (
  { name, status, scheduledDeleteTime, versions, issued }: SecretState,
  stages: Stage[],
): SecretState => Object.freeze({ name, status, scheduledDeleteTime, versions, stages: Object.freeze(stages), issued });

/** Whether there is a version of that id. */
export const has = (versions: Versions, versionId: string): boolean =>
  typeof versionId === 'string' && Object.hasOwn(versions, versionId);

/** The place of a stage in a list of stages, or the first one behind the list. */
export const slotOf = (stages: readonly Stage[], name: string): number => {
  let slot = 0;
  while (slot < stages.length && stages[slot]?.name !== name) slot++;
  return slot;
};

/** Puts a stage into a list that is still being made: where it was before, or where its name sorts. */
export const place = (stages: Stage[], stage: Stage): void => {
  const { length } = stages;
  stages[slotOf(stages, stage.name)] = Object.freeze(stage);
  if (stages.length > length) stages.sort(byName);
};

export const byName = (one: Stage, other: Stage): number => (one.name < other.name ? -1 : 1);

export const byOrdinal = (one: SecretVersion, other: SecretVersion): number => one.ordinal - other.ordinal;

/** How many versions there have ever been. */
export const countIssued = ({ lastNumber, chosenIds }: Issued): number => lastNumber + chosenIds.length;

/** How many versions there are, without a walk through them. */
export const countVersions = ({ issued }: SecretState): number => countIssued(issued) - issued.pruned;

/** The secret with these of its versions, frozen as they are; the others are pruned. */
export const keepOnly = (state: SecretState, survivors: readonly SecretVersion[]): SecretState =>
  change(state, {
    versions: versionsById(survivors),
    issued: Object.freeze({ ...state.issued, pruned: countIssued(state.issued) - survivors.length }),
  });

/** The versions by their id. `fromEntries` also takes the id `__proto__`, which an assignment would lose. */
export const versionsById = (versions: readonly SecretVersion[]): Versions =>
  Object.freeze(Object.fromEntries(versions.map((version) => [version.id, version])));
