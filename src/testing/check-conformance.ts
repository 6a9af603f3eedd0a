import fc from 'fast-check';
import { creationOf, requestOf } from '../emulator/request-of.ts';
import { huaweiCsms, type SecretAction } from '../index.ts';
import { asJson } from '../json.ts';
import { boardRows } from './board.ts';
import type { Conformance, ConformanceCall, ConformanceOptions, TriedLaw } from './conformance.ts';
import type { SecretDriver } from './driver.ts';
import { answersLaw, type ConformanceLaw, lawsOfConformance } from './laws-of-conformance.ts';
import { type Breach, play } from './play.ts';
import { plainer, type Step, shortStories, stepsFor } from './steps.ts';

/** What CSMS has a call for. */
const actionsOfCsms: readonly SecretAction['type'][] = [
  'createVersion',
  'assignStage',
  'removeStage',
  'scheduleDeletion',
  'restore',
];

/** Calls that break a law. */
interface Broken {
  readonly calls: readonly ConformanceCall[];
  readonly breach: Breach;
}

/**
 * Holds an implementation to the model: plays random calls on secrets of the driver and on the model at once, and looks after
 * each call at what the driver shows. Every secret is removed when it was played with. What breaks a law is in the result, in
 * the fewest calls that were found, and so is a driver that throws instead of answering.
 *
 * @example
 * (await checkConformance(modelDriver(), { runs: 5 })).ok; // true
 */
export const checkConformance = async (
  driver: SecretDriver,
  { runs = 200, seed, path, dialect = huaweiCsms, prefix = 'conformance' }: ConformanceOptions = {},
): Promise<Conformance> => {
  const tried = new Map<string, number>();
  let [secrets, calls] = [0, 0];
  let broken: Broken | undefined;

  /** Plays the steps: whether they break a law, after the first time only one of those that are asked for. */
  const breaks = async (steps: readonly Step[], isAskedFor: (law: ConformanceLaw) => boolean): Promise<boolean> => {
    secrets++;
    const played = await play(driver, `${prefix}-${secrets}`, steps, dialect);
    calls += played.calls.length;
    if (!broken) for (const [id, times] of played.tried) tried.set(id, times + (tried.get(id) ?? 0));
    const { breach } = played;
    if (breach === undefined || !isAskedFor(breach.law)) return false;
    broken = { calls: played.calls, breach };
    return true;
  };
  const any = () => true;
  /** For a story that becomes another one on the way is hard to follow. */
  const theSame = (law: ConformanceLaw) => law === (broken?.breach.law ?? law);

  const actions = driver.actions ?? actionsOfCsms;
  const property = fc.asyncProperty(stepsFor(dialect, actions), async (steps) => !(await breaks(steps, theSame)));
  const found = await fc.check(property, {
    numRuns: runs,
    endOnFailure: true,
    ...(seed !== undefined && { seed }),
    ...(path !== undefined && { path }),
  });
  const toldOf = ({ id, sentence, grade, source }: ConformanceLaw): TriedLaw => ({
    id,
    sentence,
    grade,
    source,
    tried: tried.get(id) ?? 0,
  });
  const result = () => ({
    runs: found.numRuns,
    calls,
    laws: [answersLaw, ...lawsOfConformance].map(toldOf),
    seed: found.seed,
  });
  if (found.counterexample === null) return { ok: true, ...result() };
  if (!broken) throw found.errorInstance;

  let isShort = false;
  for (const story of shortStories(dialect, actions)) isShort ||= await breaks(story, any);
  if (!isShort)
    await shorten(found.counterexample[0].slice(0, broken.calls.length - 1), (steps) => breaks(steps, theSame));
  const { breach, calls: story } = broken;
  return {
    ok: false,
    ...result(),
    law: toldOf(breach.law),
    why: breach.why,
    story,
    transcript: story.map(lineOf),
    path: found.counterexamplePath,
    expected: boardRows(breach.expected),
    found: boardRows(breach.found),
  };
};

/**
 * Leaves out one step after the other while the rest breaks the law, and makes plainer what is left. The shrinking of fast-check
 * would try hundreds of lists, each of twenty calls and more, and somebody waits for the network.
 */
const shorten = async (steps: readonly Step[], breaks: (steps: readonly Step[]) => Promise<boolean>): Promise<void> => {
  let fewest = steps;
  for (let place = steps.length - 1; place >= 0; place--) {
    const fewer = fewest.filter((_, other) => other !== place);
    if (await breaks(fewer)) fewest = fewer;
  }
  if (fewest.length < steps.length) return shorten(fewest, breaks);
  for (const [place, step] of fewest.entries()) {
    const plain = plainer(step);
    const plainest = fewest.map((other, index) => (plain && index === place ? plain : other));
    if (plain && (await breaks(plainest))) fewest = plainest;
  }
};

/** A call as a line of a transcript, on a secret `db` of a project `p`. What the API has no call for stands as an action. */
const lineOf = ({ action, at, versionId }: ConformanceCall): string => {
  const call = action ? requestOf(action, 'p', 'db') : creationOf('p', 'db');
  return asJson({
    at,
    ...(call ?? { secret: 'db', action }),
    ...(action && versionId !== undefined && { response: { version_metadata: { id: versionId } } }),
  });
};
