import { type Dialect, stagesLeft } from './dialect.ts';
import { brokenLaws, type Law } from './laws.ts';
import { type AssignStage, type AssignStageCode, decideAssignStage } from './operations/assign-stage.ts';
import { type CreateSecret, type CreateSecretCode, decideCreateSecret } from './operations/create-secret.ts';
import { type CreateVersion, type CreateVersionCode, decideCreateVersion } from './operations/create-version.ts';
import {
  decideRestore,
  decideScheduleDeletion,
  decideSetStatus,
  type Restore,
  type RestoreCode,
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  type SetStatus,
  type SetStatusCode,
} from './operations/lifecycle.ts';
import {
  decidePruneDeprecated,
  type PruneDeprecated,
  type PruneDeprecatedCode,
} from './operations/prune-deprecated.ts';
import { decideRemoveStage, type RemoveStage, type RemoveStageCode } from './operations/remove-stage.ts';
import { readState } from './parse.ts';
import { type Plan, planInTurn, planOne } from './plan.ts';
import { latestOf, nextIdOf, versionOf, wasIssued } from './queries.ts';
import { applyInTurn, type BatchOutcome, decideAction, type SecretAction, wholeOrThrow } from './reduce.ts';
import {
  type Decision,
  type Outcome,
  orThrow,
  outcomeOf,
  type Refusal,
  type RefusalCode,
  StageRefusedError,
} from './refusal.ts';
import type { SecretState } from './state.ts';

/** An operation on a secret that exists, under one dialect. */
export type Bound<Request> = (state: SecretState, request: Request) => SecretState;

/** Its twin, which never throws a refusal. */
export type BoundTry<Request, Code extends RefusalCode> = (
  state: SecretState,
  request: Request,
) => Outcome<Code> | Outcome<'INVALID_STATE'>;

/**
 * Everything that takes a dialect, under one: each does what the function of its name does. What does something with a state
 * refuses one that is none of the dialect (INVALID_STATE).
 */
export interface BoundOperations {
  readonly dialect: Dialect;
  readonly createSecret: (request: CreateSecret) => SecretState;
  readonly tryCreateSecret: (request: CreateSecret) => Outcome<CreateSecretCode>;
  readonly createVersion: Bound<CreateVersion>;
  readonly tryCreateVersion: BoundTry<CreateVersion, CreateVersionCode>;
  readonly assignStage: Bound<AssignStage>;
  readonly tryAssignStage: BoundTry<AssignStage, AssignStageCode>;
  readonly removeStage: Bound<RemoveStage>;
  readonly tryRemoveStage: BoundTry<RemoveStage, RemoveStageCode>;
  readonly pruneDeprecated: (state: SecretState, request?: PruneDeprecated) => SecretState;
  readonly tryPruneDeprecated: (
    state: SecretState,
    request?: PruneDeprecated,
  ) => Outcome<PruneDeprecatedCode> | Outcome<'INVALID_STATE'>;
  readonly scheduleDeletion: Bound<ScheduleDeletion>;
  readonly tryScheduleDeletion: BoundTry<ScheduleDeletion, ScheduleDeletionCode>;
  readonly restore: Bound<Restore>;
  readonly tryRestore: BoundTry<Restore, RestoreCode>;
  readonly setStatus: Bound<SetStatus>;
  readonly trySetStatus: BoundTry<SetStatus, SetStatusCode>;
  readonly reduce: Bound<SecretAction>;
  readonly tryReduce: BoundTry<SecretAction, RefusalCode>;
  readonly applyAll: Bound<readonly SecretAction[]>;
  readonly tryApplyAll: (state: SecretState, actions: readonly SecretAction[]) => BatchOutcome;
  readonly plan: (state: SecretState, action: SecretAction) => Plan;
  readonly planAll: (state: SecretState, actions: readonly SecretAction[]) => readonly Plan[];
  readonly parseSecretState: (input: unknown) => Outcome<'INVALID_STATE'>;
  readonly violations: (state: SecretState) => readonly Law[];
  readonly currentVersion: (state: SecretState) => string | undefined;
  readonly previousVersion: (state: SecretState) => string | undefined;
  readonly latestVersion: (state: SecretState) => string | undefined;
  readonly remainingStages: (state: SecretState) => number;
  readonly nextVersionId: (state: SecretState) => string;
  readonly isIssued: (state: SecretState, versionId: string) => boolean;
}

/**
 * The operations with the dialect fixed, for whoever works with one cloud: none can be called under another by accident, a
 * state that breaks a law of the dialect is refused with the name of the law, and a bundle carries no other dialect.
 *
 * Refused, beside what each operation refuses: the state is none of this dialect (INVALID_STATE, with the dialect, and every
 * problem and broken law by its place or its name). A batch is refused at 0.
 *
 * @example
 * const google = bind(googleSecretManager);
 * const db = google.createVersion(google.createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * google.latestVersion(db); // '2'
 * const refused = google.tryCreateVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * refused.ok || describe(refused.refusal); // 'This is not a secret of Google Secret Manager: state.versions["v1"].id must match /^[1-9]\\d*$/, not "v1"; state.stages[0].versionId must match /^[1-9]\\d*$/, not "v1".'
 */
export const bind = (dialect: Dialect): BoundOperations => {
  // What these operations made, or looked at when nobody could change it any more, is not looked at again.
  const sound = new WeakSet<SecretState>();
  const complaint = (state: SecretState): Refused | undefined => {
    if (sound.has(state)) return undefined;
    const outcome = readState(state, dialect);
    if (!outcome.ok) return { ok: false, refusal: { ...outcome.refusal, dialect: dialect.name } };
    if (isFrozen(state)) sound.add(state);
    return undefined;
  };
  const under =
    <Request, Code extends RefusalCode>(
      decide: (state: SecretState, request: Request, dialect: Dialect) => Decision<Code>,
    ): BoundTry<Request, Code> =>
    (state, request) => {
      const outcome = complaint(state) ?? outcomeOf(decide(state, request, dialect));
      if (outcome.ok) sound.add(outcome.state);
      return outcome;
    };

  const tryCreateSecret = (request: CreateSecret) => outcomeOf(decideCreateSecret(request, dialect));
  const tryCreateVersion = under(decideCreateVersion);
  const tryAssignStage = under(decideAssignStage);
  const tryRemoveStage = under(decideRemoveStage);
  const tryPrune = under(decidePruneDeprecated);
  const tryScheduleDeletion = under(decideScheduleDeletion);
  const tryRestore = under(decideRestore);
  const trySetStatus = under(decideSetStatus);
  const tryReduce = under<SecretAction, RefusalCode>(decideAction);
  const tryApplyAll = (state: SecretState, actions: readonly SecretAction[]): BatchOutcome => {
    const refused = complaint(state);
    if (refused) return { ...refused, index: 0 };
    const outcome = applyInTurn(state, actions, dialect);
    if (outcome.ok) sound.add(outcome.state);
    return outcome;
  };
  const planAll = (state: SecretState, actions: readonly SecretAction[]): readonly Plan[] => {
    const refused = complaint(state);
    return refused ? [{ allowed: false, refusal: refused.refusal }] : planInTurn(state, actions, dialect);
  };

  return Object.freeze({
    dialect,
    createSecret: (request: CreateSecret) => orThrow(decideCreateSecret(request, dialect)),
    tryCreateSecret,
    createVersion: throwing(tryCreateVersion),
    tryCreateVersion,
    assignStage: throwing(tryAssignStage),
    tryAssignStage,
    removeStage: throwing(tryRemoveStage),
    tryRemoveStage,
    pruneDeprecated: (state: SecretState, request: PruneDeprecated = {}) => throwing(tryPrune)(state, request),
    tryPruneDeprecated: (state: SecretState, request: PruneDeprecated = {}) => tryPrune(state, request),
    scheduleDeletion: throwing(tryScheduleDeletion),
    tryScheduleDeletion,
    restore: throwing(tryRestore),
    tryRestore,
    setStatus: throwing(trySetStatus),
    trySetStatus,
    reduce: throwing(tryReduce),
    tryReduce,
    applyAll: (state: SecretState, actions: readonly SecretAction[]) => wholeOrThrow(tryApplyAll(state, actions)),
    tryApplyAll,
    plan: (state: SecretState, action: SecretAction) => {
      const refused = complaint(state);
      return refused ? { allowed: false as const, refusal: refused.refusal } : planOne(state, action, dialect);
    },
    planAll,
    parseSecretState: (input: unknown) => readState(input, dialect),
    violations: (state: SecretState) => brokenLaws(state, dialect),
    currentVersion: (state: SecretState) => versionOf(state, dialect.currentStage),
    previousVersion: (state: SecretState) => versionOf(state, dialect.previousStage),
    latestVersion: (state: SecretState) => latestOf(state, dialect),
    remainingStages: (state: SecretState) => Math.max(0, stagesLeft(state.stages, dialect)),
    nextVersionId: (state: SecretState) => nextIdOf(state, dialect),
    isIssued: (state: SecretState, versionId: string) => wasIssued(state, versionId, dialect),
  });
};

interface Refused {
  readonly ok: false;
  readonly refusal: Refusal<'INVALID_STATE'>;
}

const throwing =
  <Request>(attempt: (state: SecretState, request: Request) => Outcome): Bound<Request> =>
  (state, request) => {
    const outcome = attempt(state, request);
    if (!outcome.ok) throw new StageRefusedError(outcome.refusal);
    return outcome.state;
  };

const isFrozen = (state: SecretState): boolean =>
  [state, state.versions, state.stages, state.issued, ...Object.values(state.versions), ...state.stages].every(
    Object.isFrozen,
  );
