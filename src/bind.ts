import { type Dialect, frozen } from './dialects/index.ts';
import { violations } from './laws.ts';
import type { functions } from './operations/index.ts';
import * as operations from './operations/index.ts';
import { parseSecretState } from './parse.ts';
import { type ParsedAction, parseAction } from './parse-action.ts';
import { plan, planAll } from './plan.ts';
import * as queries from './queries.ts';

/** Functions without their last parameter, the dialect. A function that takes no dialect is unchanged. */
export type Bound<Functions> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...args: [...infer Rest, Dialect]) => infer Result
    ? (...args: Rest) => Result
    : Functions[Name];
};

/** Every function that takes a dialect, with the dialect fixed, and the queries that do not need one. */
export type BoundOperations = { readonly dialect: Dialect } & Bound<typeof functions & typeof queries> &
  Bound<{ parseSecretState: typeof parseSecretState; violations: typeof violations }> & {
    /** Reads an action from untrusted data. Its names must be valid in the dialect. */
    readonly parseAction: (input: unknown) => ParsedAction;
  } & Bound<{ plan: typeof plan; planAll: typeof planAll }>;

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
