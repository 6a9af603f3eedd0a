import type { Colors } from 'picocolors/types.js';
import type { SecretAction } from '../../index.ts';
import type { Finding, PolicyRule, Severity } from '../../policy/index.ts';
import { printable } from '../../text.ts';
import type { PlanCommand } from '../plan-command.ts';
import type { ReadSecret } from '../read-secrets.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import { timeText } from './draw-secret.ts';
import { remedyLine } from './remedy-line.ts';

const paints = { note: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<Severity, keyof Colors>;

/** The context of findings. `command` returns the command line that previews actions. */
export interface FindingContext {
  readonly policy: readonly PolicyRule[];
  readonly command: PlanCommand;
  readonly terminal: Terminal;
}

/** A finding as text: what is wrong, since when, why it matters, and what to do. */
export function drawFinding(finding: Finding, secret: ReadSecret, context: FindingContext): string {
  const { policy, command, terminal } = context;
  const { colors } = terminal;
  const { rule: id, severity, sentence, since, remedy } = finding;
  const rule = policy.find((one) => one.id === id);
  const head = `${colors[paints[severity]](severity)}  ${colors.bold(id)}`;
  const when = since === undefined ? '' : `Since ${timeText(since)}. `;
  const why = colors.dim(`${when}${rule?.why}`);
  const lines = [head, wrap(printable(sentence), terminal), wrap(why, terminal)];
  if (remedy.length === 0) return [...lines, wrap(`What to do: ${rule?.advice}`, terminal)].join('\n');
  const typed = command(secret.dialect.stages.move === 'free' ? remedy.map(unguarded) : remedy);
  return [
    ...lines,
    'Fix:',
    ...remedy.map((action) => {
      const line = `  ${remedyLine(action, secret)}`;
      // A call is for copying, so it is not wrapped. The sentence that no call exists is.
      return 'at' in action ? line : wrap(line, terminal);
    }),
    wrap(`Or: ${rule?.advice}`, terminal),
    ...(typed === undefined ? [] : [`Preview: ${typed}`]),
  ].join('\n');
}

/** A move without its holder. `plan` reads the same files again, so the holder adds nothing unless the cloud requires it. */
const unguarded = (action: SecretAction): SecretAction =>
  action.type === 'assignStage' ? { ...action, from: undefined } : action;
