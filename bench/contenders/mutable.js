// @ts-check
import { copyOf, isStageName, isTime, nextVersion, oldestDeprecated, refused, rules } from './contender.js';

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

/** @type {import('./contender.js').Contender<Tables>['move']} Asks what `assignStage` asks, in its order. */
const move = (tables, { stage, versionId, at, from }) => {
  const { status, versions, stages } = tables;
  if (status !== 'ENABLED' && !rules.stagesNeverRest) return refused;
  if (!isTime(at)) return refused;
  const held = stages.get(stage);
  if (!held && !isStageName(stage)) return refused;
  if (!versions.has(versionId)) return refused;
  const holder = held ? held.versionId : null;
  if (from !== undefined && from !== holder) return refused;
  if (rules.deprecatedIsFinal && [...stages.values()].every((other) => other.versionId !== versionId)) return refused;
  if (held && holder === versionId && (rules.repeatKeepsTime || held.updateTime === at)) {
    return { ok: true, state: tables };
  }

  const follows = rules.previousFollowsMove && stage === rules.currentStage && held && holder !== versionId;
  const newcomer = !held ? stage : follows && !stages.has(rules.previousStage) ? rules.previousStage : undefined;
  if (newcomer !== undefined && !hasRoom(stages, newcomer)) return refused;

  if (follows) put(stages, rules.previousStage, held.versionId, at);
  put(stages, stage, versionId, at);
  return { ok: true, state: tables };
};

/** @type {(stages: Tables['stages'], newcomer: string) => boolean} */
const hasRoom = (stages, newcomer) =>
  rules.freeStages.includes(newcomer) ||
  [...stages.keys()].filter((name) => !rules.freeStages.includes(name)).length < rules.stageLimit;

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

/** @type {import('./contender.js').Contender<Tables>} The limit: tables changed in place, and nothing kept of the past. */
export const mutable = {
  open: (secret) => {
    const { name, status, scheduledDeleteTime, versions, stages, issued } = copyOf(secret);
    return {
      name,
      status,
      scheduledDeleteTime,
      versions: new Map(Object.entries(versions)),
      stages: new Map(stages.map((stage) => [stage.name, stage])),
      lastNumber: issued.lastNumber,
    };
  },
  move,
  create: (tables, at) => {
    const { status, versions, stages, lastNumber } = tables;
    if (status !== 'ENABLED' || !isTime(at)) return refused;
    const holder = stages.get(rules.currentStage)?.versionId;
    const newcomer = holder === undefined ? rules.currentStage : rules.previousStage;
    if (!stages.has(newcomer) && !hasRoom(stages, newcomer)) return refused;
    if (versions.size >= rules.versionLimit) {
      const oldest = oldestDeprecated([...versions.values()], [...stages.values()]);
      if (!oldest) return refused;
      versions.delete(oldest.id);
    }

    const version = nextVersion(lastNumber, at);
    versions.set(version.id, version);
    put(stages, rules.currentStage, version.id, at);
    if (holder !== undefined) put(stages, rules.previousStage, holder, at);
    tables.lastNumber = version.ordinal;
    return { ok: true, state: tables };
  },
  batch: (tables, moves) => (moves.every((each) => move(tables, each).ok) ? { ok: true, state: tables } : refused),
  board: ({ versions, stages }) => ({ stages: [...stages.values()], versions: [...versions.keys()] }),
};
