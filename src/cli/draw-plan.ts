import { explain } from '../explain.ts';
import type { Effect, SecretAction } from '../index.ts';
import type { Finding, PlanReport } from '../policy/index.ts';
import { printable } from '../text.ts';
import { drawFinding, type FindingContext } from './draw-finding.ts';
import { drawSecret } from './draw-secret.ts';
import type { ReadSecret } from './read-secrets.ts';

/** What was planned, and how to type `plan` for the secret. */
interface Planned extends FindingContext {
  readonly secret: ReadSecret;
  readonly actions: readonly SecretAction[];
}

export function drawPlan(report: PlanReport, planned: Planned): string {
  const { secret, actions, command, colors } = planned;
  const context: FindingContext = { ...planned, command: (remedy) => command([...actions, ...remedy]) };
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colors.bold(title), ...lines.map((line) => line.replaceAll(/^(?=.)/gm, '  ')), ''];
  const before = section('Before', [drawSecret(secret.state, secret.dialect, colors)]);
  if (!report.allowed) {
    const { index, refusal } = report;
    const title = colors.red(`Refused at action ${index + 1}: ${refusal.code}`);
    return [...before, ...section(title, [printable(explain(refusal)), ...wayOut(report, planned)]), ''].join('\n');
  }
  const sentences = (effects: readonly Effect[]) => effects.map((effect) => printable(explain(effect)));
  const fixed = report.mends.map(({ rule, sentence }) => printable(`${rule}: ${sentence}`));
  const drawn = (finding: Finding, index: number) => `${index > 0 ? '\n' : ''}${drawFinding(finding, secret, context)}`;
  return [
    ...before,
    ...section('After', [drawSecret(report.state, secret.dialect, colors)]),
    ...section('What was asked for', report.asked.length > 0 ? sentences(report.asked) : ['Nothing changes.']),
    ...section('What follows by itself', sentences(report.follows)),
    ...section('What it would bring', report.brings.map(drawn)),
    ...section('What it would mend', fixed),
    '',
  ].join('\n');
}

/** What to type so that a stage that is on another version moves. */
const wayOut = (
  { index, refusal }: Extract<PlanReport, { allowed: false }>,
  { actions, command }: Planned,
): readonly string[] => {
  if (refusal.code !== 'HOLDER_NOT_NAMED') return [];
  const named = actions.map((action, place) =>
    place === index && action.type === 'assignStage' ? { ...action, from: refusal.holder } : action,
  );
  const typed = command(named);
  return typed === undefined ? [] : [`Type: ${typed}`];
};
