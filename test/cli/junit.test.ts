import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { junitOf } from '../../src/cli/junit.ts';
import { huaweiCsms } from '../../src/index.ts';
import { type Broken, type Conformance, checkConformance, modelDriver } from '../../src/testing/index.ts';

const laws = (['held', 'untried', 'broken'] as const).map((id) => ({
  id,
  sentence: `${id}, as it must be.`,
  grade: 'documented' as const,
  source: '',
  tried: id === 'held' ? 3 : 0,
}));
const [, , law] = laws;

/** A broken law as `checkConformance` reports it. */
const broken = async (changes: Partial<Broken>): Promise<Conformance> => {
  const liar = { ...modelDriver(), act: async () => ({ ok: true as const }) };
  const found = await checkConformance(liar, { seed: 1, runs: 5, dialect: huaweiCsms });
  return found.ok ? found : { ...found, runs: 2, calls: 9, laws, ...(law && { law }), ...changes };
};

const parse = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml');
interface Attributes {
  readonly getAttribute: (name: string) => string | null;
}
/** An attribute as other readers have it: this parser leaves the entities in attributes as they are. */
const attribute = (element: Attributes | null | undefined, name: string) =>
  element
    ?.getAttribute(name)
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

test('junitOf writes a test case for each law, with its verdict, and counts them', async () => {
  const xml = junitOf('http://u', await broken({ why: 'Stage "a" is lost.' }), 'conform again');
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?><testsuites>.*<\/testsuites>\n$/s);
  const document = parse(xml);
  const suite = document.querySelector('testsuites > testsuite');
  const names = ['name', 'tests', 'failures', 'errors', 'skipped'];
  expect(names.map((name) => attribute(suite, name))).toEqual(['secret-stages conform', '3', '1', '0', '1']);
  const properties = [...document.querySelectorAll('testsuite > properties > property')];
  expect(properties.map((one) => [attribute(one, 'name'), attribute(one, 'value')])).toEqual([
    ['url', 'http://u'],
    ['runs', '2'],
    ['calls', '9'],
    ['seed', '1'],
    ['again', 'conform again'],
  ]);
  const cases = [...document.querySelectorAll('testsuite > testcase')].map((one) => [
    attribute(one, 'classname'),
    attribute(one, 'name'),
    [...one.children].map((child) => [child.tagName, attribute(child, 'message')]),
  ]);
  expect(cases).toEqual([
    ['secret-stages conform', 'held: held, as it must be.', []],
    [
      'secret-stages conform',
      'untried: untried, as it must be.',
      [['skipped', 'No call of this run could break this law.']],
    ],
    ['secret-stages conform', 'broken: broken, as it must be.', [['failure', 'Stage "a" is lost.']]],
  ]);
  expect(document.querySelector('failure')?.textContent).toMatch(/^Broken law: .*\nStage "a" is lost\.\n\nexpected /);
  expect(document.querySelector('failure')?.textContent).toContain('\nTo reproduce: conform again');
});

test('junitOf is well-formed whatever an endpoint answers, and shows it as `printable` does', async () => {
  const hostile = `<b a="x"> & 'y' ]]> &amp; \u0000\u001b[31m\t\r\u202e\ud800\uffff é 😀`;
  const shown = `<b a="x"> & 'y' ]]> &amp; \\u{0}\\u{1b}[31m\\u{9}\\u{d}\\u{202e}\\u{d800}\\u{ffff} é 😀`;
  const xml = junitOf(hostile, await broken({ why: `${hostile}\n${hostile}` }), hostile);
  // What XML 1.0 has no place for, and what a reader would make a space of in an attribute.
  expect(xml).not.toMatch(/[^\n\x20-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
  expect(xml.match(/="[^"]*\n/)).toBe(null);
  const document = parse(xml);
  expect(attribute(document.querySelector('property'), 'value')).toBe(shown);
  expect(attribute(document.querySelector('failure'), 'message')).toBe(`${shown}\\u{a}${shown}`);
  expect(document.querySelector('failure')?.textContent).toContain(`\n${shown}\n${shown}\n`);
  expect(document.querySelectorAll('*')).toHaveLength(2 + 1 + 5 + 3 + 2);
});

test('junitOf has no failure where no law is broken', () => {
  const held: Conformance = { ok: true, laws: laws.slice(0, 2), runs: 1, calls: 3, seed: -5 };
  const document = parse(junitOf('u', held, 'again'));
  expect(document.querySelectorAll('testcase')).toHaveLength(2);
  expect(document.querySelectorAll('failure')).toHaveLength(0);
});
