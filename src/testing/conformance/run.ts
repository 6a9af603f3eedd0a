import {
  type Dialect,
  defineDialect,
  deprecatedVersions,
  isDeprecated,
  type SecretAction,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../../index.ts';
import { frozenCopy } from '../../parse.ts';
import { byOrdinal, change, countVersions, versionsById } from '../../state.ts';
import { checkShown, type SecretDriver, type ShownSecret, shownOf } from '../drivers/index.ts';
import { isTimeout, within } from '../within.ts';
import { errorText } from '../words.ts';
import { type Habits, idsListed, isRepeated, type ObservedCall } from './call.ts';
import { answersLaw, type ConformanceLaw, type LawText } from './laws.ts';
import type { ConformanceCall } from './result.ts';
import type { Step } from './steps.ts';

/** A broken law, and the calls. The last one breaks it. */
export interface Breach {
  readonly law: LawText;
  readonly why: string;
  readonly calls: readonly ConformanceCall[];
  /** The secret in the model. */
  readonly expected: ShownSecret;
  /** The secret that the driver showed last. */
  readonly found: ShownSecret;
  /** Whether one of these calls, or the removal after them, timed out. */
  readonly isLate: boolean;
}

/**
 * Plays steps on a new secret of the driver and on the model, up to the first call that breaks a law, and then removes the secret.
 * `tried` counts, by the id of each law, the calls that could have broken it. `timeout` is the time limit of each call on the
 * driver, in milliseconds.
 */
export async function playSteps(
  driver: SecretDriver,
  secret: string,
  steps: readonly Step[],
  dialect: Dialect,
  laws: readonly ConformanceLaw[],
  tried: Map<string, number>,
  timeout: number,
): Promise<{ readonly calls: number; readonly breach: Breach | undefined }> {
  const { takesTime, prunesWhenAsked } = driver;
  const habits: Habits = { takesTime, prunesWhenAsked: prunesWhenAsked || dialect.versions.prune === 'keeps' };
  const mayBeEmpty = dialect.secret.firstVersion !== 'at-creation';
  const calls: ConformanceCall[] = [];
  const count = ({ id }: LawText) => tried.set(id, (tried.get(id) ?? 0) + 1);
  // The secret may exist unless its creation is refused.
  let isMade = true;
  let lastShown = nothingShown;
  let model: SecretState = { ...nothingMade, name: secret, dialect: dialect.id };
  const breachOf = (law: LawText, why: string, found: ShownSecret, isLate = false): Breach => {
    return { law, why, calls, expected: shownOf(model, dialect), found, isLate };
  };
  const failed = (error: unknown): Breach => breachOf(answersLaw, errorText(error), lastShown, isTimeout(error));
  const ask = <Answer>(method: keyof SecretDriver, call: () => Promise<Answer>): Promise<Answer> =>
    within(timeout, `The driver's ${method} did not settle`, call);

  /** Makes a call on the driver and on the model. Null creates the secret. */
  const make = async (action: SecretAction | null, at: number): Promise<Breach | undefined> => {
    const given = structuredClone(action);
    const answer = given
      ? await ask('act', async () => driver.act(secret, given))
      : await ask('create', async () => driver.create(secret, at));
    if (!action && !answer.ok) isMade = false;
    const shown = isMade ? await ask('show', async () => driver.show(secret)) : lastShown;
    checkShown(shown);
    const before = withoutDeleted(model, shown, habits);
    const creates = !action || (action.type === 'createVersion' && !isRepeated(action));
    const newId = answer.ok && creates ? (answer.versionId ?? newlyListed(lastShown, shown)) : undefined;
    // If the first version may come later, a new secret that shows no version has none.
    const firstId = newId ?? (mayBeEmpty ? null : undefined);
    calls.push({ action, at, versionId: action || !answer.ok ? newId : firstId });
    const outcome = action
      ? tryReduce(before, withId(action, newId), rulesFor(habits, before, dialect))
      : tryCreateSecret({ name: secret, at, versionId: firstId }, dialect);
    const after = outcome.ok ? withoutDeleted(outcome.state, shown, habits) : before;
    const call: ObservedCall = {
      dialect,
      driver: habits,
      action: action ?? { type: 'createVersion', at },
      isUntouched: JSON.stringify(given) === JSON.stringify(action),
      answer,
      details: answer.ok ? answer : {},
      reasons: answer.ok ? [] : (answer.reasons ?? []),
      newId,
      shownBefore: lastShown,
      shown,
      before,
      refusal: outcome.ok ? undefined : outcome.refusal,
      after,
    };
    model = takesTime ? after : withTimesOf(after, shown);
    for (const law of laws) {
      if (!law.isTried(call)) continue;
      count(law);
      const why = law.fault(call);
      if (why) return breachOf(law, why, shown);
    }
    lastShown = shown;
    return undefined;
  };

  let breach: Breach | undefined;
  for (const step of [undefined, ...steps]) {
    const made = calls.length;
    const at = firstCallAt + 1000 * made;
    const action = step?.actionOn(at, model) ?? null;
    count(answersLaw);
    try {
      breach = await make(action, at);
    } catch (error) {
      // It threw, or returned data that cannot be read.
      if (calls.length === made) calls.push({ action, at });
      breach = failed(error);
    }
    if (breach) break;
  }
  if (isMade) {
    await ask('remove', async () => driver.remove(secret)).catch((error: unknown) => {
      // A law that was broken before is still the one to report.
      breach = breach ? { ...breach, isLate: breach.isLate || isTimeout(error) } : failed(error);
    });
  }
  return { calls: calls.length, breach };
}

/** In epoch milliseconds. Each later call is a second after the one before it. */
const firstCallAt = 1_700_000_000_000;

/** A secret before its creation, as the driver would show it and in the model. */
const nothingShown: ShownSecret = { status: 'ENABLED', scheduledDeleteTime: null, versions: [], stages: [] };
const nothingMade = { ...nothingShown, stages: [], versions: {}, versionsMade: 0, lastNumber: 0 };

const withId = (action: SecretAction, versionId: string | undefined): SecretAction =>
  action.type === 'createVersion' ? { versionId, ...action } : action;

/** A driver that may delete deprecated versions at any time also chooses which of them to delete for a new one. */
const rulesFor = ({ prunesWhenAsked }: Habits, before: SecretState, dialect: Dialect): Dialect =>
  prunesWhenAsked || dialect.versions.limit?.whenFull === 'refuse' || deprecatedVersions(before).length === 0
    ? dialect
    : defineDialect(dialect, { versions: { limit: null } });

const newlyListed = (before: ShownSecret, now: ShownSecret): string | undefined => {
  const known = idsListed(before);
  return now.versions.find(({ id }) => !known.has(id))?.id;
};

/** Removes the deprecated versions that are not listed, for a driver that may delete them at any time. */
const withoutDeleted = (state: SecretState, shown: ShownSecret, { prunesWhenAsked }: Habits): SecretState => {
  if (prunesWhenAsked) return state;
  const listed = idsListed(shown);
  const left = Object.values(state.versions).filter(({ id }) => listed.has(id) || !isDeprecated(state, id));
  return left.length === countVersions(state) ? state : change(state, { versions: versionsById(left.sort(byOrdinal)) });
};

/** Takes over the times that are shown, for a driver that uses its own clock. */
const withTimesOf = (state: SecretState, shown: ShownSecret): SecretState => {
  const createTimes = new Map(shown.versions.map(({ id, createTime }) => [id, { createTime }]));
  const updateTimes = new Map(
    shown.stages.flatMap(({ name, updateTime }) => (updateTime === undefined ? [] : [[name, { updateTime }] as const])),
  );
  const versions = Object.values(state.versions).map((each) => ({ ...each, ...createTimes.get(each.id) }));
  const stages = state.stages.map((each) => ({ ...each, ...updateTimes.get(each.name) }));
  const { scheduledDeleteTime } = shown;
  return frozenCopy({ ...state, versions: versionsById(versions), stages, scheduledDeleteTime });
};
