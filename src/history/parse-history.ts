import * as v from 'valibot';
import { huaweiCsms } from '../dialects/index.ts';
import { countRule, isCount } from '../limits.ts';
import { stateIn } from '../operations/index.ts';
import { foreignRefusal, parseSecretState, problemsOf } from '../parse.ts';
import type { Problem, Refusal } from '../refusal.ts';
import { problemOf, time } from '../schema.ts';
import type { Change } from './change.ts';
import { frozenHistory, type History } from './history.ts';
import { historyLengthRule, isHistoryLength } from './limits.ts';
import { oldestState } from './oldest-state.ts';
import type { HistoryOptions } from './patches.ts';
import { relive, startLife } from './relive.ts';

const count = v.pipe(v.number(), v.check<number, string>(isCount, countRule));
const revision = v.pipe(count, v.minValue(1, 'a whole number from 1'));
const patch = v.array(v.unknown());

const changeSchema = v.strictObject({
  revision,
  at: time,
  action: v.looseObject({ type: v.string() }),
  forwards: patch,
  backwards: patch,
});

const historySchema = v.strictObject({
  length: v.pipe(v.number(), v.check<number, string>(isHistoryLength, historyLengthRule)),
  present: v.unknown(),
  oldest: v.strictObject({ revision, at: time }),
  lastRevision: revision,
  past: v.array(changeSchema),
  future: v.array(changeSchema),
});

/** What {@link parseHistory} returns. */
export type ParsedHistory =
  | { readonly ok: true; readonly history: History }
  | { readonly ok: false; readonly refusal: Refusal<'WRONG_DIALECT' | 'INVALID_HISTORY'> };

/**
 * Reads a history from untrusted data. The history that it returns is a frozen copy. The patches must lead back to the
 * oldest state, the actions must lead from there to the present, and every state must obey the laws in the dialect.
 *
 * Pass the dialect with which the history was recorded.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); the data is not a history
 * (INVALID_HISTORY, with the path of the first problem).
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * parseHistory(JSON.parse(JSON.stringify(born))).ok; // true
 * parseHistory({ ...born, length: -1 }).ok; // false
 */
export function parseHistory(input: unknown, { dialect = huaweiCsms }: HistoryOptions = {}): ParsedHistory {
  const foreign = foreignRefusal(Object(input).present, dialect);
  if (foreign) return { ok: false, refusal: foreign };
  const parsed = v.safeParse(historySchema, input, { abortEarly: true });
  if (!parsed.success) return refuse(parsed.issues.map((issue) => problemOf(issue, 'history')));
  const present = parseSecretState(parsed.output.present, dialect);
  if (!present.ok) return refuse(problemsOf(present.refusal).map(presentProblem));
  const { length, oldest, lastRevision, past, future } = parsed.output;
  const kept = past.length + future.length;
  if (kept > length)
    return refuse([{ path: 'history.length', expected: `at least ${kept}, the number of its changes` }]);

  const born = oldestState(present.state, past, dialect);
  if ('expected' in born) return refuse([born]);

  const life = startLife(born, oldest, dialect);
  const relived: Readonly<Record<'past' | 'future', Change[]>> = { past: [], future: [] };
  for (const list of ['past', 'future'] as const) {
    for (const [index, claim] of parsed.output[list].entries()) {
      const change = relive(life, claim, `history.${list}[${index}]`);
      if ('expected' in change) return refuse([change]);
      relived[list].push(change);
    }
    if (list === 'past' && JSON.stringify(stateIn(life.batch)) !== JSON.stringify(present.state))
      return refuse([{ path: 'history.present', expected: 'the state that its past leads to' }]);
  }
  if (lastRevision < life.last.revision)
    return refuse([
      { path: 'history.lastRevision', expected: `at least ${life.last.revision}, the revision of its last change` },
    ]);
  return { ok: true, history: frozenHistory({ length, present: present.state, oldest, lastRevision, ...relived }) };
}

function refuse(problems: readonly Problem[]): ParsedHistory {
  return { ok: false, refusal: { code: 'INVALID_HISTORY', problems } };
}

function presentProblem(problem: Problem): Problem {
  return { ...problem, path: `history.present${problem.path.slice('state'.length)}` };
}
