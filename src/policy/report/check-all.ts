import { excerptOf } from '../../drawing/draw-secret.ts';
import { type Moment, versionOf } from '../../index.ts';
import { commandsFor } from '../../shell.ts';
import { asJson } from '../../text.ts';
import { type CheckRequest, check } from '../check.ts';
import { checkHistory } from '../check-history.ts';
import { explainUnknown } from '../explain-unknown.ts';
import type { ImportedSecret, Remark } from '../import/index.ts';
import { pack } from '../rules/index.ts';
import type { Finding } from '../run-rules.ts';
import type { CheckReport, ReportedFinding, ReportedSecret } from './check-report.ts';

/** A secret to check, and where it comes from. Importers return it. */
export interface SourcedSecret extends ImportedSecret {
  /** Its file. If omitted, its `source`. */
  readonly file?: string | undefined;
  /** The line of the file that it begins on, from 1. If omitted, 1. */
  readonly line?: number | undefined;
  /** Its past states, oldest first, to also report changes that still hold, such as a rollback. */
  readonly moments?: readonly (Moment & { readonly line?: number })[] | undefined;
}

/** What {@link checkAll} and {@link checkSecret} need besides secrets. */
export type ReportRequest = Pick<CheckRequest, 'at' | 'policy'>;

/**
 * Checks many secrets, such as those that an importer returns, and makes a report for people and machines. {@link toText},
 * {@link toSarif} and {@link toJUnit} take it, also from a JSON file. `at` is the time of the check, in epoch milliseconds.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if a secret belongs to another dialect, INVALID_VALUE if `at` is not a time.
 * @throws {RangeError} if two rules have the same id.
 *
 * @example
 * const imported = importAll([{ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) }]);
 * const report = imported.ok && checkAll(imported.secrets, { at: 1000, remarks: imported.remarks });
 * report.summary; // { secrets: 1, error: 0, warning: 0, note: 0, unchecked: 1, notChecked: 0 }
 * report.secrets[0].unchecked[0].rules; // ['expired-version']
 */
export function checkAll(
  secrets: readonly SourcedSecret[],
  request: ReportRequest & { readonly remarks?: readonly Remark[] | undefined },
): CheckReport {
  return reportOf(
    secrets.map((secret) => checkSecret(secret, request)),
    request,
  );
}

/**
 * Checks a secret, and returns its entry in a report. Use it with {@link reportOf} instead of {@link checkAll} to check more secrets
 * than fit in memory: the entry of a secret without findings is small. `at` is the time of the check, in epoch milliseconds.
 *
 * @throws As {@link checkAll}.
 *
 * @example
 * const secret = { state: createSecret({ name: 'db', at: 0 }), project: null, source: 'db.json', dialect: huaweiCsms };
 * checkSecret({ ...secret, expireTimes: {} }, { at: 1000 }).findings; // []
 */
export function checkSecret(secret: SourcedSecret, { at, policy }: ReportRequest): ReportedSecret {
  const { state, project, dialect, source, file = source, line = 1, moments = none } = secret;
  const { before, expireTimes, unknown, rotation, replicaOf, managedBy, tracked } = secret;
  // With literals instead of spreads, a check takes two thirds of the time.
  const request = { at, policy, dialect, before, expireTimes, unknown, rotation, replicaOf, managedBy, tracked };
  const { findings, unchecked, remarks } = check(state, request);
  const isFound = (one: Finding) =>
    findings.some(
      ({ rule, stage, versionId }) => rule === one.rule && stage === one.stage && versionId === one.versionId,
    );
  // Most secrets have no past.
  const changes = moments.length > 0 ? changeFindings(moments, request, secret).filter((one) => !isFound(one)) : none;
  const entry = {
    name: state.name,
    project,
    dialect: dialect.id,
    source,
    file,
    line,
    at,
    findings: none,
    unchecked: none,
    remarks: none,
  };
  if (findings.length + changes.length + unchecked.length + remarks.length === 0) return entry;
  return {
    ...entry,
    findings: [...findings, ...changes].map((finding) => reported(finding, secret)),
    unchecked: unchecked.map((one) => ({ ...one, sentence: explainUnknown(one.unknown, dialect) })),
    remarks,
    board: excerptOf(state, dialect, secret.unknown),
  };
}

/**
 * Makes a report of the entries of {@link checkSecret}. `policy` is the one that they were checked with, and `remarks` are those of the
 * importer.
 *
 * @example
 * reportOf([], {}).summary.secrets; // 0
 */
export function reportOf(
  secrets: readonly ReportedSecret[],
  { policy = pack, remarks = [] }: Pick<ReportRequest, 'policy'> & { readonly remarks?: readonly Remark[] | undefined },
): CheckReport {
  const summary = { secrets: secrets.length, error: 0, warning: 0, note: 0, unchecked: 0, notChecked: 0 };
  for (const { findings, unchecked } of secrets) {
    for (const { severity } of findings) summary[severity]++;
    summary.unchecked += new Set(unchecked.flatMap(({ rules }) => rules)).size;
  }
  summary.notChecked = remarks.filter(({ kind }) => kind === 'not-checked').length;
  const rules = policy.map(({ id, title, why, advice, severity, thresholds }) => {
    return { id, title, why, advice, severity, thresholds };
  });
  return {
    $schema: 'https://unpkg.com/secret-stages/dist/check-report.schema.json',
    version: 1,
    rules,
    secrets,
    remarks,
    summary,
  };
}

/** One list for all secrets, of which there can be many. */
const none: readonly never[] = Object.freeze([]);

const reported = (finding: Finding, secret: SourcedSecret): ReportedFinding => {
  const { state, project, dialect, arn } = secret;
  const { rule, stage = null, versionId = null, remedy } = finding;
  const line = lineOf(secret, finding);
  return {
    ...finding,
    fingerprint: asJson([rule, dialect.id, arn ?? project, state.name, stage, versionId]),
    commands: commandsFor(remedy, { name: state.name, project, arn, dialect }),
    ...(line !== undefined && { line }),
  };
};

/** The line since which a finding holds, or else the last one that changed the secret. */
const lineOf = ({ moments = [] }: SourcedSecret, { stage, versionId, since }: Finding): number | undefined => {
  const begins = moments.find(
    ({ at, state }) => at === since && state.stages.some((held) => held.name === stage && held.versionId === versionId),
  );
  return (begins ?? moments.at(-1))?.line;
};

/** The findings in past changes that still hold, such as a rollback that was not undone. */
const changeFindings = (
  moments: readonly Moment[],
  request: CheckRequest,
  { state, dialect }: SourcedSecret,
): readonly Finding[] =>
  checkHistory(moments, request).flatMap(({ change, from, until, ...finding }) => {
    const moment = change === null ? undefined : moments[change];
    const { stage, versionId } = finding;
    // A pending stage blocks nothing once its version is current.
    const { current, pending } = dialect.stages;
    const isDone = stage !== undefined && stage === pending && versionOf(state, current) === versionId;
    const holds = stage === undefined || (versionOf(state, stage) === versionId && !isDone);
    return moment && holds ? [{ ...finding, since: moment.at, remedy: [] }] : [];
  });
