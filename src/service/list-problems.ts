import * as v from 'valibot';
import type { Problem } from '../refusal.ts';
import { problemOf } from '../schema.ts';
import { explainProblem } from '../sentences.ts';
import { holdsMore } from './too-large.ts';

/** How many problems a reader of untrusted data lists. One more states how many are left. */
export const mostProblems = 20;

/** Represents the problems that are not listed. */
type More = Problem & { readonly more: number };

/** Returns the first problems, and how many more there are. `path` is the path of the whole data. */
export function listProblems(problems: readonly Problem[], path: string): readonly Problem[] {
  const listed = problems.filter((problem) => !isMore(problem)).slice(0, mostProblems);
  // A reader of a part may already have counted some.
  const count = problems.reduce((sum, problem) => sum + (isMore(problem) ? problem.more : 1), 0);
  return count === listed.length ? listed : [...listed, moreProblems(count - listed.length, path)];
}

/** Reads data with a schema. In large data it stops at the first problem, because problems take a thousand times the memory of the data. */
export function readBy<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  path: string,
):
  | { readonly ok: true; readonly output: v.InferOutput<Schema> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const read = v.safeParse(schema, input, { abortEarly: true });
  if (read.success) return { ok: true, output: read.output };
  const { issues = read.issues } = holdsMore(input, 10_000) ? read : v.safeParse(schema, input);
  return { ok: false, problems: problemsIn(issues, path) };
}

/** Returns the first issues as problems, and how many more there are. */
function problemsIn(issues: readonly v.BaseIssue<unknown>[], path: string): readonly Problem[] {
  const listed = issues.slice(0, mostProblems).map((issue) => problemOf(issue, path));
  return issues.length === listed.length ? listed : [...listed, moreProblems(issues.length - listed.length, path)];
}

/** {@link explainProblem} for listed problems, including the one that represents the rest. */
export function explainListed(problem: Problem): string {
  return isMore(problem) ? `and ${problem.more} more` : explainProblem(problem);
}

const moreProblems = (more: number, path: string): More => ({
  path,
  expected: `free of ${more} more ${more === 1 ? 'problem' : 'problems'}`,
  more,
});

const isMore = (problem: Problem): problem is More => 'more' in problem;
