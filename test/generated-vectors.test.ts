import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import {
  applyAll,
  createSecret,
  type Effect,
  isDeprecated,
  parseSecretState,
  plan,
  planAll,
  reduce,
  type SecretState,
  StageRefusedError,
  tryApplyAll,
  tryCreateSecret,
  tryReduce,
  violations,
} from '../src/index.ts';
import { expectFrozen } from './expect-frozen.ts';
import { actionOf, type Corpus, type Effects, type History, nothing, readsOf, requestOf } from './generate-vectors.ts';
import { dialectIn, dialects, withRules } from './run-vectors.ts';

const histories = ['', ...Object.keys(dialects)].flatMap((name): readonly History[] => {
  const corpus: Corpus = JSON.parse(readFileSync(join('test/vectors', name, 'generated.json'), 'utf8'));
  return corpus.histories;
});

/** An action as a stranger's would be: nothing of it can be changed. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
};

/** What an operation without `try` comes to, told like its twin that has it. */
const thrown = (operation: () => SecretState): object => {
  try {
    return { ok: true, state: operation() };
  } catch (error) {
    if (!(error instanceof StageRefusedError)) throw error;
    return { ok: false, refusal: error.refusal, ...(error.index !== undefined && { index: error.index }) };
  }
};

/** The effects count, not the order in which they are told. */
const sorted = ({ asked, follows }: Effects): object => {
  const lines = (effects: readonly Effect[]) => effects.map((effect) => JSON.stringify(effect)).sort();
  return { asked: lines(asked), follows: lines(follows) };
};

/** Plays a history through the public operations, and says what differs from what it tells; undefined if nothing does. */
const fault = ({ id, rules, create, refused, steps, effects, reads, end }: History): string | undefined => {
  const dialect = withRules(dialectIn(dirname(id)), rules);
  const faults: string[] = [];
  const compare = (where: string, found: unknown, told: unknown): boolean => {
    const isSame = isDeepStrictEqual(found, told);
    if (!isSame) faults.push(`${id}, ${where}: ${JSON.stringify(found)} instead of ${JSON.stringify(told)}`);
    return isSame;
  };
  const request = frozen(requestOf(create));
  const born = tryCreateSecret(request, dialect);
  compare('create', born.ok ? undefined : born.refusal.code, refused);
  compare(
    'create, thrown',
    thrown(() => createSecret(request, dialect)),
    born,
  );
  if (!born.ok) return faults[0];

  let { state } = born;
  let last = nothing;
  const actions = steps.map((step) => frozen(actionOf(step.do)));
  for (const [index, action] of actions.entries()) {
    const where = `step ${index + 1}`;
    const outcome = tryReduce(state, action, dialect);
    if (!compare(where, outcome.ok ? undefined : outcome.refusal.code, steps[index]?.refused)) return faults[0];
    compare(
      `${where}, thrown`,
      thrown(() => reduce(state, action, dialect)),
      outcome,
    );
    const planned = plan(state, action, dialect);
    if (planned.allowed) {
      const { allowed: ok, asked, follows, ...rest } = planned;
      compare(`${where}, planned`, { ok, ...rest }, outcome);
      compare(`${where}, the same state`, asked.length + follows.length === 0, planned.state === state || !outcome.ok);
      last = { asked, follows };
    } else {
      const { allowed: ok, ...rest } = planned;
      compare(`${where}, planned`, { ok, ...rest }, outcome);
      last = nothing;
    }
    if (!outcome.ok) continue;
    expectFrozen(outcome.state);
    state = outcome.state;
  }
  compare('end', state, end);
  if (effects) compare('effects', sorted(last), sorted(effects));
  const told = readsOf(state, dialect);
  if (reads) compare('reads', told, reads);
  const ids = Object.keys(state.versions).filter((id) => isDeprecated(state, id));
  compare('deprecated', ids.sort(), [...told.deprecated].sort());
  compare('a version that is not there is deprecated', isDeprecated(state, 'nowhere'), false);

  const vault = { ...dialect, id: 'our-vault' };
  const wrong = { code: 'WRONG_DIALECT', stateDialect: dialect.id, dialect: 'our-vault' };
  compare('in another cloud', tryReduce(state, { type: 'restore', at: 0 }, vault), { ok: false, refusal: wrong });
  compare('laws', violations(state, dialect), []);
  compare('parsed', parseSecretState(JSON.parse(JSON.stringify(end)), dialect), { ok: true, state });

  const first = steps.findIndex((step) => step.refused !== undefined);
  const all = tryApplyAll(born.state, actions, dialect);
  compare('all at once', all.ok ? -1 : all.index, first);
  compare(
    'all at once, thrown',
    thrown(() => applyAll(born.state, actions, dialect)),
    all,
  );
  const plans = planAll(born.state, actions, dialect);
  compare(
    'all at once, planned',
    plans.map((one) => one.allowed),
    steps.slice(0, plans.length).map((step) => !step.refused),
  );
  compare('all at once, planned to the first refusal', plans.length, first < 0 ? steps.length : first + 1);
  const sound = actions.filter((_, index) => steps[index]?.refused === undefined);
  const batch = tryApplyAll(born.state, sound, dialect);
  compare('as a batch', batch, { ok: true, state: end });
  if (batch.ok) expectFrozen(batch.state);
  return faults[0];
};

const hundreds = Array.from({ length: Math.ceil(histories.length / 100) }, (_, index) => index * 100);
test.each(hundreds)('the generated histories from index %s replay as recorded', (from) => {
  expect(histories.slice(from, from + 100).flatMap((history) => fault(history) ?? [])).toEqual([]);
});
