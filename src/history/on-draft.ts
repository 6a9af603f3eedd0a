import { current, type Draft, isDraft } from 'immer';
import { invalidValue, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import type { SecretState } from '../state.ts';
import { redraft } from './redraft.ts';

/**
 * Makes of any operation one that works on a draft, inside somebody's own `produce` or Redux Toolkit reducer: of
 * `assignStage`, `createVersion`, `reduce`, `applyAll` and the others. What it refuses it throws, and the draft is as it was.
 * What it puts into the draft is frozen.
 *
 * Where a whole secret can be put in place of another, `draft.secrets.db = assignStage(state, …)` does the same faster; this
 * is for where patches should say what happened, and where the draft has changed on the way.
 *
 * Refused besides: what is no draft (INVALID_VALUE).
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
      const rule =
        'a draft; a secret that was put in place within the same recipe is none, so put its next state there';
      throw refusedError(invalidValue('draft', draft, rule), { INVALID_VALUE });
    }
    const before = current(draft);
    redraft(draft, before, operation(before, ...rest));
  };
}
