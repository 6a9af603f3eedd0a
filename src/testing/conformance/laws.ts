import { builtIns, cloudOf, isOffered, isPermanent, isRough } from '../../dialects/index.ts';
import { type EvidenceRow, evidenceOf, type Grade, grades } from '../../evidence/index.ts';
import {
  type Dialect,
  explain,
  latestVersion,
  type Outcome,
  remainingStages,
  type SecretAction,
  type SecretState,
  type Stage,
  stageOf,
  stagesOf,
} from '../../index.ts';
import { isTime, millisecondsADay } from '../../limits.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import { has } from '../../state.ts';
import { quote } from '../../text.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from '../drivers/driver.ts';

/** A call on a driver, with all that was seen of it, and what the model makes of it. */
export interface Witness {
  readonly dialect: Dialect;
  readonly driver: Pick<SecretDriver, 'takesTime' | 'prunesWhenAsked'>;
  readonly action: SecretAction;
  /** Whether the driver left the action that it was given as it was. */
  readonly isUntouched: boolean;
  readonly answer: DriverAnswer;
  /** What the answer tells, if the call was done. */
  readonly told: Pick<Extract<DriverAnswer, { ok: true }>, 'stages' | 'stage'>;
  /** The id of the version that the driver created, if it did. */
  readonly newId: string | undefined;
  readonly shownBefore: ShownSecret;
  readonly shown: ShownSecret;
  /** The secret before the call, as the model has it. */
  readonly before: SecretState;
  readonly outcome: Outcome;
  /** The secret after the call, as the model has it, without what the driver was free to let go. */
  readonly after: SecretState;
}

/** A law in words. */
export interface LawText {
  readonly id: string;
  readonly sentence: string;
  readonly grade: Grade;
  /** The cloud's own page, or what an assumption rests on. */
  readonly source: string;
}

/** A law that an implementation is held to, one call after the other. */
export interface ConformanceLaw extends LawText {
  /** Whether the call could break it. */
  readonly isTried: (seen: Witness) => boolean;
  /** What breaks it, in a sentence that says which version holds what. */
  readonly fault: (seen: Witness) => string | undefined;
}

/** The law of whatever throws instead of answering. No answer can break it. */
export const answersLaw: LawText = {
  id: 'answers',
  sentence: 'Every call is answered: it is done or refused.',
  grade: 'assumed',
  source: 'a law of this model',
};

/**
 * The laws of a dialect in the order in which they are looked at: the first that a call breaks is the one that is reported. What
 * the rules of a dialect rest on is known of the clouds alone.
 */
export function lawsFor(
  dialect: Dialect,
  evidence: readonly EvidenceRow[] = cloudOf(dialect.id) ? evidenceOf(dialect) : [],
): readonly ConformanceLaw[] {
  return allLaws(dialect, (...rules) => knownBy(evidence, rules)).filter(({ isLaw = true }) => isLaw);
}

/** How the rules that a law stands for are known: as the weakest of them is, and of equals the first. */
type Known = (...rules: readonly string[]) => Pick<LawText, 'grade' | 'source'>;

/** A rule without a row is assumed. */
const knownBy = (evidence: readonly EvidenceRow[], rules: readonly string[]): ReturnType<Known> => {
  const { grade, source } = rules
    .map(
      (name): ReturnType<Known> =>
        evidence.find(({ rule }) => rule === name) ?? {
          grade: 'assumed',
          source: `no source is given for ${quote(name)}`,
        },
    )
    .reduce((weakest, row) => (grades.indexOf(row.grade) > grades.indexOf(weakest.grade) ? row : weakest));
  return { grade, source };
};

const allLaws = (dialect: Dialect, known: Known): readonly (ConformanceLaw & { readonly isLaw?: boolean })[] => {
  const { stages: rules, versions } = dialect;
  const mostVersions = versions.limit?.most ?? Number.POSITIVE_INFINITY;
  const keeps = versions.prune === 'keeps';
  const makesRoom = versions.limit?.whenFull === 'drop-oldest-deprecated';
  const namesHolder = rules.move === 'from-the-named-holder';
  const followsMoves = rules.previousFollows === 'any-move';
  const fixed = builtIns(dialect).filter((stage) => isPermanent(stage, rules));
  const isEachFixed = fixed.length === builtIns(dialect).length;
  /** A hint that a rule is assumed, or nothing. */
  const ifAssumed = (rule: string, what: string): string =>
    known(rule).grade === 'assumed' ? ` ${what} is assumed (${rule}).` : '';
  const misplaced = (seen: Witness): string | undefined => misplacedStage(seen, ifAssumed);
  return [
    {
      id: 'input-untouched',
      sentence: 'An operation changes nothing it was given.',
      grade: 'assumed',
      source: 'a law of this model',
      isTried: () => true,
      fault: ({ isUntouched }) => (isUntouched ? undefined : 'The action that it was given is another one now.'),
    },
    {
      id: 'refused-changes-nothing',
      sentence: 'A refused operation changes nothing; a batch happens whole or not at all.',
      grade: 'assumed',
      source: 'a law of this model: no page says what a refused call leaves behind',
      isTried: ({ answer }) => !answer.ok,
      fault: ({ shownBefore, shown, driver }) => {
        const difference = differenceBetween(shownBefore, shown, driver);
        return difference && `The call was refused, and yet ${difference}.`;
      },
    },
    {
      id: 'one-version-a-stage',
      sentence: 'A stage marks at most one version.',
      ...known(oneVersionAStage),
      isTried: ({ shown }) => shown.versions.some(({ stages }) => stages.length > 0),
      fault: ({ shown }) => {
        const names = shown.versions.flatMap(({ stages }) => stages);
        const twice = names.find((name, index) => names.indexOf(name) < index);
        if (twice === undefined) return undefined;
        const holders = shown.versions
          .filter(({ stages }) => stages.includes(twice))
          .map(({ id }) => `version ${quote(id)}`);
        return `Stage ${quote(twice)} is listed twice: with ${holders.join(' and ')}.`;
      },
    },
    {
      id: 'stages-mark-versions',
      sentence: 'Every stage marks a version that exists.',
      ...known(oneVersionAStage),
      isTried: ({ shown }) => shown.stages.length > 0,
      fault: ({ shown }) => {
        const lost = shown.stages.find(({ versionId }) => !shown.versions.some(({ id }) => id === versionId));
        return lost && `Stage ${quote(lost.name)} marks version ${quote(lost.versionId)}, which is not listed.`;
      },
    },
    {
      id: 'stage-limit',
      sentence: `A secret never has more stages than its dialect allows${
        namesHolder || followsMoves ? '' : '; moving a stage it has is always allowed'
      }.`,
      ...known('stages.limit'),
      isTried: (seen) =>
        isStageLimit(codeOf(seen.outcome)) ||
        reasonsOf(seen.answer).some(isStageLimit) ||
        [seen.before, seen.after].some((state) => remainingStages(state, seen.dialect) === 0),
      fault: ({ outcome, answer, shown }) => {
        const count = shown.versions.flatMap(({ stages }) => stages).length;
        const listed = !outcome.ok && outcome.refusal.code === 'STAGE_LIST_LIMIT' ? outcome.refusal.listed.length : 0;
        const { most } = versions.lists;
        if (answer.ok && listed > most && most < rules.limit)
          return `A new version lists ${listed} stages, and ${most} are the limit: the call must be refused.`;
        const note = rules.limitCounts === 'all' ? ifAssumed('stages.limitCounts', 'That the built-in ones count') : '';
        if (answer.ok && isStageLimit(codeOf(outcome)))
          return `It has ${count} stages now, and ${rules.limit} are the limit: the call must be refused.${note}`;
        if (!answer.ok && outcome.ok && reasonsOf(answer).some(isStageLimit))
          return `The call was refused by the limit of ${rules.limit}, which it does not pass: the secret has ${count} stages.`;
        return undefined;
      },
    },
    {
      id: 'version-limit',
      isLaw: versions.limit !== null && !isRough(dialect.versions),
      sentence: 'A secret never has more versions than its dialect allows.',
      ...known('versions.limit.most'),
      isTried: ({ action, before }) =>
        action.type === 'createVersion' && Object.keys(before.versions).length >= mostVersions,
      fault: ({ shown: { versions } }) =>
        versions.length > mostVersions
          ? `It has ${versions.length} versions, and ${mostVersions} are the limit.`
          : undefined,
    },
    {
      id: 'built-in-stays',
      isLaw: fixed.length > 0,
      sentence: `${isEachFixed ? 'A built-in stage' : `Stage ${fixed.map(quote).join(' or ')}`} can move but cannot be removed.`,
      ...known(
        ...(fixed.length > 1 ? ['stages.previousIsRemovable'] : []),
        'the current stage cannot be removed',
        'built-in stages can be moved',
      ),
      isTried: ({ outcome }) => codeOf(outcome) === 'BUILT_IN_STAGE',
      fault: ({ answer }) =>
        answer.ok ? 'A built-in stage was to be removed, and the call was not refused.' : undefined,
    },
    {
      id: 'ids-issued-once',
      sentence: 'No numbered version id is issued twice, and no chosen id is that of a version that exists.',
      ...known('a numbered version id is issued once'),
      isTried: ({ newId }) => newId !== undefined,
      fault: ({ before: { versions, lastNumber }, newId = '' }) => {
        if (has(versions, newId)) return `The new version has the id ${quote(newId)}, which another has.`;
        const number = numberInSeries(newId, dialect);
        return 0 < number && number <= lastNumber
          ? `The new version has the id ${quote(newId)}, though ${quote(idInSeries(lastNumber, dialect))} was issued before.`
          : undefined;
      },
    },
    {
      id: 'prunes-deprecated-only',
      sentence: keeps
        ? `No version goes${makesRoom ? ' but a deprecated one, to make room for a new one' : ''}.`
        : 'Pruning removes deprecated versions only, all of them unless told otherwise.',
      ...known('versions.prune', ...(keeps && makesRoom ? ['versions.limit.whenFull'] : [])),
      isTried: ({ action, shownBefore, shown }) =>
        action.type === 'pruneDeprecated' ||
        shownBefore.versions.some(({ id }) => !shown.versions.some((version) => version.id === id)),
      fault: ({ outcome, answer, after, shown }) => {
        if (!outcome.ok || !answer.ok) return undefined;
        const listed = shown.versions.map(({ id }) => id);
        const missing = Object.keys(after.versions).find((id) => !listed.includes(id));
        if (missing !== undefined) {
          const marks = stagesOf(after, missing).map(quote).join(', ');
          return `Version ${quote(missing)} is gone, though ${marks ? `it is marked by ${marks}` : 'it must be held back'}.`;
        }
        const left = listed.find((id) => !has(after.versions, id));
        return left === undefined
          ? undefined
          : `Version ${quote(left)} is still listed, though no stage marks it and it must be gone.`;
      },
    },
    {
      id: 'holder-named',
      isLaw: namesHolder,
      sentence: 'A stage that is on another version moves only if the caller names that version.',
      ...known('stages.move'),
      isTried: ({ outcome }) => holderCodes.includes(codeOf(outcome)),
      fault: ({ outcome, answer }) =>
        answer.ok && !outcome.ok
          ? `The call was done, and must be refused: ${outcome.refusal.code}. ${explain(outcome.refusal)}`
          : undefined,
    },
    {
      id: 'repeated-id',
      isLaw: versions.repeatedId === 'ignored',
      sentence:
        'Asking again for a version, by its id and with the same content, changes nothing; with other content it is refused.',
      ...known('versions.repeatedId', 'a repeated id changes no stage'),
      isTried: ({ action }) => isAgain(action),
      fault: ({ action, outcome, answer, shownBefore, shown, driver }) => {
        const asked = `Version ${quote(`${'versionId' in action && action.versionId}`)} was asked for again`;
        if (answer.ok && !outcome.ok) return `${asked} with other content, and the call was not refused.`;
        if (!answer.ok && outcome.ok) return `${asked} with the same content, and the call was refused.`;
        const difference = differenceBetween(shownBefore, shown, driver);
        return difference && `${asked} with the same content, and yet ${difference}.`;
      },
    },
    {
      id: 'done-or-refused',
      sentence: 'What the rules allow is done, and what they refuse is refused.',
      grade: 'assumed',
      source: 'the rules of the dialect, of which some are assumed',
      isTried: () => true,
      fault: ({ outcome, answer }) => {
        if (outcome.ok === answer.ok) return undefined;
        if (!outcome.ok)
          return `The call was done, and must be refused: ${outcome.refusal.code}. ${explain(outcome.refusal)}`;
        const said = (!answer.ok && answer.said) || reasonsOf(answer).join(' or ');
        return `The call was refused${said && ` (${said})`}, and must be done.`;
      },
    },
    {
      id: 'refused-for-the-reason',
      sentence: 'A refusal says why: by the error code that the cloud has for it.',
      ...known(
        'a refusal has an error code',
        'a missing version or stage, the version limit and a taken name have an error code',
      ),
      isTried: (seen) => reasonsOf(seen.answer).length > 0 && hasOneReason(seen),
      fault: ({ outcome, answer }) => {
        const reasons = reasonsOf(answer);
        return reasons.includes(codeOf(outcome))
          ? undefined
          : `The call was refused for ${reasons.join(' or ')}, and must be for ${codeOf(outcome)}.`;
      },
    },
    {
      id: 'new-version',
      ...newVersionIn(dialect, known),
      isTried: ({ action, answer, after }) =>
        action.type === 'createVersion' && answer.ok && !isAgain(action) && after.versionsMade > 0,
      fault: (seen) => {
        const { action, told, driver, newId, after, shown } = seen;
        // A version without a stage may be gone already, of what lets deprecated ones go at any time.
        const mayBeGone = !driver.prunesWhenAsked && 'stages' in action && action.stages?.length === 0;
        if (newId === undefined)
          return mayBeGone ? misplaced(seen) : 'The call was done, and no new version is listed.';
        const marks = stagesOf(after, newId);
        if (told.stages && JSON.stringify([...told.stages].sort()) !== JSON.stringify(marks))
          return `The answer gives version ${quote(newId)} the stages ${listOf(told.stages)}, and they must be ${listOf(marks)}.`;
        const isListed = shown.versions.some(({ id }) => id === newId);
        // Elsewhere one without a stage may be gone by now, and that is another law's.
        const isMissing = keeps && !isListed;
        return misplaced(seen) ?? (isMissing ? `Version ${quote(newId)} was created, and is not listed.` : undefined);
      },
    },
    {
      id: 'moves-one-stage',
      sentence: `Assigning a stage puts it on that version, and every other stage stays where it was${
        followsMoves ? ', but for the previous one, which goes to where the current one was' : ''
      }.`,
      ...known(
        ...(rules.previous === null ? [] : ['stages.previousFollows: any-move']),
        oneVersionAStage,
        ...(rules.current === null ? [] : ['every other stage stays when the current one leaves its version']),
      ),
      isTried: ({ action, answer }) => action.type === 'assignStage' && answer.ok,
      fault: misplaced,
    },
    {
      id: 'removes-one-stage',
      sentence: 'Removing a stage takes it off its version, and every other stage stays where it was.',
      ...known(
        fixed.length > 0 ? 'a custom stage can be removed' : 'every stage can be removed',
        ...(rules.pending === null ? [] : ['stages.pending: can be removed']),
      ),
      isTried: ({ action, answer }) => action.type === 'removeStage' && answer.ok,
      fault: misplaced,
    },
    {
      id: 'status',
      sentence: statusIn(dialect),
      ...known('secret.pausedAs'),
      isTried: ({ answer }) => answer.ok,
      fault: (seen) => {
        const { shown, after } = seen;
        if (shown.status !== after.status) return `The secret is ${shown.status}, and must be ${after.status}.`;
        if ((shown.scheduledDeleteTime === null) !== (after.scheduledDeleteTime === null))
          return `The secret is ${shown.status}, and its deletion has ${shown.scheduledDeleteTime === null ? 'no time' : 'a time'}.`;
        return misplaced(seen);
      },
    },
    {
      id: 'times',
      sentence: 'Times are epoch milliseconds: of a version its creation, of a stage when it was last put where it is.',
      ...known('times are in milliseconds'),
      isTried: ({ answer }) => answer.ok,
      fault: (seen) => {
        const { before, after, shown } = seen;
        for (const { id, createTime } of shown.versions) {
          const version = after.versions[id];
          const why = version && mistimed(seen, createTime, version.createTime, version === before.versions[id]);
          if (why) return `The creation of version ${quote(id)} ${why}.`;
        }
        for (const { name, updateTime } of shown.stages) {
          const [was, stage] = [stageOf(before, name), stageOf(after, name)];
          const why =
            stage &&
            (mistimed(seen, updateTime, stage.updateTime, stage === was) ?? stale(seen, updateTime, was, stage));
          if (why) return `The last move of stage ${quote(name)} ${why}.`;
        }
        const due = after.scheduledDeleteTime;
        const why = due !== null && misdue(seen, shown.scheduledDeleteTime, due, due === before.scheduledDeleteTime);
        return why ? `The deletion ${why}.` : undefined;
      },
    },
    {
      id: 'reads-follow',
      sentence: `Whoever reads by a stage, or is answered about it, gets the version that it marks; the latest is the ${
        versions.latest === 'newest' ? 'newest' : 'current one'
      }.`,
      ...known('versions.latest'),
      isTried: ({ answer }) => answer.ok,
      fault: (seen) => {
        const { after, shown } = seen;
        // What can be read of a secret that is not ENABLED is not documented.
        if (after.status !== 'ENABLED') return undefined;
        const wrong = after.stages.find(({ name, versionId }) => stageIn(shown, name)?.versionId !== versionId);
        if (wrong) {
          const { name, versionId } = wrong;
          return `Whoever asks for stage ${quote(name)} gets ${where(stageIn(shown, name)?.versionId)}, and must get ${where(versionId)}.`;
        }
        const left = shown.stages.find(
          (stage) => stageOf(after, stage.name) === undefined || stage !== stageIn(shown, stage.name),
        );
        if (left)
          return `Whoever asks for stage ${quote(left.name)} gets ${where(left.versionId)}, which it is not on.`;
        const latest = latestVersion(after, dialect) ?? null;
        if (shown.latest === undefined || shown.latest === latest) return mistold(seen);
        return `Whoever reads the latest gets ${where(shown.latest)}, and must get ${where(latest)}.`;
      },
    },
  ];
};

const oneVersionAStage = 'a stage marks one version; put on another, it moves';
const holderCodes: readonly string[] = ['HOLDER_NOT_NAMED', 'WRONG_HOLDER'];

const isAgain = (action: SecretAction): boolean => action.type === 'createVersion' && action.versionId !== undefined;

/** What a new version takes, in a sentence, and how the rules that it names are known. */
const newVersionIn = ({ secret, stages, versions }: Dialect, known: Known): Omit<LawText, 'id'> => {
  const { current, previous, pending, previousFollows } = stages;
  const lists = versions.lists.most > 0;
  const parts: readonly (readonly [isSaid: boolean, words: string, rule: string])[] = [
    [
      lists,
      'exactly the stages listed for it; without a list it takes ',
      'a new version takes exactly the stages that it lists',
    ],
    [!lists, '', 'versions.lists.most'],
    [true, current === null ? 'no stage' : 'the current stage', 'stages.current'],
    [previous !== null, ', and the previous one goes to where that was', 'stages.previousFollows: plain-version'],
    [pending !== null, `, and ${quote(pending)} comes off`, 'stages.pending: cleared by a plain version'],
    [
      previousFollows !== 'plain-version',
      '. Where the current stage is listed, the previous one follows it, too',
      'stages.previousFollows: any-version',
    ],
    [
      secret.firstVersion === 'may-come-later-and-is-current',
      '. The first one takes the current stage, whatever it lists',
      'secret.firstVersion',
    ],
  ];
  const said = parts.filter(([isSaid]) => isSaid);
  return {
    sentence: `A new version takes ${said.map(([, words]) => words).join('')}.`,
    ...known(...said.map(([, , rule]) => rule)),
  };
};

/** What changes a status, in a sentence. */
const statusIn = (dialect: Dialect): string => {
  const changes = [
    ...(isOffered('restore', dialect) ? ['scheduling', 'calling off'] : []),
    ...(isOffered('setStatus', dialect) ? ['setting a status'] : []),
  ].join(', ');
  if (changes === '') return 'A secret has the same status at all times.';
  const all = changes.replace(/, ([^,]*)$/, ' and $1').replace(/^./, (first) => first.toUpperCase());
  return `${all} change${changes.includes(',') ? '' : 's'} the status, and nothing else does; no stage moves.`;
};

const codeOf = (outcome: Outcome): string => (outcome.ok ? '' : outcome.refusal.code);

const reasonsOf = (answer: DriverAnswer): readonly string[] => (answer.ok ? [] : (answer.reasons ?? []));

const isStageLimit = (code: string): boolean => code === 'STAGE_LIMIT' || code === 'STAGE_LIST_LIMIT';

const where = (versionId: string | null | undefined): string =>
  versionId ? `version ${quote(versionId)}` : 'no version';

const stageIn = (shown: ShownSecret, name: string) => shown.stages.find((stage) => stage.name === name);

/**
 * Whether the refusal of the model is the only one that would be right. Where two would be, no page says which comes first,
 * and of some no page says the code.
 */
const hasOneReason = ({ action, outcome, before, dialect }: Witness): boolean => {
  switch (codeOf(outcome)) {
    case 'STAGE_LIMIT':
    case 'STAGE_LIST_LIMIT':
    case 'DELETION_NOT_SCHEDULED':
      return true;
    case 'BUILT_IN_STAGE':
      return 'stage' in action && stageOf(before, action.stage) !== undefined;
    case 'DELETION_ALREADY_SCHEDULED': {
      const window = dialect.secret.deletionDays;
      const { recoveryWindowInDays: days = window?.usual } = 'recoveryWindowInDays' in action ? action : {};
      return window !== null && days !== undefined && window.least <= days && days <= window.most;
    }
    default:
      return false;
  }
};

/** The stage that the answer tells, if it is another than was put. */
const mistold = ({ action, told: { stage } }: Witness): string | undefined => {
  if (!stage || action.type !== 'assignStage' || (stage.name === action.stage && stage.versionId === action.versionId))
    return undefined;
  return `The answer says that stage ${quote(stage.name)} is on ${where(stage.versionId)}, and it is about stage ${quote(action.stage)} on ${where(action.versionId)}.`;
};

const listOf = (names: readonly string[]): string => names.map(quote).join(', ') || 'none';

/** The first stage that is listed with another version than the model has it on. */
const misplacedStage = (
  { action, after, shown, dialect: { stages } }: Witness,
  ifAssumed: (rule: string, what: string) => string,
): string | undefined => {
  const must = new Map(after.stages.map(({ name, versionId }) => [name, versionId]));
  const listed = new Map(shown.versions.flatMap(({ id, stages: names }) => names.map((name) => [name, id] as const)));
  const wrong = [...must.keys(), ...listed.keys()].find((name) => must.get(name) !== listed.get(name));
  if (wrong === undefined) return undefined;
  const isMove = action.type === 'assignStage';
  const follows = stages.previousFollows === 'any-move' || (!isMove && stages.previousFollows === 'any-version');
  const isMoot = wrong === stages.previous && ('stages' in action || 'stage' in action);
  const rule = `stages.previousFollows: ${isMove ? 'any-move' : 'any-version'}`;
  const note = isMoot ? ifAssumed(rule, `That it ${follows ? 'follows' : 'does not follow'} by itself`) : '';
  return `Stage ${quote(wrong)} is on ${where(listed.get(wrong))}, and must be on ${where(must.get(wrong))}.${note}`;
};

/** A time of these days has 13 digits in milliseconds, 10 in seconds and 16 in microseconds. */
const [fewest, most] = [1e12, 1e14];

/** What is wrong with a time, as it goes on after what it is the time of. */
const mistimed = (
  { driver }: Witness,
  shown: number | null,
  must: number,
  isUnchanged: boolean,
): string | undefined => {
  if (shown === must) return undefined;
  if (driver.takesTime || isUnchanged) return `is shown as ${shown}, and must be ${must}`;
  return shown !== null && isTime(shown) && fewest <= shown && shown <= most
    ? undefined
    : `is shown as ${shown}, which is no time of these days in milliseconds`;
};

/** A clock may stand still or go back, but one that went on is not read where a moved stage keeps its time. */
const stale = (
  { driver, shownBefore }: Witness,
  shown: number,
  was: Stage | undefined,
  now: Stage,
): string | undefined =>
  !driver.takesTime && was && was !== now && shown === was.updateTime && shown < newestIn(shownBefore)
    ? `is still shown as ${shown}, as before this call`
    : undefined;

/** The same of a time to come. What a service rounds it to is not documented: a day more or less is allowed. */
const misdue = (seen: Witness, shown: number | null, must: number, isUnchanged: boolean): string | undefined => {
  const { action, driver, shownBefore, dialect } = seen;
  const why = mistimed(seen, shown, must, isUnchanged);
  if (why || driver.takesTime || isUnchanged) return why;
  const { recoveryWindowInDays: days = Number(dialect.secret.deletionDays?.usual) } =
    'recoveryWindowInDays' in action ? action : {};
  const asked = (Number(shown) - newestIn(shownBefore)) / millisecondsADay;
  return Math.abs(asked - days) > 1 ? `is due in ${asked.toFixed(1)} days, and must be in ${days}` : undefined;
};

const newestIn = ({ versions }: ShownSecret): number => Math.max(0, ...versions.map(({ createTime }) => createTime));

/** The first thing that is otherwise than before, as it goes on after "and yet". */
const differenceBetween = (
  before: ShownSecret,
  now: ShownSecret,
  { prunesWhenAsked }: Witness['driver'],
): string | undefined => {
  const isStill = (id: string) => now.versions.some((version) => version.id === id);
  const mayGo = (id: string, stages: readonly string[]) => !prunesWhenAsked && stages.length === 0 && !isStill(id);
  const kept = { ...before, versions: before.versions.filter(({ id, stages }) => !mayGo(id, stages)) };
  const [were, are] = [factsOf(kept), factsOf(now)];
  const news = are.find((fact) => !were.includes(fact));
  if (news !== undefined) return `${news} now`;
  const gone = were.find((fact) => !are.includes(fact));
  return gone && `it is no longer so that ${gone}`;
};

const factsOf = ({ status, scheduledDeleteTime, versions, stages }: ShownSecret): readonly string[] => [
  `the secret is ${status}`,
  `the time of its deletion is ${scheduledDeleteTime}`,
  ...versions.flatMap((version) => [
    `version ${quote(version.id)} of ${version.createTime} is listed`,
    ...version.stages.map((name) => `stage ${quote(name)} is listed with version ${quote(version.id)}`),
  ]),
  ...stages.map(
    ({ name, versionId, updateTime }) => `stage ${quote(name)} marks version ${quote(versionId)} since ${updateTime}`,
  ),
];
