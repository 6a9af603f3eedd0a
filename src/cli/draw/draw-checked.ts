import { explainUnknown, type Severity } from '../../policy/index.ts';
import { counted, printable } from '../../text.ts';
import type { Checked } from '../checked.ts';
import { atMost } from '../host.ts';
import { indented, type Terminal } from '../../drawing/terminal.ts';
import { wrap } from '../../drawing/wrap.ts';
import { drawFinding, type FindingContext } from '../../drawing/draw-finding.ts';
import { drawSecret, timeText } from '../../drawing/draw-secret.ts';

/** A secret with its findings and unchecked rules; empty if it has neither. */
export function drawChecked({ secret, findings, unchecked }: Checked, context: FindingContext): string {
  if (findings.length === 0 && unchecked.length === 0) return '';
  const { project, state, source, dialect } = secret;
  const { terminal } = context;
  const { colors } = terminal;
  const unknowns = new Set(unchecked.map(({ unknown }) => explainUnknown(unknown, dialect)));
  const place = colors.dim(printable([source, ...(project === null ? [] : [`project ${project}`])].join(', ')));
  const body = indented(2, terminal, (inner) => {
    const missed = [
      ...(unknowns.size > 0 ? [`\n${colors.bold('Could not be checked')}: ${rulesIn(unchecked).join(', ')}`] : []),
      ...atMost(20, [...unknowns]).map((sentence) => colors.dim(printable(sentence))),
    ];
    return [
      drawSecret(state, dialect, inner),
      ...findings.map((finding) => `\n${drawFinding(finding, secret, { ...context, terminal: inner })}`),
      ...missed.map((text) => wrap(text, inner)),
      '',
    ].join('\n');
  });
  return `${wrap(place, terminal)}\n${body}`;
}

/** The number of secrets, of findings by severity, and of unchecked rules. */
export function totalsOf(checked: readonly Checked[]) {
  const severities = checked.flatMap(({ findings }) => findings.map(({ severity }) => severity));
  const count = (severity: Severity) => severities.filter((one) => one === severity).length;
  const unchecked = checked.flatMap((one) => rulesIn(one.unchecked)).length;
  return { secrets: checked.length, error: count('error'), warning: count('warning'), note: count('note'), unchecked };
}

export function drawTotals(checked: readonly Checked[], terminal: Terminal): string {
  const { secrets, error, warning, note, unchecked } = totalsOf(checked);
  const found = [counted(error, 'error'), counted(warning, 'warning'), counted(note, 'note')].join(', ');
  const [at, ...others] = new Set(checked.map((one) => one.at));
  const when = at === undefined || others.length > 0 ? ', each as of its own time' : ` as of ${timeText(at)}`;
  const missed = unchecked > 0 ? `; ${counted(unchecked, 'rule')} could not be checked` : '';
  return wrap(`${counted(secrets, 'secret')} checked${when}: ${found}${missed}.\n`, terminal);
}

/** The rules that could not be checked, each once. */
export function rulesIn(unchecked: Checked['unchecked']): readonly string[] {
  return [...new Set(unchecked.map(({ rule }) => rule))];
}
