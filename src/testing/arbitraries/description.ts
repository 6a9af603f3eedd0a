import type { Dialect } from '../../dialects/dialect.ts';
import { isVersionId } from '../../operations/version-id.ts';
import { frozenCopy } from '../../parse.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import {
  millisecondsADay,
  newVersion,
  type SecretState,
  type SecretStatus,
  type SecretVersion,
  versionsById,
} from '../../state.ts';

/** A secret in other words: any piece can be dropped or made simpler, and the rest still describes a secret. */
export interface Description {
  readonly name: string;
  readonly status: SecretStatus;
  /** When the secret is deleted, if its deletion is scheduled. */
  readonly due: number;
  /** The versions that exist, in the order of creation. */
  readonly versions: readonly Made[];
  /** The versions that were pruned, each created after so many of those that exist. A chosen id took no number of the series. */
  readonly gone: readonly (readonly [after: number, isChosen: boolean])[];
  /** The last number of the series, if a version that is gone can have taken it. */
  readonly last: number | undefined;
  /** The current stage, if it is on a version. */
  readonly current: Mark | null;
  readonly others: readonly Mark[];
}

/**
 * A version that exists. It takes the next id of the series if it has no id, or that of an earlier one, or a number that the
 * series has passed or after which it would end too soon for the rest.
 */
export type Made = readonly [id: string | undefined, createTime: number, fingerprint: string | undefined];

/** A stage on the version with that index. Past the last version, counting starts again. */
export type Mark = readonly [name: string, on: number, updateTime: number];

/** The first time that a deletion falls due. */
export function earliestDue({ secret }: Dialect): number {
  return (secret.deletionDays?.least ?? 0) * millisecondsADay;
}

/**
 * The secret of a description. In CSMS the operations make it like this: a version that exists lists a stage of its own when it
 * is created, while there are stages left; one that is gone was created at 0 without a stage, and pruned before the next one
 * came; in the end the stages are put where they are. Two things cannot be made, so they are not built: a full secret whose
 * newest version is gone, and, if any version is gone, one created at 0 that no stage was left to keep. Without a version there
 * is no stage.
 */
export function build(description: Description, dialect: Dialect): SecretState {
  const { name, status, due, versions, gone, last, current, others } = description;
  const { limit } = dialect.versions;
  const places = limit === null || versions.length < limit.most ? versions.length + 1 : versions.length;
  const earliest = (place: number) => (gone.length > 0 && place >= dialect.stages.limit ? 1 : 0);
  const goneAt = (place: number) => gone.filter(([after]) => after % places === place);
  const ids = versions.map(([id]) => id);
  const mostMade = versions.length + gone.length;

  const made: SecretVersion[] = [];
  let [versionsMade, lastNumber, next, mayLeap] = [0, 0, 1, false];
  const pass = (place: number) => {
    versionsMade += goneAt(place).length;
    next += goneAt(place).filter(([, isChosen]) => !isChosen).length;
    mayLeap ||= goneAt(place).length > 0;
  };
  for (const [place, [id, at, fingerprint]] of versions.entries()) {
    pass(place);
    versionsMade++;
    const asked = id === undefined || ids.indexOf(id) < place ? next : numberInSeries(id, dialect);
    if (asked > 0) {
      lastNumber = asked > lastNumber && hasIds(asked, mostMade - versionsMade, dialect) ? asked : next;
      [next, mayLeap] = [lastNumber + 1, false];
    }
    const versionId = asked > 0 || id === undefined ? idInSeries(lastNumber, dialect) : id;
    made.push(newVersion(versionId, Math.max(at, earliest(place)), versionsMade, fingerprint));
  }
  pass(versions.length);
  const isLeap = mayLeap && last !== undefined && last >= lastNumber && hasIds(last, 0, dialect);
  lastNumber = isLeap ? last : next - 1;

  const stages = made.flatMap(({ id: versionId }, place) =>
    (current === null ? others : [current, ...others])
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
    lastNumber,
  });
}

/** Whether the series has an id of that number and of so many after it. */
function hasIds(number: number, more: number, dialect: Dialect): boolean {
  return Array.from({ length: more + 1 }, (_, index) => idInSeries(number + index, dialect)).every((id) =>
    isVersionId(id, dialect),
  );
}
