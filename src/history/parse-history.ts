import * as v from 'valibot';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { explain } from '../explain.ts';
import { countRule, isCount } from '../limits.ts';
import type { SecretAction } from '../operations/index.ts';
import { foreignRefusal, parseSecretState, problemsOf } from '../parse.ts';
import type { Problem, Refusal } from '../refusal.ts';
import { problemOf, time } from '../schema.ts';
import type { SecretState } from '../state.ts';
import { type History, startHistory, tryRecord, undo } from './history.ts';
import { patched } from './json-patch.ts';
import type { HistoryOptions } from './patches.ts';

const count = v.pipe(v.number(), v.check<number, string>(isCount, countRule));
const revision = v.pipe(count, v.minValue(1, 'from 1'));
const patch = v.array(v.unknown());

const changeSchema = v.strictObject({
  revision,
  at: time,
  action: v.looseObject({ type: v.string() }),
  forwards: patch,
  backwards: patch,
});
type Claim = v.InferOutput<typeof changeSchema>;

const historySchema = v.strictObject({
  length: count,
  present: v.unknown(),
  oldest: v.strictObject({ revision, at: time }),
  lastRevision: revision,
  past: v.array(changeSchema),
  future: v.array(changeSchema),
});

/** What {@link parseHistory} answers. */
export type ParsedHistory =
  | { readonly ok: true; readonly history: History }
  | { readonly ok: false; readonly refusal: Refusal<'WRONG_DIALECT' | 'INVALID_HISTORY'> };

/**
 * Reads a history from untrusted data, by living it again: its patches must lead back to the oldest state, its actions from
 * there to the present, and every state on the way must obey the laws of the dialect. What is read is a frozen copy.
 *
 * It must be read under the rules that it was recorded under.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not a history (INVALID_HISTORY, with
 * the first place where it goes wrong and what belongs there).
 *
 * @example
 * const born = startHistory(createSecret({ name: 'db', at: 0 }), { at: 0, length: 100 });
 * parseHistory(JSON.parse(JSON.stringify(born))).ok; // true
 * parseHistory({ ...born, length: -1 }).ok; // false
 */
export function parseHistory(input: unknown, { dialect = huaweiCsms }: HistoryOptions = {}): ParsedHistory {
  const foreign = foreignRefusal(Object(input).present, dialect);
  if (foreign) return { ok: false, refusal: foreign };
  const parsed = v.safeParse(historySchema, input);
  if (!parsed.success) return refuse(...parsed.issues.map((issue) => problemOf(issue, 'history')));
  const present = parseSecretState(parsed.output.present, dialect);
  if (!present.ok) return refuse(...problemsOf(present.refusal).map(presentProblem));
  const { length, oldest, lastRevision, past, future } = parsed.output;
  const kept = past.length + future.length;
  if (kept > length) return refuse({ path: 'history.length', expected: `${kept} or more, for so many changes` });

  let { state } = present;
  for (const [index, change] of [...past.entries()].reverse()) {
    const before = led(state, change.backwards, dialect);
    if (!before) return refuse({ path: `history.past[${index}].backwards`, expected: toBefore });
    state = before;
  }

  let history: History = {
    ...startHistory(state, { at: oldest.at, length, dialect }),
    oldest: Object.freeze(oldest),
    lastRevision: oldest.revision,
  };
  for (const list of ['past', 'future'] as const) {
    for (const [index, change] of parsed.output[list].entries()) {
      const relived = relive(history, change, `history.${list}[${index}]`, dialect);
      if ('expected' in relived) return refuse(relived);
      history = relived;
    }
    if (list === 'past' && !isSame(history.present, present.state))
      return refuse({ path: 'history.present', expected: 'where its past leads' });
  }
  if (lastRevision < history.lastRevision)
    return refuse({ path: 'history.lastRevision', expected: `${history.lastRevision} or more, for it was given` });
  return { ok: true, history: Object.freeze({ ...future.reduce(undo, history), lastRevision }) };
}

/** The history with a change made again, or what of the change is not as it would be. */
function relive(history: History, claim: Claim, path: string, dialect: Dialect): History | Problem {
  const { present: before, lastRevision } = history;
  const problem = (field: string, expected: string): Problem => ({ path: `${path}.${field}`, expected });
  if (claim.revision <= lastRevision) return problem('revision', `above ${lastRevision}`);

  const action = claim.action as { readonly type: string } as SecretAction;
  const outcome = tryRecord({ ...history, lastRevision: claim.revision - 1 }, action, { dialect });
  if (!outcome.ok) return problem('action', `an action that is not refused: ${explain(outcome.refusal)}`);
  const made = outcome.history.past.at(-1);
  if (!made || made.revision !== claim.revision) return problem('action', 'an action that changes something');
  if (Object.keys(action).some((field) => !Object.hasOwn(made.action, field)))
    return problem('action', 'without other fields');
  if (made.at !== claim.at) return problem('at', `${made.at}, the time of the action`);

  const { present: after } = outcome.history;
  const leadsForth = isSame(led(before, claim.forwards, dialect), after);
  const leadsBack = isSame(led(after, claim.backwards, dialect), before);
  if (!leadsForth && !leadsBack)
    return { path, expected: 'an action with patches that do what it does by the rules of this dialect' };
  if (!leadsForth) return problem('forwards', 'patches to the secret after the change');
  if (!leadsBack) return problem('backwards', toBefore);
  return outcome.history;
}

const toBefore = 'patches to the secret before the change';

/** Where an untrusted patch leads, if that is a secret. */
function led(state: SecretState, patch: unknown, dialect: Dialect): SecretState | undefined {
  const outcome = patched(state, patch);
  const parsed = outcome.ok ? parseSecretState(outcome.document, dialect) : outcome;
  return parsed.ok ? parsed.state : undefined;
}

function isSame(one: SecretState | undefined, other: SecretState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function refuse(...problems: readonly Problem[]): ParsedHistory {
  return { ok: false, refusal: { code: 'INVALID_HISTORY', problems } };
}

function presentProblem(problem: Problem): Problem {
  return { ...problem, path: `history.present${problem.path.slice('state'.length)}` };
}
