import * as fc from 'fast-check';
import { boardRows } from '../../board.ts';
import { cloudOf, isOffered } from '../../dialects/index.ts';
import { type Dialect, explain, huaweiCsms, tryCreateSecret } from '../../index.ts';
import { refusedError, wrongDialect } from '../../refusal.ts';
import { WRONG_DIALECT } from '../../sentences.ts';
import { hasCalls, writeLine } from '../../transcript/index.ts';
import { actionsOfCsms, type SecretDriver } from '../drivers/index.ts';
import { checkTimeout } from '../within.ts';
import { answersLaw, type LawText, lawsFor } from './laws.ts';
import type { Conformance, ConformanceCall, ConformanceOptions, TriedLaw } from './result.ts';
import { type Breach, playSteps } from './run.ts';
import { type Step, shortStories, stepsFor } from './steps.ts';

/**
 * Checks an implementation against the model. Makes random calls on both, and compares what the driver shows after each call.
 * It only makes calls that the dialect has, and removes every secret at the end.
 *
 * The result names the first law that was broken, with the shortest sequence of calls found. A driver also breaks a law if it
 * throws, responds too late, or shows more than 10,000 versions and stages of a secret. After a late response, the only further
 * call removes the secret.
 *
 * To find fewer calls, it repeats the calls once, tries sequences of up to three calls (at most 1,177), and then up to 1,000
 * sequences in which one call is omitted or simplified.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the driver's secrets belong to another dialect.
 * @throws {RangeError} if `runs` is not a whole number of at least 1, `timeout` is invalid, no name can begin with `prefix`, or no
 * action of the driver moves a stage.
 *
 * @example
 * (await checkConformance(modelDriver(), { runs: 5 })).ok; // true
 * const dialect = googleSecretManager;
 * (await checkConformance(modelDriver({ dialect }), { runs: 5, dialect })).ok; // true
 */
export async function checkConformance(
  driver: SecretDriver,
  {
    runs = 200,
    seed,
    path,
    dialect = cloudOf(`${driver.dialect}`) ?? huaweiCsms,
    prefix,
    timeout = 120_000,
  }: ConformanceOptions = {},
): Promise<Conformance> {
  checkTimeout(timeout);
  if (driver.dialect !== undefined && driver.dialect !== dialect.id)
    throw refusedError(wrongDialect({ dialect: driver.dialect }, dialect), { WRONG_DIALECT });
  const actions = (driver.actions ?? actionsOfCsms).filter((type) => isOffered(type, dialect));
  const asksAgain = driver.takesIds === true && dialect.versions.repeatedId === 'ignored';
  const laws = lawsFor(dialect);
  const first = tryCreateSecret({ name: `${prefix ?? 'conformance'}-1`, at: 0 }, dialect);
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new RangeError(`runs must be a whole number of at least 1; got ${runs}.`);
  if (!actions.some((type) => type === 'createVersion' || type === 'assignStage'))
    throw new RangeError(
      "The driver's actions must include createVersion or assignStage. Without them no stage moves, and there is nothing to check.",
    );
  if (!first.ok) throw new RangeError(`No secret name can begin with the prefix. ${explain(first.refusal)}`);

  const tried = new Map<string, number>();
  let [secrets, calls] = [0, 0];
  let breach: Breach | undefined;
  let ownPrefix = prefix;
  /** Whether a call timed out. Further calls would take as long. */
  let isLate = false;

  /** Plays the steps. Returns whether they break a law, or this one. Keeps the last breach. */
  const breaks = async (steps: readonly Step[], law?: LawText): Promise<boolean> => {
    secrets++;
    // Calls that search for a shorter story do not count as tries of a law.
    const counts = breach ? new Map<string, number>() : tried;
    const played = await playSteps(driver, `${ownPrefix}-${secrets}`, steps, dialect, laws, counts, timeout);
    calls += played.calls;
    isLate ||= played.breach?.isLate === true;
    if (!played.breach || (law && law !== played.breach.law)) return false;
    breach = played.breach;
    return true;
  };

  // All chance comes from the seed. It is part of the names because another check may run on the same service.
  const property = fc.asyncProperty(stepsFor(dialect, { actions, asksAgain }), fc.nat(), async (steps, chance) => {
    ownPrefix ??= `conformance-${chance.toString(36)}`;
    return !(await breaks(steps));
  });
  const found = await fc.check(property, {
    numRuns: runs,
    endOnFailure: true,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
  });
  const withTimesTried = ({ id, sentence, grade, source }: LawText): TriedLaw => {
    return { id, sentence, grade, source, tried: tried.get(id) ?? 0 };
  };
  const result = () => {
    return { runs: found.numRuns, calls, laws: [answersLaw, ...laws].map(withTimesTried), seed: found.seed };
  };
  if (found.counterexample === null) return { ok: true, ...result() };
  if (!breach) throw found.errorInstance;

  // A shorter story must break the same law. Another law would be hard to follow.
  const { law } = breach;
  const steps = found.counterexample[0].slice(0, breach.calls.length - 1);
  const isSteady = isLate || (await breaks(steps));
  let isShort = !isSteady;
  for (const story of shortStories(dialect, { actions, asksAgain })) isShort ||= isLate || (await breaks(story));
  let tries = 0;
  const breaksToo = async (fewer: readonly Step[]) => tries++ < mostTries && !isLate && breaks(fewer, law);
  if (!isShort) await shorten(steps, breaksToo);
  const notes = [
    !isSteady && 'Repeating the same calls did not break the law again.',
    tries > mostTries && `The search for a shorter sequence stopped after ${mostTries} tries.`,
  ].filter((note) => note !== false);
  return {
    ok: false,
    ...result(),
    law: withTimesTried(breach.law),
    why: notes.length > 0 ? [ended(breach.why), ...notes].join(' ') : breach.why,
    story: breach.calls,
    transcript: breach.calls.map((call) => lineOf(call, dialect)),
    path: found.counterexamplePath,
    expected: boardRows(breach.expected),
    found: boardRows(breach.found),
  };
}

/** How many lists of steps to try, after the short stories, to make a story shorter. */
const mostTries = 1000;

/** Adds a full stop if the text has no end mark: the message of a driver's error may lack it. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/**
 * Omits steps one at a time if the rest still breaks the law, then simplifies the remaining steps. The shrinking of fast-check
 * would try hundreds of lists of twenty calls or more over a network.
 */
const shorten = async (steps: readonly Step[], breaks: (steps: readonly Step[]) => Promise<boolean>): Promise<void> => {
  let fewest = steps;
  for (let place = steps.length - 1; place >= 0; place--) {
    const fewer = fewest.filter((_, other) => other !== place);
    if (await breaks(fewer)) fewest = fewer;
  }
  if (fewest.length < steps.length) return shorten(fewest, breaks);
  for (const [place, { simpler }] of fewest.entries()) {
    const simplest = simpler && fewest.map((step, other) => (other === place ? simpler : step));
    if (simplest && (await breaks(simplest))) fewest = simplest;
  }
};

/** A call as a line of a transcript, on a secret `db`, in CSMS of a project `p`. */
const lineOf = ({ action, at, versionId }: ConformanceCall, dialect: Dialect): string => {
  const project = hasCalls(dialect) ? 'p' : null;
  return writeLine({ at, dialect, project, secret: 'db', action: action ?? { type: 'createSecret' }, versionId });
};
