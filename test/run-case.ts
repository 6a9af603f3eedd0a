import * as model from 'secret-stages';
import {
  alibabaKms,
  awsSecretsManager,
  type BatchOutcome,
  type CreateSecret,
  type Dialect,
  type DialectChanges,
  type Effect,
  googleSecretManager,
  huaweiCsms,
  type Outcome,
  type Plan,
  type Refusal,
  type SecretAction,
  type SecretState,
} from 'secret-stages';
import type { evidenceOf } from 'secret-stages/evidence';

/** Rules that replace those of a dialect, each as a whole. */
export type Rules = Pick<DialectChanges, 'secret' | 'stages' | 'versions'>;

export type VectorCase = About & (Creation | Step | Batch | Reading) & Result;

interface About {
  readonly id: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly source: {
    readonly rule: string;
    readonly page: string;
    readonly grade: ReturnType<typeof evidenceOf>[number]['grade'];
    /** The test, or the report, that has it from the service itself. */
    readonly recording?: string;
  };
  readonly rules?: Rules;
}

interface Creation {
  readonly before: null;
  readonly action: CreateSecret;
}

interface Step {
  readonly before: SecretState;
  readonly action: SecretAction;
}

interface Batch {
  readonly before: SecretState;
  readonly actions: readonly SecretAction[];
}

interface Reading {
  readonly parse: unknown;
}

interface Result {
  readonly after?: SecretState;
  readonly refusal?: Refusal;
  readonly index?: number;
  readonly effects?: readonly Effect[];
  readonly latest?: string | null;
}

/** The dialects by the folder of their cases, with which the ids of the cases begin. CSMS has the files outside. */
export const dialects: Readonly<Record<string, Dialect>> = {
  'aws-secrets-manager': awsSecretsManager,
  'alibaba-kms': alibabaKms,
  'google-secret-manager': googleSecretManager,
};

export function dialectIn(name: string): Dialect {
  return dialects[name] ?? huaweiCsms;
}

/** The dialect with these rules and otherwise those of the base, whether or not it makes sense. */
export function withRules(base: Dialect, { secret, stages, versions }: Rules = {}): Dialect {
  return {
    ...base,
    secret: { ...base.secret, ...secret },
    stages: { ...base.stages, ...stages },
    versions: { ...base.versions, ...versions },
  };
}

/** What is held to the vectors: the public functions of the model, or others in their place. */
export type Implementation = Pick<
  typeof model,
  'latestVersion' | 'parseSecretState' | 'plan' | 'planAll' | 'tryApplyAll' | 'tryCreateSecret' | 'tryReduce'
>;

/** Plays a case: undefined if all is as the case says, else what is not, for a person. */
export function runCase(vector: VectorCase, implementation: Implementation = model): string | undefined {
  // The implementation must not change what it is given: it gets a frozen copy, and the copy is looked at in the end.
  const given = structuredClone(vector);
  freeze(given);
  try {
    return played(given, implementation) ?? differenceOf(given, vector, 'the input');
  } catch (error) {
    return `it threw ${error}`;
  }
}

function played(vector: VectorCase, implementation: Implementation): string | undefined {
  const { parseSecretState, plan, planAll, tryApplyAll, tryCreateSecret, tryReduce } = implementation;
  const dialect = withRules(dialectIn(vector.id.split('/')[0] ?? ''), vector.rules);
  const check = (outcome: Outcome | BatchOutcome) => checked(vector, outcome, dialect, implementation);
  if ('parse' in vector) return check(parseSecretState(vector.parse, dialect));
  const { before } = vector;
  if (before === null) return check(tryCreateSecret(vector.action, dialect));

  // A secret of another cloud is a sound one of that cloud.
  if (!parseSecretState(before, dialectIn(before.dialect)).ok) return '`before` is not a state';
  if ('actions' in vector) {
    const { actions } = vector;
    const oneByOne = (): BatchOutcome => {
      let state = before;
      for (const [index, action] of actions.entries()) {
        const outcome = tryReduce(state, action, dialect);
        if (!outcome.ok) return { ...outcome, index };
        state = outcome.state;
      }
      return { ok: true, state };
    };
    return (
      check(tryApplyAll(before, actions, dialect)) ??
      check(oneByOne()) ??
      planned(vector, planAll(before, actions, dialect))
    );
  }
  const { action } = vector;
  return check(tryReduce(before, action, dialect)) ?? planned(vector, [plan(before, action, dialect)]);
}

function checked(
  vector: VectorCase,
  outcome: Outcome | BatchOutcome,
  dialect: Dialect,
  { latestVersion }: Implementation,
): string | undefined {
  const { after, refusal, index, effects, latest } = vector;
  if (!outcome.ok) {
    if (!refusal) return `it is refused: ${JSON.stringify(outcome.refusal)}`;
    const found = 'index' in outcome ? outcome.index : undefined;
    return differenceOf(outcome.refusal, refusal, 'refusal') ?? differenceOf(found, index, 'index');
  }
  const { state } = outcome;
  if (!after) return `it is not refused, and leads to ${JSON.stringify(state)}`;
  const difference =
    differenceOf(state, after, 'after') ??
    (latest === undefined ? undefined : differenceOf(latestVersion(state, dialect) ?? null, latest, 'latest'));
  if (difference !== undefined) return difference;
  if (!isFrozen(state)) return 'the state after is not frozen to the bottom';
  const isCopy = 'before' in vector && effects?.length === 0 && state !== vector.before;
  return isCopy ? 'nothing changed, but the state is another object' : undefined;
}

/** What the plans tell: all effects, in any order, and the same state or refusal. */
function planned({ after, refusal, effects = [] }: VectorCase, plans: readonly Plan[]): string | undefined {
  const told = plans.flatMap((plan) => (plan.allowed ? [...plan.asked, ...plan.follows] : []));
  const last = plans.at(-1);
  if (!last) return differenceOf(told, effects, 'effects');
  if (!last.allowed) return differenceOf(last.refusal, refusal, 'refusal of the plan');
  return (
    differenceOf(last.state, after, 'state of the plan') ?? differenceOf(ordered(told), ordered(effects), 'effects')
  );
}

function ordered(effects: readonly Effect[]): readonly Effect[] {
  const key = (effect: Effect) => JSON.stringify(Object.entries(effect).sort());
  return effects.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The first place in which two pieces of JSON differ, or undefined. The order of fields does not count. */
function differenceOf(found: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(found, expected)) return undefined;
  if (!isBranch(found) || !isBranch(expected) || Array.isArray(found) !== Array.isArray(expected)) {
    return `${path} is ${JSON.stringify(found)}, and should be ${JSON.stringify(expected)}`;
  }
  for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
    const inner = `${path}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(found, key)) return `${inner} is missing`;
    if (!Object.hasOwn(expected, key)) return `${inner} is too much`;
    const difference = differenceOf(found[key], expected[key], inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function freeze(value: unknown): void {
  if (!isBranch(value)) return;
  Object.freeze(value);
  for (const key of Object.keys(value)) freeze(value[key]);
}

function isFrozen(value: unknown): boolean {
  return !isBranch(value) || (Object.isFrozen(value) && Object.keys(value).every((key) => isFrozen(value[key])));
}
