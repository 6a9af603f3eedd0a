import { quote } from '../../describe.ts';
import { defineRule, type PolicyRule } from '../rule.ts';

/**
 * Source: the clouds' own pages on staging labels (AWS Secrets Manager), stages (Alibaba Cloud KMS) and aliases (Google Secret
 * Manager), all documented. That case does not matter is documented of Google's, and assumed of the others.
 */
const reserved: readonly (readonly [cloud: string, ...names: readonly string[]])[] = [
  ['Huawei Cloud', 'SYSCURRENT', 'SYSPREVIOUS'],
  ['AWS', 'AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'],
  ['Alibaba Cloud', 'ACSCurrent', 'ACSPrevious'],
  ['Google Cloud', 'latest', 'new'],
];

export const reservedName: PolicyRule = /* @__PURE__ */ defineRule({
  id: 'reserved-name',
  title: 'No stage of your own has a name that another cloud reserves.',
  why: 'Readers and tools of the other cloud take it for what it means there, and the secret may not move there as it is.',
  advice: 'Give it another name: put the new stage where it is, then remove it.',
  severity: 'warning',
  thresholds: {},
  find: ({ state, dialect }) => {
    const own = dialect.builtInStages.map(cloudOf);
    return state.stages.flatMap(({ name: stage, versionId }) => {
      const cloud = cloudOf(stage);
      if (cloud === undefined || own.includes(cloud)) return [];
      return [{ sentence: `Stage ${quote(stage)} has a name that ${cloud} reserves.`, stage, versionId }];
    });
  },
});

const clouds = /* @__PURE__ */ new Map(
  reserved.flatMap(([cloud, ...names]) => names.map((name) => [name.toLowerCase(), cloud] as const)),
);

const cloudOf = (stage: string): string | undefined => clouds.get(stage.toLowerCase());
