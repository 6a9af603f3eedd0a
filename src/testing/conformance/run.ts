import {
  type Dialect,
  defineDialect,
  deprecatedVersions,
  isDeprecated,
  type Outcome,
  type SecretAction,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../../index.ts';
import { frozenCopy } from '../../parse.ts';
import { byOrdinal, change, versionsById } from '../../state.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from '../drivers/driver.ts';
import { shownOf } from '../drivers/shown.ts';
import { answersLaw, type ConformanceLaw, type LawText, type Witness } from './laws.ts';
import type { ConformanceCall } from './result.ts';
import { actionOf, type Means, type Step } from './steps.ts';

/** What was played on one secret: the calls up to the first that broke a law, or all. */
export interface Played {
  readonly calls: readonly ConformanceCall[];
  /** For each law how many of the calls could have broken it, by its id. */
  readonly tried: ReadonlyMap<string, number>;
  readonly breach: Breach | undefined;
}

export interface Breach {
  readonly law: LawText;
  readonly why: string;
  /** The secret as the model has it, and as the driver showed it last. */
  readonly expected: ShownSecret;
  readonly found: ShownSecret;
}

/** A call that is to be made on the driver and on the model. */
interface Turn {
  /** Null creates the secret. */
  readonly action: SecretAction | null;
  readonly ask: () => Promise<DriverAnswer>;
  /** What the model makes of it, given the id that the driver gave the new version. */
  readonly expect: (newId: string | undefined, before: SecretState) => Outcome;
  readonly isUntouched: () => boolean;
}

/** When the first call is made, in epoch milliseconds, on drivers that are told. Each later one is a second after. */
const start = 1_700_000_000_000;

const nothingShown: ShownSecret = { status: 'ENABLED', scheduledDeleteTime: null, versions: [], stages: [] };
const unborn = (name: string, { id: dialect }: Dialect): SecretState => ({
  name,
  dialect,
  status: 'ENABLED',
  scheduledDeleteTime: null,
  versions: {},
  stages: [],
  versionsMade: 0,
  lastNumber: 0,
});

/** What a driver is held to, and what it can do. */
interface Rules {
  readonly dialect: Dialect;
  readonly laws: readonly ConformanceLaw[];
  readonly means: Means;
}

/** Plays steps on a new secret of the driver and on the model at once, and removes the secret in the end. */
export async function runSteps(
  driver: SecretDriver,
  secret: string,
  steps: readonly Step[],
  { dialect, laws, means }: Rules,
): Promise<Played> {
  const { takesTime, prunesWhenAsked } = driver;
  const habits: Habits = { takesTime, prunesWhenAsked: prunesWhenAsked || dialect.versions.prune === 'keeps' };
  const mayBeEmpty = dialect.secret.firstVersion !== 'at-creation';
  const calls: ConformanceCall[] = [];
  const tried = new Map<string, number>();
  const count = ({ id }: LawText) => tried.set(id, (tried.get(id) ?? 0) + 1);
  let model = unborn(secret, dialect);
  // Unless its creation is refused it may be there, whatever else comes of that.
  let isMade = true;
  let lastShown = nothingShown;

  const take = async ({ action, ask, expect, isUntouched }: Turn): Promise<Breach | undefined> => {
    const at = timeOf(calls.length);
    const answer = await ask();
    if (action === null && !answer.ok) isMade = false;
    const shown = isMade ? await driver.show(secret) : lastShown;
    const before = withoutGone(model, shown, habits);
    // Who asks again for a version gets no new one.
    const creates = action === null || (action.type === 'createVersion' && action.versionId === undefined);
    const newId = answer.ok && creates ? (answer.versionId ?? listedSince(lastShown, shown)) : undefined;
    const isEmpty = action === null && answer.ok && newId === undefined && mayBeEmpty;
    calls.push({ action, at, versionId: isEmpty ? null : newId });
    const outcome = expect(newId, before);
    const after = outcome.ok ? withoutGone(outcome.state, shown, habits) : before;
    const seen: Witness = {
      dialect,
      driver: habits,
      action: action ?? { type: 'createVersion', at },
      isUntouched: isUntouched(),
      answer,
      told: answer.ok ? answer : {},
      newId,
      shownBefore: lastShown,
      shown,
      before,
      outcome,
      after,
    };
    model = takesTime ? after : withTimesOf(after, shown);
    for (const law of laws) {
      if (!law.isTried(seen)) continue;
      count(law);
      const why = law.fault(seen);
      if (why !== undefined) return { law, why, expected: shownOf(model, dialect), found: shown };
    }
    lastShown = shown;
    return undefined;
  };

  const unanswered = (error: unknown): Breach => ({
    law: answersLaw,
    why: String(error),
    expected: shownOf(model, dialect),
    found: lastShown,
  });

  const creation = (at: number): Turn => ({
    action: null,
    ask: () => driver.create(secret, at),
    // Where the first version may come later, a secret that shows none has none.
    expect: (versionId) =>
      tryCreateSecret({ name: secret, at, versionId: versionId ?? (mayBeEmpty ? null : undefined) }, dialect),
    isUntouched: () => true,
  });

  const turnOf = (step: Step, at: number): Turn => {
    const action = actionOf(step, model, at, dialect, means);
    const given = structuredClone(action);
    return {
      action,
      ask: () => driver.act(secret, given),
      expect: (versionId, before) =>
        tryReduce(
          before,
          action.type === 'createVersion' ? { versionId, ...action } : action,
          rulesFor(habits, before, dialect),
        ),
      isUntouched: () => JSON.stringify(given) === JSON.stringify(action),
    };
  };

  /** What throws, or answers such that nothing can be made of it, breaks a law, too. */
  const attempt = async (turn: Turn): Promise<Breach | undefined> => {
    const made = calls.length;
    count(answersLaw);
    try {
      return await take(turn);
    } catch (error) {
      if (calls.length === made) calls.push({ action: turn.action, at: timeOf(made) });
      return unanswered(error);
    }
  };

  let breach = await attempt(creation(timeOf(0)));
  for (const step of steps) {
    if (breach) break;
    breach = await attempt(turnOf(step, timeOf(calls.length)));
  }
  if (isMade) {
    await driver.remove(secret).catch((error: unknown) => {
      breach ??= unanswered(error);
    });
  }
  return { calls, tried, breach };
}

const timeOf = (call: number): number => start + 1000 * call;

/** How a driver goes about what the documentation leaves open. */
type Habits = Witness['driver'];

/** A driver that may let deprecated versions go at any time chooses, too, which of them makes room for a new one. */
const rulesFor = ({ prunesWhenAsked }: Habits, before: SecretState, dialect: Dialect): Dialect =>
  prunesWhenAsked || dialect.versions.limit?.whenFull === 'refuse' || deprecatedVersions(before).length === 0
    ? dialect
    : defineDialect(dialect, { versions: { limit: null } });

const listedSince = (before: ShownSecret, now: ShownSecret): string | undefined =>
  now.versions.find(({ id }) => !before.versions.some((version) => version.id === id))?.id;

/** Without the deprecated versions that are not listed, of a driver that may let them go at any time. */
const withoutGone = (state: SecretState, shown: ShownSecret, { prunesWhenAsked }: Habits): SecretState => {
  if (prunesWhenAsked) return state;
  const isListed = (id: string) => shown.versions.some((version) => version.id === id);
  const left = Object.values(state.versions).filter(({ id }) => isListed(id) || !isDeprecated(state, id));
  return left.length === Object.keys(state.versions).length
    ? state
    : change(state, { versions: versionsById(left.sort(byOrdinal)) });
};

/** With the times of a driver that has a clock of its own, of what it shows. */
const withTimesOf = (state: SecretState, shown: ShownSecret): SecretState => {
  const createTimes = new Map(shown.versions.map(({ id, createTime }) => [id, createTime]));
  const updateTimes = new Map(shown.stages.map(({ name, updateTime }) => [name, updateTime]));
  return frozenCopy({
    ...state,
    versions: versionsById(
      Object.values(state.versions).map((version) => ({
        ...version,
        createTime: createTimes.get(version.id) ?? version.createTime,
      })),
    ),
    stages: state.stages.map((stage) => ({ ...stage, updateTime: updateTimes.get(stage.name) ?? stage.updateTime })),
    scheduledDeleteTime: shown.scheduledDeleteTime,
  });
};
