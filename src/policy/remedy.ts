import { type Effect, planAll, type Refusal, type SecretAction } from '../index.ts';
import { type Case, type ChangeCase, caseFor, type PolicyRule } from './rule.ts';
import { type Finding, findingsAfter, type OpenFinding, without } from './run-rules.ts';
import { subjectAfter } from './subject.ts';

/** Limits, because each try checks the whole secret again: remedies of one finding, and findings whose remedies are tried. */
const mostTried = { remedies: 20, findings: 100 } as const;

/**
 * Adds to each finding the first of its remedies that works, within {@link mostTried}. `present` are all findings in the secret. AWS
 * refuses changes of a replica, and those of a managed secret are up to the service that manages it (documented), so they get none.
 */
export function withRemedies(
  findings: readonly OpenFinding[],
  present: readonly OpenFinding[],
  secret: Case,
  policy: readonly PolicyRule[],
): readonly Finding[] {
  const works = (actions: readonly SecretAction[], fixed: string): boolean => {
    const trial = tryOut(actions, secret, policy);
    if (!trial.allowed) return false;
    return trial.findings.every(({ key }) => key !== fixed) && without(trial.findings, present).length === 0;
  };
  const isOurs = secret.replicaOf === undefined && secret.managedBy === undefined;
  return findings.map(({ key, finding, remedies }, index) => {
    const tried = isOurs && index < mostTried.findings ? remedies.slice(0, mostTried.remedies) : [];
    return { ...finding, remedy: tried.find((actions) => works(actions, key)) ?? [] };
  });
}

/** The outcome of actions on the model. */
export type Trial =
  | {
      readonly allowed: true;
      /** The secret after the last action. */
      readonly secret: Case;
      /** What each action changes. */
      readonly changes: readonly ChangeCase[];
      /** Everything that the rules find in it and in each change that led to it. */
      readonly findings: readonly OpenFinding[];
      readonly asked: readonly Effect[];
      readonly follows: readonly Effect[];
    }
  | { readonly allowed: false; readonly index: number; readonly refusal: Refusal };

/** Tries actions on the model, and checks the outcome. */
export function tryOut(actions: readonly SecretAction[], secret: Case, policy: readonly PolicyRule[]): Trial {
  let now = secret;
  const changes: ChangeCase[] = [];
  const asked: Effect[] = [];
  const follows: Effect[] = [];
  const steps = planAll(secret.state, actions, secret.dialect);
  const last = steps.at(-1);
  const end = last?.allowed ? last.state : secret.state;
  for (const [index, step] of steps.entries()) {
    if (!step.allowed) return { allowed: false, index, refusal: step.refusal };
    const next = caseFor(step.state, subjectAfter(now, step.state), secret.at, secret.dialect);
    changes.push({ ...next, before: now.state, end });
    for (const effect of step.asked) asked.push(effect);
    for (const effect of step.follows) follows.push(effect);
    now = next;
  }
  return { allowed: true, secret: now, changes, findings: findingsAfter(changes, now, policy), asked, follows };
}
