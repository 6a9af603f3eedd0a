import { fits } from '../dialects/index.ts';
import { type Dialect, latestVersion, type SecretAction, type SecretState, versionOf } from '../index.ts';
import { entryOf } from '../json.ts';
import { nearest } from '../nearest.ts';
import { explainProblem } from '../sentences.ts';
import { foundText, quote } from '../text.ts';
import { type Subject, timesOf, type Unknown } from './subject.ts';

/** The severity of a finding, in the terms of SARIF. */
export type Severity = 'error' | 'warning' | 'note';

/** All severities, highest first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** What a rule checks: a secret at a time. */
export interface Case extends Subject {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The dialect of the secret. */
  readonly dialect: Dialect;
  /**
   * The id of the version that the current stage is on; undefined if it is on none. In a cloud without a current stage, such as
   * Google Cloud, the version that a reader of `latest` gets.
   */
  readonly current: string | undefined;
  /** The id of the version that the previous stage is on; undefined if it is on none. */
  readonly previous: string | undefined;
  /** The id of the version that the pending stage is on; undefined if it is on none. */
  readonly pending: string | undefined;
  /** Returns the age of a version in milliseconds; undefined if its creation time is unknown or it does not exist. */
  readonly ageOf: (versionId: string) => number | undefined;
  /** Returns when a stage was last moved, in epoch milliseconds; undefined if unknown. */
  readonly timeOf: (stage: string) => number | undefined;
  /** Returns the names of the stages on a version, sorted; empty if it has no stage. */
  readonly stagesOf: (versionId: string) => readonly string[];
}

/** A secret and its state before a change. */
export interface ChangeCase extends Case {
  /** The state before the change. */
  readonly before: SecretState;
  /** The state after the last change of a plan; that of the secret itself if no other change follows. */
  readonly end: SecretState;
}

/** A finding of a rule. If a rule has several for one stage and version, the last one is reported. */
export interface RuleFinding {
  /** What is wrong, with the names of the stage and the version. */
  readonly sentence: string;
  /** The stage that it is about. */
  readonly stage?: string | undefined;
  /** The version that it is about. */
  readonly versionId?: string | undefined;
  /** The start of the reported condition, in epoch milliseconds, such as when the stage was put on its version. */
  readonly since?: number | undefined;
  /** Possible fixes, best first. The first that works on the model becomes the remedy of the finding. */
  readonly remedies?: Remedies | undefined;
}

/** The remedies that a rule proposes, best first. Each is a list of actions. */
export type Remedies = readonly (readonly SecretAction[])[];

/** The numbers that a rule uses, by name. A name says the unit. */
export type Thresholds<Name extends string = string> = Readonly<Record<Name, number>>;

/** The definition of a rule. */
export interface RuleDefinition<Name extends string> {
  /** Words of lower-case letters and digits, joined by hyphens. */
  readonly id: string;
  /** What the rule requires, in a sentence. */
  readonly title: string;
  /** What goes wrong if a secret breaks the rule. */
  readonly why: string;
  /** What a person can do if no remedy works. */
  readonly advice: string;
  /** How serious a finding is. A policy can change it. */
  readonly severity: Severity;
  /** Their default values. A policy can change them. */
  readonly thresholds: Thresholds<Name>;
  /**
   * What the rule depends on that a source may not say. If it is unknown, a report lists the rule as unchecked. The state then holds
   * an assumed value, so use `timeOf` and `ageOf` of the case, and `isKnown`.
   */
  readonly needs?: readonly Unknown['what'][] | undefined;
  /** Whether an unknown that the rule needs could hide a finding in this secret or change. If omitted, it always can. */
  readonly misses?:
    | ((secret: Case | ChangeCase, unknown: Unknown, thresholds: Thresholds<Name>) => boolean)
    | undefined;
  /** Checks a secret. */
  readonly find?: ((secret: Case, thresholds: Thresholds<Name>) => readonly RuleFinding[]) | undefined;
  /** Checks a change, for what one state does not show. */
  readonly findInChange?: ((secret: ChangeCase, thresholds: Thresholds<Name>) => readonly RuleFinding[]) | undefined;
}

/** A rule of a policy: data and pure functions. */
export interface PolicyRule extends Pick<RuleDefinition<string>, 'id' | 'title' | 'why' | 'advice' | 'severity'> {
  /** The numbers that it uses, by name. */
  readonly thresholds: Thresholds;
  /** What it depends on that a source may not say. */
  readonly needs: readonly Unknown['what'][];
  /** Whether an unknown that the rule needs could hide a finding in this secret or change. */
  readonly misses: (secret: Case | ChangeCase, unknown: Unknown) => boolean;
  /** Checks a secret. */
  readonly find: (secret: Case) => readonly RuleFinding[];
  /** Checks a change, for what one state does not show. */
  readonly findInChange: (secret: ChangeCase) => readonly RuleFinding[];
  /** Returns the rule with another severity or other thresholds. */
  readonly with: (changes: RuleChanges) => PolicyRule;
}

/** What a policy can change in a rule. */
export interface RuleChanges {
  /** If omitted, unchanged. */
  readonly severity?: Severity | undefined;
  /** Some of the thresholds, by name. Others are unchanged. */
  readonly thresholds?: Thresholds | undefined;
}

/**
 * Makes a rule. A policy is a list of rules. A remedy may be a guess: `check` reports it only if, on the model, it is allowed, fixes
 * the finding and causes no other.
 *
 * @throws {RangeError} if the id or severity is invalid, or a threshold is unknown to the rule or not a number of at least 0.
 *
 * @example
 * const thawed = defineRule({
 *   id: 'thawed',
 *   title: 'The secret is not frozen.',
 *   why: 'A frozen secret cannot be rotated.',
 *   advice: 'Ask the cloud why it froze the secret.',
 *   severity: 'error',
 *   thresholds: {},
 *   find: ({ state }) => (state.status === 'FROZEN' ? [{ sentence: 'The secret is FROZEN.' }] : []),
 * });
 * const db = setStatus(createSecret({ name: 'db', at: 0 }), { status: 'FROZEN', at: 1000 });
 * check(db, { at: 2000, policy: [thawed] }).findings.map((finding) => finding.sentence); // ['The secret is FROZEN.']
 */
export function defineRule<const Name extends string>(definition: RuleDefinition<Name>): PolicyRule {
  const { needs = [], misses, find, findInChange, ...data } = definition;
  const { id, severity } = data;
  const thresholds = Object.freeze({ ...definition.thresholds });
  if (!fits(id, '[a-z\\d]+(-[a-z\\d]+)*')) {
    const expected = 'words of lower-case letters and digits, joined by hyphens';
    throw new RangeError(`${explainProblem({ path: 'The id of a rule', expected, found: foundText(id) })}.`);
  }
  if (!severities.includes(severity)) {
    const path = `The severity of rule "${id}"`;
    const expected = `one of ${severities.join(', ')}`;
    throw new RangeError(`${explainProblem({ path, expected, found: foundText(severity) })}.`);
  }
  const names = Object.keys(thresholds);
  if (names.includes('severity')) throw new RangeError(`A threshold of rule "${id}" cannot be named "severity".`);
  mustBeThresholds(id, thresholds, names);
  return Object.freeze({
    ...data,
    thresholds,
    needs: Object.freeze([...needs]),
    misses: (secret: Case | ChangeCase, unknown: Unknown) =>
      needs.includes(unknown.what) &&
      (findInChange !== undefined || !('before' in secret)) &&
      (misses?.(secret, unknown, thresholds) ?? true),
    // A function that forgets to return findings must not pass.
    find: (secret: Case) => (find ? find(secret, thresholds) : []),
    findInChange: (secret: ChangeCase) => (findInChange ? findInChange(secret, thresholds) : []),
    with: ({ severity: changed = severity, thresholds: changes = {} }: RuleChanges) => {
      mustBeThresholds(id, changes, names);
      return defineRule({ ...definition, severity: changed, thresholds: { ...thresholds, ...changes } });
    },
  });
}

/** Makes a case. Takes nothing of `known` but what a subject has. */
export function caseFor(state: SecretState, known: Omit<Subject, 'state'>, at: number, dialect: Dialect): Case {
  const { expireTimes, unknown, rotation, replicaOf, managedBy, tracked } = known;
  const { current, previous, pending } = dialect.stages;
  let timeOf: Case['timeOf'] | undefined;
  let names: Map<string, string[]> | undefined;
  return {
    state,
    at,
    dialect,
    expireTimes,
    unknown,
    rotation,
    replicaOf,
    managedBy,
    tracked,
    current: current === null ? latestVersion(state, dialect) : versionOf(state, current),
    previous: versionOf(state, previous),
    pending: versionOf(state, pending),
    ageOf: (versionId) => {
      const version = entryOf(state.versions, versionId);
      if (unknown?.some((one) => one.what === 'createTime' && one.versionId === versionId)) return undefined;
      return version && at - version.createTime;
    },
    timeOf: (stage) => {
      timeOf ??= timesOf({ state, unknown });
      return timeOf(stage);
    },
    stagesOf: (versionId) => {
      names ??= namesByVersion(state);
      return [...(names.get(versionId) ?? [])];
    },
  };
}

function namesByVersion({ stages }: SecretState): Map<string, string[]> {
  const byVersion = new Map<string, string[]>();
  for (const { name, versionId } of stages) {
    const names = byVersion.get(versionId);
    if (names) names.push(name);
    else byVersion.set(versionId, [name]);
  }
  return byVersion;
}

export const thresholdRule = 'a number of at least 0';

export function isThreshold(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function mustBeThresholds(id: string, given: Thresholds, known: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    const threshold = quote(name);
    if (!known.includes(name)) {
      throw new RangeError(`${threshold} is not a threshold of rule "${id}" (${nearest(name, known)}).`);
    }
    if (!isThreshold(value)) {
      const path = `${threshold} of rule "${id}"`;
      throw new RangeError(`${explainProblem({ path, expected: thresholdRule, found: foundText(value) })}.`);
    }
  }
}
