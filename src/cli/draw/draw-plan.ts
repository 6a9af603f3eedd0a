import { drawFinding } from '../../drawing/draw-finding.ts';
import { drawSecret } from '../../drawing/draw-secret.ts';
import { indented, type Terminal } from '../../drawing/terminal.ts';
import { wrap } from '../../drawing/wrap.ts';
import { explain } from '../../explain.ts';
import type { SecretAction, SecretState } from '../../index.ts';
import { explainUnknown, type Finding, type PlanReport, type PolicyRule } from '../../policy/index.ts';
import { commandsFor } from '../../shell.ts';
import { printable } from '../../text.ts';
import { type PlanCommand, unguarded } from '../plan-command.ts';
import type { ReadSecret } from '../read-secrets.ts';

/** The planned actions, and what is needed to draw them. */
interface Planned {
  readonly policy: readonly PolicyRule[];
  readonly command: PlanCommand;
  readonly terminal: Terminal;
  readonly secret: ReadSecret;
  readonly actions: readonly SecretAction[];
}

export function drawPlan(report: PlanReport, planned: Planned): string {
  const { secret, actions, policy, command, terminal } = planned;
  const { colors } = terminal;
  const boardFor = (state: SecretState, inner: Terminal) => [drawSecret(state, secret.dialect, inner, secret.unknown)];
  const drawn = (finding: Finding, inner: Terminal) => {
    const { remedy } = finding;
    const commands = commandsFor(remedy, { ...secret, name: secret.state.name });
    const preview = remedy.length > 0 ? command([...actions, ...unguarded(remedy, secret)]) : undefined;
    const rule = policy.find(({ id }) => id === finding.rule);
    return drawFinding({ ...finding, commands }, { rule, preview, terminal: inner });
  };
  const section = (title: string, draw: (inner: Terminal) => readonly string[]) => {
    const text = indented(2, terminal, (inner) => draw(inner).join('\n'));
    return text === '' ? [] : [colors.bold(title), text, ''];
  };
  const before = section('Before', (inner) => boardFor(secret.state, inner));
  if (!report.allowed) {
    const { index, refusal, sentence } = report;
    const title = colors.red(refusal ? `Refused at action ${index + 1}: ${refusal.code}` : 'Refused');
    const why = (inner: Terminal) => [wrap(printable(sentence), inner), ...wayOut(report, planned)];
    return [...before, ...section(title, why), ''].join('\n');
  }
  const listed = (sentences: readonly string[]) => (inner: Terminal) =>
    sentences.map((sentence) => wrap(printable(sentence), inner));
  const caused = (inner: Terminal) =>
    report.causes.map((finding, index) => `${index > 0 ? '\n' : ''}${drawn(finding, inner)}`);
  return [
    ...before,
    ...section('After', (inner) => boardFor(report.state, inner)),
    ...section('Requested changes', listed(report.asked.length > 0 ? report.asked.map(explain) : ['Nothing changes.'])),
    ...section('Side effects', listed(report.follows.map(explain))),
    ...section('Values that may be lost', listed(report.loses.map(({ sentence }) => sentence))),
    ...section('Remarks', listed(report.remarks)),
    ...section('New findings', caused),
    ...section('Fixed findings', listed(report.fixes.map(({ rule, sentence }) => `${rule}: ${sentence}`))),
    ...section(
      'Could not be checked',
      listed(
        report.unchecked.map(({ rules, unknown }) => `${rules.join(', ')}: ${explainUnknown(unknown, secret.dialect)}`),
      ),
    ),
    '',
  ].join('\n');
}

/** The command that moves the stage by naming the version that it is on. */
const wayOut = (
  { index, refusal }: Extract<PlanReport, { allowed: false }>,
  { actions, command }: Planned,
): readonly string[] => {
  if (refusal?.code !== 'HOLDER_NOT_NAMED') return [];
  const named = actions.map((action, place) =>
    place === index && action.type === 'assignStage' ? { ...action, from: refusal.holder } : action,
  );
  const typed = command(named);
  return typed === undefined ? [] : [`Run: ${typed}`];
};
