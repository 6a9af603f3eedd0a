import type { Dialect } from '../dialects/index.ts';
import { explain } from '../explain.ts';
import { type Batch, doInBatch, type SecretAction, startBatch, stateIn } from '../operations/index.ts';
import { parseSecretState } from '../parse.ts';
import { bareAction } from '../parse-action.ts';
import { nextVersionId } from '../queries.ts';
import type { Problem } from '../refusal.ts';
import { byOrdinal, countVersions, type SecretState, versionsById } from '../state.ts';
import { type Change, type Claim, changeOf, toBefore } from './change.ts';
import { patched } from './json-patch.ts';
import { mostVisited, visitRule } from './limits.ts';
import { hasUntouchable } from './redraft.ts';
import { scopeOf, versionsOf } from './scope.ts';

/** A secret on which the actions of a history are done again. */
export interface Life {
  readonly batch: Batch;
  readonly dialect: Dialect;
  /** The change before, or the start of the history. */
  last: { readonly revision: number; readonly at: number };
  /** How many more versions the changes that replace the record of versions can visit. */
  room: number;
}

export function startLife(state: SecretState, last: Life['last'], dialect: Dialect): Life {
  return { batch: startBatch(state), dialect, last, room: mostVisited };
}

/**
 * Does a change again. Returns the change as it is recorded here, or the first difference from the claim.
 *
 * It compares only versions that can differ, so that it does not visit all of them for each change. An action that
 * replaces the record of versions visits them all, which counts towards a limit. Other actions add at most one version,
 * and a patch changes only the versions that its paths name.
 */
export function relive(life: Life, claim: Claim, path: string): Change | Problem {
  const { batch, dialect, last } = life;
  const problem = (field: string, expected: string): Problem => ({ path: `${path}.${field}`, expected });
  if (claim.revision <= last.revision) return problem('revision', `above ${last.revision}`);

  const action = bareAction(claim.action as SecretAction);
  const before = stateNow(batch);
  const done = doInBatch(batch, action, dialect);
  if (typeof done === 'object')
    return problem('action', `an action that is not refused: ${explain(done).slice(0, -1)}`);
  if (!done) return problem('action', 'an action that changes something');

  const after = stateNow(batch);
  const added = action.type === 'createVersion' ? (action.versionId ?? nextVersionId(before, dialect)) : undefined;
  const isInPlace = after.versions === before.versions;
  const forwards = scopeOf(claim.forwards);
  const backwards = scopeOf(claim.backwards);
  const isWhole = forwards?.isAll || backwards?.isAll;
  // The patches of this change have all versions. If those of the claim do not, this library did not make them.
  if (isInPlace && added !== undefined && !isWhole && hasUntouchable(after.versions)) return { path, expected: toBoth };

  const patched = [forwards, backwards].flatMap((scope) => scope?.ids ?? []);
  const named = [...patched, ...markedIn(before), ...markedIn(after)];
  if (!isInPlace) life.room -= countVersions(before);
  if (life.room < 0) return { path, expected: visitRule };
  const deleted = isInPlace ? [] : Object.keys(before.versions).filter((id) => !Object.hasOwn(after.versions, id));
  const changed = [...deleted, ...(added === undefined ? [] : [added])];
  const hasAll = isWhole || (!isInPlace && (hasUntouchable(before.versions) || hasUntouchable(after.versions)));
  const ids = hasAll ? [...Object.keys(after.versions), ...deleted] : [...named, ...changed];
  const old = partOf(before, isInPlace ? ids.filter((id) => id !== added) : ids);
  const now = partOf(after, ids);
  const change = changeOf(action, { ...last, revision: claim.revision - 1 }, old, now);
  if (Object.keys(claim.action).some((field) => !Object.hasOwn(change.action, field)))
    return problem('action', 'without other fields');
  if (change.at !== claim.at) return problem('at', `${change.at}, the time of the action`);

  const leadsForth = forwards !== undefined && leads(old, claim.forwards, now, dialect);
  const leadsBack = backwards !== undefined && leads(now, claim.backwards, old, dialect);
  if (!leadsForth && !leadsBack) return { path, expected: toBoth };
  if (!leadsForth) return problem('forwards', 'patches that lead to the secret after the change');
  if (!leadsBack) return problem('backwards', toBefore);
  life.last = change;
  return change;
}

const toBoth = 'an action whose patches do the same as the action does in this dialect';

/** The secret as it is now. Its versions stay the same object while an action adds to them in place. */
function stateNow(batch: Batch): SecretState {
  const state = stateIn(batch);
  return { ...state, stages: [...state.stages] };
}

/** A state with only these versions. */
function partOf(state: SecretState, ids: readonly string[]): SecretState {
  return { ...state, versions: versionsById(Object.values(versionsOf(state.versions, ids)).sort(byOrdinal)) };
}

function markedIn({ stages }: SecretState): readonly string[] {
  return stages.map(({ versionId }) => versionId);
}

/**
 * Whether an untrusted patch leads from one state to another. It cannot copy values, because recorded patches never do.
 */
function leads(from: SecretState, patch: readonly unknown[], to: SecretState, dialect: Dialect): boolean {
  const outcome = patched(from, patch, 0);
  const parsed = outcome.ok ? parseSecretState(outcome.document, dialect) : outcome;
  return parsed.ok && JSON.stringify(parsed.state) === JSON.stringify(to);
}
