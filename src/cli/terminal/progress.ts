import { fold } from '../../drawing/wrap.ts';
import type { Host } from '../host.ts';
import { terminalOf } from './terminal.ts';

/** A line on the terminal that shows the progress of long work. */
export interface Progress {
  /** Shows the line once the work has taken a second, at most ten times a second. */
  readonly show: (text: string) => void;
  /** Clears the line. Call it before anything else is printed. */
  readonly end: () => void;
}

/** Starts showing progress on standard error, if that is a terminal. */
export function startProgress({ stderr, env }: Pick<Host, 'stderr' | 'env'>, now: () => number = Date.now): Progress {
  const { width } = terminalOf({ stdout: stderr, env });
  // A dumb terminal cannot clear a line.
  const isShown = stderr.isTTY === true && env['TERM'] !== 'dumb';
  let next = now() + 1000;
  let isClear = true;
  return {
    show: (text) => {
      if (!isShown || now() < next) return;
      next = now() + 100;
      isClear = false;
      // A longer line would wrap, and only its end would be cleared.
      stderr.write(`${clear}${fold(text, (width ?? 80) - 1)[0]}`);
    },
    end: () => {
      if (!isClear) stderr.write(clear);
      isClear = true;
    },
  };
}

const clear = '\r\u001b[K';
