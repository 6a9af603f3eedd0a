import type { Colors } from 'picocolors/types.js';
import { explain } from '../explain.ts';
import type { Effect, SecretAction } from '../index.ts';
import type { Finding, PlanReport, PolicyRule } from '../policy/index.ts';
import { printable } from '../text.ts';
import { drawFinding } from './draw-finding.ts';
import { drawSecret } from './draw-secret.ts';
import type { PlanCommand } from './plan-command.ts';
import type { ReadSecret } from './read-secrets.ts';

/** What was planned, and how to type `plan` for the secret. */
interface Planned {
  readonly secret: ReadSecret;
  readonly actions: readonly SecretAction[];
  readonly policy: readonly PolicyRule[];
  readonly command: PlanCommand;
  readonly colors: Colors;
}

export function drawPlan(report: PlanReport, planned: Planned): string {
  const { secret, actions, policy, command, colors } = planned;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colors.bold(title), ...lines.map((line) => line.replaceAll(/^(?=.)/gm, '  ')), ''];
  const before = section('Before', [drawSecret(secret.state, secret.dialect, colors)]);
  if (!report.allowed) {
    const { index, refusal } = report;
    const title = colors.red(`Refused at action ${index + 1}: ${refusal.code}`);
    return [...before, ...section(title, [printable(explain(refusal)), ...wayOut(report, planned)]), ''].join('\n');
  }
  const sentences = (effects: readonly Effect[]) => effects.map((effect) => printable(explain(effect)));
  const drawn = (finding: Finding, index: number) =>
    (index > 0 ? '\n' : '') +
    drawFinding(finding, secret, policy, (remedy) => command([...actions, ...remedy]), colors);
  return [
    ...before,
    ...section('After', [drawSecret(report.state, secret.dialect, colors)]),
    ...section('What was asked for', report.asked.length > 0 ? sentences(report.asked) : ['Nothing changes.']),
    ...section('What follows by itself', sentences(report.follows)),
    ...section('What it would bring', report.brings.map(drawn)),
    ...section(
      'What it would mend',
      report.mends.map(({ rule, sentence }) => printable(`${rule}: ${sentence}`)),
    ),
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
