import type { Colors } from 'picocolors/types.js';
import type { SecretAction } from '../index.ts';
import type { Finding, PolicyRule, Severity } from '../policy/index.ts';
import { printable } from '../text.ts';
import { callFor } from './call-for.ts';
import { timeText } from './draw-secret.ts';
import type { PlanCommand } from './plan-command.ts';
import type { ReadSecret } from './read-secrets.ts';

const paints = { note: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<Severity, keyof Colors>;

/** A finding for a person: what is wrong, since when, why it matters, and what to do. `command` shows what the remedy does. */
export function drawFinding(
  { rule: id, severity, sentence, since, remedy }: Finding,
  secret: ReadSecret,
  policy: readonly PolicyRule[],
  command: PlanCommand,
  colors: Colors,
): string {
  const rule = policy.find((one) => one.id === id);
  const head = `${colors[paints[severity]](severity)}  ${colors.bold(id)}`;
  const when = since === undefined ? '' : `Since ${timeText(since)}. `;
  const lines = [head, printable(sentence), colors.dim(`${when}${rule?.why}`)];
  if (remedy.length === 0) return [...lines, `What to do: ${rule?.advice}`].join('\n');
  const typed = command(secret.dialect.stages.move === 'free' ? remedy.map(unguarded) : remedy);
  return [
    ...lines,
    'What mends it:',
    ...remedy.map((action) => `  ${callFor(action, secret)}`),
    `Or: ${rule?.advice}`,
    ...(typed === undefined ? [] : [`See first what it does: ${typed}`]),
  ].join('\n');
}

/** A move without its holder: `plan` reads the same files again, so it adds nothing where no move needs it. */
const unguarded = (action: SecretAction): SecretAction =>
  action.type === 'assignStage' ? { ...action, from: undefined } : action;
