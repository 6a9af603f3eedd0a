import type { Dialect, Effect, SecretState } from '../src/index.ts';
import { numberInSeries } from '../src/series.ts';

/** What effects make of a state, told of nothing else: the counterpart of a plan. */
export const enact = (state: SecretState, effects: readonly Effect[], dialect: Dialect): SecretState => {
  const versions = new Map(Object.entries(state.versions));
  const stages = new Map(state.stages.map((stage) => [stage.name, stage]));
  let { versionsMade, lastNumber } = state;
  let { status, scheduledDeleteTime } = state;

  for (const effect of effects) {
    switch (effect.type) {
      case 'versionCreated': {
        const { versionId: id, at: createTime, fingerprint, withoutValue } = effect;
        const ordinal = ++versionsMade;
        const rest = { ...(fingerprint !== undefined && { fingerprint }), ...(withoutValue && { withoutValue }) };
        versions.set(id, { id, createTime, ordinal, ...rest });
        lastNumber = Math.max(lastNumber, numberInSeries(id, dialect));
        break;
      }
      case 'versionFilled':
      case 'versionEmptied': {
        const { type, versionId, ...fingerprint } = effect;
        const { withoutValue, fingerprint: _, ...version } = versions.get(versionId) ?? never(versionId);
        versions.set(versionId, {
          ...version,
          ...fingerprint,
          ...(type === 'versionEmptied' && { withoutValue: true }),
        });
        break;
      }
      case 'versionPruned':
        versions.delete(effect.versionId);
        break;
      case 'stageAdded':
      case 'stageMoved':
        stages.set(effect.stage, { name: effect.stage, versionId: effect.to, updateTime: effect.at });
        break;
      case 'stageRefreshed':
        stages.set(effect.stage, { name: effect.stage, versionId: effect.on, updateTime: effect.at });
        break;
      case 'stageRemoved':
        stages.delete(effect.stage);
        break;
      case 'statusChanged':
        status = effect.to;
        scheduledDeleteTime = effect.scheduledDeleteTime;
        break;
      case 'versionDeprecated':
      case 'versionRevived':
        break; // Nothing keeps it: no stage marks the version, or one does again.
    }
  }
  return {
    name: state.name,
    dialect: state.dialect,
    status,
    scheduledDeleteTime,
    versions: Object.fromEntries(versions),
    stages: [...stages.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    versionsMade,
    lastNumber,
  };
};

function never(versionId: string): never {
  throw new Error(`There is no version ${versionId}.`);
}
