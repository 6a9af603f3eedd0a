import { actionOf, isActing, type Operation } from '../api/csms/calls.ts';
import { describeRefusal, type ServiceRefusal } from '../api/csms/errors.ts';
import { UsageError } from '../cli/host.ts';
import { dialectIn, wrongDialect } from '../cli/options.ts';
import { type Effect, effectsBetween } from '../effect.ts';

import { secretsAProject } from '../emulator/service.ts';
import {
  type CreateSecret,
  type Dialect,
  type Outcome,
  type Refusal,
  type SecretAction,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from '../index.ts';
import { parseJson } from '../json.ts';
import { type ActionName, dialectIdIn, dialectWanted, hasCalls, isCall, type Line, readLine } from './line.ts';

/** What came of one line of a transcript. */
export type Event = Unusable | Unmoved | Done | Refused;

interface Unusable {
  readonly outcome: 'unusable';
  readonly line: number;
  readonly expected: string;
}
interface Played {
  readonly line: number;
  readonly dialect: Dialect;
  /** What was called, or the action that the line tells of. */
  readonly operation: Operation | ActionName;
  readonly at: number;
  /** Empty where the transcript names none. */
  readonly project: string;
  /** Empty for a call about no single secret. */
  readonly secret: string;
  /** The secret after the call; undefined if there is none. */
  readonly state: SecretState | undefined;
}
/** A call that moves no stage: it reads, or changes what is none of the model's business. */
interface Unmoved extends Played {
  readonly outcome: 'unmoved';
}
interface Done extends Played {
  readonly outcome: 'done';
  readonly effects: readonly (Effect | SecretEffect)[];
}
/** What happens to a secret as a whole. If a new secret has versions, the effects of these show that it was created. */
type SecretEffect = { readonly type: 'secretCreated' } | { readonly type: 'secretDeleted' };

interface Refused extends Played {
  readonly outcome: 'refused';
  readonly refusal: Refusal | ProjectRefusal;
  readonly sentence: string;
}

/** What a project refuses, which the model of a single secret cannot know. */
type ProjectRefusal =
  | Extract<ServiceRefusal, { code: 'SECRET_EXISTS' | 'SECRET_LIMIT' }>
  | (Extract<ServiceRefusal, { code: 'UNKNOWN_SECRET' }> & { readonly deletedAt: number | null });

/**
 * Plays a transcript on a world of its own, line by line; a blank line is nothing. `source` is what an error calls it.
 *
 * Its dialect is the given one. If omitted, it is the one that the first line with a dialect names, or CSMS from the first call
 * on. Before that, no action is played.
 *
 * @throws {UsageError} at a line of an unknown dialect, or of another than the transcript.
 */
export function startPlay(
  given?: Dialect | undefined,
  source = 'transcript',
): (text: string, line: number) => Event | undefined {
  const projects = new Map<string, Map<string, SecretState>>();
  const deletions = new Map<string, number>();
  let known = given;

  return (text, line) => {
    // Trimming also takes the byte order mark and the carriage returns that some editors leave.
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const json = parseJson(trimmed);
    const id = dialectIdIn(json) ?? known?.id;
    const place = `${source}:${line} cannot be played`;
    const dialect = id === undefined || id === known?.id ? known : dialectIn(id, `${place}: `);
    if (known !== undefined && dialect?.id !== known.id) {
      throw new UsageError(`${place}. ${wrongDialect(`${id}`, known, given)}`);
    }
    const read = readLine(json, dialect);
    // A call that cannot be read says nothing of what comes after it.
    if (!('expected' in read && isCall(json))) known = dialect;
    if ('expected' in read) return { outcome: 'unusable', line, expected: read.expected };
    if (dialect === undefined) return { outcome: 'unusable', line, expected: dialectWanted };

    const { at } = read;
    const { operation, secret, ...named } = placeOf(read);
    // What CSMS keeps is in a project, and so a line about a secret of none is a mistake there; a new one may be of none.
    const isNameless = projects.size === 0 && (operation === 'createSecret' || !hasCalls(dialect));
    const project = named.project ?? (isNameless ? '' : onlyOne(projects.keys()));
    if (project === undefined) {
      const known =
        projects.size === 0 ? 'no line before this one creates a secret' : `there are ${projects.size} so far`;
      return { outcome: 'unusable', line, expected: `project to be there: ${known}` };
    }
    const secrets = projects.get(project) ?? new Map<string, SecretState>();
    const deletionKey = (name: string) => JSON.stringify([project, name]);

    // Documented: the service deletes a secret after its recovery window. Assumed: at once when that ends.
    for (const [name, { scheduledDeleteTime }] of secrets) {
      if (scheduledDeleteTime === null || scheduledDeleteTime > at) continue;
      secrets.delete(name);
      deletions.set(deletionKey(name), scheduledDeleteTime);
    }
    const before = secrets.get(secret);

    const played = { line, dialect, operation, at, project, secret, state: before };
    const refuse = (refusal: Refusal | ProjectRefusal): Refused => ({
      ...played,
      outcome: 'refused',
      refusal,
      sentence: say(refusal),
    });
    const become = (outcome: Outcome): Done | Refused => {
      if (!outcome.ok) return refuse(outcome.refusal);
      const { state } = outcome;
      secrets.set(secret, state);
      projects.set(project, secrets);
      const effects = effectsBetween(before, state);
      const isBare = before === undefined && effects.length === 0;
      return { ...played, outcome: 'done', effects: isBare ? [{ type: 'secretCreated' }] : effects, state };
    };

    const missing = () =>
      refuse({ code: 'UNKNOWN_SECRET', secret, deletedAt: deletions.get(deletionKey(secret)) ?? null });
    const create = (request: CreateSecret) => {
      if (before) return refuse({ code: 'SECRET_EXISTS', secret });
      if (hasCalls(dialect) && secrets.size >= secretsAProject) {
        return refuse({ code: 'SECRET_LIMIT', limit: secretsAProject });
      }
      return become(tryCreateSecret(request, dialect));
    };
    const act = (state: SecretState, action: SecretAction) => become(tryReduce(state, action, dialect));

    if ('action' in read) {
      if (read.action.type === 'createSecret') return create(read.action);
      return before ? act(before, read.action) : missing();
    }
    const { call, answeredId, isFailed } = read;
    if (isFailed || call.operation === 'ListSecrets') return { ...played, outcome: 'unmoved' };
    if (call.operation === 'CreateSecret') return create({ name: secret, at });
    if (before === undefined) return missing();
    if (call.operation === 'DeleteSecret') {
      secrets.delete(secret);
      deletions.set(deletionKey(secret), at);
      return { ...played, outcome: 'done', effects: [{ type: 'secretDeleted' }], state: undefined };
    }
    if (!isActing(call)) return { ...played, outcome: 'unmoved' };
    const action = actionOf(call, at);
    return act(before, action.type === 'createVersion' ? { ...action, versionId: answeredId } : action);
  };
}

/** What a line is about. */
const placeOf = (line: Line): Pick<Played, 'operation' | 'secret'> & { readonly project: string | undefined } => {
  if ('action' in line) return { operation: line.action.type, project: line.project, secret: line.secret };
  const { operation, project } = line.call;
  return { operation, project, secret: line.call.operation === 'ListSecrets' ? '' : line.call.secret };
};

const onlyOne = (names: Iterable<string>): string | undefined => {
  const [first, second] = names;
  return second === undefined ? first : undefined;
};

const say = (refusal: Refusal | ProjectRefusal): string =>
  refusal.code === 'UNKNOWN_SECRET' && refusal.deletedAt !== null
    ? `Secret ${JSON.stringify(refusal.secret)} does not exist: it was deleted on ${new Date(refusal.deletedAt).toISOString()}.`
    : describeRefusal(refusal);
