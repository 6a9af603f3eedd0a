import { expect, test } from 'vitest';
import { jsonProblem, repeatedName } from '../../../src/cli/files/json-problem.ts';

test.each([
  ['', 'line 1, column 1: expected a value'],
  ['rules', 'line 1, column 1: unexpected word or character'],
  ["{'a': 1}", 'line 1, column 2: unexpected word or character'],
  ['{a: 1}', 'line 1, column 2: unexpected word or character'],
  ['{"a" 1}', 'line 1, column 6: expected a colon'],
  ['{"a": }', 'line 1, column 7: expected a value'],
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: expected a comma'],
  ['[1, 2,]', 'line 1, column 7: expected a value'],
  ['{"a": 1,\n}', 'line 2, column 1: expected a name in double quotes'],
  ['{"a": 1', 'line 1, column 8: expected a closing brace'],
  ['[1', 'line 1, column 3: expected a closing bracket'],
  ['{}\r\n{}', 'line 2, column 1: unexpected text after the end of the JSON value'],
  ['// x\n{}', 'line 1, column 1: comments are not allowed in JSON'],
  ['{} /* x', 'line 1, column 4: comments are not allowed in JSON'],
  ['"a', 'line 1, column 1: expected a closing double quote'],
  ['"a\nb"', 'line 1, column 1: expected a closing double quote'],
  ['[1.]', 'line 1, column 2: expected a digit'],
  ['["\\u12"]', 'line 1, column 2: expected four hexadecimal digits after \\u'],
  ['["\\x"]', 'line 1, column 2: invalid escape sequence'],
  ['["a\tb"]', 'line 1, column 2: control characters must be escaped'],
])('jsonProblem says where %j stops being JSON', (text, problem) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonProblem(text)).toBe(problem);
});

test('jsonProblem counts lines from the given one', () => {
  expect(jsonProblem('[\nx', 5)).toBe('line 6, column 1: unexpected word or character');
});

test('jsonProblem rethrows errors that are not about the text', () => {
  expect(() => jsonProblem(`${'['.repeat(1_000_000)}x`)).toThrow(RangeError);
});

test('jsonProblem finds nothing in JSON', () => {
  expect(jsonProblem('{"a": [1e5, "\\u00e9"]}')).toBeUndefined();
});

test.each<[string, string | undefined]>([
  ['{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 2}]}', undefined],
  ['{"a": 1,\n "a": 2}', 'line 2, column 2: "a" appears twice'],
  ['[{"a": {"b": 1}, "c": {"__proto__": 1, "__proto__": 2}}]', 'line 1, column 40: "__proto__" appears twice'],
  ['{"a": 1, "\\u0061": 2}', 'line 1, column 10: "a" appears twice'],
])('repeatedName finds in %s: %s', (text, found) => {
  expect(repeatedName(text)).toBe(found);
});
