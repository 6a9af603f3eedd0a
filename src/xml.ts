import { printable } from './text.ts';

/** Escapes text for HTML, SVG and XML. Characters that these do not allow, such as control characters, become visible. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A test case of {@link junitXml}. */
export interface TestCase {
  readonly classname: string;
  readonly name: string;
  /** If omitted, it passed. */
  readonly outcome?:
    | { readonly tag: 'failure' | 'skipped'; readonly message: string; readonly text?: string }
    | undefined;
}

/**
 * Writes test cases as JUnit XML, for CI. The format has no official specification. These are the elements and attributes that all
 * readers know (assumed, from the schema that Jenkins publishes).
 */
export function junitXml(
  name: string,
  cases: readonly TestCase[],
  properties: Readonly<Record<string, string | number>> = {},
): string {
  const count = (tag: string) => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  const counts = { tests: cases.length, failures: count('failure'), errors: 0, skipped: count('skipped') };
  const listed = Object.entries(properties).map(([key, value]) => element('property', { name: key, value }));
  const suite = [
    ...(listed.length > 0 ? [element('properties', {}, ...listed)] : []),
    ...cases.map(({ classname, name, outcome }) =>
      element(
        'testcase',
        { classname, name },
        outcome ? element(outcome.tag, { message: outcome.message }, linesOf(outcome.text ?? '')) : '',
      ),
    ),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>${element('testsuites', {}, element('testsuite', { name, ...counts }, ...suite))}\n`;
}

const element = (tag: string, attributes: Readonly<Record<string, string | number>>, ...content: readonly string[]) => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(`${value}`)}"`);
  return `<${tag}${written.join('')}>${content.join('')}</${tag}>`;
};

const linesOf = (text: string): string => text.split('\n').map(escapeHtml).join('\n');
