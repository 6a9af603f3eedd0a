import { hasVersion, type SecretState, stageOf } from '../index.ts';

/** A secret to check: its state, and what is known of it besides. */
export interface Subject {
  readonly state: SecretState;
  /** When a version expires, in epoch milliseconds, by version id; a version that never expires is omitted. */
  readonly expireTimes?: Readonly<Record<string, number>> | undefined;
  /** What the source of the state does not say. In its place the state holds what is said of each. */
  readonly unknown?: readonly Unknown[] | undefined;
}

/** Something unknown about a secret. */
export type Unknown =
  /** When the stage was last put where it is. The state holds when its version was created: not before then. */
  | { readonly what: 'stageTime'; readonly stage: string }
  /** How many versions there were that are gone. The state counts those that it shows: there may have been more. */
  | { readonly what: 'issued' }
  /** Whether there are versions between the last of a page and the next known one. The state has none. */
  | { readonly what: 'versions'; readonly after: string }
  /** Which of two versions of the same millisecond came first. The state has them as they were listed. */
  | { readonly what: 'order'; readonly versionId: string }
  /** Whether the secret is enabled, and when it is deleted. The state says ENABLED. */
  | { readonly what: 'status' }
  /** Whether and when any version expires. */
  | { readonly what: 'expireTimes' };

/** When a stage was last put where it is, in epoch milliseconds; undefined if unknown. */
export function timeOf({ state, unknown }: Subject, stage: string): number | undefined {
  return timesOf({ state, unknown })(stage);
}

/** {@link timeOf} for many stages of one secret. */
export function timesOf({ state, unknown = [] }: Subject): (stage: string) => number | undefined {
  const times = new Map(state.stages.map(({ name, updateTime }) => [name, updateTime]));
  for (const one of unknown) if (one.what === 'stageTime') times.delete(one.stage);
  return (stage) => times.get(stage);
}

/** The later of two times, since which both are so; undefined if one of them is unknown. */
export function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}

/** Whether nothing of the kind is unknown. */
export function isKnown(subject: Subject, kind: Unknown['what']): boolean {
  return unknownsOf(subject).every(({ what }) => what !== kind);
}

/**
 * What is known of a secret after an action, to judge it again. The time of a stage that the action set is known. Expire times
 * of versions that no longer exist are dropped.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const unknown = [{ what: 'stageTime', stage: 'SYSCURRENT' }];
 * const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
 * subjectAfter({ state: two, unknown }, back).unknown; // []
 */
export function subjectAfter({ state, expireTimes, unknown }: Subject, next: SecretState): Subject {
  return {
    state: next,
    expireTimes:
      expireTimes &&
      Object.fromEntries(Object.entries(expireTimes).filter(([versionId]) => hasVersion(next, versionId))),
    unknown: unknown?.filter(
      (one) => one.what !== 'stageTime' || stageOf(next, one.stage) === stageOf(state, one.stage),
    ),
  };
}

/** All that is unknown. A state by itself says nothing of expiry. */
export function unknownsOf({ unknown = [], expireTimes }: Subject): readonly Unknown[] {
  return expireTimes === undefined && !unknown.some(({ what }) => what === 'expireTimes')
    ? [...unknown, { what: 'expireTimes' }]
    : unknown;
}
