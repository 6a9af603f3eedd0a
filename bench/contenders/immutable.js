// @ts-check
import { Map as ImmutableMap, Record } from 'immutable';
import {
  isMarkedBy,
  isStageName,
  isTime,
  mostVersions,
  nextVersion,
  oldestDeprecated,
  refused,
  rules,
} from './contender.js';

/**
 * @typedef {import('./contender.js').Stage} Stage
 * @typedef {import('./contender.js').SecretVersion} SecretVersion
 * @typedef {ImmutableMap<string, import('immutable').RecordOf<Stage>>} Stages
 * @typedef {ImmutableMap<string, import('immutable').RecordOf<SecretVersion>>} Versions
 */

const StageRecord = Record(/** @type {Stage} */ ({ name: '', versionId: '', updateTime: 0 }));
const VersionRecord = Record(/** @type {SecretVersion} */ ({ id: '', createTime: 0, ordinal: 0 }));
const SecretRecord = Record({
  name: '',
  status: 'ENABLED',
  scheduledDeleteTime: /** @type {number | null} */ (null),
  versions: /** @type {Versions} */ (ImmutableMap()),
  stages: /** @type {Stages} */ (ImmutableMap()),
  lastNumber: 0,
});

/** @typedef {ReturnType<typeof SecretRecord>} Secret */

/** @type {(stages: Stages, name: string, versionId: string, updateTime: number) => Stages} */
const put = (stages, name, versionId, updateTime) => stages.set(name, StageRecord({ name, versionId, updateTime }));

/**
 * The stages after a move, or undefined if it is refused. Inside `withMutations` it is the same map.
 *
 * @type {(secret: Secret, stages: Stages, move: import('./contender.js').Move) => Stages | undefined}
 */
const moved = ({ status, versions }, stages, { stage, versionId, at, from }) => {
  if (status !== 'ENABLED' || !isTime(at)) return undefined;
  const held = stages.get(stage);
  if (!held && !isStageName(stage)) return undefined;
  if (!versions.has(versionId)) return undefined;
  if (from !== undefined && from !== (held ? held.versionId : null)) return undefined;
  if (held && held.versionId === versionId && held.updateTime === at) return stages;
  return held || stages.size < rules.limit ? put(stages, stage, versionId, at) : undefined;
};

/** @type {import('./contender.js').Contender<Secret>} Persistent maps of records, which share most unchanged data. */
export const immutable = {
  open: ({ name, status, scheduledDeleteTime, versions, stages, lastNumber }) =>
    SecretRecord({
      name,
      status,
      scheduledDeleteTime,
      versions: ImmutableMap(Object.values(versions).map((version) => [version.id, VersionRecord(version)])),
      stages: ImmutableMap(stages.map((stage) => [stage.name, StageRecord(stage)])),
      lastNumber,
    }),
  move: (secret, move) => {
    const stages = moved(secret, secret.stages, move);
    return stages ? { ok: true, state: secret.set('stages', stages) } : refused;
  },
  create: (secret, at) => {
    const { status, versions, stages, lastNumber } = secret;
    if (status !== 'ENABLED' || !isTime(at)) return refused;
    const isFull = versions.size >= mostVersions;
    const oldest = isFull ? oldestDeprecated([...versions.values()], [...stages.values()]) : undefined;
    if (isFull && !oldest) return refused;

    const version = VersionRecord(nextVersion(lastNumber, at));
    const holder = stages.get(rules.current)?.versionId;
    const taken = put(stages, rules.current, version.id, at);
    const after = holder === undefined ? taken : put(taken, rules.previous, holder, at);
    if (after.size > rules.limit) return refused;
    const kept = oldest ? versions.delete(oldest.id) : versions;
    return {
      ok: true,
      state: secret.merge({
        versions: kept.set(version.id, version),
        stages: after,
        lastNumber: version.ordinal,
      }),
    };
  },
  prune: (secret) => {
    const isMarked = isMarkedBy([...secret.stages.values()]);
    return { ok: true, state: secret.set('versions', secret.versions.filter(isMarked)) };
  },
  batch: (secret, moves) => {
    let isAccepted = true;
    const stages = secret.stages.withMutations((draft) => {
      isAccepted = moves.every((move) => moved(secret, draft, move));
    });
    return isAccepted ? { ok: true, state: secret.set('stages', stages) } : refused;
  },
  board: ({ stages, versions }) => ({ stages: [...stages.values()], versions: [...versions.keys()] }),
};
