import type { Colors } from 'picocolors/types.js';
import { type Broken, type Conformance, explainConformance, explainLaw, type TriedLaw } from '../testing/index.ts';
import { counted, printable } from '../text.ts';

/** What was found, for a person: each law with a verdict, then the report. `again` is the command that does it again. */
export function drawConformance(found: Conformance, again: string, colors: Colors): string {
  const { laws, runs, calls, seed } = found;
  const width = Math.max(...laws.map(({ id }) => id.length));
  const paints = { broken: colors.red, held: colors.green, 'not tried': colors.yellow };
  const rows = laws.map((law) => {
    const verdict = verdictOn(law, found);
    const tried = counted(law.tried, 'call').padStart(12);
    return `${paints[verdict](verdict.padEnd(9))}  ${law.id.padEnd(width)}${tried}  ${explainLaw(law)}`;
  });
  const untried = laws.filter((law) => verdictOn(law, found) === 'not tried').length;
  const missed = untried === 0 ? '' : ` ${counted(untried, 'law')} not tried.`;
  const played = `${counted(runs, 'secret')}, ${counted(calls, 'call')}, seed ${seed}.${missed}`;
  const report = found.ok
    ? [`${colors.green('Every law that was tried held.')} ${played}`]
    : [`${colors.red(`Law ${found.law.id} is broken.`)} ${played}`, '', reportOf(found, again)];
  return [...rows, '', ...report, ''].join('\n');
}

/** What became of a law. One that comes after a broken one may not have been tried. */
export function verdictOn({ id, tried }: TriedLaw, found: Conformance): 'broken' | 'held' | 'not tried' {
  if (!found.ok && found.law.id === id) return 'broken';
  return tried > 0 ? 'held' : 'not tried';
}

/** What broke a law, safe for a terminal. */
export function reportOf(found: Broken, again: string): string {
  return explainConformance(found, again).split('\n').map(printable).join('\n');
}
