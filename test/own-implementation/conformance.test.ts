import { checkConformance, explainConformance, type SecretDriver } from 'secret-stages/testing';
import { expect, test } from 'vitest';
import { OurSecret } from './our-secret.ts';

const secrets = new Map<string, OurSecret>();

function find(name: string): OurSecret {
  const secret = secrets.get(name);
  if (!secret) throw new Error(`Secret "${name}" does not exist.`);
  return secret;
}

const driver: SecretDriver = {
  // The actions that `act` supports. The check makes no others.
  actions: ['createVersion', 'assignStage'],
  // The times that `show` returns are those that the check passed as `at`.
  takesTime: true,

  create: async (name, at) => {
    secrets.set(name, new OurSecret(at));
    return { ok: true };
  },

  act: async (name, action) => {
    const secret = find(name);
    if (action.type === 'createVersion') return { ok: !secret.createVersion(action.at, action.stages) };
    if (action.type === 'assignStage') return { ok: !secret.moveStage(action.stage, action.versionId, action.at) };
    throw new Error(`${action.type} is not supported.`);
  },

  show: async (name) => {
    const { versions } = find(name);
    return {
      status: 'ENABLED',
      scheduledDeleteTime: null,
      versions: versions.map(({ id, created, stages }) => ({ id, createTime: created, stages: [...stages.keys()] })),
      stages: versions.flatMap(({ id, stages }) =>
        [...stages].map(([stage, updateTime]) => ({ name: stage, versionId: id, updateTime })),
      ),
    };
  },

  remove: async (name) => {
    secrets.delete(name);
  },
};

test('our implementation behaves like CSMS', async () => {
  const result = await checkConformance(driver);
  expect(result.ok, explainConformance(result)).toBe(true);
}, 60_000);
