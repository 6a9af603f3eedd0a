import { areStages, areVersions, notAState, whyForeign } from './belongs.ts';
import { type Dialect, huaweiCsms } from './dialects/index.ts';
import { type Effect, effectsBetween } from './effect.ts';
import { type ReduceCode, type SecretAction, tryReduce } from './operations/index.ts';
import { invalidHidden, type Refusal } from './refusal.ts';
import type { SecretState } from './state.ts';

/** What an action would do: the next state and all effects, or why it is refused. */
export type Plan =
  | {
      readonly allowed: true;
      readonly state: SecretState;
      /** The effects that the action requests. */
      readonly asked: readonly Effect[];
      /** Side effects: the previous stage follows, or a version becomes deprecated or is deleted to make room. */
      readonly follows: readonly Effect[];
    }
  | { readonly allowed: false; readonly refusal: Refusal<ReduceCode> };

/**
 * Plans an action without doing it. It never throws. `explain` turns the refusal, or an effect, into a sentence.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const plan3 = plan(two, { type: 'createVersion', at: 2000 });
 * plan3.allowed && plan3.follows.map(explain); // ['Stage "SYSPREVIOUS" moves from version "v1" to version "v2".', 'Version "v1" is deprecated: no stage marks it.']
 */
export function plan(state: SecretState, action: SecretAction, dialect: Dialect = huaweiCsms): Plan {
  const outcome = tryReduce(state, action, dialect);
  if (!outcome.ok) return { allowed: false, refusal: outcome.refusal };
  if (!isComparable(state, outcome.state)) return { allowed: false, refusal: notAState };
  const stages = stagesAskedFor(action, dialect);
  const asked: Effect[] = [];
  const follows: Effect[] = [];
  for (const effect of effectsBetween(state, outcome.state)) {
    (asksFor(action, effect, stages) ? asked : follows).push(effect);
  }
  return { allowed: true, state: outcome.state, asked, follows };
}

/**
 * Plans several actions in order, each on the state after the one before. It stops after the first that is refused.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const plans = planAll(one, [{ type: 'createVersion', at: 1000 }, { type: 'restore', at: 2000 }, { type: 'pruneDeprecated' }]);
 * plans.map((plan) => plan.allowed); // [true, false]
 */
export function planAll(
  state: SecretState,
  actions: readonly SecretAction[],
  dialect: Dialect = huaweiCsms,
): readonly Plan[] {
  const refusal =
    whyForeign(state, dialect) ??
    (Array.isArray(actions) ? undefined : invalidHidden('actions', actions, 'a list of actions'));
  if (refusal) return [{ allowed: false, refusal }];
  const plans: Plan[] = [];
  let next = state;
  for (const action of actions) {
    const step = plan(next, action, dialect);
    plans.push(step);
    if (!step.allowed) break;
    next = step.state;
  }
  return plans;
}

/** Whether all stages, and all versions if they changed, are valid. Operations only check those that they read. */
function isComparable(before: SecretState, after: SecretState): boolean {
  return (
    areStages([...before.stages]) && (before.versions === after.versions || areVersions(Object.values(before.versions)))
  );
}

function asksFor({ type }: SecretAction, effect: Effect, stages: readonly (string | null)[]): boolean {
  if ('stage' in effect) return stages.includes(effect.stage);
  if (effect.type === 'versionPruned') return type === 'pruneDeprecated';
  return effect.type !== 'versionDeprecated' && effect.type !== 'versionRevived';
}

function stagesAskedFor(action: SecretAction, { stages: { current } }: Dialect): readonly (string | null)[] {
  if (action.type === 'assignStage' || action.type === 'removeStage') return [action.stage];
  return action.type === 'createVersion' && action.stages ? [...action.stages] : [current];
}
