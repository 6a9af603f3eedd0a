import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { type Outcome, orThrow, type Refusal, refuse, StageRefusedError, wrongDialect } from '../refusal.ts';
import type { SecretState, Stage } from '../state.ts';
import { asText } from '../text.ts';
import { type AssignStage, moveStage, tryAssignStage } from './assign-stage.ts';
import { type Batch, endBatch, startBatch } from './batch.ts';
import { addVersion, type CreateVersion, tryCreateVersion } from './create-version.ts';
import { type PruneDeprecated, tryPruneDeprecated } from './prune-deprecated.ts';
import { type RemoveStage, tryRemoveStage } from './remove-stage.ts';
import { type Restore, tryRestore } from './restore.ts';
import { type ScheduleDeletion, tryScheduleDeletion } from './schedule-deletion.ts';
import { type SetStatus, trySetStatus } from './set-status.ts';

/** What each operation on a secret that exists takes, by its name. */
export interface ActionRequests {
  createVersion: CreateVersion;
  assignStage: AssignStage;
  removeStage: RemoveStage;
  pruneDeprecated: PruneDeprecated;
  scheduleDeletion: ScheduleDeletion;
  restore: Restore;
  setStatus: SetStatus;
}

/** Everything that can be done to a secret that exists, as data: the operation's name as `type`, and what it takes. */
export type SecretAction<Type extends keyof ActionRequests = keyof ActionRequests> = {
  readonly [T in Type]: { readonly type: T } & ActionRequests[T];
}[Type];

/** What {@link tryApplyAll} answers: the state after the last action, or the refusal and the index it stopped at, from 0. */
export type BatchOutcome =
  | { readonly ok: true; readonly state: SecretState }
  | { readonly ok: false; readonly index: number; readonly refusal: Refusal };

/**
 * Does one action.
 *
 * Refuses like the operation of the action. Before that: the secret belongs to another dialect (WRONG_DIALECT), or the action
 * is unknown (UNKNOWN_ACTION).
 *
 * @throws {StageRefusedError} with the refusal; {@link tryReduce} returns it instead.
 *
 * @example
 * const two = reduce(createSecret({ name: 'db', at: 0 }), { type: 'createVersion', at: 1000 });
 * currentVersion(two); // 'v2'
 */
export function reduce(state: SecretState, action: SecretAction, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryReduce(state, action, dialect));
}

/** {@link reduce} that returns a refusal instead of throwing it. */
export function tryReduce(state: SecretState, action: SecretAction, dialect: Dialect = huaweiCsms): Outcome {
  return act(state, action, dialect);
}

/** Does an action. Actions come from logs and over the wire, so one may be missing, or of an unknown type. */
function act<Type extends keyof ActionRequests>(
  state: SecretState,
  action: SecretAction<Type> | undefined,
  dialect: Dialect,
): Outcome {
  if (state.dialect !== dialect.id) return refuse(wrongDialect(state, dialect));
  const type = asText(action?.type);
  if (!action || !Object.hasOwn(operations, type))
    return refuse({ code: 'UNKNOWN_ACTION', type, known: Object.keys(operations) });
  const operation = operations[action.type];
  return operation(state, action, dialect);
}

const operations: {
  readonly [Type in keyof ActionRequests]: (
    state: SecretState,
    action: SecretAction<Type>,
    dialect: Dialect,
  ) => Outcome;
} = {
  createVersion: tryCreateVersion,
  assignStage: tryAssignStage,
  removeStage: tryRemoveStage,
  pruneDeprecated: tryPruneDeprecated,
  scheduleDeletion: tryScheduleDeletion,
  restore: tryRestore,
  setStatus: trySetStatus,
};

/**
 * Does a batch of actions, all or none.
 *
 * @throws {StageRefusedError} with the first refusal and its `index` in the batch; {@link tryApplyAll} returns both instead. A
 * secret of another dialect is refused at 0.
 *
 * @example
 * const state = applyAll(createSecret({ name: 'db', at: 0 }), [
 *   { type: 'createVersion', at: 1000, stages: ['canary'] },
 *   { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at: 2000 },
 *   { type: 'removeStage', stage: 'canary', at: 3000 },
 * ]);
 * stagesOf(state, 'v2'); // ['SYSCURRENT']
 */
export function applyAll(
  state: SecretState,
  actions: readonly SecretAction[],
  dialect: Dialect = huaweiCsms,
): SecretState {
  const outcome = tryApplyAll(state, actions, dialect);
  if (!outcome.ok) throw Object.assign(new StageRefusedError(outcome.refusal), { index: outcome.index });
  return outcome.state;
}

/** {@link applyAll} that returns a refusal and its index instead of throwing them. */
export function tryApplyAll(
  state: SecretState,
  actions: readonly SecretAction[],
  dialect: Dialect = huaweiCsms,
): BatchOutcome {
  if (state.dialect !== dialect.id) return { ok: false, index: 0, refusal: wrongDialect(state, dialect) };
  const batch = startBatch(state);
  let isChanged = false;
  for (const [index, action] of actions.entries()) {
    const changed = doInBatch(batch, action, dialect);
    if (typeof changed === 'object') return { ok: false, index, refusal: changed };
    isChanged ||= changed;
  }
  return { ok: true, state: isChanged ? endBatch(batch) : state };
}

/** Does an action in a batch: whether anything changed, or why nothing may. */
export function doInBatch(batch: Batch, action: SecretAction, dialect: Dialect): boolean | Refusal {
  const { draft } = batch;
  if (action?.type === 'assignStage') return moveStage(draft, draft.stages, action, dialect, unfrozen);
  if (action?.type === 'createVersion') return addVersion(batch, action, dialect);
  const outcome = act(draft, action, dialect);
  if (!outcome.ok) return outcome.refusal;
  if (outcome.state === draft) return false;
  Object.assign(draft, outcome.state, { stages: [...outcome.state.stages] });
  return true;
}

function unfrozen(stage: Stage): Stage {
  return stage;
}
