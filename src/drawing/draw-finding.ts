import { printable } from '../text.ts';
import { timeText } from './draw-secret.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** What is drawn of a finding. */
interface DrawnFinding {
  readonly rule: string;
  readonly severity: keyof typeof paints;
  readonly sentence: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  /** The commands of the remedy. */
  readonly commands: readonly string[];
}

/** What is drawn with a finding. */
interface FindingContext {
  /** The texts of its rule. */
  readonly rule: { readonly why: string; readonly advice: string } | undefined;
  /** The command that previews the remedy. */
  readonly preview: string | undefined;
  readonly terminal: Terminal;
}

const paints = { note: 'cyan', warning: 'yellow', error: 'red' } as const;

/** A finding as text: what is wrong, since when, why it matters, and what to do. */
export function drawFinding(finding: DrawnFinding, { rule, preview, terminal }: FindingContext): string {
  const { colors } = terminal;
  const { rule: id, severity, sentence, since, commands } = finding;
  const head = `${colors[paints[severity]](severity)}  ${colors.bold(id)}`;
  const when = since === undefined ? '' : `Since ${timeText(since)}. `;
  const advice = printable(`${rule?.advice}`);
  const lines = [
    head,
    wrap(printable(sentence), terminal),
    wrap(colors.dim(when + printable(`${rule?.why}`)), terminal),
  ];
  return [
    ...lines,
    // A command is for copying, so it is not wrapped.
    ...(commands.length > 0 ? ['Fix:', ...commands.map((command) => `  ${command}`)] : []),
    wrap(`${commands.length > 0 ? 'Or' : 'What to do'}: ${advice}`, terminal),
    ...(preview === undefined ? [] : [`Preview: ${preview}`]),
  ].join('\n');
}
