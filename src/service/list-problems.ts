import * as v from 'valibot';
import type { Problem } from '../refusal.ts';
import { problemOf } from '../schema.ts';
import { explainProblem } from '../sentences.ts';
import { holdsMore } from './too-large.ts';

/** How many problems a reader of untrusted data lists. One more says how many others there are. */
export const mostProblems = 20;

/** Stands for problems that are not listed. */
type More = Problem & { readonly more: number };

/** The first of all problems, and how many more there are. `path` is that of the data as a whole. */
export function listProblems(problems: readonly Problem[], path: string): readonly Problem[] {
  const listed = problems.filter((problem) => !isMore(problem)).slice(0, mostProblems);
  // The reader of a part may have counted some already.
  const count = problems.reduce((sum, problem) => sum + (isMore(problem) ? problem.more : 1), 0);
  return count === listed.length ? listed : [...listed, moreProblems(count - listed.length, path)];
}

/** Reads data by a schema. Of large data only the first problem is found, because each costs a thousand times its bytes. */
export function readBy<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  path: string,
):
  | { readonly ok: true; readonly output: v.InferOutput<Schema> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const read = v.safeParse(schema, input, { abortEarly: holdsMore(input, 10_000) });
  return read.success ? { ok: true, output: read.output } : { ok: false, problems: problemsIn(read.issues, path) };
}

/** The first issues as problems of the data at a path, and how many more there are. */
function problemsIn(issues: readonly v.BaseIssue<unknown>[], path: string): readonly Problem[] {
  const listed = issues.slice(0, mostProblems).map((issue) => problemOf(issue, path));
  return issues.length === listed.length ? listed : [...listed, moreProblems(issues.length - listed.length, path)];
}

/** {@link explainProblem} of a listed problem, also of the last one, which stands for those that are not listed. */
export function explainListed(problem: Problem): string {
  return isMore(problem) ? `and ${problem.more} more` : explainProblem(problem);
}

const moreProblems = (more: number, path: string): More => ({
  path,
  expected: `free of ${more} more ${more === 1 ? 'problem' : 'problems'}`,
  more,
});

const isMore = (problem: Problem): problem is More => 'more' in problem;
