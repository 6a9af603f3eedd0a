import type { Problem } from '../index.ts';
import { isObject } from '../json.ts';
import { nearest } from '../nearest.ts';
import { listProblems, tooLarge } from '../service/index.ts';
import { foundText, hiddenText, quote } from '../text.ts';
import { isThreshold, type PolicyRule, type Severity, severities, thresholdRule } from './rule.ts';
import { pack } from './rules/index.ts';

/** The result of {@link parsePolicy}: the policy, or the problems with the data. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: readonly PolicyRule[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a policy from untrusted data, such as a file. It says which rules apply, with which severities and thresholds. A rule that
 * is not named applies unchanged, unless `others` is "off".
 *
 * Refuses anything else with up to 20 problems and the number of further ones. Each problem has a path, and suggests the nearest
 * name if one is unknown. A policy has at most 2,000,000 JSON values.
 *
 * @example
 * const parsed = parsePolicy({ rules: { 'stuck-stage': { severity: 'error', days: 1 }, rollback: 'off' }, others: 'on' });
 * parsed.ok && parsed.policy.length; // 14
 * const typo = parsePolicy({ rules: { 'stuk-stage': 'error' } });
 * typo.ok || typo.problems[0].expected; // 'a known rule; did you mean stuck-stage?'
 */
export function parsePolicy(input: unknown, rules: readonly PolicyRule[] = pack): ParsedPolicy {
  const large = tooLarge(input, 'policy');
  if (large) return { ok: false, problems: [large] };
  const problems: Problem[] = [];
  const must = (holds: boolean, path: string, expected: string, found: unknown): boolean => {
    if (!holds) problems.push({ path, expected, found: foundText(found) });
    return holds;
  };
  const mustBeKnown = (given: object, known: readonly string[], path: string, kind: string): void => {
    for (const name of Object.keys(given).filter((name) => !known.includes(name))) {
      const expected = `a known ${kind}; ${nearest(name, known)}`;
      problems.push({ path: `${path}[${quote(name)}]`, expected });
    }
  };
  const severityAt = (path: string, given: unknown, expected: string): Severity | undefined => {
    const severity = severities.find((name) => name === given);
    must(severity !== undefined, path, expected, given);
    return severity;
  };
  const readRule = (rule: PolicyRule, given: unknown): readonly PolicyRule[] => {
    const path = `policy.rules["${rule.id}"]`;
    if (given === 'off') return [];
    if (!isObject(given)) return [rule.with({ severity: severityAt(path, given, ruleExpected) })];
    const { severity = rule.severity, ...thresholds } = given;
    mustBeKnown(given, ['severity', ...Object.keys(rule.thresholds)], path, 'field');
    const isValid = (entry: [string, unknown]): entry is [string, number] =>
      must(isThreshold(entry[1]), `${path}.${entry[0]}`, thresholdRule, entry[1]);
    const known = Object.entries(thresholds).filter(([name]) => Object.hasOwn(rule.thresholds, name));
    const changes = { thresholds: Object.fromEntries(known.filter(isValid)) };
    return [rule.with({ ...changes, severity: severityAt(`${path}.severity`, severity, severityExpected) })];
  };

  if (!isObject(input))
    return { ok: false, problems: [{ path: 'policy', expected: 'an object', found: hiddenText(input) }] };
  const { rules: given = {}, others = 'on' } = input;
  mustBeKnown(input, ['rules', 'others'], 'policy', 'field');
  must(others === 'on' || others === 'off', 'policy.others', 'one of on, off', others);
  const ids = rules.map((rule) => rule.id);
  if (!isObject(given)) {
    problems.push({ path: 'policy.rules', expected: 'an object with rule ids as keys', found: foundText(given) });
    return { ok: false, problems: listProblems(problems, 'policy') };
  }
  mustBeKnown(given, ids, 'policy.rules', 'rule');
  const policy = rules.flatMap((rule) => {
    if (Object.hasOwn(given, rule.id)) return readRule(rule, given[rule.id]);
    return others === 'off' ? [] : [rule];
  });
  return problems.length > 0
    ? { ok: false, problems: listProblems(problems, 'policy') }
    : { ok: true, policy: Object.freeze(policy) };
}

const severityExpected = `one of ${severities.join(', ')}`;

const ruleExpected = `${severityExpected}, off, or an object with a severity and thresholds`;
