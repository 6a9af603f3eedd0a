import type { Dialect, SecretAction } from '../index.ts';

/** Whether some version always is the current one, as the operations make it and as an import shows it. */
export const isAlwaysCurrent = ({ currentStage, removableStages, versionsComeLater }: Dialect): boolean =>
  currentStage !== null && !versionsComeLater && !removableStages?.includes(currentStage);

/** The statuses that can be set: what has one alone has nothing to set. */
export const settableStatuses = ({ statuses }: Dialect) => statuses.filter((status) => status !== 'PENDING_DELETE');

/** Whether the dialect has the action: what it has not is refused, or changes nothing. */
export const isOffered = (type: SecretAction['type'], dialect: Dialect): boolean => {
  if (type === 'scheduleDeletion' || type === 'restore') return dialect.recoveryWindowInDays !== null;
  return type !== 'setStatus' || settableStatuses(dialect).length > 1;
};
