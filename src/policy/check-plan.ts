import { refusalSentence } from '../explain.ts';
import {
  type Dialect,
  deprecatedVersions,
  type Effect,
  isDeprecated,
  type Refusal,
  type SecretAction,
  type SecretState,
} from '../index.ts';
import { counted, quote } from '../text.ts';
import { type CheckRequest, caseOf, policyOf, type Unchecked, unchecked } from './check.ts';
import { type Trial, tryOut, withRemedies } from './remedy.ts';
import type { Case } from './rule.ts';
import { type Finding, findingsOf, without } from './run-rules.ts';
import { isKnown, remarksOf } from './subject.ts';

/** What actions would do, and which findings they would cause and fix. */
export type PlanReport = AllowedPlan | RefusedPlan;

/** What {@link checkPlan} returns if every action is allowed. */
export interface AllowedPlan {
  /** True: the actions can be done. They may cause findings. */
  readonly allowed: true;
  /** The secret after the last action. */
  readonly state: SecretState;
  /** The effects that the actions request. */
  readonly asked: readonly Effect[];
  /** Side effects: the previous stage follows, or a version becomes deprecated or is deleted to make room. */
  readonly follows: readonly Effect[];
  /** The new findings, in the secret after the last action and in each change. */
  readonly causes: readonly Finding[];
  /** The findings that the actions would fix. */
  readonly fixes: readonly Finding[];
  /** What could not be checked, because the source does not say what the rule needs. */
  readonly unchecked: readonly Unchecked[];
  /** The versions whose values the actions delete, or leave for the cloud to delete. */
  readonly loses: readonly Loss[];
  /** What else to know before the actions are done, such as that a service manages the secret, in plain English. */
  readonly remarks: readonly string[];
}

/** A version whose value is lost, or may be. */
export interface Loss {
  /** The id of the version. */
  readonly versionId: string;
  /** Whether the actions delete the version. If not, no stage marks it any more, and the cloud may delete it. */
  readonly isDeleted: boolean;
  /** What happens to the value, and when. */
  readonly sentence: string;
}

/** What {@link checkPlan} returns if an action is refused. */
export interface RefusedPlan {
  /** False: none of the actions would be done. */
  readonly allowed: false;
  /** The index of the refused action, from 0. */
  readonly index: number;
  /** Why it is refused, and what to do, in plain English. */
  readonly sentence: string;
  /** The refusal of the model. Absent if the plan is refused for another reason: the secret is a replica. */
  readonly refusal?: Refusal;
}

/**
 * Checks actions before they are done. Reports whether they are allowed, what they would do, and which findings they would cause
 * and fix.
 *
 * Refuses every plan for a replica (`replicaOf`), because a cloud changes it only through its primary secret.
 *
 * Source: AWS Secrets Manager user guide (documented: a replica refuses changes; a managing service may restrict them; a deprecated
 * version is not deleted within 24 hours of its creation). CSMS API reference, UpdateSecretStage (documented: a version without a
 * stage may be deleted at any time).
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect, INVALID_VALUE if `at` is not a time.
 * @throws {RangeError} if two rules have the same id.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const back = checkPlan(two, [{ type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 }], { at: 2000 });
 * back.causes.map((finding) => finding.rule); // ['rollback', 'previous-is-not-current']
 */
export function checkPlan(state: SecretState, actions: readonly SecretAction[], request: CheckRequest): PlanReport {
  const secret = caseOf(state, request);
  const policy = policyOf(request);
  const remarks = remarksOf(secret);
  if (secret.replicaOf !== undefined && actions.length > 0)
    return { allowed: false, index: 0, sentence: remarks.join(' ') };
  const trial = tryOut(actions, secret, policy);
  if (!trial.allowed) return { ...trial, sentence: refusalSentence(trial.refusal) };
  const before = findingsOf(secret, policy);
  return {
    allowed: true,
    state: trial.secret.state,
    asked: trial.asked,
    follows: trial.follows,
    causes: withRemedies(without(trial.findings, before), trial.findings, trial.secret, policy),
    fixes: withRemedies(without(before, trial.findings), before, secret, policy),
    unchecked: unchecked(trial.secret, policy, trial.changes),
    loses: lossesIn(trial, state),
    remarks: [...remarks, ...doubtsIn(trial.secret, secret)],
  };
}

/**
 * Remarks that the new current version may have no value, if it had only the pending stage. A rotation that failed early leaves
 * such a version (aws-sdk-js-v3 #7701, observed). Responses that list versions do not say whether they have values (documented).
 */
function doubtsIn({ current = '', dialect }: Case, before: Case): readonly string[] {
  const { stages, versions } = dialect;
  const isDoubtful = versions.mayAwaitValue && !isKnown(before, 'issued') && before.pending === current;
  if (!isDoubtful || before.stagesOf(current).length > 1) return [];
  return [
    `Whether version ${quote(current)} has a value is unknown. If it has none, readers of stage ${quote(`${stages.current}`)} get an error. Read it first.`,
  ];
}

/** Versions that had no value lose none. */
function lossesIn(
  { secret: { state, dialect }, asked, follows }: Extract<Trial, { allowed: true }>,
  before: SecretState,
) {
  const deleted = [...asked, ...follows].flatMap((effect) => (effect.type === 'versionPruned' ? effect.versionId : []));
  const fate = fateOfDeprecated(dialect);
  const deprecated = fate === undefined ? [] : deprecatedVersions(state).filter((id) => !isDeprecated(before, id));
  return [
    ...deleted.map((versionId) => ({
      versionId,
      isDeleted: true,
      sentence: `The value of version ${quote(versionId)} is deleted.`,
    })),
    ...deprecated.map((versionId) => ({
      versionId,
      isDeleted: false,
      sentence: `Version ${quote(versionId)} has no stage any more. Its value may be deleted ${fate}.`,
    })),
  ].filter(({ versionId }) => !(state.versions[versionId] ?? before.versions[versionId])?.withoutValue);
}

/** When the cloud may delete a deprecated version; undefined if it never does. */
function fateOfDeprecated({ versions: { prune, limit } }: Dialect): string | undefined {
  if (prune === 'deletes') return 'at any time';
  if (limit?.whenFull !== 'drop-oldest-deprecated') return undefined;
  const { most, sparedHours, isRough } = limit;
  const full = `when the secret has more than ${isRough ? 'about ' : ''}${counted(most, 'version')}`;
  return sparedHours === undefined ? full : `${full}, but not within ${counted(sparedHours, 'hour')} of its creation`;
}
