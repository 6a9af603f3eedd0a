import type { SecretStatus, Stage } from '../state.ts';
import type { Dialect, SecretRules, StageRules, VersionRules } from './dialect.ts';

/** The names of the built-in stages. */
export function builtIns({ stages }: Dialect): readonly string[] {
  return [stages.current, stages.previous, stages.pending].filter((name) => name !== null);
}

/** Whether a stage can move but not be removed. */
export function isPermanent(stage: string, { current, previous, previousIsRemovable }: StageRules): boolean {
  // A caller without types can pass null, which equals the current stage of a dialect without one.
  return stage !== null && (stage === current || (stage === previous && !previousIsRemovable));
}

/** Whether a stage counts towards the limit. */
export function counts(stage: string, { limitCounts, current, previous, pending }: StageRules): boolean {
  return limitCounts === 'all' || (stage !== current && stage !== previous && stage !== pending);
}

/** How many more stages are allowed. Negative if there are too many. */
export function stagesLeft(stages: readonly Pick<Stage, 'name'>[], rules: StageRules): number {
  return rules.limit - stages.filter(({ name }) => counts(name, rules)).length;
}

/** Every status that a secret can have. */
export function statusesOf({ secret }: Dialect): readonly SecretStatus[] {
  return [...settableStatuses(secret), ...(secret.deletionDays ? ['PENDING_DELETE' as const] : [])];
}

/** The statuses that `setStatus` sets. */
export function settableStatuses({ pausedAs }: SecretRules): readonly Exclude<SecretStatus, 'PENDING_DELETE'>[] {
  return ['ENABLED', ...pausedAs];
}

/** Whether a secret can be seen with more versions than the limit. */
export function isRough({ limit }: VersionRules): boolean {
  return limit?.whenFull === 'drop-oldest-deprecated' && limit.isRough === true;
}

/** Whether a request for a new version can have this as its `withoutValue`. */
export function isWithoutValue(value: unknown, { mayAwaitValue }: Pick<VersionRules, 'mayAwaitValue'>): boolean {
  return value === undefined || value === false || (value === true && mayAwaitValue);
}

export function withoutValueRule({ mayAwaitValue }: Pick<VersionRules, 'mayAwaitValue'>): string {
  return mayAwaitValue ? 'true or false' : 'omitted, because a version has a value from its creation';
}

/** Whether the dialect supports the action. Other actions are refused or change nothing. */
export function isOffered(action: string, { secret }: Dialect): boolean {
  if (action === 'scheduleDeletion' || action === 'restore') return secret.deletionDays !== null;
  return action !== 'setStatus' || secret.pausedAs.length > 0;
}

/** Whether a secret always has a current version, in states that the operations make and in imports. */
export function isAlwaysCurrent({ secret, stages }: Dialect): boolean {
  return stages.current !== null && secret.firstVersion === 'at-creation';
}
