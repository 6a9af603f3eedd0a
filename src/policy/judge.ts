import { type Effect, planAll, type Refusal, type SecretAction, type SecretState } from '../index.ts';
import type { Case, PolicyRule, RuleFinding, Severity } from './rule.ts';
import { subjectAfter } from './subject.ts';

/** Something that is not as a rule says, and what mends it. Plain data. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly sentence: string;
  readonly stage?: string;
  readonly versionId?: string;
  /** Since when what shows it is so, in epoch milliseconds. */
  readonly since?: number;
  /** Actions that mend it and bring no other finding, as was tried on the model; none if none is known. */
  readonly remedy: readonly SecretAction[];
}

/** What a rule found, and which finding it is: the same rule on the same stage and version is the same finding. */
export interface Found {
  readonly key: string;
  readonly rule: PolicyRule;
  readonly evidence: RuleFinding;
}

function foundBy(rule: PolicyRule, evidence: RuleFinding): Found {
  return {
    key: JSON.stringify([rule.id, evidence.stage, evidence.versionId]),
    rule,
    evidence,
  };
}

/** All that the rules find in a secret. */
export function judge(secret: Case, policy: readonly PolicyRule[]): readonly Found[] {
  const found: Found[] = [];
  for (const rule of policy) for (const evidence of rule.find(secret)) found.push(foundBy(rule, evidence));
  return once(found);
}

/** Each finding once, the last of it: a rule may come upon the same twice. */
function once(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.map((one) => [one.key, one])).values()];
}

/** All that the rules find in what became of a secret. */
export function judgeChange(secret: Case, before: SecretState, policy: readonly PolicyRule[]): readonly Found[] {
  return once(
    policy.flatMap((rule) => rule.findInChange({ ...secret, before }).map((evidence) => foundBy(rule, evidence))),
  );
}

/** Those of some findings that are not among others. */
export function without(found: readonly Found[], others: readonly Found[]): readonly Found[] {
  const keys = new Set(others.map(({ key }) => key));
  return found.filter(({ key }) => !keys.has(key));
}

/** A finding as data, apart from its remedy. */
export function findingOf({ rule, evidence }: Found): Omit<Finding, 'remedy'> {
  const { sentence, stage, versionId, since } = evidence;
  return {
    rule: rule.id,
    severity: rule.severity,
    sentence,
    ...(stage !== undefined && { stage }),
    ...(versionId !== undefined && { versionId }),
    ...(since !== undefined && { since }),
  };
}

/** Findings as data, each with the first of its remedies that works: `all` is what is found without it. */
export function findingsOf(
  found: readonly Found[],
  all: readonly Found[],
  secret: Case,
  policy: readonly PolicyRule[],
): readonly Finding[] {
  return found.map((one) => ({
    ...findingOf(one),
    remedy: one.evidence.remedies?.find((actions) => works(actions, one.key, all, secret, policy)) ?? [],
  }));
}

function works(
  actions: readonly SecretAction[],
  key: string,
  all: readonly Found[],
  secret: Case,
  policy: readonly PolicyRule[],
): boolean {
  const trial = tryOut(actions, secret, policy);
  return trial.allowed && !trial.found.some((found) => found.key === key) && without(trial.found, all).length === 0;
}

/** What came of actions that were tried on the model, and all that is found in it and on the way. */
export type Trial =
  | {
      readonly allowed: true;
      readonly secret: Case;
      readonly found: readonly Found[];
      readonly asked: readonly Effect[];
      readonly follows: readonly Effect[];
    }
  | { readonly allowed: false; readonly index: number; readonly refusal: Refusal };

export function tryOut(actions: readonly SecretAction[], secret: Case, policy: readonly PolicyRule[]): Trial {
  let now = secret;
  const onTheWay: Found[] = [];
  const asked: Effect[] = [];
  const follows: Effect[] = [];
  for (const [index, step] of planAll(secret.state, actions, secret.dialect).entries()) {
    if (!step.allowed) return { allowed: false, index, refusal: step.refusal };
    const next = { ...now, ...subjectAfter(now, step.state) };
    onTheWay.push(...judgeChange(next, now.state, policy));
    for (const effect of step.asked) asked.push(effect);
    for (const effect of step.follows) follows.push(effect);
    now = next;
  }
  return { allowed: true, secret: now, found: once([...onTheWay, ...judge(now, policy)]), asked, follows };
}
