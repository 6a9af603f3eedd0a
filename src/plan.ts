import type { Dialect } from './dialect.ts';
import { csms } from './dialects/huawei-csms.ts';
import type { Effect } from './effect.ts';
import { effectsBetween } from './effects.ts';
import { decideAction, type SecretAction } from './reduce.ts';
import type { Refusal } from './refusal.ts';
import type { SecretState } from './state.ts';

/** What an action would do: the next state and every difference, or why it is refused. */
export type Plan =
  | {
      readonly allowed: true;
      readonly state: SecretState;
      /** What the action asks for. */
      readonly asked: readonly Effect[];
      /** What comes of it by itself: the previous stage follows, a version is left without a stage or pruned to make room. */
      readonly follows: readonly Effect[];
    }
  | { readonly allowed: false; readonly refusal: Refusal };

/**
 * What an action would do, without doing it: for whoever judges an action before it happens. Nothing is thrown; `describe` of
 * the refusal or of an effect puts it into words.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
 * const plan3 = plan(two, { type: 'createVersion', at: 2000 });
 * plan3.allowed && plan3.follows.map(describe); // ['Stage "SYSPREVIOUS" moves from version "v1" to version "v2".', 'Version "v1" is deprecated: no stage marks it.']
 */
export const plan = (state: SecretState, action: SecretAction, dialect: Dialect = csms): Plan =>
  planOne(state, action, dialect);

export const planOne = (state: SecretState, action: SecretAction, dialect: Dialect): Plan => {
  const decision = decideAction(state, action, dialect);
  if ('code' in decision) return { allowed: false, refusal: decision };
  const stages = stagesAskedFor(action, dialect);
  const asked: Effect[] = [];
  const follows: Effect[] = [];
  for (const effect of effectsBetween(state, decision)) {
    (asksFor(action, effect, stages) ? asked : follows).push(effect);
  }
  return { allowed: true, state: decision, asked, follows };
};

/**
 * What each of many actions would do, one after the other, up to the first that is refused: its plan is the last.
 *
 * @example
 * const one = createSecret({ name: 'db', at: 0 });
 * const plans = planAll(one, [{ type: 'createVersion', at: 1000 }, { type: 'restore', at: 2000 }, { type: 'pruneDeprecated' }]);
 * plans.map((plan) => plan.allowed); // [true, false]
 */
export const planAll = (
  state: SecretState,
  actions: readonly SecretAction[],
  dialect: Dialect = csms,
): readonly Plan[] => planInTurn(state, actions, dialect);

export const planInTurn = (state: SecretState, actions: readonly SecretAction[], dialect: Dialect): readonly Plan[] => {
  const plans: Plan[] = [];
  let next = state;
  for (const action of actions) {
    const step = planOne(next, action, dialect);
    plans.push(step);
    if (!step.allowed) break;
    next = step.state;
  }
  return plans;
};

const asksFor = ({ type }: SecretAction, effect: Effect, stages: readonly string[]): boolean => {
  if ('stage' in effect) return stages.includes(effect.stage);
  if (effect.type === 'versionPruned') return type === 'pruneDeprecated';
  return effect.type === 'versionCreated' || effect.type === 'statusChanged';
};

const stagesAskedFor = (action: SecretAction, { currentStage }: Dialect): readonly string[] => {
  if ('stage' in action) return [action.stage];
  if ('stages' in action && action.stages) return action.stages;
  return currentStage === null ? [] : [currentStage];
};
