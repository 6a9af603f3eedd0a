import { mustBelong } from '../belongs.ts';
import { huaweiCsms } from '../dialects/index.ts';
import { type Moment, versionOf } from '../index.ts';
import { type CheckRequest, caseOf, mustBeTime, policyOf } from './check.ts';
import { type Case, caseFor } from './rule.ts';
import { type Finding, findingsInChange, findingsOf } from './run-rules.ts';

/** A finding and when it was present. For the remedy of one that still is, `check` the last state. */
export interface PastFinding extends Omit<Finding, 'remedy'> {
  /** The index of the moment whose change the rule reported; null if the rule reported a state. */
  readonly change: number | null;
  /** When it was first seen, in epoch milliseconds: after a change, or at the end of a moment if only time had passed. */
  readonly from: number;
  /** When it was fixed, in epoch milliseconds; null if it is still present. The finding of a change ends when it starts. */
  readonly until: number | null;
}

/** Which version a stage was on, and when, in epoch milliseconds. `until` is null if it still is, `versionId` null for no version. */
export interface Tenure {
  /** The version; null if the stage was on none. */
  readonly versionId: string | null;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds; null if the stage is still there. */
  readonly until: number | null;
}

/**
 * Checks a secret over time. The moments are those of a history (`momentsOf`) or states in the order in which they were read.
 * Each is checked when it begins and when it ends, because time alone can cause a finding. If a clock went back, it counts as
 * having stood still.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret belongs to another dialect at any moment, INVALID_VALUE if `at` or the
 * time of a moment is not a time.
 * @throws {RangeError} if two rules have the same id.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const two = createVersion(one, { at: 1000 });
 * const back = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
 * const again = assignStage(back, { stage: 'SYSCURRENT', versionId: 'v2', at: 3000 });
 * const moments = [one, two, back, again].map((state, index) => ({ at: index * 1000, state }));
 * checkHistory(moments, { at: 4000 }).map(({ rule, from, until }) => [rule, from, until]); // [['rollback', 2000, 2000], ['previous-is-not-current', 2000, 3000]]
 */
export function checkHistory(moments: readonly Moment[], request: CheckRequest): readonly PastFinding[] {
  for (const { state } of moments) mustBelong(state, request?.dialect ?? huaweiCsms);
  mustBeTime(request.at);
  const policy = policyOf(request);
  const past: PastFinding[] = [];
  const standing = new Map<string, PastFinding>();
  const look = (secret: Case): void => {
    const found = new Map(findingsOf(secret, policy).map((one) => [one.key, one]));
    for (const [key, finding] of standing) {
      if (found.has(key)) continue;
      standing.delete(key);
      past.push({ ...finding, until: secret.at });
    }
    for (const [key, one] of found) {
      if (!standing.has(key)) standing.set(key, { ...one.finding, change: null, from: secret.at, until: null });
    }
  };

  let last: Case | undefined;
  for (const [change, moment] of moments.entries()) {
    const given = caseOf(moment.state, { ...request, at: moment.at });
    const now = asOf(given, Math.max(given.at, last?.at ?? 0));
    if (last) {
      look(asOf(last, now.at));
      const found = findingsInChange({ ...now, before: last.state, end: now.state }, policy);
      for (const one of found) past.push({ ...one.finding, change, from: now.at, until: now.at });
    }
    look(now);
    last = now;
  }
  if (last) look(asOf(last, Math.max(last.at, request.at)));
  return [...past, ...standing.values()].sort((one, other) => one.from - other.from);
}

/**
 * Returns which versions a stage was on, and when. If a clock went back, it counts as having stood still.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const two = createVersion(one, { at: 1000 });
 * tenures([{ at: 0, state: one }, { at: 1000, state: two }], 'SYSCURRENT'); // [{ versionId: 'v1', from: 0, until: 1000 }, { versionId: 'v2', from: 1000, until: null }]
 */
export function tenures(moments: readonly Moment[], stage: string): readonly Tenure[] {
  const found: Tenure[] = [];
  let from = 0;
  for (const { at, state } of moments) {
    from = Math.max(from, at);
    const versionId = versionOf(state, stage) ?? null;
    const last = found.at(-1);
    if (last?.versionId === versionId) continue;
    if (last) found[found.length - 1] = { ...last, until: from };
    found.push({ versionId, from, until: null });
  }
  return found;
}

/** The case at another time. */
function asOf(secret: Case, at: number): Case {
  return caseFor(secret.state, secret, at, secret.dialect);
}
