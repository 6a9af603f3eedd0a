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
  /** The versions that were pruned, each created after so many of those that exist. Of an id only the number matters. */
  readonly gone: readonly (readonly [after: number, id: string | undefined])[];
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
  const { name, status, due, versions, gone, current, others } = description;
  const { limit } = dialect.versions;
  const places = limit === null || versions.length < limit.most ? versions.length + 1 : versions.length;
  const earliest = (place: number) => (gone.length > 0 && place >= dialect.stages.limit ? 1 : 0);
  const ids = versions.map(([id]) => id);
  const inOrder = [
    ...gone.map(([after, id]) => ({ id, createTime: null, fingerprint: undefined, place: after % places })),
    ...versions.map(([id, at, fingerprint], place) => ({
      id: ids.indexOf(id) < place ? undefined : id,
      createTime: Math.max(at, earliest(place)),
      fingerprint,
      place,
    })),
  ].sort((one, other) => one.place - other.place);

  const made: SecretVersion[] = [];
  let [versionsMade, lastNumber] = [0, 0];
  for (const [index, { id, createTime, fingerprint }] of inOrder.entries()) {
    versionsMade++;
    let versionId = id;
    if (isNumbered(id, dialect)) {
      const number = numberInSeries(id ?? '', dialect);
      const toCome = () => inOrder.slice(index + 1).filter((later) => isNumbered(later.id, dialect)).length;
      const isLeap = number > lastNumber + 1 && hasIds(number, toCome(), dialect);
      lastNumber = isLeap ? number : lastNumber + 1;
      versionId = idInSeries(lastNumber, dialect);
    }
    if (createTime !== null && versionId !== undefined)
      made.push(newVersion(versionId, createTime, versionsMade, fingerprint));
  }

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

function isNumbered(id: string | undefined, dialect: Dialect): boolean {
  return id === undefined || numberInSeries(id, dialect) > 0;
}

/** Whether the series has an id of that number and of so many after it. */
function hasIds(number: number, more: number, dialect: Dialect): boolean {
  return Array.from({ length: more + 1 }, (_, index) => idInSeries(number + index, dialect)).every((id) =>
    isVersionId(id, dialect),
  );
}
