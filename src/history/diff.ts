import { mustBelong } from '../belongs.ts';
import { type Effect, effectsBetween } from '../effect.ts';
import { invalidValue, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import type { SecretState } from '../state.ts';
import { quote } from '../text.ts';

/**
 * Returns the differences between two states of a secret as effects. The smallest come first: a stage refreshed, moved,
 * added, removed; a version revived, deprecated, filled, emptied, created, pruned; the status changed.
 *
 * Refuses, in this order: `before` or `after` is not a state (INVALID_STATE); they belong to different dialects
 * (WRONG_DIALECT); they have different names (INVALID_VALUE).
 *
 * @throws {StageRefusedError} with the refusal.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * diff(one, assignStage(one, { stage: 'canary', versionId: 'v1', at: 1000 })); // [{ type: 'stageAdded', stage: 'canary', to: 'v1', at: 1000 }]
 */
export function diff(before: SecretState, after: SecretState): readonly Effect[] {
  mustBelong(before, { id: before?.dialect });
  mustBelong(after, { id: before.dialect });
  if (before.name !== after.name) {
    const rule = `a state of the same secret, ${quote(before.name)}`;
    throw refusedError(invalidValue('after', after.name, rule), { INVALID_VALUE });
  }
  return [...effectsBetween(before, after)].sort((one, other) => bySize.indexOf(one.type) - bySize.indexOf(other.type));
}

/** From effects on one stage to effects on the whole secret. */
const bySize: readonly Effect['type'][] = [
  'stageRefreshed',
  'stageMoved',
  'stageAdded',
  'stageRemoved',
  'versionRevived',
  'versionDeprecated',
  'versionFilled',
  'versionEmptied',
  'versionCreated',
  'versionPruned',
  'statusChanged',
];
