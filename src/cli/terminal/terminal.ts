import { colorsOf, type Terminal } from '../../drawing/terminal.ts';
import type { Host } from '../host.ts';

/** The fewest columns at which lines are wrapped. A narrower terminal wraps them itself. */
const narrowest = 40;

/** The terminal that standard output is. For standard error, pass it as `stdout`. */
export function terminalOf({ stdout, env, color }: Pick<Host, 'stdout' | 'env' | 'color'>): Terminal {
  const { isTTY = false, columns = 0 } = stdout;
  // Some terminals without a size report 0.
  const width = isTTY && columns > 0 ? Math.max(columns, narrowest) : undefined;
  return { colors: colorsOf(hasColors({ stdout, env, color })), width };
}

/** Whether to use colours: the option decides, or else the environment and the terminal. */
export function hasColors({ stdout, env, color }: Pick<Host, 'stdout' | 'env' | 'color'>): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (color !== undefined) return color;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR);
  return stdout.isTTY === true && TERM !== 'dumb';
}
