import { DOMParser } from 'linkedom';
import { printable } from '../text.ts';

/** A test of a suite, and what came of it. */
export interface TestCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped, in a line. */
  readonly message?: string;
  /** All that is to be said of a failure. */
  readonly report?: string;
}

export interface TestSuite {
  readonly name: string;
  /** How to run it again, for example. */
  readonly properties: Readonly<Record<string, string | number>>;
  readonly cases: readonly TestCase[];
}

/** What a document is made of: the library's own types want a browser's, which Node does not have. */
interface Part {
  readonly append: (part: Part) => void;
  readonly setAttribute: (name: string, value: string) => void;
  textContent: string | null;
}

/**
 * A suite as JUnit XML. Nobody owns that format: these are the elements and attributes that all the readers know (assumed, from
 * the schema that Jenkins publishes). What XML cannot hold, such as most control characters, is made visible as `printable`
 * does it.
 */
export function junitOf({ name, properties, cases }: TestSuite): string {
  const document = new DOMParser().parseFromString('<testsuites/>', 'text/xml');
  const add = (parent: Part, tag: string, attributes: Readonly<Record<string, string | number>>): Part => {
    const part: Part = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, printable(String(value)));
    parent.append(part);
    return part;
  };
  const count = (outcome: TestCase['outcome']) => cases.filter((one) => one.outcome === outcome).length;

  const counts = { tests: cases.length, failures: count('failed'), errors: 0, skipped: count('skipped') };
  const suite = add(document.documentElement, 'testsuite', { name, ...counts });
  const list = add(suite, 'properties', {});
  for (const [key, value] of Object.entries(properties)) add(list, 'property', { name: key, value });
  for (const { name: title, outcome, message = '', report = '' } of cases) {
    const one = add(suite, 'testcase', { classname: name, name: title });
    if (outcome === 'skipped') add(one, 'skipped', { message });
    if (outcome === 'failed') {
      add(one, 'failure', { message }).textContent = report.split('\n').map(printable).join('\n');
    }
  }
  return `${document.toString()}\n`;
}
