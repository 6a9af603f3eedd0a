/**
 * Type tests: what must compile, and what must not. `tsc` runs them, and reports an expected error that does not occur.
 */
import type * as core from '../../src/index.ts';
import {
  assignStage,
  type Bound,
  type BoundOperations,
  bind,
  createSecret,
  createVersion,
  defineDialect,
  explain,
  huaweiCsms,
  type Outcome,
  type Refusal,
  type RefusalCode,
  reduce,
  type SecretAction,
  type SecretState,
  setStatus,
  tryAssignStage,
  tryRestore,
} from '../../src/index.ts';

const state: SecretState = createSecret({ name: 'db', at: 0 });

// @ts-expect-error A state is read-only.
state.name = 'other';
// @ts-expect-error Its lists are read-only, too.
state.stages.push({ name: 'canary', versionId: 'v1', updateTime: 0 });
// @ts-expect-error The version may not exist.
state.versions['v9'].createTime;

// @ts-expect-error The time is required.
createVersion(state, {});
// @ts-expect-error Fields are named, so they cannot be swapped.
assignStage(state, 'v1', 'canary', 0);
// @ts-expect-error The field `version` is unknown.
assignStage(state, { stage: 'canary', version: 'v1', at: 0 });
// @ts-expect-error setStatus cannot schedule a deletion.
setStatus(state, { status: 'PENDING_DELETE', at: 0 });

// @ts-expect-error The type of action is unknown.
reduce(state, { type: 'move', at: 0 });
// @ts-expect-error createSecret is not an action on a secret.
reduce(state, { type: 'createSecret', name: 'db', at: 0 });
// @ts-expect-error The action lacks a field of its operation.
reduce(state, { type: 'assignStage', stage: 'canary', at: 0 });

// @ts-expect-error The rule is unknown.
assignStage(state, { stage: 'canary', versionId: 'v1', at: 0 }, { ...huaweiCsms, stageLimits: 5 });
// @ts-expect-error The rule is unknown in its group.
defineDialect(huaweiCsms, { stages: { limits: 5 } });

const outcome = tryAssignStage(state, { stage: 'canary', versionId: 'v1', at: 0 });
// @ts-expect-error `ok` must be checked first.
outcome.state;
if (!outcome.ok) {
  // @ts-expect-error assignStage never refuses with this code.
  outcome.refusal.code === 'VERSION_LIMIT';
  if (outcome.refusal.code === 'WRONG_HOLDER') outcome.refusal.holder satisfies string | null;
}
tryRestore(state, { at: 0 }) satisfies Outcome<
  'INVALID_STATE' | 'WRONG_DIALECT' | 'DELETION_NOT_SCHEDULED' | 'INVALID_VALUE'
>;

// Undefined means omitted, under exactOptionalPropertyTypes, too.
createVersion(state, { at: 0, versionId: undefined, stages: undefined });
({ type: 'pruneDeprecated' }) satisfies SecretAction;

/** A switch over the codes is exhaustive: it does not compile if a code is missing. */
const advice = (refusal: Refusal): string => {
  switch (refusal.code) {
    case 'STAGE_LIMIT':
    case 'STAGE_LIST_LIMIT':
    case 'VERSION_LIMIT':
      return `at most ${refusal.limit}`;
    case 'WRONG_DIALECT':
    case 'INVALID_VALUE':
    case 'SECRET_NOT_ENABLED':
    case 'DELETION_ALREADY_SCHEDULED':
    case 'DELETION_NOT_SCHEDULED':
    case 'UNKNOWN_VERSION':
    case 'UNKNOWN_STAGE':
    case 'WRONG_HOLDER':
    case 'HOLDER_NOT_NAMED':
    case 'ACTION_NOT_OFFERED':
    case 'BUILT_IN_STAGE':
    case 'ROTATION_INCOMPLETE':
    case 'VERSION_ID_TAKEN':
    case 'UNKNOWN_ACTION':
    case 'INVALID_STATE':
    case 'INVALID_HISTORY':
    case 'DIALECT_CONTRADICTION':
      return explain(refusal);
  }
};
advice satisfies (refusal: Refusal<RefusalCode>) => string;

const csms = bind(huaweiCsms);
/** Every bound function has the type of the function of its name, without the dialect. */
csms satisfies Bound<Pick<typeof core, Exclude<keyof BoundOperations, 'dialect'>>>;
({}) as Bound<Pick<typeof core, Exclude<keyof BoundOperations, 'dialect'>>> satisfies Omit<BoundOperations, 'dialect'>;
csms.tryRestore(state, { at: 0 }) satisfies ReturnType<typeof tryRestore>;
csms.pruneDeprecated(state) satisfies SecretState;
csms.stageOf(state, null);
// @ts-expect-error The dialect is fixed.
csms.currentVersion(state, huaweiCsms);
// @ts-expect-error A bound operation requires the same fields.
csms.assignStage(state, { stage: 'canary', at: 0 });
