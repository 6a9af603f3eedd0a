import pico from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { Host } from '../host.ts';

/** The terminal that output is drawn on. */
export interface Terminal {
  readonly colors: Colors;
  /** The columns of a line. Undefined for a file or a pipe, for which lines are not wrapped. */
  readonly width: number | undefined;
}

/** The fewest columns at which lines are wrapped. A narrower terminal wraps them itself. */
const narrowest = 40;

/** The terminal that standard output is. For standard error, pass it as `stdout`. */
export function terminalOf({ stdout, env, color }: Pick<Host, 'stdout' | 'env' | 'color'>): Terminal {
  const { isTTY = false, columns = 0 } = stdout;
  // Some terminals without a size report 0.
  const width = isTTY && columns > 0 ? Math.max(columns, narrowest) : undefined;
  return { colors: pico.createColors(color ?? hasColors(isTTY, env)), width };
}

/** Draws something a few columns to the right. */
export function indented(columns: number, terminal: Terminal, draw: (inner: Terminal) => string): string {
  const { width } = terminal;
  const text = draw({ ...terminal, width: width === undefined ? undefined : width - columns });
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}

const hasColors = (isTTY: boolean, { NO_COLOR, FORCE_COLOR, TERM }: Host['env']): boolean => {
  if (NO_COLOR) return false;
  return FORCE_COLOR === undefined ? isTTY && TERM !== 'dumb' : !['0', 'false'].includes(FORCE_COLOR);
};
