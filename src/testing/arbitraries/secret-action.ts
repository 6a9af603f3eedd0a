import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  record,
} from 'fast-check';
import { mustBelong } from '../../belongs.ts';
import { huaweiCsms, isOffered, settableStatuses } from '../../dialects/index.ts';
import type { SecretAction } from '../../operations/index.ts';
import { versionOf } from '../../queries.ts';
import type { SecretState } from '../../state.ts';
import { fingerprint } from './fingerprint.ts';
import { type HostileOptions, stageName, versionId } from './names.ts';
import { shrunkAs } from './shrunk-as.ts';
import { hostileTimeFor, timeFor } from './time.ts';

/** The options of {@link secretAction}. */
export type SecretActionOptions = HostileOptions;

/**
 * Generates actions for a secret. Most make sense for it, with its versions and stages, the next id and new stages; some do not.
 * They shrink to simple actions such as `{ type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0 }`. Optional fields are
 * omitted, never undefined.
 *
 * @example
 * const db = createSecret({ name: 'db', at: 0 });
 * secretAction(db).canShrinkWithoutContext({ type: 'removeStage', stage: 'blue', at: 1000 }); // true
 * secretAction(db).canShrinkWithoutContext({ type: 'removeStage', stage: 'no blanks', at: 1000 }); // false
 * secretAction(db, { hostile: true }).canShrinkWithoutContext({ type: 'removeStage', stage: 'no blanks', at: 1000 }); // true
 * const later = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
 * const ofGoogle = secretAction(later, { dialect: googleSecretManager });
 * ofGoogle.canShrinkWithoutContext({ type: 'assignStage', stage: 'latest', versionId: '1', at: 1000 }); // false
 */
export function secretAction(state: SecretState, options: SecretActionOptions = {}): Arbitrary<SecretAction> {
  const parts = partsOfActions(options);
  mustBelong(state, parts.dialect);
  return shrunkAs(suitedTo(state, parts, false), parts.anyAction);
}

/** The arbitraries that actions are made of. */
export function partsOfActions({ dialect = huaweiCsms, hostile = false }: SecretActionOptions) {
  const at = hostile ? hostileTimeFor(dialect) : timeFor(dialect);
  const anyStage = stageName({ dialect, hostile });
  const anyId = versionId({ dialect, hostile });
  const keep = integer({ min: hostile ? -1 : 0, max: 1e6 });
  const { least, most } = dialect.secret.deletionDays ?? { least: 7, most: 30 };
  const recoveryWindowInDays = integer({ min: least - 2, max: most + 2 });
  const status = constantFrom(...settableStatuses((hostile ? huaweiCsms : dialect).secret));
  // If the dialect refuses an empty list, lists are not empty.
  const minLength = hostile ? 0 : dialect.versions.lists.least;

  /** Every kind of action, on the given stages and versions. */
  const kindsOn = (stage: Arbitrary<string>, versionId: Arbitrary<string>, isPrinted: boolean, mayWait: boolean) => {
    const maxLength = Math.min(2 * dialect.versions.lists.most || 1, 200);
    const stages = array(stage, { minLength, maxLength, size: 'max' });
    const content = { ...(isPrinted && { fingerprint }), ...(mayWait && { withoutValue: boolean() }) };
    return {
      createVersion: record(
        { type: constant('createVersion'), at, versionId, stages, ...content },
        needs('type', 'at'),
      ),
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
  // `record` cannot shrink objects that are frozen or of another realm, as in a test runner, so they are copied.
  const anyAction = oneof(...Object.values(kindsOn(anyStage, anyId, true, true))).map(
    (action) => action,
    (example) => ({ ...Object(example) }),
  );
  /** The weight of an action. Actions that the dialect lacks are drawn only in hostile mode. */
  const often = (weight: number, type: SecretAction['type']) => (hostile || isOffered(type, dialect) ? weight : 0);
  return { dialect, hostile, at, anyStage, anyId, minLength, kindsOn, often, anyAction };
}

const plain = { noNullPrototype: true } as const;

/** Omits the other fields half of the time. */
const needs = <Key extends string>(...requiredKeys: Key[]) => ({ requiredKeys, ...plain });

type ActionParts = ReturnType<typeof partsOfActions>;

/** Actions for a state. If it grows, they only add versions and stages. */
export function suitedTo(state: SecretState, parts: ActionParts, grows: boolean): Arbitrary<SecretAction> {
  const { dialect, hostile, at, anyStage, anyId, minLength, kindsOn, often } = parts;
  const { current, move: moves } = dialect.stages;
  const { lists, repeatedId, mayAwaitValue } = dialect.versions;
  const isPrinted = repeatedId === 'ignored';
  const known = [...(current === null ? [] : [current]), ...state.stages.map(({ name }) => name)];
  const stage = known.length > 0 ? oneof(constantFrom(...known), anyStage) : anyStage;
  const ids = Object.keys(state.versions);
  const existingId = ids.length > 0 ? constantFrom(...ids) : anyId;
  const versionId = oneof({ weight: 2, arbitrary: existingId }, { weight: 1, arbitrary: anyId });
  const kinds = kindsOn(stage, versionId, isPrinted, hostile);
  const stages = array(stage, { minLength, maxLength: 3 });
  const plainly = { type: constant('createVersion'), at, ...(lists.most > 0 && { stages }) };
  const printed = { ...plainly, ...(isPrinted && { fingerprint }) };
  const creation = record(printed, needs('type', 'at'));
  const unfilled = record({ ...plainly, withoutValue: constant(true) }, needs('type', 'at', 'withoutValue'));
  const waiting = ids.filter((id) => state.versions[id]?.withoutValue);
  const waitingId = waiting.length > 0 ? constantFrom(...waiting) : anyId;
  const filling = record({ ...printed, versionId: waitingId }, needs('type', 'at', 'versionId'));
  const again = record({ type: constant('createVersion'), at, versionId: existingId, fingerprint }, plain);
  const move = record({ type: constant('assignStage'), stage, versionId, at }, plain);
  const named = move.map((action) => ({ ...action, from: versionOf(state, action.stage) ?? null }));
  const takes = grows ? 0 : 1;
  const wakes = state.status === 'ENABLED' ? 0 : 20;
  const enable = record({ type: constant('setStatus'), status: constant('ENABLED'), at }, plain);
  return oneof(
    { weight: 7, arbitrary: creation },
    { weight: 2, arbitrary: kinds.createVersion },
    { weight: isPrinted ? 1 + takes : 0, arbitrary: again },
    { weight: mayAwaitValue ? takes : 0, arbitrary: unfilled },
    { weight: waiting.length > 0 ? 2 : 0, arbitrary: filling },
    { weight: 6, arbitrary: moves === 'from-the-named-holder' ? named : move },
    { weight: 2, arbitrary: kinds.assignStage },
    { weight: 2 * takes, arbitrary: kinds.removeStage },
    { weight: takes, arbitrary: record({ type: constant('pruneDeprecated'), keep: nat(4) }, plain) },
    { weight: takes, arbitrary: kinds.pruneDeprecated },
    { weight: often(takes, 'scheduleDeletion'), arbitrary: kinds.scheduleDeletion },
    { weight: often(takes, 'setStatus'), arbitrary: kinds.setStatus },
    { weight: often(takes, 'restore'), arbitrary: kinds.restore },
    { weight: wakes, arbitrary: state.status === 'PENDING_DELETE' ? kinds.restore : enable },
  );
}
