import { type Dialect, fits, huaweiCsms, type Pattern, patternRule, statusesOf } from './dialects/index.ts';

import { isObject } from './json.ts';
import { violations } from './laws.ts';
import { countRule, fingerprintRule, isCount, isFingerprint, isTime, timeRule } from './limits.ts';
import { type Outcome, type Problem, type Refusal, refuse, wrongDialect } from './refusal.ts';
import { byName, byOrdinal, newVersion, type SecretState, type Stage, versionsById } from './state.ts';
import { asText } from './text.ts';

/** Records what is wrong with the value at a path. */
type Check = (value: unknown, path: string) => void;

/**
 * Reads a secret from untrusted data: a file, a database column, JSON from elsewhere. The state that it returns is a frozen
 * copy that obeys every law of the dialect. Its stages may come in any order. An unknown field is refused rather than lost,
 * and its content is never shown: it could be the secret's value.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not a secret (INVALID_STATE, with every
 * problem and its path, and every broken law by its id).
 *
 * @example
 * const state = createSecret({ name: 'db', at: 0 });
 * parseSecretState(JSON.parse(JSON.stringify(state))).ok; // true
 * parseSecretState({ ...state, versions: {} }).ok; // false
 */
export function parseSecretState(
  input: unknown,
  dialect: Dialect = huaweiCsms,
): Outcome<'WRONG_DIALECT' | 'INVALID_STATE'> {
  const foreign = foreignRefusal(input, dialect);
  if (foreign) return refuse(foreign);
  const problems: Problem[] = [];

  const must =
    (expected: string, isSound: (value: unknown) => boolean): Check =>
    (value, path) => {
      if (!isSound(value)) problems.push({ path, expected, found: asText(value) });
    };
  // What should hold more shows its kind alone: it could be a secret's value where its version belongs.
  const mustHold =
    (expected: string, isSound: (value: unknown) => boolean): Check =>
    (value, path) => {
      if (!isSound(value)) problems.push({ path, expected, found: value === null ? 'null' : typeof value });
    };
  const mustBeList = mustHold('a list', Array.isArray);
  const mustBeObject = mustHold('an object', isObject);
  const mustBeTime = must(timeRule, isTime);
  const mustBeName = (pattern: Pattern) => must(patternRule(pattern), (value) => fits(value, pattern));
  const mustBeCount = must(countRule, isCount);

  const each =
    (check: Check): Check =>
    (value, path) => {
      mustBeList(value, path);
      if (Array.isArray(value)) for (const [index, element] of value.entries()) check(element, `${path}[${index}]`);
    };
  const eachById =
    (check: Check): Check =>
    (value, path) => {
      mustBeObject(value, path);
      if (isObject(value)) for (const id of Object.keys(value)) check(value[id], `${path}[${key(id)}]`);
    };
  const fields =
    (checks: Readonly<Record<string, Check>>): Check =>
    (value, path) => {
      mustBeObject(value, path);
      if (!isObject(value)) return;
      for (const [field, check] of Object.entries(checks)) {
        check(Object.hasOwn(value, field) ? value[field] : undefined, `${path}.${field}`);
      }
      for (const field of Object.keys(value)) {
        if (!Object.hasOwn(checks, field)) problems.push({ path: `${path}[${key(field)}]`, expected: 'omitted' });
      }
    };

  const statuses = statusesOf(dialect);
  const stateCheck = fields({
    name: mustBeName(dialect.secret.name),
    dialect: must(dialect.id, (value) => value === dialect.id),
    status: must(`one of ${statuses.join(', ')}`, (value) => statuses.some((status) => status === value)),
    scheduledDeleteTime: must(`${timeRule} or null`, (value) => value === null || isTime(value)),
    versions: eachById(
      fields({
        id: mustBeName(dialect.versions.id),
        createTime: mustBeTime,
        ordinal: mustBeCount,
        // What is given for it is never shown: it could be the secret's value.
        fingerprint: mustHold(`omitted, or ${fingerprintRule}`, isFingerprint),
      }),
    ),
    stages: each(
      fields({
        name: mustBeName(dialect.stages.name),
        versionId: mustBeName(dialect.versions.id),
        updateTime: mustBeTime,
      }),
    ),
    versionsMade: mustBeCount,
    lastNumber: mustBeCount,
  });
  stateCheck(input, 'state');

  // What the laws look into must be sound before they can judge it; a bad name or an unknown field hides no broken law.
  if (problems.every(({ path }) => path === 'state.name' || path.startsWith('state['))) {
    for (const { id, sentence } of violations(input as SecretState, dialect)) {
      problems.push({ path: 'state', expected: sentence, law: id });
    }
  }
  return problems.length > 0
    ? { ok: false, refusal: { code: 'INVALID_STATE', problems } }
    : { ok: true, state: frozenCopy(input as SecretState) };
}

/** The refusal of data that names another dialect. */
export function foreignRefusal(input: unknown, dialect: Dialect): Refusal<'WRONG_DIALECT'> | undefined {
  const named = isObject(input) && Object.hasOwn(input, 'dialect') ? input['dialect'] : undefined;
  return typeof named === 'string' && named !== dialect.id ? wrongDialect({ dialect: named }, dialect) : undefined;
}

/** Why data is not a secret of the dialect, as problems whose paths begin with `state`. */
export function problemsOf(refusal: Refusal<'WRONG_DIALECT' | 'INVALID_STATE'>): readonly Problem[] {
  return refusal.code === 'INVALID_STATE'
    ? refusal.problems
    : [{ path: 'state.dialect', expected: refusal.dialect, found: refusal.stateDialect }];
}

function key(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

/** Field by field, so that a parsed state has its fields in the order of any other: V8 then sees one shape. */
export function frozenCopy(state: SecretState): SecretState {
  const { name, dialect, status, scheduledDeleteTime, versions, stages, versionsMade, lastNumber } = state;
  return Object.freeze({
    name,
    dialect,
    status,
    scheduledDeleteTime,
    versions: versionsById(
      Object.values(versions)
        .map(({ id, createTime, ordinal, fingerprint }) => newVersion(id, createTime, ordinal, fingerprint))
        .sort(byOrdinal),
    ),
    stages: Object.freeze(
      stages
        .map(({ name, versionId, updateTime }): Stage => Object.freeze({ name, versionId, updateTime }))
        .sort(byName),
    ),
    versionsMade,
    lastNumber,
  });
}
