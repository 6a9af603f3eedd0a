import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { markup } from '../../../src/cli/picture/markup.ts';

test('markup escapes every text, between tags and in attributes', () => {
  const hostile = `</p>"'&<>&lt;\u001b\u202e\ud800\ufffe\n`;
  const html = `${markup`<p title="${hostile}">${hostile}</p>`}`;
  expect(html).toMatch(/^<p title="[^<>"']*">[^<>"']*<\/p>$/);
  const shown = `</p>"'&<>&lt;\\u{1b}\\u{202e}\\u{d800}\\u{fffe}\\u{a}`;
  const p = parseHTML(html).document.querySelector('p');
  expect([p?.getAttribute('title'), p?.textContent]).toEqual([shown, shown]);
});

test('markup rounds numbers to two decimals', () => {
  expect(`${markup`${0.1 + 0.2} ${-1 / 3} ${-0.001} ${12} ${1e6 / 3}`}`).toBe('0.3 -0.33 0 12 333333.33');
});

test('markup takes markup as it is, and puts the items of a list on lines of their own', () => {
  const items = ['<', markup`<b>&</b>`, markup``, '', 1.005, [markup`<i>`, '>']];
  expect(`${markup`<p>${items}</p>`}`).toBe('<p>&#60;\n<b>&</b>\n1\n<i>\n&#62;</p>');
  expect(`${markup`<p>${[]}</p>`}`).toBe('<p></p>');
});

test('markup refuses an object that looks like markup', () => {
  const forged = { toString: () => '<b>' };
  // @ts-expect-error Only markup itself makes markup.
  expect(() => markup`<p>${forged}</p>`).toThrow(TypeError);
});
