import type { Effect } from './effect.ts';
import { isTime } from './limits.ts';
import type { Contradiction, Problem, Refusal, RefusalCode } from './refusal.ts';
import type { Stage } from './state.ts';
import { quote } from './text.ts';

/**
 * One clear sentence for a refusal (what was asked, what stands in the way and who holds it, and the way out) or for an effect
 * (what becomes of which stage or version).
 *
 * @example
 * const refused = tryAssignStage(createSecret({ name: 'db', at: 0 }), { stage: 'canary', versionId: 'v9', at: 1 });
 * refused.ok || explain(refused.refusal); // 'Version "v9" does not exist: there is "v1". Name one of these, or create a new version.'
 */
export function explain(subject: Refusal | Effect): string {
  return 'code' in subject ? refusalSentence(subject) : effectSentence(subject);
}

/** A problem of untrusted data in words: where it is, and what belongs there. */
export function explainProblem({ path, expected, found, law }: Problem): string {
  if (law) return `${path} breaks the law ${law} (${expected})`;
  return `${path} must ${expected.startsWith('/') ? 'match' : 'be'} ${expected}${found ? `, not ${quote(found)}` : ''}`;
}

/** {@link explain} of a refusal, for a bundle that explains no effects. */
export function refusalSentence<Code extends RefusalCode>(refusal: Refusal<Code>): string {
  const sentence: (refusal: Refusal<Code>) => string = refusalSentences[refusal.code];
  return sentence(refusal);
}

function effectSentence<Type extends Effect['type']>(effect: Effect<Type>): string {
  const sentence: (effect: Effect<Type>) => string = effectSentences[effect.type];
  return sentence(effect);
}

const effectSentences: { readonly [Type in Effect['type']]: (effect: Effect<Type>) => string } = {
  versionCreated: ({ versionId }) => `Version ${quote(versionId)} is created.`,
  versionPruned: ({ versionId }) => `Version ${quote(versionId)} is deleted for good: no stage marked it.`,
  stageAdded: ({ stage, to }) => `Stage ${quote(stage)} is put on ${where(to)}.`,
  stageMoved: ({ stage, from, to }) => `Stage ${quote(stage)} moves from ${where(from)} to ${where(to)}.`,
  stageRefreshed: ({ stage, on }) => `Stage ${quote(stage)} stays on ${where(on)}, with the new time.`,
  stageRemoved: ({ stage, from }) => `Stage ${quote(stage)} is taken off ${where(from)}.`,
  versionDeprecated: ({ versionId }) => `Version ${quote(versionId)} is deprecated: no stage marks it.`,
  versionRevived: ({ versionId }) => `Version ${quote(versionId)} is deprecated no longer.`,
  statusChanged: ({ to, scheduledDeleteTime: time }) =>
    `The secret is ${to} now${time === null ? '' : `, to be deleted on ${date(time)}`}.`,
};

const refusalSentences: { readonly [Code in RefusalCode]: (refusal: Refusal<Code>) => string } = {
  WRONG_DIALECT: ({ stateDialect, dialect }) =>
    `The secret belongs to ${quote(stateDialect)}, and the call uses the rules of ${quote(dialect)}. ` +
    `Pass the dialect ${quote(stateDialect)}.`,
  INVALID_VALUE: ({ field, value, rule }) =>
    `${quote(value)} is not allowed as ${field}: it must ${rule.startsWith('/') ? 'match' : 'be'} ${rule}.`,
  SECRET_NOT_ENABLED: ({ status }) =>
    `The secret is ${status}: ${status === 'PENDING_DELETE' ? 'restore' : 'enable'} it first.`,
  ACTION_NOT_OFFERED: ({ action, dialect }) => `${dialect} has no ${action}: leave it out.`,
  DELETION_ALREADY_SCHEDULED: ({ scheduledDeleteTime }) =>
    `The deletion is scheduled already, for ${date(scheduledDeleteTime)}: restore the secret first to choose another day.`,
  DELETION_NOT_SCHEDULED: ({ status }) =>
    `The secret is ${status}, not PENDING_DELETE: there is no deletion to call off.`,
  UNKNOWN_VERSION: ({ versionId, versions }) =>
    Object.keys(versions).length === 0
      ? `Version ${quote(versionId)} does not exist, for there is none yet: create one first.`
      : `Version ${quote(versionId)} does not exist: there is ${list(Object.keys(versions).map(quote))}. ` +
        'Name one of these, or create a new version.',
  UNKNOWN_STAGE: ({ stage, stages }) => `Stage ${quote(stage)} is on no version: there is ${holders(stages)}.`,
  WRONG_HOLDER: ({ stage, from, holder }) =>
    `Stage ${quote(stage)} is on ${where(holder)}, not on ${where(from)}: look again before you change it.`,
  HOLDER_NOT_NAMED: ({ stage, holder }) =>
    `Stage ${quote(stage)} is on ${where(holder)}: to move it, name that version as the one that it comes from.`,
  BUILT_IN_STAGE: ({ stage, versionId }) =>
    `Stage ${quote(stage)} is built in and on ${where(versionId)}: it cannot be removed, only moved.`,
  STAGE_LIMIT: ({ stage, limit, stages }) =>
    `Stage ${quote(stage)} would pass the limit of ${limit}: first remove one that is not built in, of ${holders(stages)}.`,
  STAGE_LIST_LIMIT: ({ listed, limit, stages }) =>
    `To list ${list(listed.map(quote))} would pass the limit of ${limit}: list fewer` +
    `${listed.length > limit ? '' : `, or first remove one that is not built in, of ${holders(stages)}`}.`,
  VERSION_LIMIT: ({ limit, stages, roomAt }) =>
    `The secret has the ${limit} versions that it may have, and none makes room` +
    (roomAt === undefined
      ? `: prune one that is deprecated, or first take the stages off one, of ${holders(stages)}.`
      : ` before ${date(roomAt)}: wait until then.`),
  VERSION_ID_TAKEN: ({ versionId, exists }) =>
    exists
      ? `Version ${quote(versionId)} exists already. Choose another id, or omit it.`
      : `The series of version ids is past ${quote(versionId)}, and none of them is issued twice. Choose another id, or omit it.`,
  UNKNOWN_ACTION: ({ type, known }) => `${quote(type)} is not an action: there is ${list(known)}.`,
  INVALID_STATE: ({ problems }) => `This is not a secret: ${list(problems.map(explainProblem), '; ')}.`,
  INVALID_HISTORY: ({ problems }) => `This is not a history: ${list(problems.map(explainProblem), '; ')}.`,
  DIALECT_CONTRADICTION: ({ dialect, contradictions }) =>
    `Dialect ${quote(dialect)} contradicts itself: ${list(contradictions.map(explainContradiction), '; ')}.`,
};

function explainContradiction({ rules: [rule, ...others], why }: Contradiction): string {
  return `${rule} ${why}${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
}

const list = (parts: readonly string[], separator = ', ') =>
  (parts.length > 20 ? [...parts.slice(0, 20), `${parts.length - 20} more`] : parts).join(separator) || 'none';

const holders = (stages: readonly Stage[]) => list(stages.map((stage) => `${stage.name} on ${quote(stage.versionId)}`));

const where = (versionId: string | null) => (versionId === null ? 'no version' : `version ${quote(versionId)}`);

const date = (time: number | null) => {
  if (time === null) return 'an unknown day';
  return isTime(time) ? new Date(time).toISOString() : 'the end of all time';
};
