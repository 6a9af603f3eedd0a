import { readFileSync } from 'node:fs';
import type { Colors } from 'picocolors/types.js';
import { describeProblem } from '../describe.ts';
import { requestOf } from '../emulator/request-of.ts';
import type { SecretAction } from '../index.ts';
import { type Finding, type PolicyRule, pack, parsePolicy, type Report, type Severity } from '../policy/index.ts';
import { isTime } from '../state.ts';
import { moment, printable } from './board.ts';
import { UsageError } from './host.ts';
import { asJson, parseJson } from './json.ts';
import type { ReadSecret } from './secrets.ts';

/** What `check` and `plan` have in common: the options, and how findings are told. */
export const judgingOptions = {
  policy: { type: 'string' },
  at: { type: 'string' },
  format: { type: 'string', default: 'pretty' },
  'fail-on': { type: 'string', default: 'warning' },
} as const;

/** A secret with what is found in it: now, and in the changes that a transcript tells of. */
export interface Checked extends Report {
  readonly secret: ReadSecret;
}

/** The policy in a file, or the pack. */
export const policyIn = (file: string | undefined): readonly PolicyRule[] => {
  if (file === undefined) return pack;
  const json = parseJson(readFileSync(file, 'utf8'));
  if (json === undefined) throw new UsageError(`${file} must be a policy in JSON, and is no JSON`);
  const parsed = parsePolicy(json);
  if (!parsed.ok) throw new UsageError(`${file} is no policy`, parsed.problems.map(describeProblem));
  return parsed.policy;
};

/** As of when secrets are judged, in epoch milliseconds: as told, else when a transcript ends, else now. */
export const timeIn = (given: string | undefined, recordedAt: number | undefined): number => {
  if (given === undefined) return recordedAt ?? Date.now();
  const time = /^\d+$/.test(given) ? Number(given) : Date.parse(given);
  if (isTime(time)) return time;
  throw new UsageError(`--at must be epoch milliseconds or a date such as 2026-11-24T12:00:00Z, not ${given}`);
};

const ranks: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 };

/** Whether a finding matters at least so much. */
export const isAtLeast = ({ severity }: Finding, failOn: Severity): boolean => ranks[severity] >= ranks[failOn];

const paints = { note: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<Severity, keyof Colors>;

/** A finding as somebody reads it at 3 a.m.: what is so, since when, why it matters, and what to do. */
export const drawFinding = (
  finding: Finding,
  secret: ReadSecret,
  rules: readonly PolicyRule[],
  planCommand: string,
  colors: Colors,
): string => {
  const rule = rules.find(({ id }) => id === finding.rule);
  const since = finding.since === undefined ? '' : `Since ${moment(finding.since)}. `;
  const commands = finding.remedy.map((action) => optionFor(action));
  const calls = finding.remedy.map((action) => callFor(action, secret));
  return [
    `${colors[paints[finding.severity]](finding.severity)}  ${colors.bold(finding.rule)}`,
    printable(finding.sentence),
    colors.dim(`${since}${rule?.why}`),
    ...(commands.length > 0
      ? [`What mends it: ${printable([planCommand, ...commands].join(' '))}`, ...calls.map((call) => `  ${call}`)]
      : [`What to do: ${rule?.advice}`]),
  ].join('\n');
};

/** An action as an option of `plan`. */
const optionFor = (action: SecretAction): string => {
  if (action.type === 'assignStage') return `--assign ${quoted(`${action.stage}=${action.versionId}`)}`;
  if (action.type === 'removeStage') return `--remove ${quoted(action.stage)}`;
  const { keep, createdBefore } = action.type === 'pruneDeprecated' ? action : {};
  return ['--prune', keep && `--keep ${keep}`, createdBefore && `--created-before ${createdBefore}`]
    .filter(Boolean)
    .join(' ');
};

/** An action as a line of a transcript. */
const callFor = (action: SecretAction, { project, state }: ReadSecret): string => {
  const sent = requestOf(action, project, state.name);
  if (sent === undefined || !('at' in action)) return 'and the service prunes: there is no call for it';
  return asJson({ at: action.at, ...sent });
};

/** A word of a command as a shell takes it. */
const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** How `plan` is called for one of the secrets that these files hold. */
export const planCommand = (files: readonly string[], all: readonly ReadSecret[], secret: ReadSecret): string => {
  const alike = all.filter(({ state }) => state.name === secret.state.name);
  return [
    'secret-stages plan',
    ...files.map(quoted),
    ...(all.length > 1 ? [`--secret ${quoted(secret.state.name)}`] : []),
    ...(alike.length > 1 && secret.project !== null ? [`--project ${quoted(secret.project)}`] : []),
  ].join(' ');
};
