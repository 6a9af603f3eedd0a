import { builtIns, cloudOf, isOffered, isPermanent, isRough } from '../../dialects/index.ts';
import { type EvidenceRow, evidenceOf, grades } from '../../evidence/index.ts';
import { type Dialect, explain, latestVersion, remainingStages, stageOf, stagesOf } from '../../index.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import { countVersions, has } from '../../state.ts';
import { quote } from '../../text.ts';
import { listOf, versionText } from '../words.ts';
import { daysAsked, idsListed, isRepeated, listedStages, type ObservedCall } from './call.ts';
import { differenceIn } from './difference.ts';
import type { TriedLaw } from './result.ts';
import { wrongTime } from './times.ts';

/** A law in words, and how it is known. */
export type LawText = Omit<TriedLaw, 'tried'>;

/** A law that an implementation is held to, one call after the other. */
export interface ConformanceLaw extends LawText {
  /** Whether the call could break it. */
  readonly isTried: (call: ObservedCall) => boolean;
  /** What breaks it, in a sentence that says which version holds what, or nothing. */
  readonly fault: (call: ObservedCall) => string | false | undefined;
}

/** How the rules behind a law are known. */
type Known = Pick<LawText, 'grade' | 'source'>;

const assumed = (source: string): Known => ({ grade: 'assumed', source });

/** The law that a driver breaks if it throws instead of answering. No answer can break it. */
export const answersLaw: LawText = {
  id: 'answers',
  sentence: 'Every call is answered: it is done or refused.',
  ...assumed('a law of this model'),
};

/**
 * The laws of a dialect, in the order in which they are checked: the first one that a call breaks is reported. There is evidence
 * for the rules of the clouds alone.
 */
export function lawsFor(
  dialect: Dialect,
  evidence: readonly EvidenceRow[] = cloudOf(dialect.id) ? evidenceOf(dialect) : [],
): readonly ConformanceLaw[] {
  return allLaws(dialect, (...rules) => weakestOf(evidence, rules)).filter(({ isLaw = true }) => isLaw);
}

/** How a law is known that stands for several rules: as the weakest of them is, and of equals the first. */
type KnownBy = (...rules: readonly (string | false)[]) => Known;

/** A rule without a row is assumed. */
const weakestOf = (evidence: readonly EvidenceRow[], rules: readonly (string | false)[]): Known => {
  const { grade, source } = rules
    .filter((rule) => rule !== false)
    .map((name) => evidence.find(({ rule }) => rule === name) ?? assumed(`no source is given for ${quote(name)}`))
    .reduce((weakest, row) => (grades.indexOf(row.grade) > grades.indexOf(weakest.grade) ? row : weakest));
  return { grade, source };
};

const allLaws = (dialect: Dialect, known: KnownBy): readonly (ConformanceLaw & { readonly isLaw?: boolean })[] => {
  const { stages: rules, versions } = dialect;
  const mostVersions = versions.limit?.most ?? Number.POSITIVE_INFINITY;
  const keeps = versions.prune === 'keeps';
  const makesRoom = versions.limit?.whenFull === 'drop-oldest-deprecated';
  const namesHolder = rules.move === 'from-the-named-holder';
  const followsMoves = rules.previousFollows === 'any-move';
  const fixed = builtIns(dialect).filter((stage) => isPermanent(stage, rules));
  const moveNote = namesHolder || followsMoves ? '' : '; moving a stage it has is always allowed';
  const followNote = followsMoves ? ', but for the previous one, which goes to where the current one was' : '';
  const isEachFixed = fixed.length === builtIns(dialect).length;
  /** A hint that a rule is assumed, or nothing. */
  const ifAssumed = (rule: string, what: string): string =>
    known(rule).grade === 'assumed' ? ` ${what} is assumed (${rule}).` : '';
  const countNote = rules.limitCounts === 'all' ? ifAssumed('stages.limitCounts', 'That the built-in ones count') : '';
  const misplaced = (call: ObservedCall): string | undefined => misplacedStage(call, ifAssumed);
  return [
    {
      id: 'input-untouched',
      sentence: 'An operation changes nothing it was given.',
      ...assumed('a law of this model'),
      isTried: () => true,
      fault: ({ isUntouched }) => !isUntouched && 'The action that it was given is another one now.',
    },
    {
      id: 'refused-changes-nothing',
      sentence: 'A refused operation changes nothing; a batch happens whole or not at all.',
      ...assumed('a law of this model: no page says what a refused call leaves behind'),
      isTried: ({ answer }) => !answer.ok,
      fault: (call) => {
        const difference = differenceIn(call);
        return difference && `The call was refused, and yet ${difference}.`;
      },
    },
    {
      id: 'one-version-a-stage',
      sentence: 'A stage marks at most one version.',
      ...known(oneVersionAStage),
      isTried: ({ shown }) => listedStages(shown).length > 0,
      fault: ({ shown }) => {
        const seen = new Set<string>();
        const twice = listedStages(shown).find(({ name }) => seen.size === seen.add(name).size)?.name;
        if (twice === undefined) return undefined;
        const holders = shown.versions.filter(({ stages }) => stages.includes(twice)).slice(0, 20);
        return `Stage ${quote(twice)} is listed twice: with ${holders.map(({ id }) => versionText(id)).join(' and ')}.`;
      },
    },
    {
      id: 'stages-mark-versions',
      sentence: 'Every stage marks a version that exists.',
      ...known(oneVersionAStage),
      isTried: ({ shown }) => shown.stages.length > 0,
      fault: ({ shown }) => {
        const listed = idsListed(shown);
        const lost = shown.stages.find(({ versionId }) => !listed.has(versionId));
        return lost && `Stage ${quote(lost.name)} marks version ${quote(lost.versionId)}, which is not listed.`;
      },
    },
    {
      id: 'stage-limit',
      sentence: `A secret never has more stages than its dialect allows${moveNote}.`,
      ...known('stages.limit'),
      isTried: ({ refusal, reasons, before, after }) =>
        isStageLimit(refusal?.code) ||
        reasons.some(isStageLimit) ||
        [before, after].some((state) => remainingStages(state, dialect) === 0),
      fault: ({ refusal, answer, reasons, shown }) => {
        const count = listedStages(shown).length;
        if (!answer.ok && !refusal && reasons.some(isStageLimit))
          return `The call was refused by the limit of ${rules.limit}, which it does not pass: the secret has ${count} stages.`;
        if (!answer.ok || !isStageLimit(refusal?.code)) return undefined;
        const listed = refusal?.code === 'STAGE_LIST_LIMIT' ? refusal.listed.length : 0;
        const { most } = versions.lists;
        if (listed > most && most < rules.limit)
          return `A new version lists ${listed} stages, and ${most} are the limit: the call must be refused.`;
        return `It has ${count} stages now, and ${rules.limit} are the limit: the call must be refused.${countNote}`;
      },
    },
    {
      id: 'version-limit',
      isLaw: versions.limit !== null && !isRough(versions),
      sentence: 'A secret never has more versions than its dialect allows.',
      ...known('versions.limit.most'),
      isTried: ({ action, before }) => action.type === 'createVersion' && countVersions(before) >= mostVersions,
      fault: ({ shown: { versions } }) =>
        versions.length > mostVersions && `It has ${versions.length} versions, and ${mostVersions} are the limit.`,
    },
    {
      id: 'built-in-stays',
      isLaw: fixed.length > 0,
      sentence: `${isEachFixed ? 'A built-in stage' : `Stage ${fixed.map(quote).join(' or ')}`} can move but cannot be removed.`,
      ...known(
        fixed.length > 1 && 'stages.previousIsRemovable',
        'the current stage cannot be removed',
        'built-in stages can be moved',
      ),
      isTried: ({ refusal }) => refusal?.code === 'BUILT_IN_STAGE',
      fault: ({ answer }) => answer.ok && 'A built-in stage was to be removed, and the call was not refused.',
    },
    {
      id: 'ids-issued-once',
      sentence: 'No numbered version id is issued twice, and no chosen id is that of a version that exists.',
      ...known('a numbered version id is issued once'),
      isTried: ({ newId }) => newId !== undefined,
      fault: ({ before: { versions, lastNumber }, newId = '' }) => {
        const issued = `The new version has the id ${quote(newId)}`;
        if (has(versions, newId)) return `${issued}, which another has.`;
        const number = numberInSeries(newId, dialect);
        const isPassed = 0 < number && number <= lastNumber;
        return isPassed && `${issued}, though ${quote(idInSeries(lastNumber, dialect))} was issued before.`;
      },
    },
    {
      id: 'prunes-deprecated-only',
      sentence: keeps
        ? `No version goes${makesRoom ? ' but a deprecated one, to make room for a new one' : ''}.`
        : 'Pruning removes deprecated versions only, all of them unless told otherwise.',
      ...known('versions.prune', keeps && makesRoom && 'versions.limit.whenFull'),
      isTried: ({ action, shownBefore, shown }) => {
        const listed = idsListed(shown);
        return action.type === 'pruneDeprecated' || shownBefore.versions.some(({ id }) => !listed.has(id));
      },
      fault: ({ refusal, answer, after, shown }) => {
        if (refusal || !answer.ok) return undefined;
        const listed = idsListed(shown);
        const missing = Object.keys(after.versions).find((id) => !listed.has(id));
        if (missing !== undefined) {
          const marks = stagesOf(after, missing);
          const why = marks.length > 0 ? `it is marked by ${listOf(marks)}` : 'it must be held back';
          return `Version ${quote(missing)} is gone, though ${why}.`;
        }
        const left = shown.versions.find(({ id }) => !has(after.versions, id));
        return left && `Version ${quote(left.id)} is still listed, though no stage marks it and it must be gone.`;
      },
    },
    {
      id: 'holder-named',
      isLaw: namesHolder,
      sentence: 'A stage that is on another version moves only if the caller names that version.',
      ...known('stages.move'),
      isTried: ({ refusal }) => refusal?.code === 'HOLDER_NOT_NAMED' || refusal?.code === 'WRONG_HOLDER',
      fault: wronglyDone,
    },
    {
      id: 'repeated-id',
      isLaw: versions.repeatedId === 'ignored',
      sentence:
        'Asking again for a version, by its id and with the same content, changes nothing; with other content it is refused.',
      ...known('versions.repeatedId', 'a repeated id changes no stage'),
      isTried: ({ action }) => isRepeated(action),
      fault: (call) => {
        const { action, refusal, answer } = call;
        const asked = `Version ${quote(`${'versionId' in action && action.versionId}`)} was asked for again`;
        if (answer.ok && refusal) return `${asked} with other content, and the call was not refused.`;
        if (!answer.ok && !refusal) return `${asked} with the same content, and the call was refused.`;
        const difference = differenceIn(call);
        return difference && `${asked} with the same content, and yet ${difference}.`;
      },
    },
    {
      id: 'done-or-refused',
      sentence: 'What the rules allow is done, and what they refuse is refused.',
      ...assumed('the rules of the dialect, of which some are assumed'),
      isTried: () => true,
      fault: (call) => {
        const { refusal, answer, reasons } = call;
        if (answer.ok || refusal) return wronglyDone(call);
        const why = answer.said?.slice(0, saidLength) || reasons.join(' or ');
        return `The call was refused${why && ` (${why})`}, and must be done.`;
      },
    },
    {
      id: 'refused-for-the-reason',
      sentence: 'A refusal says why: by the error code that the cloud has for it.',
      ...known(
        'a refusal has an error code',
        'a missing version or stage, the version limit and a taken name have an error code',
      ),
      isTried: (call) => call.reasons.length > 0 && hasOneReason(call),
      fault: ({ refusal, reasons }) => {
        const isRight = reasons.some((code) => code === refusal?.code);
        return !isRight && `The call was refused for ${reasons.join(' or ')}, and must be for ${refusal?.code}.`;
      },
    },
    {
      id: 'new-version',
      ...newVersionIn(dialect, known),
      isTried: ({ action, answer, after }) =>
        action.type === 'createVersion' && answer.ok && !isRepeated(action) && after.versionsMade > 0,
      fault: (call) => {
        const { action, details, driver, newId, after, shown } = call;
        if (newId === undefined) {
          // A version without a stage may already be deleted, where a driver deletes deprecated ones at any time.
          const mayBeGone = !driver.prunesWhenAsked && 'stages' in action && action.stages?.length === 0;
          return mayBeGone ? misplaced(call) : 'The call was done, and no new version is listed.';
        }
        const marks = stagesOf(after, newId);
        const { stages } = details;
        if (stages && JSON.stringify([...stages].sort()) !== JSON.stringify(marks))
          return `The answer gives version ${quote(newId)} the stages ${listOf(stages)}, and they must be ${listOf(marks)}.`;
        // Elsewhere a version without a stage may already be deleted, and another law is about that.
        const isMissing = keeps && !idsListed(shown).has(newId);
        return misplaced(call) ?? (isMissing && `Version ${quote(newId)} was created, and is not listed.`);
      },
    },
    {
      id: 'moves-one-stage',
      sentence: `Assigning a stage puts it on that version, and every other stage stays where it was${followNote}.`,
      ...known(
        rules.previous !== null && 'stages.previousFollows: any-move',
        oneVersionAStage,
        rules.current !== null && 'every other stage stays when the current one leaves its version',
      ),
      isTried: ({ action, answer }) => action.type === 'assignStage' && answer.ok,
      fault: misplaced,
    },
    {
      id: 'removes-one-stage',
      sentence: 'Removing a stage takes it off its version, and every other stage stays where it was.',
      ...known(
        fixed.length > 0 ? 'a custom stage can be removed' : 'every stage can be removed',
        rules.pending !== null && 'stages.pending: can be removed',
      ),
      isTried: ({ action, answer }) => action.type === 'removeStage' && answer.ok,
      fault: misplaced,
    },
    {
      id: 'status',
      sentence: statusIn(dialect),
      ...known('secret.pausedAs'),
      isTried: ({ answer }) => answer.ok,
      fault: (call) => {
        const { shown, after } = call;
        if (shown.status !== after.status) return `The secret is ${shown.status}, and must be ${after.status}.`;
        const hasTime = shown.scheduledDeleteTime !== null;
        if (hasTime !== (after.scheduledDeleteTime !== null))
          return `The secret is ${shown.status}, and its deletion has ${hasTime ? 'a time' : 'no time'}.`;
        return misplaced(call);
      },
    },
    {
      id: 'times',
      sentence: 'Times are epoch milliseconds: of a version its creation, of a stage when it was last put where it is.',
      ...known('times are in milliseconds'),
      isTried: ({ answer }) => answer.ok,
      fault: wrongTime,
    },
    {
      id: 'reads-follow',
      sentence: `Whoever reads by a stage, or is answered about it, gets the version that it marks; the latest is the ${
        versions.latest === 'newest' ? 'newest' : 'current one'
      }.`,
      ...known('versions.latest'),
      isTried: ({ answer }) => answer.ok,
      fault: wrongRead,
    },
  ];
};

/** How much of what an answer says is repeated, in characters. */
const saidLength = 600;

const oneVersionAStage = 'a stage is on at most one version; assigning it to another moves it';

/** What a new version takes, in a sentence, and how the rules that it names are known. */
const newVersionIn = ({ secret, stages, versions }: Dialect, known: KnownBy): Omit<LawText, 'id'> => {
  const { current, previous, pending, previousFollows } = stages;
  const lists = versions.lists.most > 0;
  const wordsByRule = {
    'a new version takes exactly the stages that it lists':
      lists && 'exactly the stages listed for it; without a list it takes ',
    'versions.lists.most': !lists && '',
    'stages.current': current === null ? 'no stage' : 'the current stage',
    'stages.previousFollows: plain-version': previous !== null && ', and the previous one goes to where that was',
    'stages.pending: cleared by a plain version': pending !== null && `, and ${quote(pending)} comes off`,
    'stages.previousFollows: any-version':
      previousFollows !== 'plain-version' && '. Where the current stage is listed, the previous one follows it, too',
    'secret.firstVersion':
      secret.firstVersion === 'may-come-later-and-is-current' &&
      '. The first one takes the current stage, whatever it lists',
  };
  const said = Object.entries(wordsByRule).filter(([, words]) => words !== false);
  const sentence = `A new version takes ${said.map(([, words]) => words).join('')}.`;
  return { sentence, ...known(...said.map(([rule]) => rule)) };
};

/** What changes a status, in a sentence. */
const statusIn = (dialect: Dialect): string => {
  const [schedules, sets] = [isOffered('restore', dialect), isOffered('setStatus', dialect)];
  const rest = 'the status, and nothing else does; no stage moves.';
  if (schedules && sets) return `Scheduling, calling off and setting a status change ${rest}`;
  if (schedules) return `Scheduling and calling off change ${rest}`;
  return sets ? `Setting a status changes ${rest}` : 'A secret has the same status at all times.';
};

const isStageLimit = (code: string | undefined): boolean => code === 'STAGE_LIMIT' || code === 'STAGE_LIST_LIMIT';

const wronglyDone = ({ refusal, answer }: ObservedCall): string | undefined =>
  answer.ok && refusal ? `The call was done, and must be refused: ${refusal.code}. ${explain(refusal)}` : undefined;

/**
 * Whether the refusal of the model is the only right one. Where two would be right, no page says which comes first, and for some
 * no page says the code.
 */
const hasOneReason = (call: ObservedCall): boolean => {
  const { action, refusal, before, dialect } = call;
  const code = refusal?.code;
  if (code === 'BUILT_IN_STAGE') return 'stage' in action && stageOf(before, action.stage) !== undefined;
  if (code !== 'DELETION_ALREADY_SCHEDULED') return isStageLimit(code) || code === 'DELETION_NOT_SCHEDULED';
  const [days, window] = [daysAsked(call), dialect.secret.deletionDays];
  return window !== null && window.least <= days && days <= window.most;
};

/** The first stage that is listed with another version than the model has it on. */
const misplacedStage = (
  { action, after, shown, dialect: { stages } }: ObservedCall,
  ifAssumed: (rule: string, what: string) => string,
): string | undefined => {
  const expected = new Map(after.stages.map(({ name, versionId }) => [name, versionId]));
  const listed = new Map(listedStages(shown).map(({ name, versionId }) => [name, versionId]));
  const wrong = [...expected.keys(), ...listed.keys()].find((name) => expected.get(name) !== listed.get(name));
  if (wrong === undefined) return undefined;
  const isMove = action.type === 'assignStage';
  const follows = stages.previousFollows === 'any-move' || (!isMove && stages.previousFollows === 'any-version');
  const isMoot = wrong === stages.previous && ('stages' in action || 'stage' in action);
  const rule = `stages.previousFollows: ${isMove ? 'any-move' : 'any-version'}`;
  const note = isMoot ? ifAssumed(rule, `That it ${follows ? 'follows' : 'does not follow'} by itself`) : '';
  return `Stage ${quote(wrong)} is on ${versionText(listed.get(wrong))}, and must be on ${versionText(expected.get(wrong))}.${note}`;
};

/** The first answer about a stage, or about the latest version, that is not as the model has it. */
const wrongRead = ({ action, details, after, shown, dialect }: ObservedCall): string | undefined => {
  // What can be read of a secret that is not ENABLED is not documented.
  if (after.status !== 'ENABLED') return undefined;
  // Of a name that is answered several times the first counts.
  const answers = new Map([...shown.stages].reverse().map((stage) => [stage.name, stage]));
  const answered = (name: string) => answers.get(name);
  const wrong = after.stages.find(({ name, versionId }) => answered(name)?.versionId !== versionId);
  if (wrong) {
    const found = versionText(answered(wrong.name)?.versionId);
    return `Whoever asks for stage ${quote(wrong.name)} gets ${found}, and must get ${versionText(wrong.versionId)}.`;
  }
  const left = shown.stages.find((stage) => !stageOf(after, stage.name) || stage !== answered(stage.name));
  if (left)
    return `Whoever asks for stage ${quote(left.name)} gets ${versionText(left.versionId)}, which it is not on.`;
  const latest = latestVersion(after, dialect) ?? null;
  if (shown.latest !== undefined && shown.latest !== latest)
    return `Whoever reads the latest gets ${versionText(shown.latest)}, and must get ${versionText(latest)}.`;
  const { stage: put } = details;
  if (!put || action.type !== 'assignStage' || (put.name === action.stage && put.versionId === action.versionId))
    return undefined;
  return `The answer says that stage ${quote(put.name)} is on ${versionText(put.versionId)}, and it is about stage ${quote(action.stage)} on ${versionText(action.versionId)}.`;
};
