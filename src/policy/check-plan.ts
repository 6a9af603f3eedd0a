import type { Effect, Refusal, SecretAction, SecretState } from '../index.ts';
import { type CheckRequest, caseOf, policyOf, type Unchecked, unchecked } from './check.ts';
import { tryOut, withRemedies } from './remedy.ts';
import { type Finding, findingsOf, without } from './run-rules.ts';

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
}

/** What {@link checkPlan} returns if an action is refused. */
export interface RefusedPlan {
  /** False: none of the actions would be done. */
  readonly allowed: false;
  /** The index of the refused action, from 0. */
  readonly index: number;
  /** Why it is refused. */
  readonly refusal: Refusal;
}

/**
 * Checks actions before they are done. Reports whether they are allowed, what they would do, and which findings they would cause
 * and fix.
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
  const trial = tryOut(actions, secret, policy);
  if (!trial.allowed) return trial;
  const before = findingsOf(secret, policy);
  return {
    allowed: true,
    state: trial.secret.state,
    asked: trial.asked,
    follows: trial.follows,
    causes: withRemedies(without(trial.findings, before), trial.findings, trial.secret, policy),
    fixes: withRemedies(without(before, trial.findings), before, secret, policy),
    unchecked: unchecked(trial.secret, policy, trial.changes),
  };
}
