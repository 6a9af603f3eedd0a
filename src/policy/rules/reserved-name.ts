import { builtIns, clouds, googleSecretManager } from '../../dialects/index.ts';
import { quote } from '../../text.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

export const reservedName: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'reserved-name',
  title: 'No stage of your own has a name that another cloud reserves.',
  why: 'Readers and tools of that cloud give the name another meaning, and the secret may need changes to move there.',
  advice: 'Rename it: put a new stage on the same version, then remove this one.',
  severity: 'warning',
  thresholds: {},
  needs: ['versions'],
  find: ({ state, dialect }) => {
    const own = builtIns(dialect);
    return state.stages.flatMap(({ name: stage, versionId }) => {
      const cloud = cloudReserving(stage);
      if (cloud === undefined || own.some((name) => cloudReserving(name) === cloud)) return [];
      return [{ sentence: `Stage ${quote(stage)} has a name that ${cloud} reserves.`, stage, versionId }];
    });
  },
});

/**
 * The title of the cloud that reserves a name. Each cloud reserves its built-in stages. Google Secret Manager also reserves `latest`
 * and `new`, which cannot be aliases there (documented). That case does not matter is documented for Google and assumed for the others.
 */
function cloudReserving(stage: string): string | undefined {
  titles ??= new Map(
    clouds.flatMap((cloud) =>
      [...builtIns(cloud), ...(cloud === googleSecretManager ? ['latest', 'new'] : [])].map((name) => [
        name.toLowerCase(),
        cloud.title,
      ]),
    ),
  );
  return titles.get(stage.toLowerCase());
}

let titles: ReadonlyMap<string, string> | undefined;
