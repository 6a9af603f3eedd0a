import { expect, test } from 'vitest';
import { jsonProblem, repeatedName } from '../../../src/cli/files/json-problem.ts';

test.each([
  ['', 'line 1, column 1: a value is expected'],
  ['rules', 'line 1, column 1: this word or character is not JSON'],
  ["{'a': 1}", 'line 1, column 2: this word or character is not JSON'],
  ['{a: 1}', 'line 1, column 2: this word or character is not JSON'],
  ['{"a" 1}', 'line 1, column 6: a colon is expected'],
  ['{"a": }', 'line 1, column 7: a value is expected'],
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma is expected'],
  ['[1, 2,]', 'line 1, column 7: a value is expected'],
  ['{"a": 1,\n}', 'line 2, column 1: a name in double quotes is expected'],
  ['{"a": 1', 'line 1, column 8: a closing brace is expected'],
  ['[1', 'line 1, column 3: a closing bracket is expected'],
  ['{}\r\n{}', 'line 2, column 1: the end is expected'],
  ['// x\n{}', 'line 1, column 1: JSON has no comments'],
  ['{} /* x', 'line 1, column 4: JSON has no comments'],
  ['"a', 'line 1, column 1: a closing double quote is expected'],
  ['"a\nb"', 'line 1, column 1: a closing double quote is expected'],
  ['[1.]', 'line 1, column 2: a digit is expected'],
  ['["\\u12"]', 'line 1, column 2: four hexadecimal digits are expected after \\u'],
  ['["\\x"]', 'line 1, column 2: this escape is not JSON'],
  ['["a\tb"]', 'line 1, column 2: a control character must be escaped'],
])('jsonProblem says where %j stops being JSON', (text, problem) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonProblem(text)).toBe(problem);
});

test('jsonProblem counts lines from the given one', () => {
  expect(jsonProblem('[\nx', 5)).toBe('line 6, column 1: this word or character is not JSON');
});

test('jsonProblem throws what is not about the text', () => {
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
