import type { Colors } from 'picocolors/types.js';
import { callFor as requestOf } from '../api/csms/actions.ts';
import { projectId } from '../api/csms/calls.ts';
import { explainProblem } from '../explain.ts';
import { hasVersion, type SecretAction, type SecretState, tryReduce } from '../index.ts';
import { parseJson } from '../json.ts';
import { isTime } from '../limits.ts';
import { type Finding, type PolicyRule, pack, parsePolicy, type Report, type Severity } from '../policy/index.ts';
import { severities } from '../policy/rule.ts';
import { asJson, printable } from '../text.ts';

import { hasCalls } from '../transcript/line.ts';
import { moment } from './draw-board.ts';
import { type Host, readText, UsageError } from './host.ts';
import type { ReadSecret } from './read-secrets.ts';

/** What `check` and `plan` have in common: the options, and how findings are told. */
export const judgingOptions = {
  dialect: { type: 'string' },
  policy: { type: 'string' },
  at: { type: 'string' },
  format: { type: 'string', default: 'pretty' },
  'fail-on': { type: 'string', default: 'warning' },
  'fail-on-unjudged': { type: 'boolean', default: false },
} as const;

/** A secret with what is found in it: now, and in the changes that a transcript tells of. */
export interface Checked extends Report {
  readonly secret: ReadSecret;
  /** As of when, in epoch milliseconds. */
  readonly at: number;
}

/** The files that are given, each once; standard input if there is none. */
export function filesIn(positionals: readonly string[]): readonly string[] {
  return positionals.length > 0 ? [...new Set(positionals)] : ['-'];
}

/** The policy in a file, or the pack. */
export async function policyIn(host: Host, file: string | undefined): Promise<readonly PolicyRule[]> {
  if (file === undefined) return pack;
  const json = parseJson(await readText(host, file));
  if (json === undefined) throw new UsageError(`${file} must be a policy in JSON, and is no JSON`);
  const parsed = parsePolicy(json);
  if (!parsed.ok) throw new UsageError(`${file} is no policy`, parsed.problems.map(explainProblem));
  return parsed.policy;
}

/** As of when secrets are judged, in epoch milliseconds: as told, else when a transcript ends, else now. */
export function timeIn(given: string | undefined, recordedAt: number | undefined): number {
  return given === undefined ? (recordedAt ?? Date.now()) : readTime('--at', given);
}

/** A time that an option is given, in epoch milliseconds. */
export function readTime(flag: string, given: string): number {
  const must = `${flag} must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z, not ${given}`;
  // As of the year 1970 there would be nothing to find.
  if (/^\d{10}$/.test(given)) throw new UsageError(`${must}; that looks like seconds`);
  const time = /^\d+$/.test(given)
    ? Number(given)
    : Date.parse(date.test(given) && isDay(given.slice(0, 10)) ? given : '');
  if (isTime(time)) return time;
  throw new UsageError(must);
}

/** Date.parse takes much more, and some of it is a date to nobody else, or another one in each time zone. */
const date = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Date.parse takes the 30th of February for a day in March. */
const isDay = (day: string): boolean => new Date(Date.parse(day) || 0).toISOString().startsWith(day);

/** Whether a finding matters at least so much. */
export function isAtLeast({ severity }: Finding, failOn: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

const paints = { note: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<Severity, keyof Colors>;

/**
 * A finding as somebody reads it at 3 a.m.: what is so, since when, why it matters, and what to do; also the command that shows
 * what the remedy does, if `typed` makes one of it.
 */
export function drawFinding(
  finding: Finding,
  secret: ReadSecret,
  rules: readonly PolicyRule[],
  typed: (remedy: readonly SecretAction[]) => string | undefined,
  colors: Colors,
): string {
  const rule = rules.find(({ id }) => id === finding.rule);
  const since = finding.since === undefined ? '' : `Since ${moment(finding.since)}. `;
  const { remedy } = finding;
  const shown = typed(secret.dialect.stages.move === 'free' ? remedy.map(unguarded) : remedy);
  return [
    `${colors[paints[finding.severity]](finding.severity)}  ${colors.bold(finding.rule)}`,
    printable(finding.sentence),
    colors.dim(`${since}${rule?.why}`),
    ...(remedy.length > 0 ? ['What mends it:', ...remedy.map((action) => `  ${callFor(action, secret)}`)] : []),
    `${remedy.length > 0 ? 'Or' : 'What to do'}: ${rule?.advice}`,
    ...(remedy.length > 0 && shown !== undefined ? [`See first what it does: ${shown}`] : []),
  ].join('\n');
}

/** A call of `plan` with these actions; undefined if it cannot be typed so that it means them. */
export function typedWith(
  command: string | undefined,
  actions: readonly SecretAction[],
  secret: ReadSecret,
): string | undefined {
  if (command === undefined) return undefined;
  const shown = [command, ...actions.map(optionsFor)].join(' ');
  const areUnderstood = actions.every((action, index) =>
    isUnderstood(action, stateAfter(secret, actions.slice(0, index))),
  );
  return areUnderstood && printable(shown) === shown ? shown : undefined;
}

/** A secret after actions; one that is refused changes nothing. */
export function stateAfter({ state, dialect }: ReadSecret, actions: readonly SecretAction[]): SecretState {
  return actions.reduce((before, action) => {
    const outcome = tryReduce(before, action, dialect);
    return outcome.ok ? outcome.state : before;
  }, state);
}

/** STAGE=VERSION, in which either may have a = of its own: parted where a version of the secret follows, else at the first. */
export function assignmentIn(text: string, state: SecretState) {
  const parted = [...text.matchAll(/=/g)].map(({ index }) => ({
    stage: text.slice(0, index),
    versionId: text.slice(index + 1),
  }));
  return parted.find(({ versionId }) => hasVersion(state, versionId)) ?? parted[0];
}

/** Whether `plan` reads in the options of an action what they were written for. */
const isUnderstood = (action: SecretAction, state: SecretState): boolean => {
  if (action.type === 'createVersion') return action.stages?.some((stage) => stage.includes(',')) !== true;
  if (action.type !== 'assignStage') return true;
  return assignmentIn(`${action.stage}=${action.versionId}`, state)?.stage === action.stage;
};

/** A move without its holder: `plan` reads the same files again, so that is a word too many where no move needs it. */
const unguarded = (action: SecretAction): SecretAction =>
  action.type === 'assignStage' ? { ...action, from: undefined } : action;

/** An action as options of `plan`. */
export function optionsFor(action: SecretAction): string {
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [option(name, value)]);
  if (action.type === 'assignStage') {
    const from = action.from === null ? '' : action.from;
    return [option('assign', `${action.stage}=${action.versionId}`), ...optional('from', from)].join(' ');
  }
  if (action.type === 'removeStage')
    return [option('remove', action.stage), ...optional('from', action.from)].join(' ');
  if (action.type === 'createVersion') {
    const { stages, versionId } = action;
    return ['--new-version', ...optional('version-id', versionId), ...optional('stages', stages?.join(','))].join(' ');
  }
  // No other is an option of `plan` or a remedy of the pack.
  return [
    '--prune',
    ...('keep' in action ? [`--keep ${action.keep}`] : []),
    ...('createdBefore' in action ? [`--created-before ${action.createdBefore}`] : []),
  ].join(' ');
}

/** An option with its value, as a shell takes it. A value that looks like an option is not told from one otherwise. */
const option = (name: string, value: string): string => `--${name}${value.startsWith('-') ? '=' : ' '}${quoted(value)}`;

/** A word of a command as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An action as a line of a transcript. */
export function callFor(action: SecretAction, { project, state, dialect }: ReadSecret): string {
  if (!('at' in action)) return 'No call prunes: the service does it, at any time (UpdateSecretStage).';
  const sent = hasCalls(dialect)
    ? requestOf(action, project, state.name)
    : { project: project !== null && projectId.test(project) ? project : undefined, secret: state.name, action };
  return asJson({ at: action.at, ...sent });
}

/**
 * How `plan` is called for each of the secrets that files hold, to judge it as they were judged; undefined for one that its name
 * and its project do not tell from others.
 */
export function planCommands(
  files: readonly string[],
  secrets: readonly ReadSecret[],
  { at, policy, dialect }: Readonly<Partial<Record<'at' | 'policy' | 'dialect', string | undefined>>>,
): (secret: ReadSecret) => string | undefined {
  const keyOf = (name: string, project: string | null) => JSON.stringify([name, project]);
  const counts = new Map<string, number>();
  for (const { project, state } of secrets) {
    for (const key of new Set([state.name, keyOf(state.name, project)])) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ({ project, state: { name } }) => {
    const isAlone = counts.get(name) === 1;
    if (!isAlone && (project === null || counts.get(keyOf(name, project)) !== 1)) return undefined;
    return [
      'secret-stages plan',
      ...files.map((file) => quoted(file.replace(/^-(?=.)/, './-'))),
      ...(secrets.length > 1 ? [option('secret', name)] : []),
      ...(isAlone || project === null ? [] : [option('project', project)]),
      ...(dialect === undefined ? [] : [option('dialect', dialect)]),
      ...(at === undefined ? [] : [option('at', at)]),
      ...(policy === undefined ? [] : [option('policy', policy)]),
    ].join(' ');
  };
}
