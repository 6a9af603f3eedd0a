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
import { asText, quote } from '../text.ts';
import { listOf, versionText } from './words.ts';

/**
 * The matchers of {@link stageMatchers} as types. What `expect` of vitest and of `@types/jest` answers has them as
 * soon as this entry is imported; for the one of `@jest/globals`, say so once:
 *
 * ```ts
 * declare module 'expect' {
 *   interface Matchers<R extends void | Promise<void>, T> extends StageMatchers<R> {}
 * }
 * ```
 */
export interface StageMatchers<R> {
  /** The stage marks that version. */
  toMark(stage: string, versionId: string): R;
  /** The version is there, and no stage marks it. One that is not there fails, with `.not` too: it is neither. */
  toBeDeprecated(versionId: string): R;
  /**
   * A secret, or JSON that should be one, breaks no law. Anything else does not obey them either. A secret of another dialect
   * fails, with `.not` too.
   */
  toObeyTheLaws(options?: LawsOptions): R;
  /**
   * The secret refuses the action with that code, or with any. A secret of another dialect fails, with `.not` too, unless `code`
   * is WRONG_DIALECT.
   */
  toRefuse(action: SecretAction, options?: RefuseOptions): R;
}

/** What `toObeyTheLaws` takes. */
export interface LawsOptions {
  /** If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
}

/** What `toRefuse` takes. */
export interface RefuseOptions extends LawsOptions {
  /** If omitted, any. */
  readonly code?: RefusalCode | undefined;
}

// vitest lets its own matchers extend these, so that one declaration serves both, and neither has to be installed.
declare global {
  namespace jest {
    interface Matchers<R, T> extends StageMatchers<R> {}
  }
}

/** What a matcher finds. */
export interface MatcherResult {
  readonly pass: boolean;
  /** For whoever sees the test fail: of a pass, that is the test with `.not`. */
  readonly message: () => string;
}

const toMark = (received: unknown, stage: string, versionId: string): MatcherResult => {
  const state = stateOf(received, 'toMark');
  // A slip such as `ids[9]` would pass where the stage is on no version.
  if (typeof versionId !== 'string')
    throw new Error(`toMark takes a version id, not ${asText(versionId)}. ${versionsIn(state)}`);
  const holder = versionOf(state, stage);
  const hint = hasVersion(state, versionId) ? '' : ` ${versionsIn(state)}`;
  return result(holder === versionId, state, (pass) =>
    pass
      ? `Stage ${quote(stage)} should not mark version ${quote(versionId)}, and it does.`
      : `Stage ${quote(stage)} should mark version ${quote(versionId)}, and it is on ${versionText(holder)}.${hint}`,
  );
};

const toBeDeprecated = (received: unknown, versionId: string): MatcherResult => {
  const state = stateOf(received, 'toBeDeprecated');
  if (!hasVersion(state, versionId)) {
    const why = `Version ${quote(versionId)} is neither deprecated nor in use: it does not exist. ${versionsIn(state)}`;
    throw new Error(withBoard(why, state));
  }
  const marks = stagesOf(state, versionId);
  return result(marks.length === 0, state, (pass) =>
    pass
      ? `Version ${quote(versionId)} should not be deprecated, and no stage marks it.`
      : `Version ${quote(versionId)} should be deprecated, and it holds ${listOf(marks)}.`,
  );
};

const toObeyTheLaws = (received: unknown, { dialect = huaweiCsms }: LawsOptions = {}): MatcherResult => {
  const outcome = parseSecretState(received, dialect);
  if (!outcome.ok && outcome.refusal.code === 'WRONG_DIALECT')
    throw new Error(withBoard(explain(outcome.refusal), received));
  const problems = outcome.ok ? [] : problemsOf(outcome.refusal);
  return result(outcome.ok, received, (pass) =>
    pass
      ? `The secret should break a law of ${dialect.title}, and it obeys them all.`
      : `The secret should obey the laws of ${dialect.title}, and it does not:${lines(problems.map(explainProblem))}`,
  );
};

const toRefuse = (received: unknown, action: SecretAction, { code, dialect = huaweiCsms }: RefuseOptions = {}) => {
  const state = stateOf(received, 'toRefuse');
  const planned = plan(state, action, dialect);
  const refusal = planned.allowed ? undefined : planned.refusal;
  // Any secret refuses an action of a mistyped type, and any action of another dialect.
  if (refusal?.code === 'UNKNOWN_ACTION' && code !== 'UNKNOWN_ACTION')
    throw new Error(`toRefuse takes an action. ${explain(refusal)}`);
  if (refusal?.code === 'WRONG_DIALECT' && code !== 'WRONG_DIALECT')
    throw new Error(withBoard(explain(refusal), state));
  const asked = `refuse ${JSON.stringify(action)}${code === undefined ? '' : ` with ${code}`}`;
  const isRefused = refusal !== undefined && (code === undefined || refusal.code === code);
  return result(isRefused, state, (pass) => {
    return `The secret should ${pass ? 'not ' : ''}${asked}, and it ${answerOf(planned)}`;
  });
};

/**
 * Matchers about secrets, for `expect.extend(stageMatchers)` of vitest and of jest: `toMark(stage, versionId)`,
 * `toBeDeprecated(versionId)`, `toObeyTheLaws({ dialect })` and `toRefuse(action, { code, dialect })`, each with `.not` and with
 * its types. What fails says which version holds what, and draws the board. What is received is a {@link SecretState};
 * anything else fails, with `.not` too, but for `toObeyTheLaws`, which takes whatever there is.
 *
 * @example
 * const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
 * stageMatchers.toMark(two, 'canary', 'v2').pass; // true
 * const removal = { type: 'removeStage', stage: 'canary', at: 2000 };
 * const { pass, message } = stageMatchers.toRefuse(two, removal, { code: 'BUILT_IN_STAGE' });
 * pass; // false
 * message().split('\n')[1]; // '- Stage "canary" is removed from version "v2".'
 */
export const stageMatchers: {
  readonly [Name in keyof StageMatchers<unknown>]: (
    received: unknown,
    ...expected: Parameters<StageMatchers<unknown>[Name]>
  ) => MatcherResult;
} = { toMark, toBeDeprecated, toObeyTheLaws, toRefuse };

const result = (pass: boolean, received: unknown, why: (pass: boolean) => string): MatcherResult => {
  return { pass, message: () => withBoard(why(pass), received) };
};

const withBoard = (why: string, received: unknown): string =>
  isState(received) ? `${why}\n\n${drawBoard(received)}` : why;

const answerOf = (planned: Plan): string => {
  if (!planned.allowed) return `refuses it with ${planned.refusal.code}. ${explain(planned.refusal)}`;
  const effects = [...planned.asked, ...planned.follows];
  return effects.length > 0 ? `would do it:${lines(effects.map(explain))}` : 'would do it, which changes nothing.';
};

const versionsIn = (state: SecretState): string => {
  const ids = versionsByAge(state).map(({ id }) => id);
  return `There is ${listOf(ids, 'no version')}.`;
};

const lines = (sentences: readonly string[]): string => {
  const rest = sentences.length > 20 ? [`${sentences.length - 20} more`] : [];
  return [...sentences.slice(0, 20), ...rest].map((sentence) => `\n- ${sentence}`).join('');
};

/** The state that a matcher was given. It may break laws: a test about a broken secret wants to see it. */
const stateOf = (received: unknown, matcher: string): SecretState => {
  if (isState(received)) return received;
  const problems = lines(wrongIn(received).map(explainProblem));
  throw new Error(`${matcher} takes the state of a secret, a SecretState, and this is none:${problems}`);
};

const isState = (value: unknown): value is SecretState => wrongIn(value).length === 0;

/** What is wrong with data as a secret of any dialect, with any names; broken laws aside. */
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
