import { type Conformance, explainLaw } from '../testing/index.ts';
import { junitXml, type TestCase } from '../xml.ts';
import { reportOf, verdictOn } from './draw/draw-conformance.ts';

/** The laws as test cases in JUnit XML. */
export function junitOf(url: string, found: Conformance, again: string): string {
  const { runs, calls, seed, laws } = found;
  const name = 'secret-stages conform';
  const outcomes: Readonly<Record<ReturnType<typeof verdictOn>, TestCase['outcome']>> = {
    held: undefined,
    'not tried': { tag: 'skipped', message: 'No call of this run could break this law.' },
    broken: found.ok ? undefined : { tag: 'failure', message: found.why, text: reportOf(found, again) },
  };
  const cases = laws.map((law) => ({
    classname: name,
    name: `${law.id}: ${explainLaw(law)}`,
    outcome: outcomes[verdictOn(law, found)],
  }));
  return junitXml(name, cases, { url, runs, calls, seed, again });
}
