import { type CallRefusal, defaultSettings } from '../api/csms/index.ts';
import { awsSecretsManager, cloudOf, clouds, type Dialect } from '../dialects/index.ts';
import { type Effect, effectsBetween } from '../effect.ts';
import { parseJson } from '../json.ts';
import { nearest } from '../nearest.ts';
import { tryCreateSecret, tryReduce } from '../operations/index.ts';
import {
  type Directory,
  directoryOf,
  newSecret,
  recordOf,
  secretLimit,
  whyNotCreated,
  withAwsState,
  withState,
} from '../service/index.ts';
import { countVersions, type SecretState } from '../state.ts';
import { grouped, quote } from '../text.ts';
import { newAwsSecret } from './aws.ts';
import { type CallLine, type PlayedSecret, type Refusing, refuse } from './call.ts';
import { unrecorded } from './csms.ts';
import { createDeadlines, type Deadlines } from './deadlines.ts';
import { dialectIdIn, dialectMissing, hasCalls, isCall, type Line, readLine } from './line.ts';

/** The outcome of one line of a transcript. */
export type Event = Unusable | Unmoved | Done | Refused;

interface Unusable {
  readonly outcome: 'unusable';
  readonly line: number;
  /** What is wrong with the line: sentences without the last period. */
  readonly expected: string;
}
interface Played {
  readonly line: number;
  readonly dialect: Dialect;
  /** The operation of the call, or the type of the action. */
  readonly operation: string;
  readonly at: number;
  /** Empty if the transcript does not name a project. */
  readonly project: string;
  /** Empty if the call is not about a single secret. */
  readonly secret: string;
  /** The secret after the call; undefined if it does not exist. */
  readonly state: SecretState | undefined;
}
/** A call that moves no stage: it reads, or changes something outside the model. */
interface Unmoved extends Played {
  readonly outcome: 'unmoved';
}
interface Done extends Played {
  readonly outcome: 'done';
  readonly effects: readonly (Effect | SecretEffect)[];
}
/** An effect on a whole secret. A new secret with versions has the effects of its versions instead. */
type SecretEffect = { readonly type: 'secretCreated' } | { readonly type: 'secretDeleted' };

interface Refused extends Played {
  readonly outcome: 'refused';
  readonly refusal: Refusing['refusal'] | MissingSecret;
  readonly sentence: string;
}

/** A secret that does not exist. `deletedAt` is when it was deleted; null if the transcript never had it. */
type MissingSecret = Extract<CallRefusal, { code: 'UNKNOWN_SECRET' }> & { readonly deletedAt: number | null };

/** The error for a line with an unknown dialect, or with a different one than the transcript. */
export class TranscriptError extends Error {
  override readonly name: string = 'TranscriptError';
}

/** How many versions a secret can have in a transcript, because each new one visits all others. All clouds except Google have lower limits. */
const mostVersions = 1000;

const withoutSettings = { ...defaultSettings, id: '', value: unrecorded };

/**
 * Returns a function that plays a transcript line by line, starting without secrets. It skips blank lines. The service of the
 * emulator does calls, and the model does actions. Recorded responses take precedence: a new version gets the recorded id, a
 * call that was refused changes nothing, and a call that was done and changes no stage is not refused. `source` names the transcript
 * in errors.
 *
 * Without `given`, the dialect is that of the first line with a dialect or, from the first call on, that of its cloud. Before that,
 * no action is played.
 *
 * @throws {TranscriptError} at a line with an unknown dialect, or with a different one than the transcript.
 */
export function startPlay(
  given?: Dialect | undefined,
  source = 'transcript',
): (text: string, line: number) => Event | undefined {
  const projects = new Map<string, PlayedProject>();
  let known = given;

  return (text, line) => {
    // Trimming also removes byte order marks and carriage returns.
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const json = parseJson(trimmed);
    const id = dialectIdIn(json) ?? known?.id;
    const where = `${source}:${line} cannot be played`;
    const dialect = id === undefined || id === known?.id ? known : cloudNamed(id, where);
    if (known !== undefined && dialect?.id !== known.id)
      throw new TranscriptError(`${where}. ${wrongDialect(`${id}`, known, given)}`);
    const read = readLine(json, dialect);
    // A call that cannot be read does not set the dialect of the lines after it.
    if (!('expected' in read && isCall(json))) known = dialect;
    if ('expected' in read) return { outcome: 'unusable', line, expected: read.expected };
    if (dialect === undefined) return { outcome: 'unusable', line, expected: dialectMissing };
    return playLine(read, line, dialect, projects);
  };
}

/** Returns a sentence about a secret that is read with the wrong dialect, and what to do. */
export function wrongDialect(id: string, dialect: Dialect | undefined, given: Dialect | undefined): string {
  const quoted = quote(id);
  const belongs = `The secret belongs to ${quoted}`;
  const pass = `--cloud ${quoted.slice(1, -1)}`;
  if (given) return `${belongs}, but --cloud is "${given.id}". Omit --cloud, or pass ${pass}.`;
  return dialect
    ? `${belongs}, but the lines before it belong to "${dialect.id}". Use a separate file for each cloud.`
    : `${belongs}, but is read as "huawei-csms". Pass ${pass}.`;
}

const cloudNamed = (id: string, where: string): Dialect => {
  const dialect = cloudOf(id);
  if (dialect) return dialect;
  const ids = clouds.map((cloud) => cloud.id);
  throw new TranscriptError(`${where}. ${quote(id)} is not a dialect; ${nearest(id, ids)}`);
};

/** The state of one project in a transcript. */
interface PlayedProject {
  readonly secrets: Map<string, PlayedSecret>;
  /** The secrets whose deletion was scheduled. It may have been cancelled or rescheduled since. */
  readonly deletions: Deadlines<string>;
  /** By name of a deleted secret: when it was deleted. */
  readonly deleted: Map<string, number>;
  /** The directory that the last call wrote; undefined if the secrets have changed since. */
  directory?: Directory | undefined;
}

const playLine = (read: Line, line: number, dialect: Dialect, projects: Map<string, PlayedProject>): Event => {
  const { at, secret } = read;
  const operation = 'action' in read ? read.action.type : read.operation;
  // In CSMS every secret is in a project. There, only a line that creates the first secret can omit it.
  const isNameless = projects.size === 0 && (operation === 'createSecret' || !hasCalls(dialect));
  const project = projectNamed(read, projects) ?? (isNameless ? '' : onlyOne(projects.keys()));
  if (project === undefined) {
    const known =
      projects.size === 0 ? 'no line before this one creates a secret' : `the transcript has ${projects.size} of them`;
    return { outcome: 'unusable', line, expected: `project is required, because ${known}` };
  }

  const kept = projects.get(project) ?? { secrets: new Map(), deletions: createDeadlines(), deleted: new Map() };
  removeDue(kept, at);
  const before = kept.secrets.get(secret)?.state;
  if (creations.includes(operation) && before && countVersions(before) >= mostVersions)
    return {
      outcome: 'unusable',
      line,
      expected: `A secret in a transcript can have at most ${grouped(mostVersions)} versions`,
    };
  const played = { line, dialect, operation, at, project, secret };
  const result = 'action' in read ? playAction(read, kept, dialect) : playCall(read, kept, dialect, project);
  if (result === 'unmoved') return { ...played, outcome: 'unmoved', state: before };
  if (result !== 'done') {
    const isMissing = result.refusal.code === 'UNKNOWN_SECRET';
    const deletedAt = kept.deleted.get(secret) ?? null;
    const refusal = isMissing ? { ...result.refusal, deletedAt } : result.refusal;
    const sentence = isMissing && deletedAt !== null ? deletionSentence(secret, deletedAt) : result.sentence;
    return { ...played, outcome: 'refused', refusal, sentence, state: before };
  }
  projects.set(project, kept);
  const state = kept.secrets.get(secret)?.state;
  return { ...played, outcome: 'done', effects: effectsOf(before, state), state };
};

/** The actions and calls that can add a version to a secret. */
const creations = ['createVersion', 'CreateSecretVersion', 'PutSecretValue', 'UpdateSecret', 'RotateSecret'];

/** The project that a line names, itself or in an ARN. */
const projectNamed = (line: Line, projects: ReadonlyMap<string, unknown>): string | undefined => {
  const arnProject = 'arnProject' in line ? line.arnProject : undefined;
  // Lines before the first ARN may have been played without a project.
  const isNameless = arnProject !== undefined && projects.has('') && !projects.has(arnProject);
  return line.project ?? (isNameless ? '' : arnProject);
};

const deletionSentence = (secret: string, at: number): string =>
  `Secret ${quote(secret)} does not exist. It was deleted on ${new Date(at).toISOString()}.`;

const effectsOf = (before: SecretState | undefined, state: SecretState | undefined): Done['effects'] => {
  // AWS deletes a secret that does not exist without an error.
  if (state === undefined) return before === undefined ? [] : [{ type: 'secretDeleted' }];
  const effects = effectsBetween(before, state);
  return before === undefined && effects.length === 0 ? [{ type: 'secretCreated' }] : effects;
};

/** Does an action. */
const playAction = (
  { action, at, secret: name }: Extract<Line, { action: unknown }>,
  project: PlayedProject,
  dialect: Dialect,
): 'done' | Refusing => {
  const before = project.secrets.get(name);
  if (action.type === 'createSecret') {
    const rules = { dialect, secretsAProject: hasCalls(dialect) ? secretLimit : Number.POSITIVE_INFINITY };
    const refusal = whyNotCreated(name, before !== undefined, project.secrets.size, rules);
    if (refusal) return refuse(refusal);
    const outcome = tryCreateSecret(action, dialect);
    if (!outcome.ok) return refuse(outcome.refusal);
    const { state } = outcome;
    const isAws = dialect.id === awsSecretsManager.id;
    keep(project, name, isAws ? newAwsSecret(state, at) : newSecret(state, at, withoutSettings), at);
    return 'done';
  }
  if (before === undefined) return refuse({ code: 'UNKNOWN_SECRET', secret: name });
  const outcome = tryReduce(before.state, action, dialect);
  if (!outcome.ok) return refuse(outcome.refusal);
  const { state } = outcome;
  keep(project, name, 'arn' in before ? withAwsState(before, state, at) : withState(before, state, at), at);
  return 'done';
};

/** Does a call on the service. */
const playCall = (
  { play, at, recorded, changes }: CallLine,
  kept: PlayedProject,
  dialect: Dialect,
  project: string,
): 'done' | 'unmoved' | Refusing => {
  if (recorded === 'refused' || !play) return 'unmoved';
  const { secrets } = kept;
  const directory = () => {
    kept.directory ??= directoryOf(recordOf(secrets));
    return kept.directory;
  };
  const result = play({ dialect, project, secrets, directory });
  if ('refusal' in result)
    return recorded === 'done' && !changes && result.refusal.code !== 'UNKNOWN_SECRET' ? 'unmoved' : result;
  const { writes = [] } = result;
  for (const { secret: name, entry } of writes) {
    if (name !== undefined) keep(kept, name, entry && 'secret' in entry ? entry.secret : undefined, at);
  }
  for (const { entry } of writes) if (entry && 'directory' in entry) kept.directory = entry.directory;
  return changes ? 'done' : 'unmoved';
};

/** Removes the secrets whose deletion is due. They stay deleted even if a later line has an earlier time. */
const removeDue = (project: PlayedProject, at: number): void => {
  for (const { item: name, time: due } of project.deletions.takeUntil(at)) {
    const isScheduled = project.secrets.get(name)?.state.scheduledDeleteTime === due;
    if (isScheduled) keep(project, name, undefined, due);
  }
};

const keep = (project: PlayedProject, name: string, next: PlayedSecret | undefined, at: number): void => {
  const { secrets, deletions, deleted } = project;
  const due = next?.state.scheduledDeleteTime ?? null;
  const was = secrets.get(name);
  if (!next || !was || was.state.scheduledDeleteTime !== due) project.directory = undefined;
  if (due !== null && was?.state.scheduledDeleteTime !== due) deletions.add(name, due);
  if (next) {
    secrets.set(name, next);
    return;
  }
  secrets.delete(name);
  deleted.set(name, at);
};

const onlyOne = (names: Iterable<string>): string | undefined => {
  const [first, second] = names;
  return second === undefined ? first : undefined;
};
