import { type Dialect, frozen } from './dialects/index.ts';
import { type Law, violations } from './laws.ts';
import type {
  AssignStage,
  AssignStageCode,
  BatchOutcome,
  CreateSecret,
  CreateSecretCode,
  CreateVersion,
  CreateVersionCode,
  PruneDeprecated,
  PruneDeprecatedCode,
  ReduceCode,
  RemoveStage,
  RemoveStageCode,
  Restore,
  RestoreCode,
  ScheduleDeletion,
  ScheduleDeletionCode,
  SecretAction,
  SetStatus,
  SetStatusCode,
} from './operations/index.ts';
import * as operations from './operations/index.ts';
import { parseSecretState } from './parse.ts';
import { type ParsedAction, parseAction } from './parse-action.ts';
import { type Plan, plan, planAll } from './plan.ts';
import * as queries from './queries.ts';
import type { Outcome } from './refusal.ts';
import type { SecretState, SecretVersion, Stage } from './state.ts';

/** Functions without their last parameter, the dialect. A function that takes no dialect is unchanged. */
export type Bound<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...args: [...infer Rest, Dialect]) => infer Result
    ? (...args: Rest) => Result
    : Functions[Name];
};

/**
 * Every function that takes a dialect, with the dialect fixed, and the queries that do not need one. The function of the
 * same name documents each of them.
 */
export interface BoundOperations {
  /** The fixed dialect, as a frozen copy. */
  readonly dialect: Dialect;
  /** Creates a secret with its first version. Throws a refusal. */
  readonly createSecret: (request: CreateSecret) => SecretState;
  /** Does the same as `createSecret`, and returns a refusal instead of throwing it. */
  readonly tryCreateSecret: (request: CreateSecret) => Outcome<CreateSecretCode>;
  /** Creates a version. Throws a refusal. */
  readonly createVersion: (state: SecretState, request: CreateVersion) => SecretState;
  /** Does the same as `createVersion`, and returns a refusal instead of throwing it. */
  readonly tryCreateVersion: (state: SecretState, request: CreateVersion) => Outcome<CreateVersionCode>;
  /** Moves a stage to a version, or creates it there. Throws a refusal. */
  readonly assignStage: (state: SecretState, request: AssignStage) => SecretState;
  /** Does the same as `assignStage`, and returns a refusal instead of throwing it. */
  readonly tryAssignStage: (state: SecretState, request: AssignStage) => Outcome<AssignStageCode>;
  /** Removes a stage from its version. Throws a refusal. */
  readonly removeStage: (state: SecretState, request: RemoveStage) => SecretState;
  /** Does the same as `removeStage`, and returns a refusal instead of throwing it. */
  readonly tryRemoveStage: (state: SecretState, request: RemoveStage) => Outcome<RemoveStageCode>;
  /** Deletes deprecated versions. Throws a refusal. */
  readonly pruneDeprecated: (state: SecretState, request?: PruneDeprecated) => SecretState;
  /** Does the same as `pruneDeprecated`, and returns a refusal instead of throwing it. */
  readonly tryPruneDeprecated: (state: SecretState, request?: PruneDeprecated) => Outcome<PruneDeprecatedCode>;
  /** Schedules the deletion of a secret. Throws a refusal. */
  readonly scheduleDeletion: (state: SecretState, request: ScheduleDeletion) => SecretState;
  /** Does the same as `scheduleDeletion`, and returns a refusal instead of throwing it. */
  readonly tryScheduleDeletion: (state: SecretState, request: ScheduleDeletion) => Outcome<ScheduleDeletionCode>;
  /** Cancels a scheduled deletion. Throws a refusal. */
  readonly restore: (state: SecretState, request: Restore) => SecretState;
  /** Does the same as `restore`, and returns a refusal instead of throwing it. */
  readonly tryRestore: (state: SecretState, request: Restore) => Outcome<RestoreCode>;
  /** Enables, disables or freezes a secret. Throws a refusal. */
  readonly setStatus: (state: SecretState, request: SetStatus) => SecretState;
  /** Does the same as `setStatus`, and returns a refusal instead of throwing it. */
  readonly trySetStatus: (state: SecretState, request: SetStatus) => Outcome<SetStatusCode>;
  /** Does an action. Throws a refusal. */
  readonly reduce: (state: SecretState, action: SecretAction) => SecretState;
  /** Does the same as `reduce`, and returns a refusal instead of throwing it. */
  readonly tryReduce: (state: SecretState, action: SecretAction) => Outcome<ReduceCode>;
  /** Does all actions of a batch, or none. Throws a refusal. */
  readonly applyAll: (state: SecretState, actions: readonly SecretAction[]) => SecretState;
  /** Does the same as `applyAll`, and returns a refusal instead of throwing it. */
  readonly tryApplyAll: (state: SecretState, actions: readonly SecretAction[]) => BatchOutcome;
  /** Plans an action without doing it. */
  readonly plan: (state: SecretState, action: SecretAction) => Plan;
  /** Plans several actions in order. */
  readonly planAll: (state: SecretState, actions: readonly SecretAction[]) => readonly Plan[];
  /** Reads a secret from untrusted data. */
  readonly parseSecretState: (input: unknown) => Outcome<'WRONG_DIALECT' | 'INVALID_STATE'>;
  /** Reads an action from untrusted data. Its names must be valid in the dialect. */
  readonly parseAction: (input: unknown) => ParsedAction;
  /** Returns the laws that a state breaks. */
  readonly violations: (state: SecretState) => readonly Law[];
  /** Returns the id of the current version. */
  readonly currentVersion: (state: SecretState) => string | undefined;
  /** Returns the id of the previous version. */
  readonly previousVersion: (state: SecretState) => string | undefined;
  /** Returns the id of the version that a reader of `latest` gets. */
  readonly latestVersion: (state: SecretState) => string | undefined;
  /** Returns how many more stages the secret can have. */
  readonly remainingStages: (state: SecretState) => number;
  /** Returns the id that `createVersion` uses if you omit `versionId`. */
  readonly nextVersionId: (state: SecretState) => string;
  /** Returns a stage with its version and time. */
  readonly stageOf: (state: SecretState, stage: string | null) => Stage | undefined;
  /** Returns the id of the version that a stage is on. */
  readonly versionOf: (state: SecretState, stage: string | null) => string | undefined;
  /** Returns the names of the stages on a version. */
  readonly stagesOf: (state: SecretState, versionId: string) => readonly string[];
  /** Returns whether the version exists. */
  readonly hasVersion: (state: SecretState, versionId: string) => boolean;
  /** Returns all versions, oldest first. */
  readonly versionsByAge: (state: SecretState) => readonly SecretVersion[];
  /** Returns whether the version exists and no stage marks it. */
  readonly isDeprecated: (state: SecretState, versionId: string) => boolean;
  /** Returns the ids of the deprecated versions, oldest first. */
  readonly deprecatedVersions: (state: SecretState) => readonly string[];
}

/**
 * Fixes the dialect of every function that takes one. Each bound function does the same as the function of its name.
 * Use it to work with one cloud. The dialect is copied and frozen, so later changes to yours have no effect.
 *
 * @example
 * const google = bind(googleSecretManager);
 * const none = google.createSecret({ name: 'db', at: 0, versionId: null });
 * google.latestVersion(google.createVersion(none, { at: 1000 })); // '1'
 * const refused = google.tryCreateVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * refused.ok || refused.refusal; // { code: 'WRONG_DIALECT', stateDialect: 'huawei-csms', dialect: 'google-secret-manager' }
 */
export function bind(ofDialect: Dialect): BoundOperations {
  const dialect = frozen(ofDialect);
  return Object.freeze<BoundOperations>({
    dialect,
    createSecret: (request) => operations.createSecret(request, dialect),
    tryCreateSecret: (request) => operations.tryCreateSecret(request, dialect),
    createVersion: (state, request) => operations.createVersion(state, request, dialect),
    tryCreateVersion: (state, request) => operations.tryCreateVersion(state, request, dialect),
    assignStage: (state, request) => operations.assignStage(state, request, dialect),
    tryAssignStage: (state, request) => operations.tryAssignStage(state, request, dialect),
    removeStage: (state, request) => operations.removeStage(state, request, dialect),
    tryRemoveStage: (state, request) => operations.tryRemoveStage(state, request, dialect),
    pruneDeprecated: (state, request) => operations.pruneDeprecated(state, request, dialect),
    tryPruneDeprecated: (state, request) => operations.tryPruneDeprecated(state, request, dialect),
    scheduleDeletion: (state, request) => operations.scheduleDeletion(state, request, dialect),
    tryScheduleDeletion: (state, request) => operations.tryScheduleDeletion(state, request, dialect),
    restore: (state, request) => operations.restore(state, request, dialect),
    tryRestore: (state, request) => operations.tryRestore(state, request, dialect),
    setStatus: (state, request) => operations.setStatus(state, request, dialect),
    trySetStatus: (state, request) => operations.trySetStatus(state, request, dialect),
    reduce: (state, action) => operations.reduce(state, action, dialect),
    tryReduce: (state, action) => operations.tryReduce(state, action, dialect),
    applyAll: (state, actions) => operations.applyAll(state, actions, dialect),
    tryApplyAll: (state, actions) => operations.tryApplyAll(state, actions, dialect),
    plan: (state, action) => plan(state, action, dialect),
    planAll: (state, actions) => planAll(state, actions, dialect),
    parseSecretState: (input) => parseSecretState(input, dialect),
    parseAction: (input) => parseAction(input, dialect),
    violations: (state) => violations(state, dialect),
    currentVersion: (state) => queries.currentVersion(state, dialect),
    previousVersion: (state) => queries.previousVersion(state, dialect),
    latestVersion: (state) => queries.latestVersion(state, dialect),
    remainingStages: (state) => queries.remainingStages(state, dialect),
    nextVersionId: (state) => queries.nextVersionId(state, dialect),
    stageOf: queries.stageOf,
    versionOf: queries.versionOf,
    stagesOf: queries.stagesOf,
    hasVersion: queries.hasVersion,
    versionsByAge: queries.versionsByAge,
    isDeprecated: queries.isDeprecated,
    deprecatedVersions: queries.deprecatedVersions,
  });
}
