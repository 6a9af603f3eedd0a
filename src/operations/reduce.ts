import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { type Outcome, orThrow, type Refusal, refuse, StageRefusedError, wrongDialect } from '../refusal.ts';
import { type SecretState, type Stage, withStages } from '../state.ts';
import { asText } from '../text.ts';
import { type AssignStage, moveStage, tryAssignStage } from './assign-stage.ts';
import { type CreateVersion, tryCreateVersion } from './create-version.ts';
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
  let next = state;
  let stages = [...state.stages];
  let hasMoved = false;
  for (let index = 0; index < actions.length; index++) {
    const action = actions[index];
    if (action?.type === 'assignStage') {
      const moved = moveStage(next, stages, action, dialect, unfrozen);
      if (typeof moved === 'object') return { ok: false, index, refusal: moved };
      hasMoved ||= moved;
    } else {
      const outcome = act(hasMoved ? settle(next, stages) : next, action, dialect);
      if (!outcome.ok) return { ...outcome, index };
      next = outcome.state;
      stages = [...next.stages];
      hasMoved = false;
    }
  }
  return { ok: true, state: hasMoved ? settle(next, stages) : next };
}

function unfrozen(stage: Stage): Stage {
  return stage;
}

/** The end of a run of moves, which all wrote into one list: a third of what each would cost on its own. */
function settle(state: SecretState, stages: Stage[]): SecretState {
  const before = [...state.stages];
  for (const stage of stages) if (!before.includes(stage)) Object.freeze(stage);
  return withStages(state, stages);
}
