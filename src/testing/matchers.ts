import { drawBoard } from '../board.ts';
import {
  type Dialect,
  explain,
  hasVersion,
  huaweiCsms,
  type Plan,
  type Problem,
  parseSecretState,
  plan,
  type RefusalCode,
  type SecretAction,
  type SecretState,
  stagesOf,
  versionOf,
  versionsByAge,
} from '../index.ts';
import { fieldOf } from '../json.ts';
import { problemsOf } from '../parse.ts';
import { explainProblem } from '../sentences.ts';
import { foundText, quote } from '../text.ts';
import { listOf, versionText } from './words.ts';

/**
 * The types of {@link stageMatchers}. Importing this entry adds them to `expect` of vitest, of `@types/jest` and of `@jest/globals`.
 */
export interface StageMatchers<R> {
  /** Asserts that the stage is on that version. */
  toMark(stage: string, versionId: string): R;
  /** Asserts that no stage marks the version. A version that does not exist fails, with `.not` too. */
  toBeDeprecated(versionId: string): R;
  /**
   * Asserts that a secret, or untrusted JSON, is a secret that breaks no law. A secret of another dialect fails, with `.not` too.
   */
  toObeyTheLaws(options?: LawsOptions): R;
  /**
   * Asserts that the secret refuses the action, with `code` if given. A secret of another dialect fails, with `.not` too, unless
   * `code` is WRONG_DIALECT.
   */
  toRefuse(action: SecretAction, options?: RefuseOptions): R;
}

/** The options of `toObeyTheLaws`. */
export interface LawsOptions {
  /** The dialect of the secret. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/** The options of `toRefuse`. */
export interface RefuseOptions extends LawsOptions {
  /** The code of the refusal. If omitted, any. */
  readonly code?: RefusalCode | undefined;
}

// The matchers of vitest and of `@types/jest` extend these, so one declaration serves both, and neither has to be installed.
declare global {
  namespace jest {
    interface Matchers<R, T> extends StageMatchers<R> {}
  }
}

// `@jest/globals` takes its matchers from the package `expect`. Compilers ignore this where that is not installed.
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T> extends StageMatchers<R> {}
}

/** The result of a matcher. */
export interface MatcherResult {
  /** Whether the assertion without `.not` holds. */
  readonly pass: boolean;
  /** Returns the message of the failing test. If `pass` is true, that is the test with `.not`. */
  readonly message: () => string;
}

/** A function of {@link stageMatchers}. It takes the value that `expect` received, and what the matcher of that name takes. */
export type StageMatcher<Name extends keyof StageMatchers<unknown>> = (
  received: unknown,
  ...expected: Parameters<StageMatchers<unknown>[Name]>
) => MatcherResult;

const toMark = (received: unknown, stage: string, versionId: string): MatcherResult => {
  const state = stateOf(received, 'toMark');
  // Otherwise a mistake such as `ids[9]` would pass if the stage is on no version.
  if (typeof versionId !== 'string')
    throw new Error(`toMark takes the id of a version; got ${foundText(versionId)}. ${versionsIn(state)}`);
  const holder = versionOf(state, stage);
  const hint = hasVersion(state, versionId) ? '' : ` ${versionsIn(state)}`;
  return result(holder === versionId, state, (pass) =>
    pass
      ? `Expected stage ${quote(stage)} not to be on version ${quote(versionId)}, but it is.`
      : `Expected stage ${quote(stage)} to be on version ${quote(versionId)}, but it is on ${versionText(holder)}.${hint}`,
  );
};

const toBeDeprecated = (received: unknown, versionId: string): MatcherResult => {
  const state = stateOf(received, 'toBeDeprecated');
  if (!hasVersion(state, versionId)) {
    const why = `Version ${quote(versionId)} does not exist, so it is neither deprecated nor in use. ${versionsIn(state)}`;
    throw new Error(withBoard(why, state));
  }
  const marks = stagesOf(state, versionId);
  return result(marks.length === 0, state, (pass) =>
    pass
      ? `Expected version ${quote(versionId)} not to be deprecated, but no stage marks it.`
      : `Expected version ${quote(versionId)} to be deprecated, but it is marked by ${listOf(marks)}.`,
  );
};

const toObeyTheLaws = (received: unknown, { dialect = huaweiCsms }: LawsOptions = {}): MatcherResult => {
  const outcome = parseSecretState(received, dialect);
  if (!outcome.ok && outcome.refusal.code === 'WRONG_DIALECT')
    throw new Error(withBoard(explain(outcome.refusal), received));
  const problems = outcome.ok ? [] : problemsOf(outcome.refusal);
  return result(outcome.ok, received, (pass) =>
    pass
      ? `Expected the secret to break a law of ${dialect.title}, but it obeys all of them.`
      : `Expected the secret to obey the laws of ${dialect.title}, but it does not:${lines(problems.map(explainProblem))}`,
  );
};

const toRefuse = (received: unknown, action: SecretAction, { code, dialect = huaweiCsms }: RefuseOptions = {}) => {
  const state = stateOf(received, 'toRefuse');
  const planned = plan(state, action, dialect);
  const refusal = planned.allowed ? undefined : planned.refusal;
  // Every secret refuses a mistyped action, and every action of another dialect.
  if (refusal?.code === 'UNKNOWN_ACTION' && code !== 'UNKNOWN_ACTION')
    throw new Error(`toRefuse takes an action. ${explain(refusal)}`);
  if (refusal?.code === 'WRONG_DIALECT' && code !== 'WRONG_DIALECT')
    throw new Error(withBoard(explain(refusal), state));
  const refuse = `refuse ${JSON.stringify(action)}${code === undefined ? '' : ` with ${code}`}`;
  const isRefused = refusal !== undefined && (code === undefined || refusal.code === code);
  return result(isRefused, state, (pass) => {
    return `Expected the secret ${pass ? 'not ' : ''}to ${refuse}, but it ${outcomeOf(planned)}`;
  });
};

/**
 * Matchers for `expect.extend(stageMatchers)` of vitest and of jest. They are `toMark(stage, versionId)`,
 * `toBeDeprecated(versionId)`, `toObeyTheLaws({ dialect })` and `toRefuse(action, { code, dialect })`, each with `.not` and typed.
 * The message of a failure names the versions and stages, and shows the board. The received value must be a {@link SecretState}.
 * Any other value fails, with `.not` too. Only `toObeyTheLaws` takes any value.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
 * stageMatchers.toMark(two, 'canary', 'v2').pass; // true
 * const removal = { type: 'removeStage', stage: 'canary', at: 2000 };
 * const { pass, message } = stageMatchers.toRefuse(two, removal, { code: 'BUILT_IN_STAGE' });
 * pass; // false
 * message().split('\n')[1]; // '- Stage "canary" is removed from version "v2".'
 */
export const stageMatchers: { readonly [Name in keyof StageMatchers<unknown>]: StageMatcher<Name> } = {
  toMark,
  toBeDeprecated,
  toObeyTheLaws,
  toRefuse,
};

const result = (pass: boolean, received: unknown, why: (pass: boolean) => string): MatcherResult => {
  return { pass, message: () => withBoard(why(pass), received) };
};

const withBoard = (why: string, received: unknown): string =>
  isState(received) ? `${why}\n\n${drawBoard(received)}` : why;

const outcomeOf = (planned: Plan): string => {
  if (!planned.allowed) return `refuses the action with ${planned.refusal.code}. ${explain(planned.refusal)}`;
  const effects = [...planned.asked, ...planned.follows];
  return effects.length > 0
    ? `allows the action:${lines(effects.map(explain))}`
    : 'allows the action, which changes nothing.';
};

const versionsIn = (state: SecretState): string => {
  const ids = versionsByAge(state).map(({ id }) => id);
  return `Versions of the secret: ${listOf(ids)}.`;
};

const lines = (sentences: readonly string[]): string => {
  const rest = sentences.length > 20 ? [`${sentences.length - 20} more`] : [];
  return [...sentences.slice(0, 20), ...rest].map((sentence) => `\n- ${sentence}`).join('');
};

/** The state that a matcher received. It may break laws, so that tests about broken secrets work. */
const stateOf = (received: unknown, matcher: string): SecretState => {
  if (isState(received)) return received;
  const problems = lines(wrongIn(received).map(explainProblem));
  throw new Error(`${matcher} takes a SecretState, but the received value is not one:${problems}`);
};

const isState = (value: unknown): value is SecretState => wrongIn(value).length === 0;

/** The problems of data as a secret of any dialect, with any names, except broken laws. */
const wrongIn = (value: unknown): readonly Problem[] => {
  const { id, secret, stages, versions } = huaweiCsms;
  const dialect = fieldOf(value, 'dialect');
  const outcome = parseSecretState(value, {
    ...huaweiCsms,
    id: typeof dialect === 'string' ? dialect : id,
    secret: { ...secret, name: '.*' },
    stages: { ...stages, name: '.*' },
    versions: { ...versions, id: '.*' },
  });
  return outcome.ok ? [] : problemsOf(outcome.refusal).filter(({ law }) => !law);
};
