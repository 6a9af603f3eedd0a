import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { junitOf, type TestCase } from '../../src/cli/junit.ts';

const suite = (...cases: readonly TestCase[]) => junitOf({ name: 'laws', properties: { seed: -5, url: 'u' }, cases });
/** An attribute as another reader has it: this parser leaves the entities in attributes as they are. */
const unescaped = (text: string | null | undefined) =>
  text?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const parse = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml');

test('a test case each, with what came of it, and how many of each', () => {
  const xml = suite(
    { name: 'a', outcome: 'passed' },
    { name: 'b', outcome: 'skipped', message: 'no turn' },
    { name: 'c', outcome: 'failed', message: 'broken', report: 'one\n\n  two' },
    { name: 'd', outcome: 'failed' },
  );
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?><testsuites>.*<\/testsuites>\n$/s);
  const document = parse(xml);
  const found = document.querySelector('testsuites > testsuite');
  const attributes = ['name', 'tests', 'failures', 'errors', 'skipped'].map((name) => found?.getAttribute(name));
  expect(attributes).toEqual(['laws', '4', '2', '0', '1']);
  const properties = [...document.querySelectorAll('testsuite > properties > property')];
  expect(properties.map((one) => [one.getAttribute('name'), one.getAttribute('value')])).toEqual([
    ['seed', '-5'],
    ['url', 'u'],
  ]);
  const cases = [...document.querySelectorAll('testsuite > testcase')].map((one) => [
    one.getAttribute('classname'),
    one.getAttribute('name'),
    [...one.children].map((child) => [child.tagName, child.getAttribute('message'), child.textContent]),
  ]);
  expect(cases).toEqual([
    ['laws', 'a', []],
    ['laws', 'b', [['skipped', 'no turn', '']]],
    ['laws', 'c', [['failure', 'broken', 'one\n\n  two']]],
    ['laws', 'd', [['failure', '', '']]],
  ]);
});

test('whatever a name or a report holds, it is well-formed, and read again as `printable` shows it', () => {
  const hostile = `<b a="x"> & 'y' ]]> &amp; \u0000\u001b[31m\t\r\u202e\ud800\uffff é 😀`;
  const shown = `<b a="x"> & 'y' ]]> &amp; \\u{0}\\u{1b}[31m\\u{9}\\u{d}\\u{202e}\\u{d800}\\u{ffff} é 😀`;
  const xml = suite({ name: hostile, outcome: 'failed', message: `${hostile}\n`, report: `${hostile}\n${hostile}` });
  // What XML 1.0 has no place for, and what a reader would make a space of in an attribute.
  expect(xml).not.toMatch(/[^\n\x20-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
  expect(xml.match(/="[^"]*\n/)).toBe(null);
  const document = parse(xml);
  const failure = document.querySelector('failure');
  expect(unescaped(document.querySelector('testcase')?.getAttribute('name'))).toBe(shown);
  expect(unescaped(failure?.getAttribute('message'))).toBe(`${shown}\\u{a}`);
  expect(failure?.textContent).toBe(`${shown}\n${shown}`);
  expect(document.querySelectorAll('*')).toHaveLength(7);
});
