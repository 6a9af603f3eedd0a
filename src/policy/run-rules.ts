import type { SecretAction, SecretState } from '../index.ts';
import type { Case, PolicyRule, Remedies, RuleFinding, Severity } from './rule.ts';

/** Something that is not as a rule says, and what fixes it. Plain data. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly sentence: string;
  readonly stage?: string;
  readonly versionId?: string;
  /** Since when what shows it is so, in epoch milliseconds. */
  readonly since?: number;
  /** Actions that fix it and bring no other finding, as was tried on the model; empty if none is known. */
  readonly remedy: readonly SecretAction[];
}

/** A finding whose remedy has not been tried yet. */
export interface OpenFinding {
  /** Which finding it is: the same rule on the same stage and version is the same finding. */
  readonly key: string;
  readonly finding: Omit<Finding, 'remedy'>;
  readonly remedies: Remedies;
}

/** All that the rules find in a secret. */
export function findingsOf(secret: Case, policy: readonly PolicyRule[]): readonly OpenFinding[] {
  return once(policy.flatMap((rule) => rule.find(secret).map((found) => openFinding(rule, found))));
}

/** All that the rules find in a change of a secret: in what it is now, and what it was before. */
export function findingsInChange(
  secret: Case,
  before: SecretState,
  policy: readonly PolicyRule[],
): readonly OpenFinding[] {
  return once(
    policy.flatMap((rule) => rule.findInChange({ ...secret, before }).map((found) => openFinding(rule, found))),
  );
}

function openFinding(rule: PolicyRule, { sentence, stage, versionId, since, remedies = [] }: RuleFinding): OpenFinding {
  const finding = {
    rule: rule.id,
    severity: rule.severity,
    sentence,
    ...(stage !== undefined && { stage }),
    ...(versionId !== undefined && { versionId }),
    ...(since !== undefined && { since }),
  };
  return { key: JSON.stringify([rule.id, stage, versionId]), finding, remedies };
}

/** Each finding once, the last of it: a rule may report the same finding twice. */
export function once(findings: readonly OpenFinding[]): readonly OpenFinding[] {
  return [...new Map(findings.map((each) => [each.key, each])).values()];
}

/** The findings that are not among others. */
export function without(findings: readonly OpenFinding[], others: readonly OpenFinding[]): readonly OpenFinding[] {
  const keys = new Set(others.map(({ key }) => key));
  return findings.filter(({ key }) => !keys.has(key));
}
