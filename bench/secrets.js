// @ts-check
import { ok } from 'node:assert';
import { createSecret, defineDialect, huaweiCsms, parseSecretState } from 'secret-stages';

/**
 * @typedef {import('secret-stages').SecretState} SecretState
 * @typedef {import('./contenders/contender.js').Move} Move
 */

/** CSMS with room for all measured versions. */
export const roomy = defineDialect(huaweiCsms, {
  versions: { limit: { most: 20_000, whenFull: 'drop-oldest-deprecated' } },
});

export const epoch = 1_581_507_580_000;

/** Coprime to every number of versions here, so that neighbours end up far apart. */
export const stride = 7919;

/** @type {<Element>(list: readonly Element[], index: number) => Element} An element of a list; after the last, counting starts again. */
export const around = (list, index) => {
  const element = list[index % list.length];
  ok(element !== undefined);
  return element;
};

/**
 * A secret with stages spread over `marked` of its versions. The other versions are deprecated. It is parsed from data, because
 * creating 10,000 versions one by one takes minutes.
 *
 * @type {(size: { dialect?: import('secret-stages').Dialect, stages?: number, versions?: number, marked?: number, name?: string, ownName?: string }) => SecretState}
 */
export const secretOf = ({
  dialect = roomy,
  stages = 12,
  versions = 20,
  marked = stages,
  name = 'db',
  ownName = 'stage',
}) => {
  const ids = Array.from({ length: versions }, (_, index) => `${dialect.versions.idPrefix}${index + 1}`);
  const names = [
    dialect.stages.current ?? '',
    dialect.stages.previous ?? '',
    ...Array.from({ length: stages - 2 }, (_, index) => `${ownName}-${index}`),
  ];
  const born = createSecret({ name, at: epoch }, dialect);
  const outcome = parseSecretState(
    {
      ...born,
      versions: Object.fromEntries(ids.map((id, index) => [id, { id, createTime: epoch + index, ordinal: index + 1 }])),
      stages: names.map((name, index) => ({
        name,
        versionId: around(ids, (index % marked) * stride),
        updateTime: epoch + versions,
      })),
      versionsMade: versions,
      lastNumber: versions,
    },
    dialect,
  );
  ok(outcome.ok);
  return outcome.state;
};

/** @type {(stage: string, versionId: string, at: number) => Move} */
export const moveOf = (stage, versionId, at) => ({ type: 'assignStage', stage, versionId, at });

/**
 * A move of the next stage in turn, each time to another version.
 *
 * @type {(secret: SecretState, turn: number) => Move}
 */
export const nthMove = ({ stages, versions }, turn) => {
  const ids = Object.keys(versions);
  const { name, versionId } = around(stages, turn);
  const times = 1 + Math.floor(turn / stages.length);
  return moveOf(name, around(ids, ids.indexOf(versionId) + times * stride), epoch + turn);
};

/** Ten moves of each stage, each to another version, even if they are repeated. */
export const circleOf = (/** @type {SecretState} */ secret) =>
  Array.from({ length: 10 * secret.stages.length }, (_, turn) => nthMove(secret, turn));
