import { expect, test } from 'vitest';
import { fields, is, list, oneOf, optional, orNull, record, whole } from '../src/shape.ts';
import { hiddenText } from '../src/text.ts';

const text = is('text', (value) => typeof value === 'string');

test('is accepts values that pass its test, and shows others as text', () => {
  expect(text('db', 'name')).toEqual([]);
  expect(text(5, 'name')).toEqual([{ path: 'name', expected: 'text', found: '5' }]);
  expect(text(undefined, 'name')).toEqual([{ path: 'name', expected: 'text', found: 'nothing' }]);
  expect(is('text', () => false)('db', 'name')).toEqual([{ path: 'name', expected: 'text', found: 'the string "db"' }]);
  expect(is('text', () => false, hiddenText)('hunter2', 'name')).toEqual([
    { path: 'name', expected: 'text', found: 'a string of 7 characters' },
  ]);
});

test('oneOf accepts its values and lists them', () => {
  const shape = oneOf('on', 1);
  expect([shape('on', 'x'), shape(1, 'x')]).toEqual([[], []]);
  expect(shape('1', 'x')).toEqual([{ path: 'x', expected: 'one of on, 1', found: 'the string "1"' }]);
});

test('whole accepts whole numbers up to both ends', () => {
  for (const number of [1, 3]) expect(whole(1, 3)(number, 'x')).toEqual([]);
  for (const other of [0, 4, 1.5, '2', Number.NaN, undefined])
    expect(whole(1, 3)(other, 'x')).toMatchObject([{ expected: 'a whole number from 1 to 3' }]);
  expect(whole(1)(Number.MAX_SAFE_INTEGER, 'x')).toEqual([]);
  for (const other of [0, Number.POSITIVE_INFINITY])
    expect(whole(1)(other, 'x')).toMatchObject([{ expected: 'a whole number from 1' }]);
});

test('orNull accepts null, and adds it only to problems of the value itself', () => {
  const shape = orNull(fields({ name: text }));
  expect(shape(null, 'x')).toEqual([]);
  expect(shape({ name: 'db' }, 'x')).toEqual([]);
  expect(shape(5, 'x')).toMatchObject([{ path: 'x', expected: 'an object, or be null' }]);
  expect(shape({}, 'x')).toMatchObject([{ path: 'x.name', expected: 'text' }]);
});

test('optional accepts undefined', () => {
  expect(optional(text)(undefined, 'x')).toEqual([]);
  expect(optional(text)(null, 'x')).toMatchObject([{ path: 'x', expected: 'text' }]);
});

test('list checks every element, including holes', () => {
  expect(list(text)(['a', 'b'], 'x')).toEqual([]);
  expect(list(text)(Object.assign([], { 1: 'b' }), 'x')).toEqual([
    { path: 'x[0]', expected: 'text', found: 'nothing' },
  ]);
  expect(list(text)('hunter2', 'x')).toEqual([{ path: 'x', expected: 'a list', found: 'a string of 7 characters' }]);
});

test('record checks every value, whatever its key', () => {
  const shape = record(text);
  expect(shape({ a: 'b' }, 'x')).toEqual([]);
  expect(shape(JSON.parse('{"__proto__":1}'), 'x')).toEqual([{ path: 'x["__proto__"]', expected: 'text', found: '1' }]);
  expect(shape([], 'x')).toEqual([{ path: 'x', expected: 'an object', found: 'a list' }]);
});

test('fields checks its own fields, then reports others without their values', () => {
  const shape = fields({ name: text, constructor: text });
  expect(shape(JSON.parse('{"__proto__":"hunter2","name":"db"}'), 'x')).toEqual([
    { path: 'x.constructor', expected: 'text', found: 'nothing' },
    { path: 'x["__proto__"]', expected: 'omitted' },
  ]);
  expect(fields({}, 'nothing')(null, 'x')).toEqual([{ path: 'x', expected: 'nothing', found: 'null' }]);
  expect(fields({})({ ['"'.repeat(100)]: 1 }, 'x')).toEqual([
    { path: `x[${JSON.stringify(`${'"'.repeat(79)}…`)}]`, expected: 'omitted' },
  ]);
});

test('list and record refuse too many entries', () => {
  expect(list(text, 2)(['a', 'b'], 'x')).toEqual([]);
  expect(list(text, 2)([1, 2, 3], 'x')).toEqual([
    { path: 'x', expected: 'a list of at most 2 entries', found: '3 entries' },
  ]);
  expect(record(text, 1)({ a: 'a' }, 'x')).toEqual([]);
  expect(record(text, 1)({ a: 1, b: 2 }, 'x')).toEqual([
    { path: 'x', expected: 'an object of at most 1 entries', found: '2 entries' },
  ]);
});

test('list, record and fields stop after 100 problems', () => {
  const many = Array.from({ length: 1000 }, () => 5);
  expect(list(text)(many, 'x')).toHaveLength(100);
  expect(record(text)(Object.fromEntries(many.entries()), 'x')).toHaveLength(100);
  expect(fields({})(Object.fromEntries(many.entries()), 'x')).toHaveLength(100);
});
