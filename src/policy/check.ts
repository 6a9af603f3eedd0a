import { mustBelong } from '../belongs.ts';
import { huaweiCsms } from '../dialects/index.ts';
import type { Dialect, SecretState } from '../index.ts';
import { isTime } from '../limits.ts';
import { invalidTime, refusedError } from '../refusal.ts';
import { INVALID_VALUE } from '../sentences.ts';
import { withRemedies } from './remedy.ts';
import { type Case, type ChangeCase, caseFor, type PolicyRule } from './rule.ts';
import { pack } from './rules/index.ts';
import { type Finding, findingsAfter } from './run-rules.ts';
import { remarksOf, type Subject, type Unknown, unknownsOf } from './subject.ts';

/** What {@link check} needs besides the state: a time, a policy, and what else is known about the secret. */
export interface CheckRequest extends Omit<Subject, 'state'> {
  /** The time of the check, in epoch milliseconds. */
  readonly at: number;
  /** The dialect of the secret. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
  /** The rules. If omitted, {@link pack}. */
  readonly policy?: readonly PolicyRule[] | undefined;
  /** The state before the change that led to this one, to check that change, too. Only `check` uses it. */
  readonly before?: SecretState | undefined;
}

/** The result of {@link check}. */
export interface Report {
  /** What is wrong, in the order of the rules. */
  readonly findings: readonly Finding[];
  /** What could not be checked, because the source does not say what the rule needs. */
  readonly unchecked: readonly Unchecked[];
  /** What to know before you act on a finding, as sentences: that the secret is a replica, is managed by a service, or is overdue for deletion. */
  readonly remarks: readonly string[];
}

/** Something unknown, and the rules that need it. */
export interface Unchecked {
  /** What is unknown. */
  readonly unknown: Unknown;
  /** The ids of the rules that could find more if it were known. */
  readonly rules: readonly string[];
}

/**
 * Checks a secret against the rules of a policy. The remedy of a finding is a list of actions that are allowed, fix the finding and
 * cause no other. Every remedy is tried on the model first, and only one that works is reported.
 *
 * Tries up to 20 remedies for each of the first 100 findings. Later findings have no remedy. Nor have those of a replica or of a
 * secret that a service manages. If the status is unknown, remedies are tried as on an ENABLED secret.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect, INVALID_VALUE if `at` is not a time.
 * @throws {RangeError} if two rules have the same id.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const rolledBack = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
 * const [finding] = check(rolledBack, { at: 3000 }).findings;
 * finding.sentence; // 'Stages "SYSCURRENT" and "SYSPREVIOUS" are both on version "v1", so there is nothing to roll back to.'
 * finding.remedy; // [{ type: 'assignStage', stage: 'SYSPREVIOUS', versionId: 'v2', at: 3000, from: 'v1' }]
 */
export function check(state: SecretState, request: CheckRequest): Report {
  const secret = caseOf(state, request);
  const policy = policyOf(request);
  const { before } = request;
  if (before) mustBelong(before, secret.dialect);
  const changes = before ? [{ ...secret, before, end: state }] : [];
  const findings = findingsAfter(changes, secret, policy);
  return {
    findings: withRemedies(findings, findings, secret, policy),
    unchecked: unchecked(secret, policy, changes),
    remarks: remarksOf(secret),
  };
}

/** The rules of a request. Ids must differ, or one rule would hide the findings of the other. */
export function policyOf({ policy = pack }: Pick<CheckRequest, 'policy'>): readonly PolicyRule[] {
  const ids = new Set<string>();
  for (const { id } of policy) {
    if (ids.has(id)) throw new RangeError(`Two rules of the policy have the id "${id}". Give one of them another id.`);
    ids.add(id);
  }
  return policy;
}

/** What the rules check. Checks the dialect of the secret before it reads the rest of the request. */
export function caseOf(state: SecretState, request: CheckRequest): Case {
  mustBelong(state, request?.dialect ?? huaweiCsms);
  const { at, dialect = huaweiCsms } = request;
  mustBeTime(at);
  return caseFor(state, request, at, dialect);
}

/** @throws {StageRefusedError} INVALID_VALUE if `at` is not a time. */
export function mustBeTime(at: number): void {
  if (!isTime(at)) throw refusedError(invalidTime('at', at), { INVALID_VALUE });
}

/** What the rules could not check in a secret and in the changes that led to it, because it is unknown. */
export function unchecked(
  secret: Case,
  policy: readonly PolicyRule[],
  changes: readonly ChangeCase[],
): readonly Unchecked[] {
  const cases = [secret, ...changes];
  return unknownsOf(secret).flatMap((unknown) => {
    const missing = policy.filter((rule) => cases.some((one) => rule.misses(one, unknown)));
    return missing.length > 0 ? [{ unknown, rules: missing.map(({ id }) => id) }] : [];
  });
}
