import { type Dialect, fits, huaweiCsms, type Pattern, patternRule, statusesOf } from './dialects/index.ts';
import { fieldOf, isObject } from './json.ts';
import { violations } from './laws.ts';
import { countRule, fingerprintRule, isCount, isFingerprint, isTime, mostParts, timeRule } from './limits.ts';
import { type Outcome, type Problem, type Refusal, refuse, wrongDialect } from './refusal.ts';
import { fields, is, list, oneOf, record, type Shape, trueOrOmitted } from './shape.ts';
import { byName, byOrdinal, newVersion, type SecretState, type Stage, versionsById } from './state.ts';
import { foundText, hiddenText, quote } from './text.ts';

/**
 * Reads a secret from untrusted data: a file, a database column, JSON from elsewhere. The state that it returns is a
 * frozen copy that obeys every law in its dialect. Stages can come in any order. An unknown field is refused, and its
 * content is never shown, because it could be the value of the secret. A secret can have up to 1,000,000 versions.
 *
 * Refuses, in this order: the secret belongs to another dialect (WRONG_DIALECT); it is not a secret (INVALID_STATE,
 * with the path of each problem, up to about a hundred for versions and for stages, and the id of each broken law).
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
  // The copy is checked and kept, because a getter of the input may return another value the second time.
  const copy = copied(input, 3);
  const foreign = foreignRefusal(copy, dialect);
  if (foreign) return refuse(foreign);
  const problems: Problem[] = [...secretShape(dialect)(copy, 'state')];
  // The laws need valid data, but they read neither the name of the secret nor unknown fields.
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
 * A copy of untrusted data, up to `levels` deep. Each part is read once. Other objects become one value that no shape
 * accepts, because their tag could change before it is read again.
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
  // The fingerprint is never shown, because it could be the value of the secret.
  const fingerprint = is(`omitted, or ${fingerprintRule}`, isFingerprint, hiddenText);
  return fields({
    name: matching(dialect.secret.name),
    dialect: is(quote(dialect.id), (value) => value === dialect.id),
    status: oneOf(...statusesOf(dialect)),
    scheduledDeleteTime: is(`${timeRule} or null`, (value) => value === null || isTime(value)),
    versions: record(
      fields({ id: versionId, createTime: time, ordinal: count, fingerprint, withoutValue: trueOrOmitted }),
      mostParts,
    ),
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

/** A refusal of a state as problems whose paths begin with `state`. */
export function problemsOf(refusal: Refusal<'WRONG_DIALECT' | 'INVALID_STATE'>): readonly Problem[] {
  return refusal.code === 'INVALID_STATE'
    ? refusal.problems
    : [{ path: 'state.dialect', expected: quote(refusal.dialect), found: foundText(refusal.stateDialect) }];
}

/** A frozen copy with its fields in the usual order, so that V8 sees one shape for all states. */
export function frozenCopy(state: SecretState): SecretState {
  const { name, dialect, status, scheduledDeleteTime, versions, stages, versionsMade, lastNumber } = state;
  return Object.freeze({
    name,
    dialect,
    status,
    scheduledDeleteTime,
    versions: versionsById(
      Object.values(versions)
        .map(({ id, createTime, ordinal, fingerprint, withoutValue }) =>
          newVersion(id, createTime, ordinal, fingerprint, withoutValue),
        )
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
