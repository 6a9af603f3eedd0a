import { type Arbitrary, array, constant, constantFrom, integer, nat, oneof, option, record } from 'fast-check';
import { csms } from '../../dialects/huawei-csms.ts';
import type { SecretAction } from '../../reduce.ts';
import type { SecretState } from '../../state.ts';
import { type HostileOptions, stageName, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { hostileTime, time } from './time.ts';

/** What {@link secretAction} takes. */
export type SecretActionOptions = HostileOptions;

/**
 * What may be done to a secret: actions that mostly make sense for it, with its own versions and stages, the next id and
 * new stages, and sometimes do not. They shrink to what a person would write, such as
 * `{ type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0 }`. What may be left out is never undefined.
 *
 * @example
 * const db = createSecret({ name: 'db', at: 0 });
 * secretAction(db).canShrinkWithoutContext({ type: 'removeStage', stage: 'blue', at: 1000 }); // true
 * secretAction(db).canShrinkWithoutContext({ type: 'removeStage', stage: 'no blanks', at: 1000 }); // false
 * secretAction(db, { hostile: true }).canShrinkWithoutContext({ type: 'removeStage', stage: 'no blanks', at: 1000 }); // true
 */
export const secretAction = (state: SecretState, options: SecretActionOptions = {}): Arbitrary<SecretAction> => {
  const pieces = actionPieces(options);
  return shrunkAs(suitedTo(state, pieces, false), pieces.any);
};

/** What actions are made of, whatever the secret. */
export const actionPieces = ({ dialect = csms, hostile = false }: SecretActionOptions) => {
  const at = hostile ? hostileTime : time;
  const anyStage = stageName({ dialect, hostile });
  const anyId = versionId({ dialect, hostile });
  const keep = integer({ min: hostile ? -1 : 0, max: 1e6 });
  const { least, most } = dialect.recoveryWindowInDays;
  const recoveryWindowInDays = integer({ min: least - 2, max: most + 2 });
  const status = constantFrom('ENABLED', 'DISABLED', 'FROZEN');

  /** Every kind of action, on such stages and versions. */
  const kindsOn = (stage: Arbitrary<string>, versionId: Arbitrary<string>) => {
    const stages = array(stage, { maxLength: Math.min(2 * dialect.stageListLimit, 200), size: 'max' });
    return {
      createVersion: record({ type: constant('createVersion'), at, versionId, stages }, needs('type', 'at')),
      assignStage: record(
        { type: constant('assignStage'), stage, versionId, at, from: option(versionId) },
        needs('type', 'stage', 'versionId', 'at'),
      ),
      removeStage: record({ type: constant('removeStage'), stage, at, from: versionId }, needs('type', 'stage', 'at')),
      pruneDeprecated: record({ type: constant('pruneDeprecated'), keep, createdBefore: at }, needs('type')),
      scheduleDeletion: record({ type: constant('scheduleDeletion'), at, recoveryWindowInDays }, needs('type', 'at')),
      restore: record({ type: constant('restore'), at }, plain),
      setStatus: record({ type: constant('setStatus'), status, at }, plain),
    };
  };
  // Records know no object that is frozen or of another realm, such as a test runner may have: so what is written is copied.
  const any = oneof(...Object.values(kindsOn(anyStage, anyId))).map(
    (action) => action,
    (written) => ({ ...Object(written) }),
  );
  return { dialect, at, anyStage, anyId, kindsOn, any };
};

const plain = { noNullPrototype: true } as const;

/** The other fields are left out half of the time. */
const needs = <Key extends string>(...requiredKeys: Key[]) => ({ requiredKeys, ...plain });

/** Actions for a secret as it is. One that grows is given versions and stages, and nothing is taken from it. */
export const suitedTo = (
  state: SecretState,
  { dialect, at, anyStage, anyId, kindsOn }: ReturnType<typeof actionPieces>,
  grows: boolean,
): Arbitrary<SecretAction> => {
  const stage = oneof(constantFrom(dialect.currentStage, ...state.stages.map(({ name }) => name)), anyStage);
  const ids = constantFrom(...Object.keys(state.versions));
  const versionId = oneof({ weight: 2, arbitrary: ids }, { weight: 1, arbitrary: anyId });
  const kinds = kindsOn(stage, versionId);
  const stages = array(stage, { maxLength: 3 });
  const takes = grows ? 0 : 1;
  const wakes = state.status === 'ENABLED' ? 0 : 20;
  const enable = record({ type: constant('setStatus'), status: constant('ENABLED'), at }, plain);
  return oneof(
    { weight: 7, arbitrary: record({ type: constant('createVersion'), at, stages }, needs('type', 'at')) },
    { weight: 2, arbitrary: kinds.createVersion },
    { weight: 6, arbitrary: record({ type: constant('assignStage'), stage, versionId, at }, plain) },
    { weight: 2, arbitrary: kinds.assignStage },
    { weight: 2 * takes, arbitrary: kinds.removeStage },
    { weight: takes, arbitrary: record({ type: constant('pruneDeprecated'), keep: nat(4) }, plain) },
    { weight: takes, arbitrary: kinds.pruneDeprecated },
    { weight: takes, arbitrary: kinds.scheduleDeletion },
    { weight: takes, arbitrary: kinds.setStatus },
    { weight: takes, arbitrary: kinds.restore },
    { weight: wakes, arbitrary: state.status === 'PENDING_DELETE' ? kinds.restore : enable },
  );
};
