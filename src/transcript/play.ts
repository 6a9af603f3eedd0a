import {
  type Call,
  type CallRefusal,
  explainRefusal,
  isActing,
  type Operation,
  type Secret,
} from '../api/csms/index.ts';
import { cloudOf, clouds, type Dialect } from '../dialects/index.ts';
import { type Effect, effectsBetween } from '../effect.ts';
import { parseJson } from '../json.ts';
import { nearest } from '../nearest.ts';
import { tryCreateSecret, tryReduce } from '../operations/index.ts';
import {
  directoryOf,
  type Entry,
  isDue,
  newSecret,
  type Place,
  perform,
  type Rules,
  recordOf,
  runSteps,
  secretsPerProject,
  whyNotCreated,
  withState,
} from '../service/index.ts';
import type { SecretState } from '../state.ts';
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
  /** The operation that was called, or the action of the line. */
  readonly operation: Operation | ActionName;
  readonly at: number;
  /** Empty if the transcript names none. */
  readonly project: string;
  /** Empty for a call that is not about a single secret. */
  readonly secret: string;
  /** The secret after the call; undefined if there is none. */
  readonly state: SecretState | undefined;
}
/** A call that moves no stage: it reads, or changes what is not part of the model. */
interface Unmoved extends Played {
  readonly outcome: 'unmoved';
}
interface Done extends Played {
  readonly outcome: 'done';
  readonly effects: readonly (Effect | SecretEffect)[];
}
/** What happens to a secret as a whole. If a new secret has versions, their effects show that it was created. */
type SecretEffect = { readonly type: 'secretCreated' } | { readonly type: 'secretDeleted' };

interface Refused extends Played {
  readonly outcome: 'refused';
  readonly refusal: Exclude<CallRefusal, UnknownSecret> | MissingSecret;
  readonly sentence: string;
}

type UnknownSecret = Extract<CallRefusal, { code: 'UNKNOWN_SECRET' }>;
/** A secret that does not exist; `deletedAt` is when it was deleted, null if it never existed in the transcript. */
type MissingSecret = UnknownSecret & { readonly deletedAt: number | null };

/** Thrown for a line that names an unknown dialect, or another than the transcript. */
export class TranscriptError extends Error {
  override readonly name: string = 'TranscriptError';
}

/** The value of every version: a transcript may omit values, and none is kept. */
const unrecorded = { kind: 'string', text: '' } as const;

/**
 * Plays a transcript on a world of its own, line by line; a blank line is nothing. Calls of CSMS are done by the service that
 * the emulator uses, and actions by the model. A recorded response wins: a version gets the id that it names, a call that was
 * refused changes nothing, and a call that read something is not refused. `source` is what an error calls the transcript.
 *
 * Its dialect is the given one. If omitted, it is the one that the first line with a dialect names, or CSMS from the first call
 * on. Before that, no action is played.
 *
 * @throws {TranscriptError} at a line of an unknown dialect, or of another than the transcript.
 */
export function startPlay(
  given?: Dialect | undefined,
  source = 'transcript',
): (text: string, line: number) => Event | undefined {
  const world: PlayedWorld = { projects: new Map(), deletions: new Map() };
  let known = given;

  return (text, line) => {
    // Trimming also removes the byte order mark and the carriage returns that some editors leave.
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const json = parseJson(trimmed);
    const id = dialectIdIn(json) ?? known?.id;
    const place = `${source}:${line} cannot be played`;
    const dialect = id === undefined || id === known?.id ? known : cloudNamed(id, place);
    if (known !== undefined && dialect?.id !== known.id)
      throw new TranscriptError(`${place}. ${wrongDialect(`${id}`, known, given)}`);
    const read = readLine(json, dialect);
    // A call that cannot be read says nothing of what comes after it.
    if (!('expected' in read && isCall(json))) known = dialect;
    if ('expected' in read) return { outcome: 'unusable', line, expected: read.expected };
    if (dialect === undefined) return { outcome: 'unusable', line, expected: dialectWanted };
    return playLine(read, line, dialect, world);
  };
}

/** What is wrong with a secret of a dialect that is not the one by which it is read, and what to do. */
export function wrongDialect(id: string, dialect: Dialect | undefined, given: Dialect | undefined): string {
  const belongs = `The secret belongs to ${JSON.stringify(id)}`;
  if (given) return `${belongs}, and --dialect says "${given.id}". Omit --dialect, or pass --dialect ${id}.`;
  return dialect
    ? `${belongs}, and the lines before it to "${dialect.id}". Put each cloud into a file of its own.`
    : `${belongs}, and is read as "huawei-csms". Pass --dialect ${id}.`;
}

const cloudNamed = (id: string, place: string): Dialect => {
  const dialect = cloudOf(id);
  if (dialect) return dialect;
  const ids = clouds.map((cloud) => cloud.id);
  throw new TranscriptError(`${place}: ${id} is not a dialect; ${nearest(id, ids)}`);
};

/** The secrets that a transcript has made, by project and name, and when those that are gone were deleted, by their key. */
interface PlayedWorld {
  readonly projects: Map<string, Map<string, Secret>>;
  readonly deletions: Map<string, number>;
}

const playLine = (read: Line, line: number, dialect: Dialect, world: PlayedWorld): Event => {
  const { projects } = world;
  const { at } = read;
  const { operation, project: named, secret } = 'action' in read ? { ...read, operation: read.action.type } : read.call;
  // In CSMS every secret is in a project, so a line that names none is a mistake there; only the first secret may be in none.
  const isNameless = projects.size === 0 && (operation === 'createSecret' || !hasCalls(dialect));
  const project = named ?? (isNameless ? '' : onlyOne(projects.keys()));
  if (project === undefined) {
    const known =
      projects.size === 0 ? 'no line before this one creates a secret' : `there are ${projects.size} so far`;
    return { outcome: 'unusable', line, expected: `project to be there: ${known}` };
  }

  const place = { project, secret };
  const before = livingIn(world, place, at);
  const played = { line, dialect, operation, at, project, secret, state: before?.state };
  const unmoved = { ...played, outcome: 'unmoved' } as const;
  const refuse = (found: CallRefusal): Refused => {
    const deletedAt = deletionOf(world, place);
    const refusal = found.code === 'UNKNOWN_SECRET' ? { ...found, deletedAt } : found;
    return { ...played, outcome: 'refused', refusal, sentence: sentenceFor(refusal) };
  };
  const done = (): Done => {
    const state = livingIn(world, place, at)?.state;
    if (state === undefined) return { ...played, outcome: 'done', effects: [{ type: 'secretDeleted' }], state };
    const effects = effectsBetween(before?.state, state);
    const isBare = before === undefined && effects.length === 0;
    return { ...played, outcome: 'done', effects: isBare ? [{ type: 'secretCreated' }] : effects, state };
  };
  const rules = { dialect, secretsAProject: hasCalls(dialect) ? secretsPerProject : Number.POSITIVE_INFINITY };

  if ('action' in read) {
    const result = act(read, before, countLiving(world, project, at), rules);
    if ('code' in result) return refuse(result);
    keep(world, place, result, at);
    return done();
  }

  const { recorded, answeredId } = read;
  if (recorded === 'refused' || operation === 'ListSecrets') return unmoved;
  const call = withoutValue(read.call, answeredId);
  const changes = isActing(call) || operation === 'CreateSecret' || operation === 'DeleteSecret';
  const result = runSteps(perform(call, at, rules), (needed) => entryIn(world, needed));
  if ('refusal' in result) return recorded === 'done' && !changes ? unmoved : refuse(result.refusal);
  for (const { secret: name, entry } of result.changes ?? []) {
    if (name !== undefined)
      keep(world, { project, secret: name }, entry && 'secret' in entry ? entry.secret : undefined, at);
  }
  return changes ? done() : unmoved;
};

/** Does an action on a secret of the model. */
const act = (
  { action, at, secret: name }: Extract<Line, { action: unknown }>,
  before: Secret | undefined,
  count: number,
  rules: Rules,
): Secret | CallRefusal => {
  if (action.type === 'createSecret') {
    const refusal = whyNotCreated(name, before !== undefined, count, rules);
    if (refusal) return refusal;
    const outcome = tryCreateSecret(action, rules.dialect);
    if (!outcome.ok) return outcome.refusal;
    return newSecret(outcome.state, at, { id: '', description: '', kmsKeyId: '', value: unrecorded });
  }
  if (before === undefined) return { code: 'UNKNOWN_SECRET', secret: name };
  const outcome = tryReduce(before.state, action, rules.dialect);
  return outcome.ok ? withState(before, outcome.state, at) : outcome.refusal;
};

/** The call with the id that its recorded response names, and without its value. */
const withoutValue = (call: Call, answeredId: string | undefined): Call => {
  if (call.operation === 'CreateSecret') return { ...call, value: unrecorded };
  if (call.operation !== 'CreateSecretVersion') return call;
  return { ...call, value: unrecorded, versionId: answeredId ?? '' };
};

const keyOf = ({ project, secret }: Place): string => JSON.stringify([project, secret]);

const entryIn = ({ projects }: PlayedWorld, { project, secret: name }: Place): Entry | undefined => {
  const secrets = projects.get(project) ?? new Map<string, Secret>();
  if (name === undefined) return { project, directory: directoryOf(recordOf(secrets)) };
  const secret = secrets.get(name);
  return secret && { project, secret };
};

const isLiving = ({ state }: Secret, at: number): boolean => !isDue(state.scheduledDeleteTime, at);

const livingIn = ({ projects }: PlayedWorld, { project, secret: name = '' }: Place, at: number): Secret | undefined => {
  const secret = projects.get(project)?.get(name);
  return secret && isLiving(secret, at) ? secret : undefined;
};

const countLiving = ({ projects }: PlayedWorld, project: string, at: number): number =>
  [...(projects.get(project)?.values() ?? [])].filter((secret) => isLiving(secret, at)).length;

/** When a secret that is gone was deleted; null if it never existed in the transcript. */
const deletionOf = ({ projects, deletions }: PlayedWorld, place: Place): number | null => {
  const due = projects.get(place.project)?.get(place.secret ?? '')?.state.scheduledDeleteTime;
  return due ?? deletions.get(keyOf(place)) ?? null;
};

const keep = (
  { projects, deletions }: PlayedWorld,
  place: Place & { readonly secret: string },
  next: Secret | undefined,
  at: number,
): void => {
  const secrets = projects.get(place.project) ?? new Map<string, Secret>();
  if (next) {
    projects.set(place.project, secrets.set(place.secret, next));
    return;
  }
  deletions.set(keyOf(place), secrets.get(place.secret)?.state.scheduledDeleteTime ?? at);
  secrets.delete(place.secret);
};

const onlyOne = (names: Iterable<string>): string | undefined => {
  const [first, second] = names;
  return second === undefined ? first : undefined;
};

const sentenceFor = (refusal: Refused['refusal']): string =>
  'deletedAt' in refusal && refusal.deletedAt !== null
    ? `Secret ${JSON.stringify(refusal.secret)} does not exist: it was deleted on ${new Date(refusal.deletedAt).toISOString()}.`
    : explainRefusal(refusal);
