import { type Dialect, fits, huaweiCsms, type Pattern, patternRule, statusesOf } from './dialects/index.ts';
import { fieldOf, isObject } from './json.ts';
import { violations } from './laws.ts';
import { countRule, fingerprintRule, isCount, isFingerprint, isTime, mostParts, timeRule } from './limits.ts';
import { type Outcome, type Problem, type Refusal, refuse, wrongDialect } from './refusal.ts';
import { fields, is, list, oneOf, record, type Shape } from './shape.ts';
import { byName, byOrdinal, newVersion, type SecretState, type Stage, versionsById } from './state.ts';
import { foundText, hiddenText, quote } from './text.ts';

/**
 * Reads a secret from untrusted data: a file, a database column, JSON from elsewhere. The state that it returns is a frozen
 * copy that obeys every law of the dialect. Its stages may come in any order. An unknown field is refused rather than lost,
 * and its content is never shown: it could be the secret's value. A secret of more than 1,000,000 versions is refused.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not a secret (INVALID_STATE, with the
 * first hundred problems of its versions and of its stages, each with its path, and with every broken law by its id).
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
  // The copy is what is checked and kept: a getter of the input may say something else the second time.
  const copy = copied(input, 3);
  const foreign = foreignRefusal(copy, dialect);
  if (foreign) return refuse(foreign);
  const problems: Problem[] = [...secretShape(dialect)(copy, 'state')];
  // What the laws look into must be sound before they can judge it; a bad name or an unknown field hides no broken law.
  if (problems.every(({ path }) => path === 'state.name' || path.startsWith('state['))) {
    for (const { id, sentence } of violations(copy as SecretState, dialect)) {
      problems.push({
        path: 'state',
        expected: `a secret that obeys the law ${id}: ${sentence.slice(0, -1)}`,
        law: id,
      });
    }
  }
  return problems.length > 0
    ? { ok: false, refusal: { code: 'INVALID_STATE', problems } }
    : { ok: true, state: frozenCopy(copy as SecretState) };
}

/**
 * A copy of untrusted data, so many levels deep. Each part is read once. What is neither a list nor an object is a value by now:
 * its tag could say something else the next time.
 */
function copied(value: unknown, levels: number): unknown {
  if (Object(value) !== value) return value;
  if (Array.isArray(value)) {
    const { length } = value;
    if (length > mostParts) return Object.assign([], { length });
    return levels > 1 ? Array.from(value, (element) => copied(element, levels - 1)) : [...value];
  }
  if (!isObject(value)) return unreadable;
  const copy = { ...value };
  if (levels > 1) for (const key of Object.keys(copy)) copy[key] = copied(copy[key], levels - 1);
  return copy;
}

const unreadable = /* @__PURE__ */ Object.freeze(new Map());

/** The shape of every secret of a dialect. */
function secretShape(dialect: Dialect): Shape {
  const matching = (pattern: Pattern) => is(patternRule(pattern), (value) => fits(value, pattern));
  const time = is(timeRule, isTime);
  const count = is(countRule, isCount);
  const versionId = matching(dialect.versions.id);
  // The fingerprint that is given is never shown: it could be the secret's value.
  const fingerprint = is(`omitted, or ${fingerprintRule}`, isFingerprint, hiddenText);
  return fields({
    name: matching(dialect.secret.name),
    dialect: is(quote(dialect.id), (value) => value === dialect.id),
    status: oneOf(...statusesOf(dialect)),
    scheduledDeleteTime: is(`${timeRule} or null`, (value) => value === null || isTime(value)),
    versions: record(fields({ id: versionId, createTime: time, ordinal: count, fingerprint }), mostParts),
    stages: list(fields({ name: matching(dialect.stages.name), versionId, updateTime: time }), mostParts),
    versionsMade: count,
    lastNumber: count,
  });
}

/** The refusal of data that names another dialect. */
export function foreignRefusal(input: unknown, dialect: Dialect): Refusal<'WRONG_DIALECT'> | undefined {
  const named = fieldOf(input, 'dialect');
  return typeof named === 'string' && named !== dialect.id ? wrongDialect({ dialect: named }, dialect) : undefined;
}

/** Why data is not a secret of the dialect, as problems whose paths begin with `state`. */
export function problemsOf(refusal: Refusal<'WRONG_DIALECT' | 'INVALID_STATE'>): readonly Problem[] {
  return refusal.code === 'INVALID_STATE'
    ? refusal.problems
    : [{ path: 'state.dialect', expected: quote(refusal.dialect), found: foundText(refusal.stateDialect) }];
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
