import { junitXml, type TestCase } from '../../xml.ts';
import { type Severity, severities } from '../rule.ts';
import type { CheckReport, ReportedSecret } from './check-report.ts';

/** Options of {@link toJUnit}. */
export interface JUnitOptions {
  /** Findings below this severity are skipped tests. If omitted, `warning`, as for `check`. */
  readonly failOn?: Severity | undefined;
}

/**
 * Writes a report as JUnit XML, for CI: a failure for each finding, a skipped test for whatever could not be checked, and a test that
 * passed for each secret that has neither.
 *
 * @example
 * const imported = importAll([{ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) }]);
 * const xml = imported.ok && toJUnit(checkAll(imported.secrets, { at: 1000, policy: [] }));
 * xml.includes('<testcase classname="secret-stages check" name="db"></testcase>'); // true
 */
export function toJUnit(report: CheckReport, { failOn = 'warning' }: JUnitOptions = {}): string {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const isFailure = (severity: Severity) => severities.indexOf(severity) <= severities.indexOf(failOn);
  const casesOf = (secret: ReportedSecret): readonly TestCase[] => {
    const name = [secret.project, secret.name].filter((part) => part !== null).join('/');
    const found = secret.findings.map(({ rule, severity, sentence, stage, versionId, commands }): TestCase => {
      const named = [rule, stage, versionId].filter((part) => part !== undefined).join(' ');
      const { why, advice } = { why: '', advice: '', ...rules.get(rule) };
      const todo = commands.length > 0 ? ['Fix:', ...commands, `Or: ${advice}`] : [`What to do: ${advice}`];
      const text = [`${severity}: ${sentence}`, why, ...todo, `Source: ${secret.source}`].join('\n');
      const tag = isFailure(severity) ? 'failure' : 'skipped';
      return { classname, name: `${name}: ${named}`, outcome: { tag, message: sentence, text } };
    });
    const missed = secret.unchecked.map(({ rules, sentence }): TestCase => {
      return { classname, name: `${name}: ${rules.join(', ')}`, outcome: { tag: 'skipped', message: sentence } };
    });
    return found.length + missed.length > 0 ? [...found, ...missed] : [{ classname, name }];
  };
  const notChecked = report.remarks
    .filter(({ kind }) => kind === 'not-checked')
    .map(({ path, sentence }): TestCase => {
      return { classname, name: path, outcome: { tag: 'skipped', message: sentence } };
    });
  return junitXml(classname, [...report.secrets.flatMap(casesOf), ...notChecked]);
}

const classname = 'secret-stages check';
