import * as v from 'valibot';
import { isTime, timeRule } from './limits.ts';
import type { Problem } from './refusal.ts';
import { quote } from './text.ts';

/** A time in untrusted data. */
export const time: v.GenericSchema<number> = v.pipe(v.number(), v.check<number, string>(isTime, timeRule));

/**
 * An issue of valibot as a problem. `path` is the path of the data. It never shows a value, which could be the
 * secret's.
 */
export function problemOf(issue: v.BaseIssue<unknown>, path: string): Problem {
  const place = path + (issue.path ?? []).map(({ key }) => stepTo(key)).join('');
  const expected = expectationOf(issue);
  return issue.received === 'undefined' ? { path: place, expected, found: 'nothing' } : { path: place, expected };
}

/** What a value must be, as it follows "must be" in a sentence. */
function expectationOf({ kind, type, message, expected, received }: v.BaseIssue<unknown>): string {
  if (kind === 'validation' || type === 'custom') return message;
  if (expected === 'never') return 'omitted';
  // For a missing field, valibot gives the name of the field instead of its type.
  if (received === 'undefined' && type.endsWith('object') && expected !== 'Object') return 'given';
  const names = [...`${expected}`.matchAll(/\w+/g)];
  return kinds.get(`${expected}`) ?? `one of ${names.join(', ')}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Array', 'a list'],
  ['Object', 'an object'],
]);

/** The last part of a path. A key from outside can be any text. */
function stepTo(key: unknown): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^\w{1,80}$/.test(`${key}`) ? `.${key}` : `[${quote(`${key}`)}]`;
}
