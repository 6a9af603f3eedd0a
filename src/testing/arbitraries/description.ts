import { type Dialect, isAlwaysCurrent } from '../../dialects/index.ts';
import { millisecondsADay } from '../../limits.ts';
import { frozenCopy, parseSecretState } from '../../parse.ts';
import { idInSeries, isVersionId, numberInSeries } from '../../series.ts';
import {
  byOrdinal,
  newVersion,
  type SecretState,
  type SecretStatus,
  type SecretVersion,
  versionsById,
} from '../../state.ts';

/** A description of a secret. Without any piece, or with a simpler one, it still describes a secret. */
export interface Description {
  readonly name: string;
  readonly status: SecretStatus;
  /** The time of the deletion, if it is scheduled. */
  readonly due: number;
  /** The versions that exist, in the order of creation. */
  readonly versions: readonly Made[];
  /** The pruned versions, each as the number of existing versions that were created before it. */
  readonly pruned: readonly number[];
  /** How far the series is past the last numbered version, if versions were pruned since. If undefined, one for each. */
  readonly beyond: number | undefined;
  /** The current stage, if it exists. */
  readonly current: Mark | null;
  readonly others: readonly Mark[];
}

/**
 * A version that exists. It takes the next id of the series if it has no id, the id of an earlier version, a number that the series
 * has passed, or a number after which the series has too few ids for the rest. Without a value it has no fingerprint.
 */
type Made = readonly [
  id: string | undefined,
  createTime: number,
  fingerprint: string | undefined,
  withoutValue: boolean,
];

/** A stage on the version with that index. After the last version, counting starts again. */
export type Mark = readonly [name: string, on: number, updateTime: number];

/** Returns the earliest time of a deletion. */
export function earliestDue({ secret }: Dialect): number {
  return (secret.deletionDays?.least ?? 0) * millisecondsADay;
}

/**
 * Builds the secret of a description. In CSMS the operations make it like this. An existing version is created with a stage that
 * protects it, if the limit allows another stage. A pruned version is created at 0 without a stage, and pruned before the next one
 * is created. At the end the stages are assigned. Two cases cannot be made, so they are not built: a full secret whose newest
 * version was pruned, and, if any version was pruned, an existing version that was created at 0 without a stage. Without a version
 * there is no stage.
 */
export function build(description: Description, dialect: Dialect): SecretState {
  const { name, status, due, versions, pruned, beyond, current, others } = description;
  const { limit } = dialect.versions;
  const places = limit === null || versions.length < limit.most ? versions.length + 1 : versions.length;
  const earliest = (place: number) => (pruned.length > 0 && place >= dialect.stages.limit ? 1 : 0);
  const ids = versions.map(([id]) => id);
  const mostMade = versions.length + pruned.length;

  const made: SecretVersion[] = [];
  let [versionsMade, lastNumber, next] = [0, 0, 1];
  for (const [place, version] of [...versions, undefined].entries()) {
    const skipped = pruned.filter((after) => after % places === place).length;
    versionsMade += skipped;
    next += skipped;
    if (!version) break;
    const [id, at, fingerprint, withoutValue] = version;
    versionsMade++;
    const isChosen = id !== undefined && ids.indexOf(id) === place;
    const number = isChosen ? numberInSeries(id, dialect) : next;
    if (number > 0) {
      lastNumber = number > lastNumber && hasIds(number, mostMade - versionsMade, dialect) ? number : next;
      next = lastNumber + 1;
    }
    const versionId = isChosen && number === 0 ? id : idInSeries(lastNumber, dialect);
    made.push(newVersion(versionId, Math.max(at, earliest(place)), versionsMade, fingerprint, withoutValue));
  }
  const isNext =
    next === lastNumber + 1 || beyond === undefined || !hasIds(Math.max(1, lastNumber + beyond), 0, dialect);

  const marks = current === null ? others : [current, ...others];
  const stages = made.flatMap(({ id: versionId }, place) =>
    marks
      .filter(([, on]) => on % made.length === place)
      .map(([stage, , updateTime]) => ({ name: stage, versionId, updateTime })),
  );
  return frozenCopy({
    name,
    dialect: dialect.id,
    status,
    scheduledDeleteTime: status === 'PENDING_DELETE' ? due : null,
    versions: versionsById(made),
    stages,
    versionsMade,
    lastNumber: isNext ? next - 1 : lastNumber + beyond,
  });
}

/** Whether the series has an id of that number, and `more` ids after it. */
function hasIds(number: number, more: number, dialect: Dialect): boolean {
  const ids = Array.from({ length: more + 1 }, (_, index) => idInSeries(number + index, dialect));
  return ids.every((id) => isVersionId(id, dialect));
}

/**
 * Returns the description of a secret.
 *
 * @throws {Error} if no description builds the secret.
 */
export function descriptionOf(value: unknown, dialect: Dialect, mostMade: number): Description {
  const outcome = parseSecretState(value, dialect);
  if (!outcome.ok || outcome.state.versionsMade > mostMade)
    throw new Error('This is not a secret of the dialect, or it has had too many versions.');
  const { state } = outcome;
  const { name, status, scheduledDeleteTime, versionsMade, lastNumber } = state;
  const made = Object.values(state.versions).sort(byOrdinal);
  const ids = made.map(({ id }) => id);
  const ordinals = [...made.map(({ ordinal }) => ordinal), versionsMade + 1];
  const pruned = ordinals.flatMap((ordinal, place) =>
    Array<number>(ordinal - (ordinals[place - 1] ?? 0) - 1).fill(place),
  );
  const beyond = lastNumber - Math.max(0, ...ids.map((id) => numberInSeries(id, dialect)));
  const versions = made.map(
    ({ id, createTime, fingerprint, withoutValue = false }): Made => [id, createTime, fingerprint, withoutValue],
  );
  const marks = state.stages.map((stage): Mark => [stage.name, ids.indexOf(stage.versionId), stage.updateTime]);
  const current = marks.find(([stage]) => stage === dialect.stages.current) ?? null;
  const others = marks.filter((mark) => mark !== current);
  const due = scheduledDeleteTime ?? earliestDue(dialect);
  const description = { name, status, due, versions, pruned, beyond, current, others };
  const lacksCurrent = current === null && isAlwaysCurrent(dialect);
  if (lacksCurrent || JSON.stringify(build(description, dialect)) !== JSON.stringify(state))
    throw new Error('No description builds this secret.');
  return description;
}
