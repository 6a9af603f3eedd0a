// @ts-check
import { huaweiCsms } from 'secret-stages';

/**
 * @typedef {import('secret-stages').SecretState} SecretState
 * @typedef {import('secret-stages').SecretVersion} SecretVersion
 * @typedef {import('secret-stages').Stage} Stage
 * @typedef {import('secret-stages').SecretAction<'assignStage'>} Move
 */

/**
 * @template State
 * @typedef {{ readonly ok: true, readonly state: State } | { readonly ok: false }} Outcome
 */

/**
 * One way to keep a secret. An operation returns the next state or a refusal. A contender that changes its state in place returns
 * the same one, and does not prune, because pruning is measured on one state again and again. One that checks nothing only takes
 * part if every request is accepted and changes something.
 *
 * These are methods, not fields, so that TypeScript accepts contenders of any state as `Contender<unknown>`.
 *
 * @template State
 * @typedef {{
 *   readonly checksNothing?: true,
 *   open(secret: SecretState): State,
 *   move(state: State, move: Move): Outcome<State>,
 *   create?(state: State, at: number): Outcome<State>,
 *   prune?(state: State): Outcome<State>,
 *   batch?(state: State, moves: readonly Move[]): Outcome<State>,
 *   board(state: State): { readonly stages: readonly Stage[], readonly versions: readonly string[] },
 * }} Contender
 */

/** The rules of CSMS for stages, with the names of its built-in stages. */
export const rules = { ...huaweiCsms.stages, current: 'SYSCURRENT', previous: 'SYSPREVIOUS' };

/** The version limit of CSMS. */
export const mostVersions = huaweiCsms.versions.limit?.most ?? Number.NaN;

const stageName = new RegExp(`^(?:${rules.name})$`, 's');

export const refused = Object.freeze({ ok: false });

export const isTime = (/** @type {number} */ at) => Number.isInteger(at) && 1 / at > 0 && at <= 864e13;

export const isStageName = (/** @type {string} */ name) => typeof name === 'string' && stageName.test(name);

/**
 * A copy that shares no object with the secret. Leaves are copied field by field, as an operation makes them: V8 gives a frozen copy
 * by `...` its own hidden class, larger than the leaf.
 */
export const copyOf = (/** @type {SecretState} */ secret) => ({
  ...secret,
  versions: byId(Object.values(secret.versions).map(({ id, createTime, ordinal }) => ({ id, createTime, ordinal }))),
  stages: secret.stages.map(({ name, versionId, updateTime }) => ({ name, versionId, updateTime })),
});

/** @type {(versions: readonly SecretVersion[]) => Record<string, SecretVersion>} */
export const byId = (versions) => Object.fromEntries(versions.map((version) => [version.id, version]));

/** The next version, created at that time. */
export const nextVersion = (/** @type {number} */ lastNumber, /** @type {number} */ at) => ({
  id: huaweiCsms.versions.idPrefix + (lastNumber + 1),
  createTime: at,
  ordinal: lastNumber + 1,
});

/** @type {(stages: readonly Stage[]) => (version: SecretVersion) => boolean} */
export const isMarkedBy = (stages) => {
  const marked = new Set(stages.map((stage) => stage.versionId));
  return (version) => marked.has(version.id);
};

/** @type {(versions: readonly SecretVersion[], stages: readonly Stage[]) => SecretVersion | undefined} */
export const oldestDeprecated = (versions, stages) => {
  const isMarked = isMarkedBy(stages);
  return versions.filter((version) => !isMarked(version)).sort(byAge)[0];
};

const byAge = (/** @type {SecretVersion} */ one, /** @type {SecretVersion} */ other) =>
  one.createTime - other.createTime || one.ordinal - other.ordinal;
