// @ts-check
import {
  copyOf,
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
 * @typedef {{
 *   readonly name: string,
 *   readonly status: string,
 *   readonly scheduledDeleteTime: number | null,
 *   readonly versions: Map<string, import('./contender.js').SecretVersion>,
 *   readonly stages: Map<string, { -readonly [Field in keyof Stage]: Stage[Field] }>,
 *   lastNumber: number,
 * }} Tables
 */

/** @type {import('./contender.js').Contender<Tables>['move']} Makes the checks of `assignStage`, in its order. */
const move = (tables, { stage, versionId, at, from }) => {
  const { status, versions, stages } = tables;
  if (status !== 'ENABLED') return refused;
  if (!isTime(at)) return refused;
  const held = stages.get(stage);
  if (!held && !isStageName(stage)) return refused;
  if (!versions.has(versionId)) return refused;
  const holder = held ? held.versionId : null;
  if (from !== undefined && from !== holder) return refused;
  const isElsewhere = held !== undefined && holder !== versionId;
  if (isElsewhere && from === undefined && rules.move === 'from-the-named-holder') return refused;
  if (held && !isElsewhere && held.updateTime === at) return { ok: true, state: tables };

  const follows = isElsewhere && stage === rules.current && rules.previousFollows === 'any-move';
  const newcomer = !held ? stage : follows && !stages.has(rules.previous) ? rules.previous : undefined;
  if (newcomer !== undefined && stages.size >= rules.limit) return refused;

  if (follows) put(stages, rules.previous, held.versionId, at);
  put(stages, stage, versionId, at);
  return { ok: true, state: tables };
};

/** @type {(stages: Tables['stages'], name: string, versionId: string, updateTime: number) => void} */
const put = (stages, name, versionId, updateTime) => {
  const held = stages.get(name);
  if (held) {
    held.versionId = versionId;
    held.updateTime = updateTime;
  } else {
    stages.set(name, { name, versionId, updateTime });
  }
};

/** @type {import('./contender.js').Contender<Tables>} The limit: tables that change in place, without past states. */
export const mutable = {
  open: (secret) => {
    const { name, status, scheduledDeleteTime, versions, stages, lastNumber } = copyOf(secret);
    return {
      name,
      status,
      scheduledDeleteTime,
      versions: new Map(Object.entries(versions)),
      stages: new Map(stages.map((stage) => [stage.name, stage])),
      lastNumber,
    };
  },
  move,
  create: (tables, at) => {
    const { status, versions, stages, lastNumber } = tables;
    if (status !== 'ENABLED' || !isTime(at)) return refused;
    const holder = stages.get(rules.current)?.versionId;
    const newcomer = holder === undefined ? rules.current : rules.previous;
    if (!stages.has(newcomer) && stages.size >= rules.limit) return refused;
    if (versions.size >= mostVersions) {
      const oldest = oldestDeprecated([...versions.values()], [...stages.values()]);
      if (!oldest) return refused;
      versions.delete(oldest.id);
    }

    const version = nextVersion(lastNumber, at);
    versions.set(version.id, version);
    put(stages, rules.current, version.id, at);
    if (holder !== undefined) put(stages, rules.previous, holder, at);
    tables.lastNumber = version.ordinal;
    return { ok: true, state: tables };
  },
  batch: (tables, moves) => (moves.every((each) => move(tables, each).ok) ? { ok: true, state: tables } : refused),
  board: ({ versions, stages }) => ({ stages: [...stages.values()], versions: [...versions.keys()] }),
};
