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
import { type Decision, type Outcome, outcomeOf, type RefusalCode, StageRefusedError } from './refusal.ts';
import type { SecretState } from './state.ts';

/** An operation on a secret that exists, under one dialect. */
export type Bound<Request> = (state: SecretState, request: Request) => SecretState;

/** Its twin, which never throws a refusal. */
export type BoundTry<Request, Code extends RefusalCode> = (
  state: SecretState,
  request: Request,
) => Outcome<Code> | Outcome<'INVALID_STATE'>;

/** A question about a secret, under one dialect. */
export type BoundQuery<Answer> = (state: SecretState) => Answer;

/**
 * Everything that takes a dialect, under one: each does what the function of its name does. What does something with a state
 * refuses one that is none of the dialect (INVALID_STATE).
 */
export interface BoundOperations {
  readonly dialect: Dialect;
  /** A new secret of the dialect. */
  readonly createSecret: (request: CreateSecret) => SecretState;
  /** The same, with a refusal returned instead of thrown. */
  readonly tryCreateSecret: (request: CreateSecret) => Outcome<CreateSecretCode>;
  readonly createVersion: Bound<CreateVersion>;
  readonly tryCreateVersion: BoundTry<CreateVersion, CreateVersionCode>;
  readonly assignStage: Bound<AssignStage>;
  readonly tryAssignStage: BoundTry<AssignStage, AssignStageCode>;
  readonly removeStage: Bound<RemoveStage>;
  readonly tryRemoveStage: BoundTry<RemoveStage, RemoveStageCode>;
  /** Deletes what no stage marks, as far as the dialect lets it go. */
  readonly pruneDeprecated: (state: SecretState, request?: PruneDeprecated) => SecretState;
  /** The same, with a refusal returned instead of thrown. */
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
  /** A batch, with a refusal and its index returned instead of thrown. */
  readonly tryApplyAll: (state: SecretState, actions: readonly SecretAction[]) => BatchOutcome;
  /** What an action would do. */
  readonly plan: (state: SecretState, action: SecretAction) => Plan;
  /** What many actions would do, up to the first that is refused. */
  readonly planAll: (state: SecretState, actions: readonly SecretAction[]) => readonly Plan[];
  /** Reads a secret of the dialect from untrusted data. */
  readonly parseSecretState: (input: unknown) => Outcome<'INVALID_STATE'>;
  readonly violations: BoundQuery<readonly Law[]>;
  readonly currentVersion: BoundQuery<string | undefined>;
  readonly previousVersion: BoundQuery<string | undefined>;
  readonly latestVersion: BoundQuery<string | undefined>;
  readonly remainingStages: BoundQuery<number>;
  readonly nextVersionId: BoundQuery<string>;
  /** Whether a version of the secret ever had the id. */
  readonly isIssued: (state: SecretState, versionId: string) => boolean;
}

/**
 * The operations with the dialect fixed, for whoever works with one cloud: a state that is none of the dialect is refused
 * instead of used by accident, and a bundle carries no other dialect. What a state does not show cannot be told: a stage of
 * another cloud may well be a name that this one allows.
 *
 * Refused, beside what each operation refuses: the state breaks a law of the dialect, or has a name, an id or a status that
 * the dialect does not allow (INVALID_STATE, with the dialect, and every problem by its place or by the id of the law). A
 * batch is refused at 0. A state that could still be changed is copied first, so that nothing is shared with it.
 *
 * @example
 * const google = bind(googleSecretManager);
 * const none = google.createSecret({ name: 'db', at: 0, versionId: null });
 * google.latestVersion(google.createVersion(none, { at: 1000 })); // '1'
 * const refused = google.tryCreateVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * refused.ok || describe(refused.refusal); // 'This is not a secret of Google Secret Manager: state.versions["v1"].id must match /^[1-9]\\d*$/, not "v1"; state.stages[0].versionId must match /^[1-9]\\d*$/, not "v1".'
 */
export const bind = (dialect: Dialect): BoundOperations => {
  const rules = Object.freeze({ ...dialect });
  // What is frozen to the bottom, and was looked at or made here, is not looked at again.
  const sound = new WeakSet<SecretState>();
  const remembered = <Code extends RefusalCode>(outcome: Outcome<Code>): Outcome<Code> => {
    if (outcome.ok) sound.add(outcome.state);
    return outcome;
  };
  /** The state, or a frozen copy of one that somebody could still change; or why it is none of the dialect. */
  const soundOne = (state: SecretState): Outcome<'INVALID_STATE'> => {
    if (sound.has(state)) return { ok: true, state };
    const outcome = readState(state, rules);
    if (!outcome.ok) return { ok: false, refusal: { ...outcome.refusal, dialect: rules.name } };
    return remembered(isFrozen(state) ? { ok: true, state } : outcome);
  };
  const under =
    <Request, Code extends RefusalCode>(
      decide: (state: SecretState, request: Request, dialect: Dialect) => Decision<Code>,
    ): BoundTry<Request, Code> =>
    (state, request) => {
      const before = soundOne(state);
      return before.ok ? remembered(outcomeOf(decide(before.state, request, rules))) : before;
    };

  const tryCreateSecret = (request: CreateSecret) => remembered(outcomeOf(decideCreateSecret(request, rules)));
  const tryCreateVersion = under(decideCreateVersion);
  const tryAssignStage = under(decideAssignStage);
  const tryRemoveStage = under(decideRemoveStage);
  const tryPrune = under(decidePruneDeprecated);
  const tryScheduleDeletion = under(decideScheduleDeletion);
  const tryRestore = under(decideRestore);
  const trySetStatus = under(decideSetStatus);
  const tryReduce = under<SecretAction, RefusalCode>(decideAction);
  const tryApplyAll = (state: SecretState, actions: readonly SecretAction[]): BatchOutcome => {
    const before = soundOne(state);
    if (!before.ok) return { ...before, index: 0 };
    const outcome = applyInTurn(before.state, actions, rules);
    if (outcome.ok) sound.add(outcome.state);
    return outcome;
  };
  const planAll = (state: SecretState, actions: readonly SecretAction[]): readonly Plan[] => {
    const before = soundOne(state);
    return before.ok ? planInTurn(before.state, actions, rules) : [{ allowed: false, refusal: before.refusal }];
  };

  return Object.freeze({
    dialect: rules,
    createSecret: (request: CreateSecret) => stateOf(tryCreateSecret(request)),
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
      const before = soundOne(state);
      return before.ok ? planOne(before.state, action, rules) : { allowed: false as const, refusal: before.refusal };
    },
    planAll,
    parseSecretState: (input: unknown) => readState(input, rules),
    violations: (state: SecretState) => brokenLaws(state, rules),
    currentVersion: (state: SecretState) => versionOf(state, rules.currentStage),
    previousVersion: (state: SecretState) => versionOf(state, rules.previousStage),
    latestVersion: (state: SecretState) => latestOf(state, rules),
    remainingStages: (state: SecretState) => Math.max(0, stagesLeft(state.stages, rules)),
    nextVersionId: (state: SecretState) => nextIdOf(state, rules),
    isIssued: (state: SecretState, versionId: string) => wasIssued(state, versionId, rules),
  });
};

const stateOf = (outcome: Outcome): SecretState => {
  if (!outcome.ok) throw new StageRefusedError(outcome.refusal);
  return outcome.state;
};

const throwing =
  <Request>(attempt: (state: SecretState, request: Request) => Outcome): Bound<Request> =>
  (state, request) =>
    stateOf(attempt(state, request));

const isFrozen = (state: SecretState): boolean =>
  [
    state,
    state.versions,
    state.stages,
    state.issued,
    state.issued.chosenIds,
    ...Object.values(state.versions),
    ...state.stages,
  ].every(Object.isFrozen);
