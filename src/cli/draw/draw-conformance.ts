import { sideBySide } from '../../board.ts';
import { drawTable } from '../../drawing/table.ts';
import type { Terminal } from '../../drawing/terminal.ts';
import { wrap } from '../../drawing/wrap.ts';
import { type Broken, type Conformance, explainConformance, explainLaw, type TriedLaw } from '../../testing/index.ts';
import { counted, printable } from '../../text.ts';

/**
 * The result as text: each law with its verdict, then the report. `again` is the command that repeats the run. `censored` removes
 * what must not be shown from the report, before it is wrapped.
 */
export function drawConformance(
  found: Conformance,
  again: string,
  terminal: Terminal,
  censored: (text: string) => string,
): string {
  const { colors } = terminal;
  const { laws, runs, calls, seed } = found;
  const paints = { broken: colors.red, held: colors.green, 'not tried': colors.yellow };
  const rows = laws.map((law) => {
    const verdict = verdictOn(law, found);
    return [paints[verdict](verdict.padEnd(9)), law.id, counted(law.tried, 'call').padStart(10), explainLaw(law)];
  });
  const untried = laws.filter((law) => verdictOn(law, found) === 'not tried').length;
  const missed = untried === 0 ? '' : ` ${counted(untried, 'law')} ${untried === 1 ? 'was' : 'were'} not tried.`;
  const played = `${counted(runs, 'secret')}, ${counted(calls, 'call')}, seed ${seed}.${missed}`;
  const report = found.ok
    ? [wrap(`${colors.green('No law was broken.')} ${played}`, terminal)]
    : [
        wrap(`${colors.red(`Law ${found.law.id} is broken.`)} ${played}`, terminal),
        '',
        drawBroken(found, again, terminal, censored),
      ];
  return [drawTable(rows, { ...terminal, gap: 2 }), '', ...report, ''].join('\n');
}

/** The verdict on a law. The run ends at the first broken law, so it may not have tried the laws after it. */
export function verdictOn({ id, tried }: TriedLaw, found: Conformance): 'broken' | 'held' | 'not tried' {
  if (!found.ok && found.law.id === id) return 'broken';
  return tried > 0 ? 'held' : 'not tried';
}

/** The report on a broken law, safe for a terminal. */
export function reportOf(found: Broken, again: string): string {
  return explainConformance(found, again).split('\n').map(printable).join('\n');
}

/** The report on a terminal. Lines to copy are not wrapped, and boards that do not fit side by side are drawn one below the other. */
const drawBroken = (found: Broken, again: string, terminal: Terminal, censored: (text: string) => string): string => {
  const { expected, found: shown, transcript } = found;
  const boards = sideBySide(expected, shown, ['expected', 'actual']);
  const isWide = wrap(boards, terminal) !== boards;
  const stacked = ['expected', ...expected, '', 'actual', ...shown].join('\n');
  const copied = [...transcript, again].map(censored);
  const text = explainConformance(found, again).replace(boards, () => (isWide ? stacked : boards));
  return censored(text)
    .split('\n')
    .map(printable)
    .map((line) => (copied.some((one) => line.endsWith(one)) ? line : wrap(line, terminal, 2)))
    .join('\n');
};
