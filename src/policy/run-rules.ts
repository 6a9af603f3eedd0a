import type { SecretAction } from '../index.ts';
import type { Case, ChangeCase, PolicyRule, Remedies, RuleFinding, Severity } from './rule.ts';

/** A violation of a rule, and what fixes it. Plain data. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  /** How serious it is. */
  readonly severity: Severity;
  /** What is wrong, with the names of the stage and the version. */
  readonly sentence: string;
  /** The stage that it is about. */
  readonly stage?: string;
  /** The version that it is about. */
  readonly versionId?: string;
  /** The start of the reported condition, in epoch milliseconds. */
  readonly since?: number;
  /** Actions that fix it and cause no other finding on the model; empty if none is known. */
  readonly remedy: readonly SecretAction[];
}

/** A finding whose remedies have not been tried yet. */
export interface OpenFinding {
  /** Identifies the finding: its rule, stage and version. */
  readonly key: string;
  readonly finding: Omit<Finding, 'remedy'>;
  readonly remedies: Remedies;
}

/** Returns everything that the rules find in a secret. */
export function findingsOf(secret: Case, policy: readonly PolicyRule[]): readonly OpenFinding[] {
  return once(policy.flatMap((rule) => rule.find(secret).map((found) => openFinding(rule, found))));
}

/** Returns everything that the rules find in a change. */
export function findingsInChange(change: ChangeCase, policy: readonly PolicyRule[]): readonly OpenFinding[] {
  return once(policy.flatMap((rule) => rule.findInChange(change).map((found) => openFinding(rule, found))));
}

/** Returns everything that the rules find in changes and in the secret after them. If a rule finds one in both, the change says more. */
export function findingsAfter(
  changes: readonly ChangeCase[],
  secret: Case,
  policy: readonly PolicyRule[],
): readonly OpenFinding[] {
  const inChanges = changes.flatMap((change) => findingsInChange(change, policy));
  return once([...inChanges, ...findingsOf(secret, policy), ...inChanges]);
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

/** Each finding once: the last, if a rule reports it twice. */
function once(findings: readonly OpenFinding[]): readonly OpenFinding[] {
  return findings.length < 2 ? findings : [...new Map(findings.map((each) => [each.key, each])).values()];
}

/** The findings that are not among `others`. */
export function without(findings: readonly OpenFinding[], others: readonly OpenFinding[]): readonly OpenFinding[] {
  const keys = new Set(others.map(({ key }) => key));
  return findings.filter(({ key }) => !keys.has(key));
}
