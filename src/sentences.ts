import { isTime } from './limits.ts';
import type { Contradiction, Problem, Refusal, RefusalCode, Sentences } from './refusal.ts';
import type { Stage } from './state.ts';
import { counted, cut, grouped, quote } from './text.ts';

// The sentence of each refusal, under the name of its code. Each is a separate function, so that a bundle has only
// those of the operations in it. A sentence says what is wrong, what the secret has now, and what to do. Names from
// outside are quoted.

export function WRONG_DIALECT({ stateDialect, dialect }: Refusal<'WRONG_DIALECT'>): string {
  return `The secret belongs to ${quote(stateDialect)}, not ${quote(dialect)}. Pass its dialect.`;
}

export function INVALID_VALUE({ field, rule, found }: Refusal<'INVALID_VALUE'>): string {
  return `${explainProblem({ path: field, expected: rule, found })}.`;
}

export function SECRET_NOT_ENABLED({ status }: Refusal<'SECRET_NOT_ENABLED'>): string {
  return `The secret is ${cut(status)}. ${status === 'PENDING_DELETE' ? 'Restore' : 'Enable'} it first.`;
}

export function ACTION_NOT_OFFERED({ action, dialect }: Refusal<'ACTION_NOT_OFFERED'>): string {
  return `${cut(dialect)} does not support ${action}. Omit it.`;
}

export function DELETION_ALREADY_SCHEDULED({ scheduledDeleteTime }: Refusal<'DELETION_ALREADY_SCHEDULED'>): string {
  return `The deletion is already scheduled for ${date(scheduledDeleteTime)}. To change the day, restore the secret first.`;
}

export function DELETION_NOT_SCHEDULED({ status }: Refusal<'DELETION_NOT_SCHEDULED'>): string {
  return `The secret is ${cut(status)}: no deletion is scheduled.`;
}

export function UNKNOWN_VERSION({ versionId, versions }: Refusal<'UNKNOWN_VERSION'>): string {
  return `Version ${quote(versionId)} does not exist: create it first. The secret has ${list(Object.keys(versions), quote)}.`;
}

export function UNKNOWN_STAGE({ stage, stages }: Refusal<'UNKNOWN_STAGE'>): string {
  return `Stage ${quote(stage)} is on no version. ${holders(stages)}`;
}

export function WRONG_HOLDER({ stage, from, holder }: Refusal<'WRONG_HOLDER'>): string {
  return `Stage ${quote(stage)} is on ${where(holder)}, ${from === null ? 'but `from` is null' : `not on ${where(from)}`}. Read the secret again first.`;
}

export function HOLDER_NOT_NAMED({ stage, holder }: Refusal<'HOLDER_NOT_NAMED'>): string {
  return `Stage ${quote(stage)} is on ${where(holder)}. Pass \`from: ${quote(holder)}\` to move it.`;
}

export function BUILT_IN_STAGE({ stage, versionId }: Refusal<'BUILT_IN_STAGE'>): string {
  return `Stage ${quote(stage)} is built in, so it can move but not be removed. It is on ${where(versionId)}.`;
}

export function STAGE_LIMIT({ stage, limit, stages }: Refusal<'STAGE_LIMIT'>): string {
  return `Stage ${quote(stage)} is over the limit of ${limit}. Remove one that is not built in. ${holders(stages)}`;
}

export function STAGE_LIST_LIMIT({ listed, limit, stages }: Refusal<'STAGE_LIST_LIMIT'>): string {
  if (limit === 0) return 'A new version cannot list stages here. Assign each one afterwards.';
  return listed.length > limit
    ? `A new version can list at most ${counted(limit, 'stage')}; got ${listed.length}. List fewer.`
    : `With ${list(listed, quote)} the secret would exceed its stage limit of ${limit}. List fewer, or remove one that is not built in. ${holders(stages)}`;
}

export function VERSION_LIMIT({ limit, stages, roomAt }: Refusal<'VERSION_LIMIT'>): string {
  const full = `The secret is at its version limit of ${grouped(limit)}`;
  return roomAt === undefined
    ? `${full}. Prune deprecated versions, or take all stages off one. ${holders(stages)}`
    : `${full}, and none can be deleted before ${date(roomAt)}. Wait until then.`;
}

export function ROTATION_INCOMPLETE({ stage, holder }: Refusal<'ROTATION_INCOMPLETE'>): string {
  return `Stage ${quote(stage)} is on ${where(holder)}, which is not current: a rotation is not complete. Finish it, or remove the stage.`;
}

export function VERSION_ID_TAKEN({ versionId, exists }: Refusal<'VERSION_ID_TAKEN'>): string {
  const taken = exists
    ? `Version ${quote(versionId)} already exists`
    : `The series of ids has passed ${quote(versionId)}`;
  return `${taken}. Choose another, or omit it.`;
}

function UNKNOWN_ACTION({ type, known }: Refusal<'UNKNOWN_ACTION'>): string {
  return `${quote(type)} is not an action. Use one of ${list(known, String)}.`;
}

export function INVALID_STATE({ problems }: Refusal<'INVALID_STATE'>): string {
  return `This is not a secret: ${list(problems, explainProblem, '; ')}.`;
}

function INVALID_HISTORY({ problems }: Refusal<'INVALID_HISTORY'>): string {
  return `This is not a history: ${list(problems, explainProblem, '; ')}.`;
}

export function DIALECT_CONTRADICTION({ dialect, contradictions }: Refusal<'DIALECT_CONTRADICTION'>): string {
  return `Dialect ${quote(dialect)} is invalid: ${list(contradictions, explainContradiction, '; ')}.`;
}

/** The sentences of all refusals. */
export const sentences: Sentences<RefusalCode> = {
  WRONG_DIALECT,
  INVALID_VALUE,
  SECRET_NOT_ENABLED,
  ACTION_NOT_OFFERED,
  DELETION_ALREADY_SCHEDULED,
  DELETION_NOT_SCHEDULED,
  UNKNOWN_VERSION,
  UNKNOWN_STAGE,
  WRONG_HOLDER,
  HOLDER_NOT_NAMED,
  BUILT_IN_STAGE,
  STAGE_LIMIT,
  STAGE_LIST_LIMIT,
  VERSION_LIMIT,
  ROTATION_INCOMPLETE,
  VERSION_ID_TAKEN,
  UNKNOWN_ACTION,
  INVALID_STATE,
  INVALID_HISTORY,
  DIALECT_CONTRADICTION,
};

/**
 * Says what is wrong with a place in data, as part of a sentence.
 *
 * @example
 * explainProblem({ path: 'policy.others', expected: 'one of on, off', found: '5' }); // 'policy.others must be one of on, off; got 5'
 */
export function explainProblem({ path, expected, found }: Problem): string {
  if (found === 'nothing') return `${path} is required`;
  return `${path} must be ${expected}${found ? `; got ${found}` : ''}`;
}

/** What is wrong with a dialect, as part of a sentence. */
export function explainContradiction({ rules: [rule], why }: Contradiction): string {
  return `${rule} ${why}`;
}

/** The first twenty parts of a list, and how many more there are. */
export function list<Part>(parts: readonly Part[], draw: (part: Part) => string, separator = ', '): string {
  const shown = parts.slice(0, 20).map(draw).join(separator);
  return parts.length > 20 ? `${shown} and ${parts.length - 20} more` : shown || 'none';
}

function holders(stages: readonly Stage[]): string {
  return `The stages of the secret: ${list(stages, ({ name, versionId }) => `${quote(name)} on ${quote(versionId)}`)}.`;
}

function where(versionId: string | null): string {
  return versionId === null ? 'no version' : `version ${quote(versionId)}`;
}

/** A time in words. Data from elsewhere may have a time that is not valid. */
export function date(time: number | null): string {
  return isTime(time) ? new Date(time).toISOString() : 'an unknown day';
}
