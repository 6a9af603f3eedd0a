import { type Dialect, frozen } from './dialects/index.ts';

import { type Law, violations } from './laws.ts';
import {
  type AssignStage,
  type AssignStageCode,
  assignStage,
  type CreateSecret,
  type CreateSecretCode,
  type CreateVersion,
  type CreateVersionCode,
  createSecret,
  createVersion,
  type PruneDeprecated,
  type PruneDeprecatedCode,
  pruneDeprecated,
  type RemoveStage,
  type RemoveStageCode,
  type Restore,
  type RestoreCode,
  removeStage,
  restore,
  type ScheduleDeletion,
  type ScheduleDeletionCode,
  type SetStatus,
  type SetStatusCode,
  scheduleDeletion,
  setStatus,
  tryAssignStage,
  tryCreateSecret,
  tryCreateVersion,
  tryPruneDeprecated,
  tryRemoveStage,
  tryRestore,
  tryScheduleDeletion,
  trySetStatus,
} from './operations/index.ts';
import { parseSecretState } from './parse.ts';
import { type Plan, plan, planAll } from './plan.ts';
import {
  currentVersion,
  deprecatedVersions,
  hasVersion,
  isDeprecated,
  latestVersion,
  nextVersionId,
  previousVersion,
  remainingStages,
  stageOf,
  stagesOf,
  versionOf,
  versionsByAge,
} from './queries.ts';
import { applyAll, type BatchOutcome, reduce, type SecretAction, tryApplyAll, tryReduce } from './reduce.ts';
import type { Outcome, RefusalCode } from './refusal.ts';
import type { SecretState } from './state.ts';

/** An operation on a secret, with the dialect fixed. */
export type Bound<Request> = (state: SecretState, request: Request) => SecretState;

/** Its twin, which returns a refusal instead of throwing it. */
export type BoundTry<Request, Code extends RefusalCode> = (state: SecretState, request: Request) => Outcome<Code>;

/** A query that takes a dialect, with the dialect fixed. */
export type BoundQuery<Answer> = (state: SecretState) => Answer;

/** Everything that takes a dialect, with the dialect fixed, and the queries that need none. */
export interface BoundOperations {
  readonly dialect: Dialect;
  /** Creates a secret of the dialect. */
  readonly createSecret: (request: CreateSecret) => SecretState;
  /** `createSecret` that returns a refusal instead of throwing it. */
  readonly tryCreateSecret: (request: CreateSecret) => Outcome<CreateSecretCode>;
  readonly createVersion: Bound<CreateVersion>;
  readonly tryCreateVersion: BoundTry<CreateVersion, CreateVersionCode>;
  readonly assignStage: Bound<AssignStage>;
  readonly tryAssignStage: BoundTry<AssignStage, AssignStageCode>;
  readonly removeStage: Bound<RemoveStage>;
  readonly tryRemoveStage: BoundTry<RemoveStage, RemoveStageCode>;
  /** Deletes deprecated versions, where the dialect allows it. */
  readonly pruneDeprecated: (state: SecretState, request?: PruneDeprecated) => SecretState;
  /** `pruneDeprecated` that returns a refusal instead of throwing it. */
  readonly tryPruneDeprecated: (state: SecretState, request?: PruneDeprecated) => Outcome<PruneDeprecatedCode>;
  readonly scheduleDeletion: Bound<ScheduleDeletion>;
  readonly tryScheduleDeletion: BoundTry<ScheduleDeletion, ScheduleDeletionCode>;
  readonly restore: Bound<Restore>;
  readonly tryRestore: BoundTry<Restore, RestoreCode>;
  readonly setStatus: Bound<SetStatus>;
  readonly trySetStatus: BoundTry<SetStatus, SetStatusCode>;
  readonly reduce: Bound<SecretAction>;
  readonly tryReduce: BoundTry<SecretAction, RefusalCode>;
  readonly applyAll: Bound<readonly SecretAction[]>;
  /** `applyAll` that returns a refusal and its index instead of throwing them. */
  readonly tryApplyAll: (state: SecretState, actions: readonly SecretAction[]) => BatchOutcome;
  /** What an action would do. */
  readonly plan: (state: SecretState, action: SecretAction) => Plan;
  /** What each of many actions would do, up to the first that is refused. */
  readonly planAll: (state: SecretState, actions: readonly SecretAction[]) => readonly Plan[];
  /** Reads a secret of the dialect from untrusted data. */
  readonly parseSecretState: (input: unknown) => Outcome<'WRONG_DIALECT' | 'INVALID_STATE'>;
  readonly violations: BoundQuery<readonly Law[]>;
  readonly currentVersion: BoundQuery<string | undefined>;
  readonly previousVersion: BoundQuery<string | undefined>;
  readonly latestVersion: BoundQuery<string | undefined>;
  readonly remainingStages: BoundQuery<number>;
  readonly nextVersionId: BoundQuery<string>;
  /** The stage of that name, with its version and time. */
  readonly stageOf: typeof stageOf;
  /** The id of the version that a stage marks. */
  readonly versionOf: typeof versionOf;
  /** The names of the stages on a version. */
  readonly stagesOf: typeof stagesOf;
  /** Whether the version exists. */
  readonly hasVersion: typeof hasVersion;
  /** All versions, oldest first. */
  readonly versionsByAge: typeof versionsByAge;
  /** Whether the version exists and no stage marks it. */
  readonly isDeprecated: typeof isDeprecated;
  /** The ids of the deprecated versions, oldest first. */
  readonly deprecatedVersions: typeof deprecatedVersions;
}

/**
 * Fixes the dialect of everything that takes one: each function does what the function of its name does. Use it to work with
 * one cloud and import from one place. The dialect is a frozen copy, so a later change of yours changes nothing here.
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
    createSecret: (request) => createSecret(request, dialect),
    tryCreateSecret: (request) => tryCreateSecret(request, dialect),
    createVersion: (state, request) => createVersion(state, request, dialect),
    tryCreateVersion: (state, request) => tryCreateVersion(state, request, dialect),
    assignStage: (state, request) => assignStage(state, request, dialect),
    tryAssignStage: (state, request) => tryAssignStage(state, request, dialect),
    removeStage: (state, request) => removeStage(state, request, dialect),
    tryRemoveStage: (state, request) => tryRemoveStage(state, request, dialect),
    pruneDeprecated: (state, request) => pruneDeprecated(state, request, dialect),
    tryPruneDeprecated: (state, request) => tryPruneDeprecated(state, request, dialect),
    scheduleDeletion: (state, request) => scheduleDeletion(state, request, dialect),
    tryScheduleDeletion: (state, request) => tryScheduleDeletion(state, request, dialect),
    restore: (state, request) => restore(state, request, dialect),
    tryRestore: (state, request) => tryRestore(state, request, dialect),
    setStatus: (state, request) => setStatus(state, request, dialect),
    trySetStatus: (state, request) => trySetStatus(state, request, dialect),
    reduce: (state, action) => reduce(state, action, dialect),
    tryReduce: (state, action) => tryReduce(state, action, dialect),
    applyAll: (state, actions) => applyAll(state, actions, dialect),
    tryApplyAll: (state, actions) => tryApplyAll(state, actions, dialect),
    plan: (state, action) => plan(state, action, dialect),
    planAll: (state, actions) => planAll(state, actions, dialect),
    parseSecretState: (input) => parseSecretState(input, dialect),
    violations: (state) => violations(state, dialect),
    currentVersion: (state) => currentVersion(state, dialect),
    previousVersion: (state) => previousVersion(state, dialect),
    latestVersion: (state) => latestVersion(state, dialect),
    remainingStages: (state) => remainingStages(state, dialect),
    nextVersionId: (state) => nextVersionId(state, dialect),
    stageOf,
    versionOf,
    stagesOf,
    hasVersion,
    versionsByAge,
    isDeprecated,
    deprecatedVersions,
  });
}
