import { type Conformance, explainLaw } from '../testing/index.ts';
import { reportOf, verdictOn } from './draw/draw-conformance.ts';
import { escapeHtml } from './picture/escape-html.ts';

/**
 * The laws as test cases in JUnit XML, for CI. The format has no official specification. These are the elements and attributes that
 * all readers know (assumed, from the schema that Jenkins publishes).
 */
export function junitOf(url: string, found: Conformance, again: string): string {
  const { runs, calls, seed, laws } = found;
  const name = 'secret-stages conform';
  const count = (verdict: ReturnType<typeof verdictOn>) =>
    laws.filter((law) => verdictOn(law, found) === verdict).length;
  const counts = { tests: laws.length, failures: count('broken'), errors: 0, skipped: count('not tried') };
  const outcomes = {
    held: '',
    'not tried': element('skipped', { message: 'No call of this run could break this law.' }),
    broken: found.ok ? '' : element('failure', { message: found.why }, linesOf(reportOf(found, again))),
  };
  const properties = Object.entries({ url, runs, calls, seed, again });
  const suite = [
    element('properties', {}, ...properties.map(([key, value]) => element('property', { name: key, value }))),
    ...laws.map((law) =>
      element('testcase', { classname: name, name: `${law.id}: ${explainLaw(law)}` }, outcomes[verdictOn(law, found)]),
    ),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>${element('testsuites', {}, element('testsuite', { name, ...counts }, ...suite))}\n`;
}

const element = (tag: string, attributes: Readonly<Record<string, string | number>>, ...content: readonly string[]) => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(`${value}`)}"`);
  return `<${tag}${written.join('')}>${content.join('')}</${tag}>`;
};

const linesOf = (text: string): string => text.split('\n').map(escapeHtml).join('\n');
