import { isObject } from '../../json.ts';
import { foundText } from '../../text.ts';
import { reportOf } from './check-all.ts';
import type { CheckReport } from './check-report.ts';

/** What {@link withoutKnown} throws if the baseline cannot be used. */
export class BaselineError extends RangeError {}

/**
 * Returns a report without the findings that an earlier one, the baseline, has. They are recognised by their fingerprints. Of several
 * findings with one fingerprint, as many are omitted as the baseline has. `baseline` of the result has the numbers.
 *
 * @throws {BaselineError} if the baseline is not a {@link CheckReport} of this version, or was itself made with a baseline.
 *
 * @example
 * const imported = importAll([{ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) }]);
 * const report = imported.ok && checkAll(imported.secrets, { at: 1000 });
 * withoutKnown(report, report).baseline; // { known: 0, gone: 0 }
 */
export function withoutKnown(report: CheckReport, baseline: unknown): CheckReport {
  const left = fingerprintsIn(baseline);
  let known = 0;
  const secrets = report.secrets.map((secret) => {
    const findings = secret.findings.filter(({ fingerprint }) => {
      const count = left.get(fingerprint) ?? 0;
      if (count === 0) return true;
      left.set(fingerprint, count - 1);
      known++;
      return false;
    });
    const { board, ...rest } = secret;
    const isShown = findings.length + rest.unchecked.length + rest.remarks.length > 0;
    return { ...rest, findings, ...(board && isShown && { board }) };
  });
  const gone = [...left.values()].reduce((sum, count) => sum + count, 0);
  const { summary } = reportOf(secrets, report);
  return { ...report, secrets, summary, baseline: { known, gone } };
}

/** How many findings of the baseline have each fingerprint. */
function fingerprintsIn(baseline: unknown): Map<string, number> {
  const { version, secrets, baseline: another } = isObject(baseline) ? baseline : {};
  if (!Array.isArray(secrets) || version === undefined)
    throw new BaselineError('The baseline must be a report of check --format json.');
  if (version !== 1)
    throw new BaselineError(
      `The baseline must be a report of version 1; got ${foundText(version)}. Record it again with this version of secret-stages.`,
    );
  if (another !== undefined)
    throw new BaselineError(
      'The baseline was itself made with a baseline, so it does not have all findings. Record it again without one.',
    );
  const counts = new Map<string, number>();
  for (const [index, secret] of secrets.entries()) {
    const findings: unknown = isObject(secret) ? secret['findings'] : undefined;
    if (!Array.isArray(findings)) throw new BaselineError(`secrets[${index}].findings of the baseline must be a list.`);
    for (const finding of findings) {
      const fingerprint: unknown = isObject(finding) ? finding['fingerprint'] : undefined;
      if (typeof fingerprint !== 'string')
        throw new BaselineError(`Every finding in secrets[${index}] of the baseline must have a fingerprint.`);
      counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
    }
  }
  return counts;
}
