import { wrap } from '../../drawing/wrap.ts';
import { printable } from '../../text.ts';
import { complain, type Host } from '../host.ts';
import { terminalOf } from './terminal.ts';

/** Prints lines on standard error. They may contain names from outside. */
export function warn(host: Pick<Host, 'stderr' | 'env' | 'color'>, lines: readonly string[]): void {
  const terminal = terminalOf({ stdout: host.stderr, env: host.env, color: host.color });
  complain(host, wrap(`${lines.map(printable).join('\n')}\n`, terminal, 2));
}
