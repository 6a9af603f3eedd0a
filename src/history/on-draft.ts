import { current, type Draft, isDraft } from 'immer';
import { invalidValue, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import type { SecretState } from '../state.ts';
import { redraft } from './redraft.ts';

/**
 * Turns an operation, such as `assignStage` or `applyAll`, into one that changes an immer draft. Use it in `produce` or
 * a Redux Toolkit reducer. If it refuses, it throws and the draft is unchanged. The parts that it puts into the draft are
 * frozen.
 *
 * If you can assign a whole secret, `draft.secrets.db = assignStage(state, …)` is faster. Use this if patches should
 * show only what changed, or if the draft has changed before.
 *
 * Refuses if the operation refuses, and with INVALID_VALUE if the first argument is not a draft.
 *
 * @throws {StageRefusedError} with the refusal of the operation, or INVALID_VALUE.
 *
 * @example
 * const secrets = { db: createSecret({ name: 'db', at: 0 }) };
 * const next = produce(secrets, (draft) => {
 *   onDraft(createVersion)(draft.db, { at: 1000 });
 *   onDraft(assignStage)(draft.db, { stage: 'canary', versionId: 'v2', at: 2000 });
 * });
 * stagesOf(next.db, 'v2'); // ['SYSCURRENT', 'canary']
 */
export function onDraft<Rest extends readonly unknown[]>(
  operation: (state: SecretState, ...rest: Rest) => SecretState,
): (draft: Draft<SecretState>, ...rest: Rest) => void {
  return (draft, ...rest) => {
    if (!isDraft(draft)) {
      const rule = 'a draft; a secret that this recipe has assigned is not a draft, so assign its next state instead';
      throw refusedError(invalidValue('draft', draft, rule), { INVALID_VALUE });
    }
    const before = current(draft);
    redraft(draft, before, operation(before, ...rest));
  };
}
