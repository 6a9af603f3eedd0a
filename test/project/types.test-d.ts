/**
 * What must not compile, and what must: the compiler is the runner (`tsc`), and an error that does not come is one.
 */
import {
  assignStage,
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

// @ts-expect-error A state is frozen for the compiler too.
state.name = 'other';
// @ts-expect-error And so is all in it.
state.stages.push({ name: 'canary', versionId: 'v1', updateTime: 0 });
// @ts-expect-error A version that may not exist has no time to read.
state.versions['v9'].createTime;

// @ts-expect-error The time is always the caller's.
createVersion(state, {});
// @ts-expect-error A stage and a version cannot be swapped by their order.
assignStage(state, 'v1', 'canary', 0);
// @ts-expect-error A name that is not a field is a typo.
assignStage(state, { stage: 'canary', version: 'v1', at: 0 });
// @ts-expect-error No status leads to a scheduled deletion.
setStatus(state, { status: 'PENDING_DELETE', at: 0 });

// @ts-expect-error The actions are a closed union.
reduce(state, { type: 'move', at: 0 });
// @ts-expect-error A secret that is to be created is none to reduce.
reduce(state, { type: 'createSecret', name: 'db', at: 0 });
// @ts-expect-error An action takes what its operation takes.
reduce(state, { type: 'assignStage', stage: 'canary', at: 0 });

// @ts-expect-error There is no such rule to change.
assignStage(state, { stage: 'canary', versionId: 'v1', at: 0 }, { ...huaweiCsms, stageLimits: 5 });
// @ts-expect-error Nor in a group of rules.
defineDialect(huaweiCsms, { stages: { limits: 5 } });

const outcome = tryAssignStage(state, { stage: 'canary', versionId: 'v1', at: 0 });
// @ts-expect-error Whether there is a state must be asked first.
outcome.state;
if (!outcome.ok) {
  // @ts-expect-error An operation is typed by the refusals that it can give; assigning a stage never meets this one.
  outcome.refusal.code === 'VERSION_LIMIT';
  if (outcome.refusal.code === 'WRONG_HOLDER') outcome.refusal.holder satisfies string | null;
}
tryRestore(state, { at: 0 }) satisfies Outcome<
  'INVALID_STATE' | 'WRONG_DIALECT' | 'DELETION_NOT_SCHEDULED' | 'INVALID_VALUE'
>;

// Undefined is as good as left out, under exactOptionalPropertyTypes too.
createVersion(state, { at: 0, versionId: undefined, stages: undefined });
({ type: 'pruneDeprecated' }) satisfies SecretAction;

/** A switch over the codes is exhaustive: a code that is not in it does not compile. */
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
csms.tryRestore(state, { at: 0 }) satisfies ReturnType<typeof tryRestore>;
csms.pruneDeprecated(state) satisfies SecretState;
csms.stageOf(state, null);
// @ts-expect-error The dialect is fixed.
csms.currentVersion(state, huaweiCsms);
// @ts-expect-error A bound operation takes what the operation takes.
csms.assignStage(state, { stage: 'canary', at: 0 });
