import { builtIns, cloudOf, isOffered, isPermanent, isRough } from '../../dialects/index.ts';
import { type EvidenceRow, evidenceOf, grades } from '../../evidence/index.ts';
import { type Dialect, explain, latestVersion, remainingStages, stageOf, stagesOf } from '../../index.ts';
import { idInSeries, numberInSeries } from '../../series.ts';
import { countVersions, has } from '../../state.ts';
import { counted, quote } from '../../text.ts';
import { listOf, versionText } from '../words.ts';
import { daysAsked, idsListed, isRepeated, listedStages, type ObservedCall } from './call.ts';
import { differenceIn } from './difference.ts';
import type { TriedLaw } from './result.ts';
import { wrongTime } from './times.ts';

/** A law in words, and how it is known. */
export type LawText = Omit<TriedLaw, 'tried'>;

/** A law that an implementation is checked against, call by call. */
export interface ConformanceLaw extends LawText {
  /** Whether the call could break it. */
  readonly isTried: (call: ObservedCall) => boolean;
  /** How the call breaks the law, as a sentence that says which version has which stage. */
  readonly fault: (call: ObservedCall) => string | false | undefined;
}

/** The evidence of the rules that a law stands for. */
type Known = Pick<LawText, 'grade' | 'source'>;

const assumed = (source: string): Known => ({ grade: 'assumed', source });

/** The law that a driver breaks if it throws or does not respond in time. No response can break it. */
export const answersLaw: LawText = {
  id: 'answers',
  sentence: 'Every call succeeds or is refused. None fails or times out.',
  ...assumed('a law of this model'),
};

/**
 * Returns the laws of a dialect, in the order in which they are checked. The first one that a call breaks is reported. Only rules
 * of the built-in clouds have evidence.
 */
export function lawsFor(
  dialect: Dialect,
  evidence: readonly EvidenceRow[] = cloudOf(dialect.id) ? evidenceOf(dialect) : [],
): readonly ConformanceLaw[] {
  return allLaws(dialect, (...rules) => weakestOf(evidence, rules)).filter(({ isLaw = true }) => isLaw);
}

/** The evidence of a law that stands for several rules: that of the weakest rule, or of the first of several. */
type KnownBy = (...rules: readonly (string | false)[]) => Known;

/** A rule without a row is assumed. */
const weakestOf = (evidence: readonly EvidenceRow[], rules: readonly (string | false)[]): Known => {
  const { grade, source } = rules
    .filter((rule) => rule !== false)
    .map((name) => evidence.find(({ rule }) => rule === name) ?? assumed(`no source for ${quote(name)}`))
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
  const moveNote = namesHolder || followsMoves ? '' : ' A stage that it has can always be moved.';
  const followNote = followsMoves ? ', except the previous stage, which follows the current one' : '';
  const isEachFixed = fixed.length === builtIns(dialect).length;
  /** A note that a rule is assumed, if it is. */
  const ifAssumed = (rule: string, what: string): string =>
    known(rule).grade === 'assumed' ? ` It is assumed that ${what} (${rule}).` : '';
  const countNote = rules.limitCounts === 'all' ? ifAssumed('stages.limitCounts', 'built-in stages count') : '';
  const misplaced = (call: ObservedCall): string | undefined => misplacedStage(call, ifAssumed);
  return [
    {
      id: 'input-untouched',
      sentence: 'An operation does not change its arguments.',
      ...assumed('a law of this model'),
      isTried: () => true,
      fault: ({ isUntouched }) => !isUntouched && 'The call changed the action that was passed to it.',
    },
    {
      id: 'refused-changes-nothing',
      sentence: 'A refused operation changes nothing. A batch is applied completely or not at all.',
      ...assumed('a law of this model; no page says what a refused call changes'),
      isTried: ({ answer }) => !answer.ok,
      fault: (call) => {
        const difference = differenceIn(call);
        return difference && `The call was refused, but ${difference}.`;
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
        const dangling = shown.stages.find(({ versionId }) => !listed.has(versionId));
        return (
          dangling && `Stage ${quote(dangling.name)} marks version ${quote(dangling.versionId)}, which is not listed.`
        );
      },
    },
    {
      id: 'stage-limit',
      sentence: `A secret never has more stages than its dialect allows.${moveNote}`,
      ...known('stages.limit'),
      isTried: ({ refusal, reasons, before, after }) =>
        isStageLimit(refusal?.code) ||
        reasons.some(isStageLimit) ||
        [before, after].some((state) => remainingStages(state, dialect) === 0),
      fault: ({ refusal, answer, reasons, shown }) => {
        const count = listedStages(shown).length;
        // An error that can mean more than a stage limit is left to the law done-or-refused.
        if (!answer.ok && !refusal && reasons.length > 0 && reasons.every(isStageLimit))
          return `The call was refused because of the limit of ${rules.limit} stages, but it stays within the limit. The secret has ${count} stages.`;
        if (!answer.ok || !isStageLimit(refusal?.code)) return undefined;
        const listed = refusal?.code === 'STAGE_LIST_LIMIT' ? refusal.listed.length : 0;
        const { most } = versions.lists;
        if (listed > most && most < rules.limit)
          return `The new version lists ${counted(listed, 'stage')}. The limit is ${most}, so the call must be refused.`;
        return `The secret has ${count} stages now. The limit is ${rules.limit}, so the call must be refused.${countNote}`;
      },
    },
    {
      id: 'version-limit',
      isLaw: versions.limit !== null && !isRough(versions),
      sentence: 'A secret never has more versions than its dialect allows.',
      ...known('versions.limit.most'),
      isTried: ({ action, before }) => action.type === 'createVersion' && countVersions(before) >= mostVersions,
      fault: ({ shown: { versions } }) =>
        versions.length > mostVersions && `The secret has ${versions.length} versions. The limit is ${mostVersions}.`,
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
      fault: ({ answer }) => answer.ok && 'A call that removes a built-in stage was not refused.',
    },
    {
      id: 'ids-issued-once',
      sentence: 'No numbered version id is issued twice, and no new version takes the id of an existing one.',
      ...known('a numbered version id is issued once'),
      isTried: ({ newId }) => newId !== undefined,
      fault: ({ before: { versions, lastNumber }, newId = '' }) => {
        const issued = `The new version has the id ${quote(newId)}`;
        if (has(versions, newId)) return `${issued}, which another version has.`;
        const number = numberInSeries(newId, dialect);
        const isPassed = 0 < number && number <= lastNumber;
        return isPassed && `${issued}, but ${quote(idInSeries(lastNumber, dialect))} was already issued.`;
      },
    },
    {
      id: 'prunes-deprecated-only',
      sentence: keeps
        ? `No version is deleted${makesRoom ? ', except a deprecated one to make room for a new one' : ''}.`
        : 'Pruning deletes only deprecated versions. Without options it deletes all of them.',
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
          const why = marks.length > 0 ? `it is marked by ${listOf(marks)}` : 'it must be kept';
          return `Version ${quote(missing)} was deleted, but ${why}.`;
        }
        const left = shown.versions.find(({ id }) => !has(after.versions, id));
        return left && `Version ${quote(left.id)} is still listed, but it is deprecated and must be deleted.`;
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
        'Requesting a version again, by its id and with the same content, changes nothing. With other content it is refused.',
      ...known('versions.repeatedId', 'a repeated id changes no stage'),
      isTried: ({ action }) => isRepeated(action),
      fault: (call) => {
        const { action, refusal, answer } = call;
        const requested = `Version ${quote(`${'versionId' in action && action.versionId}`)} was requested again`;
        if (answer.ok && refusal) return `${requested} with other content, but the call was not refused.`;
        if (!answer.ok && !refusal) return `${requested} with the same content, but the call was refused.`;
        const difference = differenceIn(call);
        return difference && `${requested} with the same content, but ${difference}.`;
      },
    },
    {
      id: 'done-or-refused',
      sentence: 'A call that the rules allow succeeds. Any other call is refused.',
      ...assumed('the rules of the dialect, some of which are assumed'),
      isTried: () => true,
      fault: (call) => {
        const { refusal, answer, reasons } = call;
        if (answer.ok || refusal) return wronglyDone(call);
        const why = answer.said?.slice(0, saidLength) || reasons.join(' or ');
        return `The call was refused${why && ` (${why})`}, but must succeed.`;
      },
    },
    {
      id: 'refused-for-the-reason',
      sentence: 'A refusal has the error code that the cloud uses for its reason.',
      ...known(
        'a refusal has an error code',
        'a missing version or stage, the version limit and a taken name have an error code',
      ),
      isTried: (call) => call.reasons.length > 0 && hasOneReason(call),
      fault: ({ refusal, reasons }) => {
        const isRight = reasons.some((code) => code === refusal?.code);
        return (
          !isRight && `The call was refused with ${reasons.join(' or ')}, but must be refused with ${refusal?.code}.`
        );
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
          // A driver that deletes deprecated versions at any time may already have deleted a version without a stage.
          const mayBeDeleted = !driver.prunesWhenAsked && 'stages' in action && action.stages?.length === 0;
          return mayBeDeleted ? misplaced(call) : 'The call succeeded, but no new version is listed.';
        }
        const marks = stagesOf(after, newId);
        const { stages } = details;
        if (stages && JSON.stringify([...stages].sort()) !== JSON.stringify(marks))
          return `The response lists ${listOf(stages, 'no stages')} for version ${quote(newId)}, but must list ${listOf(marks, 'no stages')}.`;
        // In other dialects a version without a stage may already be deleted. Another law checks that.
        const isMissing = keeps && !idsListed(shown).has(newId);
        return misplaced(call) ?? (isMissing && `Version ${quote(newId)} was created, but is not listed.`);
      },
    },
    {
      id: 'moves-one-stage',
      sentence: `Assigning a stage moves it to that version. Every other stage stays where it was${followNote}.`,
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
      sentence: 'Removing a stage removes it from its version. Every other stage stays where it was.',
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
        if (shown.status !== after.status) return `The secret is ${shown.status}, but must be ${after.status}.`;
        const hasTime = shown.scheduledDeleteTime !== null;
        if (hasTime !== (after.scheduledDeleteTime !== null))
          return `The secret is ${shown.status}, but it has ${hasTime ? 'a' : 'no'} deletion time.`;
        return misplaced(call);
      },
    },
    {
      id: 'times',
      sentence:
        'Times are epoch milliseconds. A version has the time of its creation, and a stage the time of its last assignment.',
      ...known('times are in milliseconds'),
      isTried: ({ answer }) => answer.ok,
      fault: wrongTime,
    },
    {
      id: 'reads-follow',
      sentence: `Reading by a stage returns the version that it marks. The latest version is the ${
        versions.latest === 'newest' ? 'newest' : 'current'
      } one.`,
      ...known('versions.latest'),
      isTried: ({ answer }) => answer.ok,
      fault: wrongRead,
    },
  ];
};

/** How much of the text of a response is repeated, in characters. */
const saidLength = 600;

const oneVersionAStage = 'a stage is on at most one version; assigning it to another moves it';

/** The stages that a new version takes, in a sentence, and the evidence of the rules that it names. */
const newVersionIn = ({ secret, stages, versions }: Dialect, known: KnownBy): Omit<LawText, 'id'> => {
  const { current, previous, pending, previousFollows } = stages;
  const lists = versions.lists.most > 0;
  const wordsByRule = {
    'a new version takes exactly the stages that it lists':
      lists && 'exactly the stages that it lists. Without a list it takes ',
    'versions.lists.most': !lists && '',
    'stages.current': current === null ? 'no stage' : 'the current stage',
    'stages.previousFollows: plain-version':
      previous !== null && ', and the previous stage moves to the version that was current',
    'stages.pending: cleared by a plain version': pending !== null && `, and ${quote(pending)} is removed`,
    'stages.previousFollows: any-version':
      previousFollows !== 'plain-version' && '. If the current stage is listed, the previous one follows it, too',
    'secret.firstVersion':
      secret.firstVersion === 'may-come-later-and-is-current' && '. The first version always takes the current stage',
  };
  const said = Object.entries(wordsByRule).filter(([, words]) => words !== false);
  const sentence = `A new version takes ${said.map(([, words]) => words).join('')}.`;
  return { sentence, ...known(...said.map(([rule]) => rule)) };
};

/** What changes the status, in a sentence. */
const statusIn = (dialect: Dialect): string => {
  const [schedules, sets] = [isOffered('restore', dialect), isOffered('setStatus', dialect)];
  const rest = 'changes the status, and it moves no stage.';
  if (schedules && sets) return `Only scheduling a deletion, cancelling it or setting a status ${rest}`;
  if (schedules) return `Only scheduling a deletion or cancelling it ${rest}`;
  return sets ? `Only setting a status ${rest}` : 'The status never changes.';
};

const isStageLimit = (code: string | undefined): boolean => code === 'STAGE_LIMIT' || code === 'STAGE_LIST_LIMIT';

const wronglyDone = ({ refusal, answer }: ObservedCall): string | undefined =>
  answer.ok && refusal
    ? `The call succeeded, but must be refused with ${refusal.code}. ${explain(refusal)}`
    : undefined;

/**
 * Whether the refusal of the model is the only correct one. If two are correct, no page says which comes first. For some, no page
 * gives the code.
 */
const hasOneReason = (call: ObservedCall): boolean => {
  const { action, refusal, before, dialect } = call;
  const code = refusal?.code;
  if (code === 'BUILT_IN_STAGE') return 'stage' in action && stageOf(before, action.stage) !== undefined;
  if (code !== 'DELETION_ALREADY_SCHEDULED') return isStageLimit(code) || code === 'DELETION_NOT_SCHEDULED';
  const [days, window] = [daysAsked(call), dialect.secret.deletionDays];
  return window !== null && window.least <= days && days <= window.most;
};

/** Says which stage is listed with another version than in the model, if any. */
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
  const note = isMoot ? ifAssumed(rule, `the stage ${follows ? 'follows' : 'does not follow'} the current one`) : '';
  return `Stage ${quote(wrong)} is on ${versionText(listed.get(wrong))}, but must be on ${versionText(expected.get(wrong))}.${note}`;
};

/** Says which read, of a stage or of the latest version, differs from the model, if any. */
const wrongRead = ({ action, details, after, shown, dialect }: ObservedCall): string | undefined => {
  // It is not documented which reads of a secret that is not ENABLED succeed.
  if (after.status !== 'ENABLED') return undefined;
  // If a name is shown several times, the first one counts.
  const read = new Map([...shown.stages].reverse().map((stage) => [stage.name, stage]));
  const readOf = (name: string) => read.get(name);
  const wrong = after.stages.find(({ name, versionId }) => readOf(name)?.versionId !== versionId);
  if (wrong) {
    const found = versionText(readOf(wrong.name)?.versionId);
    return `Reading stage ${quote(wrong.name)} returns ${found}, but must return ${versionText(wrong.versionId)}.`;
  }
  const left = shown.stages.find((stage) => !stageOf(after, stage.name) || stage !== readOf(stage.name));
  if (left)
    return stageOf(after, left.name)
      ? `Stage ${quote(left.name)} is shown more than once.`
      : `Reading stage ${quote(left.name)} returns ${versionText(left.versionId)}, but the stage is on no version.`;
  const latest = latestVersion(after, dialect) ?? null;
  if (shown.latest !== undefined && shown.latest !== latest)
    return `Reading the latest version returns ${versionText(shown.latest)}, but must return ${versionText(latest)}.`;
  const { stage: put } = details;
  if (!put || action.type !== 'assignStage' || (put.name === action.stage && put.versionId === action.versionId))
    return undefined;
  return `The response says that stage ${quote(put.name)} is on ${versionText(put.versionId)}, but the call put stage ${quote(action.stage)} on ${versionText(action.versionId)}.`;
};
