import * as v from 'valibot';
import { isTime, timeRule } from './limits.ts';
import type { Problem } from './refusal.ts';

/** A time in untrusted data. */
export const time: v.GenericSchema<number> = v.pipe(v.number(), v.check<number, string>(isTime, timeRule));

/** What belongs in the place of an issue, as it goes on after "must be" or "expected to be"; never what is there instead. */
export function expectationOf({ kind, type, message, expected, received }: v.BaseIssue<unknown>): string {
  if (kind === 'validation' || type === 'custom') return message;
  if (expected === 'never') return 'omitted';
  return received === 'undefined' ? 'there' : `of type ${expected}`;
}

/** An issue as a problem of data that goes by this path. */
export function problemOf(issue: v.BaseIssue<unknown>, path: string): Problem {
  return {
    path: path + (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join(''),
    expected: expectationOf(issue),
  };
}
