import * as v from 'valibot';
import { isTime, timeRule } from './limits.ts';
import type { Problem } from './refusal.ts';
import { quote } from './text.ts';

/** A time in untrusted data. */
export const time: v.GenericSchema<number> = v.pipe(v.number(), v.check<number, string>(isTime, timeRule));

/** An issue as a problem of data that goes by this path. It never shows a value: that could be the secret's. */
export function problemOf(issue: v.BaseIssue<unknown>, path: string): Problem {
  const place = path + (issue.path ?? []).map(({ key }) => stepTo(key)).join('');
  const expected = expectationOf(issue);
  return issue.received === 'undefined' ? { path: place, expected, found: 'nothing' } : { path: place, expected };
}

/** What belongs in the place of an issue, as it goes on after "must be" or "expected to be". */
function expectationOf({ kind, type, message, expected, received }: v.BaseIssue<unknown>): string {
  if (kind === 'validation' || type === 'custom') return message;
  if (expected === 'never') return 'omitted';
  // Of a missing field, valibot names the field in place of its type.
  if (received === 'undefined' && type.endsWith('object') && expected !== 'Object') return 'given';
  const names = [...`${expected}`.matchAll(/\w+/g)];
  return kinds.get(`${expected}`) ?? `one of ${names.join(', ')}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['Array', 'a list'],
  ['Object', 'an object'],
]);

/** The last part of a path. A key from outside can be any text. */
function stepTo(key: unknown): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^\w{1,80}$/.test(`${key}`) ? `.${key}` : `[${quote(`${key}`)}]`;
}
