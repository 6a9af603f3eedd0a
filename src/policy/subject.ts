import { hasVersion, type SecretState, stageOf } from '../index.ts';
import { durationText } from '../text.ts';

/** A secret to check: its state, and what else is known about it. */
export interface Subject {
  /** The secret. */
  readonly state: SecretState;
  /** The expiry of each version by its id, in epoch milliseconds. A version that never expires is omitted. */
  readonly expireTimes?: Readonly<Record<string, number>> | undefined;
  /** What the source of the state does not say. The state holds an assumed value instead, which {@link Unknown} describes. */
  readonly unknown?: readonly Unknown[] | undefined;
  /** How the cloud rotates the secret, if the source says so. */
  readonly rotation?: Rotation | undefined;
  /** The region of the primary secret, if this one is a replica. A cloud changes a replica only through its primary secret. */
  readonly replicaOf?: string | undefined;
  /** The service that manages the secret, such as `rds`, if one does. */
  readonly managedBy?: string | undefined;
  /** What relies on a version, by its id, such as the address of a Terraform resource. */
  readonly tracked?: Readonly<Record<string, string>> | undefined;
}

/** The rotation of a secret, as its cloud describes it. */
export interface Rotation {
  /** Whether the cloud rotates the secret on its schedule. */
  readonly isEnabled: boolean;
  /** When a rotation last succeeded, in epoch milliseconds; null if never. */
  readonly lastTime: number | null;
  /** The days from one rotation to the next; null if the schedule is not a number of days. */
  readonly everyDays: number | null;
  /** The time by which the next rotation is due, in epoch milliseconds; null if unknown. */
  readonly nextTime: number | null;
}

/** Something unknown about a secret. The state has an assumed value. */
export type Unknown =
  /** When the stage was last moved. The state has the creation time of its version: the stage was not there before. */
  | { readonly what: 'stageTime'; readonly stage: string }
  /** Whether versions exist between the last of a page and the next known one. The state has none. */
  | { readonly what: 'versions'; readonly after: string }
  /**
   * `createTime`: when a version was created. The state has 0, or the time of the next known version before it. `order`: which of two
   * versions of the same millisecond is older. The state has them in the order of the list.
   */
  | { readonly what: 'createTime' | 'order'; readonly versionId: string }
  /**
   * `issued`: how many versions were deleted. The state has the fewest possible. `deprecatedVersions`: whether versions without a stage
   * exist besides the listed ones. The state has none. Every version with a stage is listed. `rotation`: whether and how the secret is
   * rotated. `status`: the status, and when the secret is deleted. The state has ENABLED. `expireTimes`: whether and when versions expire.
   */
  | { readonly what: 'issued' | 'deprecatedVersions' | 'rotation' | 'status' | 'expireTimes' };

/**
 * Returns when a stage was last moved, in epoch milliseconds; undefined if unknown.
 *
 * @example
 * const state = createSecret({ name: 'db', at: 0 });
 * timeOf({ state }, 'SYSCURRENT'); // 0
 * timeOf({ state, unknown: [{ what: 'stageTime', stage: 'SYSCURRENT' }] }, 'SYSCURRENT'); // undefined
 */
export function timeOf({ state, unknown }: Subject, stage: string): number | undefined {
  return timesOf({ state, unknown })(stage);
}

/** {@link timeOf} for many stages of one secret. */
export function timesOf({ state, unknown = [] }: Subject): (stage: string) => number | undefined {
  const times = new Map(state.stages.map(({ name, updateTime }) => [name, updateTime]));
  for (const one of unknown) if (one.what === 'stageTime') times.delete(one.stage);
  return (stage) => times.get(stage);
}

/** The later of two times; undefined if one of them is unknown. */
export function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}

/**
 * Returns whether nothing of this kind is unknown.
 *
 * @example
 * isKnown({ state: createSecret({ name: 'db', at: 0 }) }, 'status'); // true
 */
export function isKnown(subject: Subject, kind: Unknown['what']): boolean {
  return unknownsOf(subject).every(({ what }) => what !== kind);
}

/**
 * Returns what is known about a secret after an action, so that you can check it again. The time of a stage that the action moved
 * is known. Expiry times of versions that no longer exist are dropped. Everything else is kept.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const unknown = [{ what: 'stageTime', stage: 'SYSCURRENT' }];
 * const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
 * subjectAfter({ state: two, unknown }, back).unknown; // []
 */
export function subjectAfter(subject: Subject, next: SecretState): Subject {
  const { state, expireTimes, unknown, rotation, replicaOf, managedBy, tracked } = subject;
  return {
    state: next,
    rotation,
    replicaOf,
    managedBy,
    tracked,
    expireTimes:
      expireTimes &&
      Object.fromEntries(Object.entries(expireTimes).filter(([versionId]) => hasVersion(next, versionId))),
    unknown: unknown?.filter(
      (one) => one.what !== 'stageTime' || stageOf(next, one.stage) === stageOf(state, one.stage),
    ),
  };
}

/**
 * What a person must know about a secret before they act on a finding: where it can be changed, who changes it, and how long it
 * exists. AWS deletes a secret some time after its DeletedDate (DescribeSecret, documented); that other clouds do so is assumed.
 */
export function remarksOf({ state, at, replicaOf, managedBy }: Subject & { readonly at: number }): readonly string[] {
  const late = state.scheduledDeleteTime === null ? -1 : at - state.scheduledDeleteTime;
  const deletion = `The deletion of the secret was due ${durationText(late)} ago. The cloud deletes it some time after that date. Until then it exists.`;
  return [
    ...(replicaOf === undefined ? [] : [`The secret is a replica. Change it in ${replicaOf}, its primary region.`]),
    ...(managedBy === undefined ? [] : [`The secret is managed by ${managedBy}. Change it through that service.`]),
    ...(late < 0 ? [] : [deletion]),
  ];
}

/** Everything that is unknown. A state alone says nothing about expiry. */
export function unknownsOf({ unknown = [], expireTimes }: Subject): readonly Unknown[] {
  return expireTimes === undefined && !unknown.some(({ what }) => what === 'expireTimes')
    ? [...unknown, { what: 'expireTimes' }]
    : unknown;
}
