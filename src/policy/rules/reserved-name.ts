import { builtIns, clouds, googleSecretManager } from '../../dialects/index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const reservedName: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'reserved-name',
  title: 'No stage of your own has a name that another cloud reserves.',
  why: 'Readers and tools of the other cloud take it for what it means there, and the secret may not move there as it is.',
  advice: 'Give it another name: put the new stage where it is, then remove it.',
  severity: 'warning',
  thresholds: {},
  find: ({ state, dialect }) => {
    const own = builtIns(dialect).map(cloudReserving);
    return state.stages.flatMap(({ name: stage, versionId }) => {
      const cloud = cloudReserving(stage);
      if (cloud === undefined || own.includes(cloud)) return [];
      return [{ sentence: `Stage ${quote(stage)} has a name that ${cloud} reserves.`, stage, versionId }];
    });
  },
});

/**
 * The title of the cloud that reserves a name: each reserves its built-in stages, and Google Secret Manager `latest` and `new`, which
 * are no aliases there (documented). That case does not matter is documented for Google, and assumed for the others.
 */
function cloudReserving(stage: string): string | undefined {
  const name = stage.toLowerCase();
  if (name === 'latest' || name === 'new') return googleSecretManager.title;
  return clouds.find((cloud) => builtIns(cloud).some((builtIn) => builtIn.toLowerCase() === name))?.title;
}
