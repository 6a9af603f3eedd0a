import { checkConformance, explainConformance, type SecretDriver } from 'secret-stages/testing';
import { expect, test } from 'vitest';
import { Vault } from './vault.ts';

const vaults = new Map<string, Vault>();
const vaultOf = (secret: string) => vaults.get(secret) ?? new Vault();
const answer = (why: string | undefined) => ({ ok: why === undefined });

const driver: SecretDriver = {
  actions: ['createVersion', 'assignStage'],
  takesTime: true,
  create: async (secret, at) => answer(vaults.set(secret, new Vault()).get(secret)?.create(at)),
  act: async (secret, action) => {
    const vault = vaultOf(secret);
    if (action.type === 'assignStage') return answer(vault.tag(action.stage, action.versionId, action.at));
    if (action.type !== 'createVersion') throw new Error(`The vault cannot do ${action.type}.`);
    return answer(vault.create(action.at, action.stages));
  },
  show: async (secret) => {
    const { versions } = vaultOf(secret);
    return {
      status: 'ENABLED',
      scheduledDeleteTime: null,
      versions: versions.map(({ id, created, tags }) => ({ id, createTime: created, stages: [...tags.keys()] })),
      stages: versions.flatMap(({ id, tags }) =>
        [...tags].map(([name, updateTime]) => ({ name, versionId: id, updateTime })),
      ),
    };
  },
  remove: async (secret) => {
    vaults.delete(secret);
  },
};

test('our vault does what CSMS does', async () => {
  const found = await checkConformance(driver);
  expect(found.ok, explainConformance(found)).toBe(true);
});
