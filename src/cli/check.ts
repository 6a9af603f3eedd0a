import type { Colors } from 'picocolors/types.js';
import { versionOf } from '../index.ts';
import { explainUnknown, type Finding, check as judge, type PolicyRule, type Severity } from '../policy/index.ts';
import { findingOf, judgeChange } from '../policy/judge.ts';
import { severities } from '../policy/rule.ts';
import { asJson, counted, printable } from '../text.ts';
import { boardOf, drawBoard, moment } from './draw-board.ts';
import { type Command, colorsFor, print, UsageError } from './host.ts';
import {
  type Checked,
  drawFinding,
  filesIn,
  isAtLeast,
  judgingOptions,
  planCommands,
  policyIn,
  timeIn,
  typedWith,
} from './judged.ts';
import { oneOf, readOptions } from './options.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';
import { sarifOf } from './sarif.ts';

export const check: Command = {
  usage: `secret-stages check [FILE…] [--dialect NAME] [--policy POLICY] [--at TIME] [--fail-on SEVERITY] [--format FORMAT]

  Holds secrets to a policy, and says of each finding what shows it, why it matters, and what mends it. Reads recorded answers
  (ListSecretVersions with all its pages, ShowSecret, ListSecrets, ShowSecretStage; those of one secret may be in many files),
  transcripts, snapshots of the emulator, and states. Without FILE, or with -, it reads standard input.

  --dialect NAME      the cloud that all of them must belong to: huawei-csms, aws-secrets-manager, alibaba-kms or
                      google-secret-manager; if omitted, each file must show it: a transcript by its first call or "dialect",
                      see \`secret-stages replay --help\`; see also \`secret-stages dialects\`
  --policy POLICY     which rules hold, with which severities and thresholds; all of them unless told otherwise:
                      {"rules": {"stuck-stage": {"severity": "error", "days": 3}, "rollback": "off"}, "others": "on"}
  --at TIME           as of when: epoch milliseconds, or 2026-11-24T12:00:00Z; unless told otherwise now, and of a
                      transcript when it ends
  --fail-on SEVERITY  error, warning (unless told otherwise) or note: from where on a finding counts for the exit code
  --fail-on-unjudged  what could not be judged counts, too
  --format FORMAT     pretty, json or sarif

  Exit code: 0 clean; 1 findings that count; 2 the input or the policy is of no use`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('check', args, judgingOptions);
    const format = oneOf('--format', values.format, ['pretty', 'json', 'sarif']);
    const failOn = oneOf('--fail-on', values['fail-on'], severities);
    const policy = await policyIn(host, values.policy);
    const files = filesIn(positionals);
    const secrets = await readSecrets(host, files, values.dialect);
    if (secrets.length === 0) throw new UsageError('there is no secret to check in what was given');

    const checked = secrets.map((secret): Checked => {
      const at = timeIn(values.at, secret.recordedAt);
      const { findings, unjudged } = judge(secret.state, { ...secret, at, policy });
      const changes = changeFindings(secret, policy);
      return { secret, at, findings: [...findings, ...changes], unjudged };
    });
    const count = countOf(checked);
    if (format === 'sarif') await print(host, `${asJson(sarifOf(checked, policy))}\n`);
    else if (format === 'json') await print(host, `${asJson({ secrets: checked.map(plain), summary: count })}\n`);
    else {
      const colors = colorsFor(host);
      const commandFor = planCommands(files, secrets, values);
      for (const one of checked) {
        const told = drawChecked(one, policy, commandFor(one.secret), colors);
        if (told !== '') await print(host, `${told}\n`);
      }
      await print(host, drawCount(count, [...new Set(checked.map(({ at }) => at))]));
    }
    const fails = ({ findings, unjudged }: Checked) =>
      findings.some((finding) => isAtLeast(finding, failOn)) || (values['fail-on-unjudged'] && unjudged.length > 0);
    return checked.some(fails) ? 1 : 0;
  },
};

/** What is found in the changes that a transcript tells of and that still holds, such as a rollback that was not put back. */
const changeFindings = (secret: ReadSecret, policy: readonly PolicyRule[]): readonly Finding[] =>
  secret.moments.flatMap(({ at, state }, index) => {
    const before = secret.moments[index - 1];
    if (before === undefined) return [];
    const found = judgeChange({ ...secret, state, at }, before.state, policy);
    return found
      .map((one) => ({ ...findingOf(one), since: at, remedy: [] }))
      .filter(({ stage, versionId }) => stage === undefined || versionOf(secret.state, stage) === versionId);
  });

const plain = ({ secret, at, findings, unjudged }: Checked) => ({
  at,
  project: secret.project,
  secret: secret.state.name,
  dialect: secret.dialect.id,
  source: secret.source,
  findings,
  unjudged,
});

const countOf = (checked: readonly Checked[]) => {
  const count = (severity: Severity) =>
    checked.reduce((sum, one) => sum + one.findings.filter((finding) => finding.severity === severity).length, 0);
  const unjudged = checked.reduce((sum, one) => sum + rulesIn(one.unjudged).length, 0);
  return { secrets: checked.length, error: count('error'), warning: count('warning'), note: count('note'), unjudged };
};

/** A secret with findings: its board, and each of them. What could not be judged alone is told in a line. */
const drawChecked = (
  { secret, findings, unjudged }: Checked,
  policy: readonly PolicyRule[],
  command: string | undefined,
  colors: Colors,
): string => {
  const unknowns = [...new Set(unjudged.map(({ unknown }) => explainUnknown(unknown)))];
  if (findings.length === 0 && unknowns.length === 0) return '';
  const { project, state, source, dialect } = secret;
  return [
    colors.dim(printable([source, ...(project === null ? [] : [`project ${project}`])].join(', '))),
    drawBoard(boardOf(project ?? '', state), dialect, colors),
    ...findings.map(
      (finding) => `\n${drawFinding(finding, secret, policy, (remedy) => typedWith(command, remedy, secret), colors)}`,
    ),
    ...(unknowns.length > 0 ? [`\n${colors.bold('Not judged in all')}: ${rulesIn(unjudged).join(', ')}`] : []),
    ...unknowns.map((sentence) => colors.dim(printable(sentence))),
    '',
  ]
    .join('\n')
    .replaceAll(/(?<=\n)(?=.)/g, '  ');
};

const rulesIn = (unjudged: Checked['unjudged']): readonly string[] => [...new Set(unjudged.map(({ rule }) => rule))];

const drawCount = (
  { secrets, error, warning, note, unjudged }: ReturnType<typeof countOf>,
  times: readonly number[],
): string => {
  const found = [counted(error, 'error'), counted(warning, 'warning'), counted(note, 'note')].join(', ');
  const [at] = times;
  const when = at === undefined || times.length > 1 ? 'each as of its own time' : `as of ${moment(at)}`;
  const missed = unjudged > 0 ? `; ${counted(unjudged, 'rule')} not judged in all` : '';
  return `${counted(secrets, 'secret')} checked ${when}: ${found}${missed}.\n`;
};
