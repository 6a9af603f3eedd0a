import type { Dialect } from '../../dialect.ts';
import { issue, nothingIssued } from '../../operations/issue.ts';
import { millisecondsADay } from '../../operations/lifecycle.ts';
import { frozenCopy } from '../../parse.ts';
import { newVersion, type SecretState, type SecretStatus, type SecretVersion, versionsById } from '../../state.ts';

/** A secret in other words, such that any piece may be left out or made simpler, and there still is a secret. */
export interface Description {
  readonly name: string;
  readonly status: SecretStatus;
  /** When it is deleted, if its deletion is scheduled. */
  readonly due: number;
  /** The versions that are there, in the order of issue. */
  readonly versions: readonly Issue[];
  /** The versions that are gone, each after so many of those that are there. */
  readonly gone: readonly (readonly [after: number, id: string | undefined])[];
  /** The current stage, if it is on a version. */
  readonly current: Mark | null;
  readonly others: readonly Mark[];
}

/** The making of a version. An id that is left open is the next of the series. */
export type Issue = readonly [id: string | undefined, createTime: number, fingerprint: string | undefined];

/** A stage on the version of that place among those that are there; counting starts again behind the last. */
export type Mark = readonly [name: string, on: number, updateTime: number];

/** The first time that a deletion falls due. */
export const earliestDue = ({ recoveryWindowInDays: window }: Dialect): number =>
  (window?.least ?? 0) * millisecondsADay;

/**
 * The secret of a description. In CSMS the operations make it like this: a version that is there lists a stage of its own
 * when it is created, for as long as there are stages; one that is gone was created at 0 with none, and pruned before the
 * next one came; in the end the stages are put where they are. Two things cannot be made, so they are not built: what is
 * full while its newest version is gone, and, where any is gone, a version created at 0 that no stage was left to keep. Without a
 * version there is no stage.
 */
export const build = (description: Description, dialect: Dialect): SecretState => {
  const { name, status, due, versions, gone, current, others } = description;
  const { versionLimit } = dialect;
  const places = versionLimit === null || versions.length < versionLimit ? versions.length + 1 : versions.length;
  const earliest = (place: number) => (gone.length > 0 && place >= dialect.stageLimit ? 1 : 0);
  const inOrder = [
    ...gone.map(([after, id]) => ({ id, createTime: null, fingerprint: undefined, place: after % places })),
    ...versions.map(([id, at, fingerprint], place) => {
      return { id, createTime: Math.max(at, earliest(place)), fingerprint, place };
    }),
  ].sort((one, other) => one.place - other.place);

  const ids: string[] = [];
  const there: SecretVersion[] = [];
  let issued = nothingIssued;
  for (const { id, createTime, fingerprint } of inOrder) {
    const next = dialect.versionIdPrefix + (issued.lastNumber + 1);
    const versionId = id === undefined || ids.includes(id) ? next : id;
    ids.push(versionId);
    issued = issue(issued, versionId, dialect);
    if (createTime !== null) there.push(newVersion(versionId, createTime, ids.length, fingerprint));
  }

  const stages = there.flatMap(({ id: versionId }, place) =>
    (current === null ? others : [current, ...others])
      .filter(([, on]) => on % there.length === place)
      .map(([stage, , updateTime]) => ({ name: stage, versionId, updateTime })),
  );
  const scheduledDeleteTime = status === 'PENDING_DELETE' ? due : null;
  const counted = { ...issued, pruned: gone.length };
  return frozenCopy({ name, status, scheduledDeleteTime, versions: versionsById(there), stages, issued: counted });
};
