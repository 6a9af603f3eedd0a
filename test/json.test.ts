import { expect, test } from 'vitest';
import { parseJson } from '../src/json.ts';
import { asJson } from '../src/text.ts';

test('parseJson returns undefined for text that is not JSON', () => {
  expect(parseJson('{"a": [1]}')).toEqual({ a: [1] });
  expect(parseJson('{')).toBeUndefined();
});

test('asJson escapes every character that could steer a terminal', () => {
  expect(asJson({ a: 'b c' })).toBe('{"a":"b c"}');
  expect(asJson('\u009b31m')).toBe('"\\u009b31m"');
  expect(asJson('\u2028\u2029')).toBe('"\\u2028\\u2029"');
  expect(asJson('\u{e0001}')).toBe('"\\udb40\\udc01"');
});
