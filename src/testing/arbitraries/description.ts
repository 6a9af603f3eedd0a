import type { Dialect } from '../../dialects/dialect.ts';
import { isVersionId } from '../../operations/version-id.ts';
import { frozenCopy } from '../../parse.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import { millisecondsADay, newVersion, type SecretState, type SecretStatus, versionsById } from '../../state.ts';

/** A secret in other words: any piece can be dropped or made simpler, and the rest still describes a secret. */
export interface Description {
  readonly name: string;
  readonly status: SecretStatus;
  /** When the secret is deleted, if its deletion is scheduled. */
  readonly due: number;
  /** The versions that exist, in the order of creation. */
  readonly versions: readonly Made[];
  readonly gone: readonly Gone[];
  /** The current stage, if it is on a version. */
  readonly current: Mark | null;
  readonly others: readonly Mark[];
}

/** A version that exists. Without an id it takes the next of the series. */
export type Made = readonly [id: string | undefined, createTime: number, fingerprint: string | undefined];

/**
 * A version that was pruned: created after so many of those that exist. It took the next number of the series (0), a chosen id
 * without a number (1), or the number so far after the last one.
 */
export type Gone = readonly [after: number, step: number];

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
  const goneBefore = (place: number) => gone.filter(([after]) => after % places === place);
  const earliest = (place: number) => (gone.length > 0 && place >= dialect.stages.limit ? 1 : 0);
  const ids = versions.map(([id]) => id);
  /** The number that a version asks for: undefined for the next one, 0 for none. */
  const numberOf = (id: string | undefined, place: number): number | undefined =>
    id === undefined || ids.indexOf(id) < place ? undefined : numberInSeries(id, dialect);
  const takesNone =
    gone.filter(([, step]) => step === 1).length + ids.filter((id, at) => numberOf(id, at) === 0).length;

  let [versionsMade, lastNumber, numbersToCome] = [0, 0, versions.length + gone.length - takesNone];
  /** Takes that number, unless the series has passed it or would end too soon for the rest; then the next one. */
  const take = (number: number): number => {
    numbersToCome--;
    const rest = Array.from({ length: numbersToCome + 1 }, (_, more) => idInSeries(number + more, dialect));
    const isFree = number > lastNumber && rest.every((id) => isVersionId(id, dialect));
    lastNumber = isFree ? number : lastNumber + 1;
    return lastNumber;
  };
  const passGone = (place: number) => {
    for (const [, step] of goneBefore(place)) {
      versionsMade++;
      if (step !== 1) take(lastNumber + Math.max(1, step));
    }
  };

  const made = versions.map(([id, createTime, fingerprint], place) => {
    passGone(place);
    versionsMade++;
    const number = numberOf(id, place);
    const versionId = number === 0 && id !== undefined ? id : idInSeries(take(number ?? lastNumber + 1), dialect);
    return newVersion(versionId, Math.max(createTime, earliest(place)), versionsMade, fingerprint);
  });
  passGone(versions.length);

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
