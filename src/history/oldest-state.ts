import type { Dialect } from '../dialects/index.ts';
import { fieldOf, isObject } from '../json.ts';
import { parseSecretState } from '../parse.ts';
import type { Problem } from '../refusal.ts';
import type { SecretState } from '../state.ts';
import { type Claim, toBefore } from './change.ts';
import { applyTo, patched } from './json-patch.ts';
import { scopeOf, versionsOf } from './scope.ts';
import { startCopy } from './working-copy.ts';

/** The state before the first change of a past, or a problem with the patch that does not lead back to it. */
export function oldestState(present: SecretState, past: readonly Claim[], dialect: Dialect): SecretState | Problem {
  const copy = startCopy(present, 0);
  const isLost = ({ backwards }: Claim) =>
    applyTo(copy, backwards) !== undefined || !isSound(copy.document, backwards, dialect);
  const stuck = [...past].reverse().findIndex(isLost);
  if (stuck === -1) {
    const parsed = parseSecretState(copy.document, dialect);
    if (parsed.ok) return parsed.state;
  }
  const lost = stuck === -1 ? firstLost(present, past, dialect) : past.length - 1 - stuck;
  return { path: `history.past[${lost}].backwards`, expected: toBefore };
}

/** Whether a patch left a valid secret. Only the versions that the patch names or that a stage marks are checked. */
function isSound(document: unknown, patch: readonly unknown[], dialect: Dialect): boolean {
  const [versions, stages] = [fieldOf(document, 'versions'), fieldOf(document, 'stages')];
  const scope = scopeOf(patch);
  if (!scope || !isObject(document) || !isObject(versions) || !Array.isArray(stages)) return false;
  const marked = stages.map((stage) => `${fieldOf(stage, 'versionId')}`);
  const ids = scope.isAll ? Object.keys(versions) : [...scope.ids, ...marked];
  return parseSecretState({ ...document, versions: versionsOf(versions, ids) }, dialect).ok;
}

/**
 * The index of the latest change whose patch leads to an invalid secret. Bisection finds it, because checking the state
 * before every change would visit all versions each time.
 */
function firstLost(present: SecretState, past: readonly Claim[], dialect: Dialect): number {
  let [lost, sound] = [0, past.length];
  while (sound - lost > 1) {
    const middle = Math.floor((lost + sound) / 2);
    const way = past.slice(middle).reverse();
    const outcome = patched(
      present,
      way.flatMap(({ backwards }) => backwards),
      0,
    );
    if (outcome.ok && parseSecretState(outcome.document, dialect).ok) sound = middle;
    else lost = middle;
  }
  return lost;
}
