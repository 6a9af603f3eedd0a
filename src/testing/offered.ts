import type { Dialect, SecretAction } from '../index.ts';

/** Whether the dialect has the action: any other is refused, or changes nothing. */
export function isOffered(type: SecretAction['type'], { secret }: Dialect): boolean {
  if (type === 'scheduleDeletion' || type === 'restore') return secret.deletionDays !== null;
  return type !== 'setStatus' || secret.pausedAs.length > 0;
}

/** Whether some version always is the current one, as the operations make it and as an import shows it. */
export function isAlwaysCurrent({ secret, stages }: Dialect): boolean {
  return stages.current !== null && secret.firstVersion === 'at-creation';
}
