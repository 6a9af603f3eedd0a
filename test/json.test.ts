import { expect, test } from 'vitest';
import { parseJson } from '../src/json.ts';
import { asJson } from '../src/text.ts';

test('parseJson returns undefined for text that is not JSON', () => {
  expect(parseJson('{"a": [1]}')).toEqual({ a: [1] });
  expect(parseJson('{')).toBeUndefined();
});

test('asJson escapes what steers a CI runner', () => {
  for (const text of ['##[error]no', '##vso[task.complete]', 'a\n##teamcity[x]', '###[x]', '\\##[']) {
    expect(asJson(text)).not.toMatch(/##\w*\[/);
    expect(JSON.parse(asJson([{ [text]: text }]))).toEqual([{ [text]: text }]);
  }
  expect(asJson('##[x]')).toBe('"#\\u0023[x]"');
  expect(asJson(['# Title', '##', '#[x]', '## [x]'])).toBe('["# Title","##","#[x]","## [x]"]');
});

test('asJson escapes every character that could steer a terminal', () => {
  expect(asJson({ a: 'b c' })).toBe('{"a":"b c"}');
  expect(asJson('\u009b31m')).toBe('"\\u009b31m"');
  expect(asJson('\u2028\u2029')).toBe('"\\u2028\\u2029"');
  expect(asJson('\u{e0001}')).toBe('"\\udb40\\udc01"');
});
