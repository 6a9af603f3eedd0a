import { colorsOf, type Terminal } from '../../drawing/terminal.ts';
import type { Host } from '../host.ts';

/** The fewest columns at which lines are wrapped. A narrower terminal wraps them itself. */
const narrowest = 40;

/** The terminal that standard output is. For standard error, pass it as `stdout`. */
export function terminalOf({ stdout, env, color }: Pick<Host, 'stdout' | 'env' | 'color'>): Terminal {
  const { isTTY = false, columns = 0 } = stdout;
  // Some terminals without a size report 0.
  const width = isTTY && columns > 0 ? Math.max(columns, narrowest) : undefined;
  return { colors: colorsOf(color ?? hasColors(isTTY, env)), width };
}

const hasColors = (isTTY: boolean, { NO_COLOR, FORCE_COLOR, TERM }: Host['env']): boolean => {
  if (NO_COLOR) return false;
  return FORCE_COLOR === undefined ? isTTY && TERM !== 'dumb' : !['0', 'false'].includes(FORCE_COLOR);
};
