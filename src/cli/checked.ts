import { versionOf } from '../index.ts';
import { type CheckRequest, check, checkHistory, type Finding, type Report } from '../policy/index.ts';
import type { ReadSecret } from './read-secrets.ts';

/** A secret with its findings: those in its state, and those in the changes of its transcript. */
export interface Checked extends Report {
  readonly secret: ReadSecret;
  /** The time of the check, in epoch milliseconds. */
  readonly at: number;
}

export function checkSecret(secret: ReadSecret, { at, policy }: Pick<CheckRequest, 'at' | 'policy'>): Checked {
  const request = { ...secret, at, policy };
  const report = check(secret.state, request);
  const isNew = (one: Finding) =>
    report.findings.every(({ rule, stage, versionId }) =>
      [one.rule !== rule, one.stage !== stage, one.versionId !== versionId].includes(true),
    );
  return { ...report, secret, at, findings: [...report.findings, ...changeFindings(secret, request).filter(isNew)] };
}

/** The findings in the changes of a transcript that still hold, such as a rollback that was not undone. */
const changeFindings = ({ moments, state, dialect }: ReadSecret, request: CheckRequest): readonly Finding[] =>
  checkHistory(moments, request).flatMap(({ change, from, until, ...finding }) => {
    const moment = change === null ? undefined : moments[change];
    const { stage, versionId } = finding;
    // A pending stage blocks nothing once its version is current.
    const { current, pending } = dialect.stages;
    const isDone = stage !== undefined && stage === pending && versionOf(state, current) === versionId;
    const holds = stage === undefined || (versionOf(state, stage) === versionId && !isDone);
    return moment && holds ? [{ ...finding, since: moment.at, remedy: [] }] : [];
  });
