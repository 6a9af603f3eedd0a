import { whyForeign } from '../belongs.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { invalidHidden, invalidValue, type Outcome, orThrow, type Refusal, refuse, refusedError } from '../refusal.ts';
import { sentences } from '../sentences.ts';
import type { SecretState, Stage } from '../state.ts';
import { type AssignStage, type AssignStageCode, moveStage, tryAssignStage } from './assign-stage.ts';
import { type Batch, endBatch, putVersion, startBatch } from './batch.ts';
import { type CreateVersion, type CreateVersionCode, tryCreateVersion, versionToAdd } from './create-version.ts';
import { type PruneDeprecated, type PruneDeprecatedCode, tryPruneDeprecated } from './prune-deprecated.ts';
import { type RemoveStage, type RemoveStageCode, tryRemoveStage } from './remove-stage.ts';
import { type Restore, type RestoreCode, tryRestore } from './restore.ts';
import { type ScheduleDeletion, type ScheduleDeletionCode, tryScheduleDeletion } from './schedule-deletion.ts';
import { type SetStatus, type SetStatusCode, trySetStatus } from './set-status.ts';

/** The request of each operation on a secret that exists, by the name of the operation. */
export interface ActionRequests {
  /** See `createVersion`. */
  createVersion: CreateVersion;
  /** See `assignStage`. */
  assignStage: AssignStage;
  /** See `removeStage`. */
  removeStage: RemoveStage;
  /** See `pruneDeprecated`. */
  pruneDeprecated: PruneDeprecated;
  /** See `scheduleDeletion`. */
  scheduleDeletion: ScheduleDeletion;
  /** See `restore`. */
  restore: Restore;
  /** See `setStatus`. */
  setStatus: SetStatus;
}

/** An operation on a secret that exists, as data: the name of the operation as `type`, and its request. */
export type SecretAction<Type extends keyof ActionRequests = keyof ActionRequests> = {
  readonly [T in Type]: { readonly type: T } & ActionRequests[T];
}[Type];

/** The codes with which an action is refused. */
export type ReduceCode =
  | 'UNKNOWN_ACTION'
  | CreateVersionCode
  | AssignStageCode
  | RemoveStageCode
  | PruneDeprecatedCode
  | ScheduleDeletionCode
  | RestoreCode
  | SetStatusCode;

/**
 * What {@link tryApplyAll} returns: the state after the last action, or the refusal and the index of the refused
 * action, from 0.
 */
export type BatchOutcome =
  | { readonly ok: true; readonly state: SecretState }
  | { readonly ok: false; readonly index: number; readonly refusal: Refusal<ReduceCode> };

/**
 * Does an action.
 *
 * Refuses, in this order: `state` is not a state (INVALID_STATE); the secret belongs to another dialect
 * (WRONG_DIALECT); the action has no `type` (INVALID_VALUE), or an unknown one (UNKNOWN_ACTION); the operation of the
 * action refuses. Unknown fields are ignored; {@link parseAction} refuses them.
 *
 * @throws {StageRefusedError} with the refusal; {@link tryReduce} returns it instead.
 *
 * @example
 * const two = reduce(createSecret({ name: 'db', at: 0 }), { type: 'createVersion', at: 1000 });
 * currentVersion(two); // 'v2'
 */
export function reduce(state: SecretState, action: SecretAction, dialect: Dialect = huaweiCsms): SecretState {
  return orThrow(tryReduce(state, action, dialect), sentences);
}

/** Does the same as {@link reduce}, and returns a refusal instead of throwing it. It never throws. */
export function tryReduce(
  state: SecretState,
  action: SecretAction,
  dialect: Dialect = huaweiCsms,
): Outcome<ReduceCode> {
  return act(state, action, dialect);
}

/** Does an action. Actions come from logs and networks, so one can be missing or of an unknown type. */
function act<Type extends keyof ActionRequests>(
  state: SecretState,
  action: SecretAction<Type> | undefined,
  dialect: Dialect,
): Outcome<ReduceCode> {
  const foreign = whyForeign(state, dialect);
  if (foreign) return refuse(foreign);
  const type = action?.type;
  const known = Object.keys(operations);
  if (!action || typeof type !== 'string') return refuse(invalidValue('type', type, `one of ${known.join(', ')}`));
  if (!Object.hasOwn(operations, type)) return refuse({ code: 'UNKNOWN_ACTION', type, known });
  const operation = operations[type];
  return operation(state, action, dialect);
}

const operations: {
  readonly [Type in keyof ActionRequests]: (
    state: SecretState,
    action: SecretAction<Type>,
    dialect: Dialect,
  ) => Outcome<ReduceCode>;
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
 * Does all actions of a batch, or none.
 *
 * Refuses like {@link reduce}, and if `actions` is not a list (INVALID_VALUE). Refusals before the first action have
 * index 0.
 *
 * @throws {StageRefusedError} with the first refusal and its `index` in the batch; {@link tryApplyAll} returns both instead.
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
  if (!outcome.ok) throw Object.assign(refusedError(outcome.refusal, sentences), { index: outcome.index });
  return outcome.state;
}

/** Does the same as {@link applyAll}, and returns a refusal and its index instead of throwing them. */
export function tryApplyAll(
  state: SecretState,
  actions: readonly SecretAction[],
  dialect: Dialect = huaweiCsms,
): BatchOutcome {
  const foreign = whyForeign(state, dialect);
  if (foreign) return { ok: false, index: 0, refusal: foreign };
  if (!Array.isArray(actions))
    return { ok: false, index: 0, refusal: invalidHidden('actions', actions, 'a list of actions') };
  const batch = startBatch(state);
  let isChanged = false;
  for (let index = 0; index < actions.length; index++) {
    const changed = doInBatch(batch, actions[index], dialect);
    if (typeof changed === 'object') return { ok: false, index, refusal: changed };
    isChanged ||= changed;
  }
  return { ok: true, state: isChanged ? endBatch(batch) : state };
}

/** Does an action in a batch. Returns whether anything changed, or the refusal. */
export function doInBatch(
  batch: Batch,
  action: SecretAction | undefined,
  dialect: Dialect,
): boolean | Refusal<ReduceCode> {
  const { draft } = batch;
  if (action?.type === 'assignStage') return moveStage(draft, draft.stages, action, dialect, unfrozen);
  if (action?.type === 'createVersion') {
    const added = versionToAdd(draft, action, dialect);
    if (added === undefined) return false;
    if ('code' in added) return added;
    putVersion(batch, added);
    return true;
  }
  const outcome = act(draft, action, dialect);
  if (!outcome.ok) return outcome.refusal;
  if (outcome.state === draft) return false;
  Object.assign(draft, outcome.state, { stages: [...outcome.state.stages] });
  return true;
}

function unfrozen(stage: Stage): Stage {
  return stage;
}
