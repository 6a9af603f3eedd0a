import { fits } from '../dialects/index.ts';
import type { Dialect, SecretAction, SecretState } from '../index.ts';
import { nearest } from '../nearest.ts';
import { explainProblem } from '../sentences.ts';
import { foundText, quote } from '../text.ts';
import type { Subject, Unknown } from './subject.ts';

/** How much a finding matters, in the words of SARIF. */
export type Severity = 'error' | 'warning' | 'note';

/** All severities, the highest first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** What a rule judges: a secret at a time. */
export interface Case extends Subject {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dialect: Dialect;
}

/** A secret and what it was before. */
export interface ChangeCase extends Case {
  readonly before: SecretState;
}

/** Something that a rule found. If a rule finds several for one stage and version, the last one is reported. */
export interface RuleFinding {
  readonly sentence: string;
  readonly stage?: string | undefined;
  readonly versionId?: string | undefined;
  /** Since when what shows it is so, in epoch milliseconds: since when a stage is where it is, say, which was right for a while. */
  readonly since?: number | undefined;
  /** What may fix it, the best first. The first that works on the model becomes the remedy of the finding. */
  readonly remedies?: Remedies | undefined;
}

/** Remedies that a rule proposes, the best first. Each is a list of actions. */
export type Remedies = readonly (readonly SecretAction[])[];

/** The numbers that a rule goes by, by their names. A name tells the unit. */
export type Thresholds<Name extends string = string> = Readonly<Record<Name, number>>;

/** What a rule is made from. */
export interface RuleDefinition<Name extends string> {
  /** Words of lower-case letters and digits with hyphens between them. */
  readonly id: string;
  /** What is right, in a sentence. */
  readonly title: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** What a person can do where no remedy works. */
  readonly advice: string;
  readonly severity: Severity;
  /** With the values that hold unless a policy changes them. */
  readonly thresholds: Thresholds<Name>;
  /**
   * What it looks at that the source of a state may not tell: a report then says that the rule was not judged in all. What stands
   * in for it is in the state, so ask `timeOf` and `isKnown` before you take it for a fact.
   */
  readonly needs?: readonly Unknown['what'][] | undefined;
  /** Whether something unknown of what it needs kept it from finding anything here. Left out: it always does. */
  readonly misses?: ((secret: Case, unknown: Unknown, thresholds: Thresholds<Name>) => boolean) | undefined;
  /** Judges a secret as it is. */
  readonly find?: ((secret: Case, thresholds: Thresholds<Name>) => readonly RuleFinding[]) | undefined;
  /** Judges a change, for what no single state shows. */
  readonly findInChange?: ((secret: ChangeCase, thresholds: Thresholds<Name>) => readonly RuleFinding[]) | undefined;
}

/** A rule that secrets are held to: data and pure functions. */
export interface PolicyRule extends Pick<RuleDefinition<string>, 'id' | 'title' | 'why' | 'advice' | 'severity'> {
  readonly thresholds: Thresholds;
  readonly needs: readonly Unknown['what'][];
  /** Whether something unknown of what it needs kept it from finding anything here. */
  readonly misses: (secret: Case, unknown: Unknown) => boolean;
  /** Judges a secret as it is. */
  readonly find: (secret: Case) => readonly RuleFinding[];
  /** Judges a change, for what no single state shows. */
  readonly findInChange: (secret: ChangeCase) => readonly RuleFinding[];
  /** The rule with another severity or other thresholds. */
  readonly with: (changes: RuleChanges) => PolicyRule;
}

/** What one policy may have otherwise in a rule than another. */
export interface RuleChanges {
  readonly severity?: Severity | undefined;
  readonly thresholds?: Thresholds | undefined;
}

/**
 * Makes a rule of your own; a policy is a list of rules. A remedy may be a guess: `check` reports it only if the model shows
 * that it is allowed, fixes the finding and brings no other.
 *
 * @throws {RangeError} for an invalid id or severity, and for a threshold that is not a number from 0 or that the rule does not have.
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
    const expected = 'words of lower-case letters and digits with hyphens between them';
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
    misses: (secret: Case, unknown: Unknown) =>
      needs.includes(unknown.what) && (misses?.(secret, unknown, thresholds) ?? true),
    find: (secret: Case) => find?.(secret, thresholds) ?? [],
    findInChange: (secret: ChangeCase) => findInChange?.(secret, thresholds) ?? [],
    with: ({ severity: changed = severity, thresholds: changes = {} }: RuleChanges) => {
      mustBeThresholds(id, changes, names);
      return defineRule({ ...definition, severity: changed, thresholds: { ...thresholds, ...changes } });
    },
  });
}

export const thresholdRule = 'a number from 0';

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
