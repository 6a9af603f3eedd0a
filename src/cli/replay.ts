import type { Effect } from '../effect.ts';
import { effectsBetween } from '../effects.ts';
import { describe, type Refusal, type SecretState, tryCreateSecret, tryReduce } from '../index.ts';
import { type Call, readLine } from './transcript.ts';

/** What came of one line of a transcript. */
export type Event = Unusable | Unmoved | Done | Refused;

interface Unusable {
  readonly outcome: 'unusable';
  readonly line: number;
  readonly expected: string;
}
interface Played extends Omit<Call, 'task'> {
  readonly line: number;
  /** The secret after the call; undefined if there is none. */
  readonly state: SecretState | undefined;
}
/** A call that moves no stage: it reads, or changes what is none of the model's business. */
interface Unmoved extends Played {
  readonly outcome: 'unmoved';
}
interface Done extends Played {
  readonly outcome: 'done';
  readonly effects: readonly (Effect | { readonly type: 'secretDeleted' })[];
}
interface Refused extends Played {
  readonly outcome: 'refused';
  readonly refusal: Refusal | ProjectRefusal;
  readonly sentence: string;
}

/** What a project refuses, which the model of a single secret cannot know. */
type ProjectRefusal =
  | { readonly code: 'UNKNOWN_SECRET'; readonly secret: string; readonly deletedAt: number | null }
  | { readonly code: 'SECRET_EXISTS'; readonly secret: string }
  | { readonly code: 'SECRET_LIMIT'; readonly limit: number };

/** Source: CSMS API reference, CreateSecret (documented). */
const secretsAProject = 500;

/** Plays a transcript on a world of its own, line by line; a blank line is nothing. */
export const startReplay = (): ((text: string, line: number) => Event | undefined) => {
  const projects = new Map<string, Map<string, SecretState>>();
  const deletions = new Map<string, number>();

  return (text, line) => {
    // Trimming also takes the byte order mark and the carriage returns that some editors leave.
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const call = readLine(trimmed);
    if ('expected' in call) return { outcome: 'unusable', line, expected: call.expected };

    const { task, ...rest } = call;
    const secrets = projects.get(call.project) ?? new Map<string, SecretState>();
    projects.set(call.project, secrets);
    const deletionKey = (secret: string) => JSON.stringify([call.project, secret]);

    // Documented: the service deletes a secret after its recovery window. Assumed: at once when that ends.
    for (const [secret, { scheduledDeleteTime }] of secrets) {
      if (scheduledDeleteTime === null || scheduledDeleteTime > call.at) continue;
      secrets.delete(secret);
      deletions.set(deletionKey(secret), scheduledDeleteTime);
    }
    const before = secrets.get(call.secret);

    const played = { line, ...rest, state: before };
    const refuse = (refusal: Refusal | ProjectRefusal): Refused => ({
      ...played,
      outcome: 'refused',
      refusal,
      sentence: say(refusal),
    });
    const become = (state: SecretState): Done => {
      secrets.set(call.secret, state);
      return { ...played, outcome: 'done', effects: effectsBetween(before, state), state };
    };

    if (task.type === 'createSecret') {
      if (before) return refuse({ code: 'SECRET_EXISTS', secret: call.secret });
      if (secrets.size >= secretsAProject) return refuse({ code: 'SECRET_LIMIT', limit: secretsAProject });
      const outcome = tryCreateSecret(task);
      return outcome.ok ? become(outcome.state) : refuse(outcome.refusal);
    }
    if (before === undefined) {
      return call.secret === ''
        ? { ...played, outcome: 'unmoved' }
        : refuse({
            code: 'UNKNOWN_SECRET',
            secret: call.secret,
            deletedAt: deletions.get(deletionKey(call.secret)) ?? null,
          });
    }
    if (task.type === 'none') return { ...played, outcome: 'unmoved' };
    if (task.type === 'deleteSecret') {
      secrets.delete(call.secret);
      deletions.set(deletionKey(call.secret), call.at);
      return { ...played, outcome: 'done', effects: [{ type: 'secretDeleted' }], state: undefined };
    }
    const outcome = tryReduce(before, task);
    return outcome.ok ? become(outcome.state) : refuse(outcome.refusal);
  };
};

const say = (refusal: Refusal | ProjectRefusal): string => {
  switch (refusal.code) {
    case 'UNKNOWN_SECRET':
      return refusal.deletedAt === null
        ? 'The secret does not exist: create it first.'
        : `The secret does not exist: it was deleted on ${new Date(refusal.deletedAt).toISOString()}.`;
    case 'SECRET_EXISTS':
      return 'The secret exists already: choose another name, or create a version of it.';
    case 'SECRET_LIMIT':
      return `The project has the ${refusal.limit} secrets that it may have: delete one first.`;
    default:
      return describe(refusal);
  }
};
