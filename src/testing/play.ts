import {
  type Dialect,
  isDeprecated,
  type Outcome,
  type SecretAction,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../index.ts';
import { nothingIssued } from '../operations/issue.ts';
import { frozenCopy } from '../parse.ts';
import { byOrdinal, keepOnly, versionsById } from '../state.ts';
import type { ConformanceCall } from './conformance.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from './driver.ts';
import { answersLaw, type ConformanceLaw, lawsOfConformance, type Witness } from './laws-of-conformance.ts';
import { shownOf } from './shown.ts';
import { actionOf, type Step } from './steps.ts';

/** What was played on one secret: the calls up to the first that broke a law, or all. */
export interface Played {
  readonly calls: readonly ConformanceCall[];
  /** For each law how many of the calls could have broken it, by its id. */
  readonly tried: ReadonlyMap<string, number>;
  readonly breach: Breach | undefined;
}

export interface Breach {
  readonly law: ConformanceLaw;
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
  readonly expect: (newId: string | undefined) => Outcome;
  readonly isUntouched: () => boolean;
}

/** When the first call is made, in epoch milliseconds, on drivers that are told. Each later one is a second after. */
const start = 1_700_000_000_000;

const nothingShown: ShownSecret = { status: 'ENABLED', scheduledDeleteTime: null, versions: [], stages: [] };
const unborn = (name: string): SecretState => ({
  name,
  status: 'ENABLED',
  scheduledDeleteTime: null,
  versions: {},
  stages: [],
  issued: nothingIssued,
});

/** Plays steps on a new secret of the driver and on the model at once, and removes the secret in the end. */
export const play = async (
  driver: SecretDriver,
  secret: string,
  steps: readonly Step[],
  dialect: Dialect,
): Promise<Played> => {
  const calls: ConformanceCall[] = [];
  const tried = new Map<string, number>();
  const count = ({ id }: ConformanceLaw) => tried.set(id, (tried.get(id) ?? 0) + 1);
  const rules = rulesFor(driver, dialect);
  let model = unborn(secret);
  let shown = nothingShown;

  const take = async ({ action, ask, expect, isUntouched }: Turn): Promise<Breach | undefined> => {
    const [at, before, shownBefore] = [timeOf(calls.length), model, shown];
    let answer: DriverAnswer;
    count(answersLaw);
    try {
      answer = await ask();
      if (action || answer.ok) shown = await driver.show(secret);
    } catch (error) {
      calls.push({ action, at });
      const outcome = expect(undefined);
      return unanswered(error, outcome.ok ? outcome.state : before, shownBefore);
    }
    const creates = answer.ok && (action === null || action.type === 'createVersion');
    const newId = creates ? createdId(answer, shownBefore, shown) : undefined;
    calls.push({ action, at, versionId: newId });
    const outcome = expect(newId);
    const after = outcome.ok ? withoutGone(outcome.state, shown, driver) : before;
    const seen: Witness = {
      dialect,
      driver,
      action: action ?? { type: 'createVersion', at },
      isUntouched: isUntouched(),
      answer,
      newId,
      shownBefore,
      shown,
      before,
      outcome,
      after,
    };
    for (const law of lawsOfConformance) {
      if (!law.isTried(seen)) continue;
      count(law);
      const why = law.fault(seen);
      if (why !== undefined) return { law, why, expected: shownOf(after, dialect), found: shown };
    }
    model = driver.takesTime ? after : withTimesOf(after, shown, before);
    return undefined;
  };

  const unanswered = (error: unknown, expected: SecretState, found: ShownSecret): Breach => ({
    law: answersLaw,
    why: `${error}`,
    expected: shownOf(expected, dialect),
    found,
  });

  const creation = (at: number): Turn => ({
    action: null,
    ask: () => driver.create(secret, at),
    expect: (versionId) => tryCreateSecret({ name: secret, at, versionId }, dialect),
    isUntouched: () => true,
  });

  const turnOf = (step: Step, at: number): Turn => {
    const action = actionOf(step, model, at, dialect);
    const [before, given] = [model, structuredClone(action)];
    return {
      action,
      ask: () => driver.act(secret, given),
      expect: (versionId) =>
        tryReduce(before, action.type === 'createVersion' ? { ...action, versionId } : action, rules),
      isUntouched: () => JSON.stringify(given) === JSON.stringify(action),
    };
  };

  let breach = await take(creation(timeOf(0)));
  for (const step of steps) {
    if (breach) break;
    breach = await take(turnOf(step, timeOf(calls.length)));
  }
  try {
    await driver.remove(secret);
  } catch (error) {
    breach ??= unanswered(error, model, shown);
  }
  return { calls, tried, breach };
};

const timeOf = (call: number): number => start + 1000 * call;

/** A driver that may let deprecated versions go at any time chooses, too, which of them makes room for a new one. */
const rulesFor = ({ prunesWhenAsked }: SecretDriver, dialect: Dialect): Dialect =>
  prunesWhenAsked || dialect.versionLimitIsHard ? dialect : { ...dialect, versionLimit: Number.MAX_SAFE_INTEGER };

const createdId = (answer: DriverAnswer, before: ShownSecret, now: ShownSecret): string | undefined =>
  (answer.ok ? answer.versionId : undefined) ??
  now.versions.find(({ id }) => !before.versions.some((version) => version.id === id))?.id;

/** Without the deprecated versions that are not listed, of a driver that may let them go at any time. */
const withoutGone = (state: SecretState, shown: ShownSecret, { prunesWhenAsked }: SecretDriver): SecretState => {
  if (prunesWhenAsked) return state;
  const isListed = (id: string) => shown.versions.some((version) => version.id === id);
  const left = Object.values(state.versions).filter(({ id }) => isListed(id) || !isDeprecated(state, id));
  return left.length === Object.keys(state.versions).length ? state : keepOnly(state, left.sort(byOrdinal));
};

/** With the times that a driver with a clock of its own gave what is new or was moved. */
const withTimesOf = (state: SecretState, shown: ShownSecret, before: SecretState): SecretState => {
  const createTimes = new Map(shown.versions.map(({ id, createTime }) => [id, createTime]));
  const updateTimes = new Map(shown.stages.map(({ name, updateTime }) => [name, updateTime]));
  const isNew = state.scheduledDeleteTime !== before.scheduledDeleteTime;
  return frozenCopy({
    ...state,
    versions: versionsById(
      Object.values(state.versions).map((version) => ({
        ...version,
        createTime: createTimes.get(version.id) ?? version.createTime,
      })),
    ),
    stages: state.stages.map((stage) => ({ ...stage, updateTime: updateTimes.get(stage.name) ?? stage.updateTime })),
    scheduledDeleteTime: isNew ? shown.scheduledDeleteTime : state.scheduledDeleteTime,
  });
};
