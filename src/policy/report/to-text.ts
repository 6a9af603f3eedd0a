import { drawFinding } from '../../drawing/draw-finding.ts';
import { drawExcerpt, timeText } from '../../drawing/draw-secret.ts';
import { colorsOf, indented, type Terminal } from '../../drawing/terminal.ts';
import { wrap } from '../../drawing/wrap.ts';
import { counted, grouped, printable } from '../../text.ts';
import type { CheckReport, ReportedFinding, ReportedSecret } from './check-report.ts';

/** Options of {@link toText}. */
export interface TextOptions {
  /** The columns of a line. If omitted, lines are not wrapped. */
  readonly width?: number | undefined;
  /** Whether to use the colours of a terminal. If omitted, no. */
  readonly colors?: boolean | undefined;
  /** Returns the command that previews the remedy of a finding, if there is one. If omitted, none is shown. */
  readonly preview?: ((secret: ReportedSecret, finding: ReportedFinding) => string | undefined) | undefined;
}

/** The most sentences about unknowns for each secret, and the most remarks. */
const most = 20;

/**
 * Writes a report as text for people, as `check` prints it: each secret with findings, unchecked rules or remarks, then the remarks on the
 * input, then the totals. The text is safe for a terminal.
 *
 * @example
 * const imported = importAll([{ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) }]);
 * const text = imported.ok && toText(checkAll(imported.secrets, { at: 1000, policy: [] }));
 * text; // '1 secret checked as of 1970-01-01 00:00:01Z: 0 errors, 0 warnings, 0 notes.\n'
 */
export function toText(report: CheckReport, { width, colors = false, preview }: TextOptions = {}): string {
  const terminal = { width, colors: colorsOf(colors) };
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const secrets = report.secrets.flatMap((secret) => {
    const { findings, unchecked, remarks, board } = secret;
    if (findings.length + unchecked.length + remarks.length === 0) return [];
    const body = indented(2, terminal, (inner) =>
      [
        ...(board ? [drawExcerpt(secret.name, board, inner)] : []),
        ...remarks.map((remark) => wrap(printable(remark), inner)),
        ...findings.map((finding) => {
          const context = { rule: rules.get(finding.rule), preview: preview?.(secret, finding), terminal: inner };
          return `\n${drawFinding(finding, context)}`;
        }),
        ...missedLines(secret, inner),
        '',
      ].join('\n'),
    );
    return [`${wrap(terminal.colors.dim(placeText(secret)), terminal)}\n${body}\n`];
  });
  return [...secrets, ...remarkLines(report, terminal), wrap(totalsText(report), terminal)].join('');
}

const placeText = ({ source, project }: ReportedSecret): string =>
  printable([source, ...(project === null ? [] : [`project ${project}`])].join(', '));

const missedLines = ({ unchecked }: ReportedSecret, terminal: Terminal): readonly string[] => {
  if (unchecked.length === 0) return [];
  const { bold, dim } = terminal.colors;
  const rules = [...new Set(unchecked.flatMap(({ rules }) => rules))].join(', ');
  const sentences = shortened([...new Set(unchecked.map(({ sentence }) => sentence))]);
  return [`\n${bold('Could not be checked')}: ${rules}`, ...sentences.map((one) => dim(printable(one)))].map((text) =>
    wrap(text, terminal),
  );
};

const remarkLines = ({ remarks }: CheckReport, terminal: Terminal): readonly string[] => {
  if (remarks.length === 0) return [];
  const lines = shortened(remarks.map(({ sentence }) => sentence));
  const text = indented(2, terminal, (inner) => lines.map((line) => wrap(printable(line), inner)).join('\n'));
  return [`${terminal.colors.bold('Remarks on the input')}\n${text}\n\n`];
};

const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most), `and ${grouped(lines.length - most)} more`] : lines;

const totalsText = ({ secrets, summary, baseline }: CheckReport): string => {
  const { error, warning, note, unchecked, notChecked } = summary;
  const found = [counted(error, 'error'), counted(warning, 'warning'), counted(note, 'note')].join(', ');
  const [at, ...others] = new Set(secrets.map((one) => one.at));
  const when = at === undefined || others.length > 0 ? ', each as of its own time' : ` as of ${timeText(at)}`;
  const missed = [
    ...(unchecked > 0 ? [`; ${counted(unchecked, 'rule')} could not be checked`] : []),
    ...(notChecked > 0 ? [`; ${counted(notChecked, 'secret')} could not be checked`] : []),
  ].join('');
  const since = baseline
    ? `Not shown: ${counted(baseline.known, 'finding')} of the baseline. ${counted(baseline.gone, 'finding')} of the baseline ${baseline.gone === 1 ? 'is' : 'are'} gone.\n`
    : '';
  return `${counted(secrets.length, 'secret')} checked${when}: ${found}${missed}.\n${since}`;
};
