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
  const { findings, unchecked } = check(secret.state, request);
  return { secret, at, findings: [...findings, ...changeFindings(secret, request)], unchecked };
}

/** The findings in the changes of a transcript that still hold, such as a rollback that was not undone. */
const changeFindings = ({ moments, state }: ReadSecret, request: CheckRequest): readonly Finding[] =>
  checkHistory(moments, request).flatMap(({ change, from, until, ...finding }) => {
    const moment = change === null ? undefined : moments[change];
    const { stage, versionId } = finding;
    const holds = stage === undefined || versionOf(state, stage) === versionId;
    return moment && holds ? [{ ...finding, since: moment.at, remedy: [] }] : [];
  });
