import { currentVersion, previousVersion, type SecretAction, type SecretState } from 'secret-stages';

/** Returns the actions that roll a secret back: its current and its previous version swap their stages. */
export function rollBack(db: SecretState, at: number): readonly SecretAction[] {
  const [current, previous] = [currentVersion(db), previousVersion(db)];
  if (current === undefined || previous === undefined || current === previous) return [];
  return [
    { type: 'assignStage', stage: 'SYSCURRENT', versionId: previous, from: current, at },
    { type: 'assignStage', stage: 'SYSPREVIOUS', versionId: current, from: previous, at },
  ];
}
