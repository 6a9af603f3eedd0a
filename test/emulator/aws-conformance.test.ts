import { expect, test } from 'vitest';
import { createAwsEmulator } from '../../src/emulator/index.ts';
import { awsSecretsManager, defineDialect } from '../../src/index.ts';
import { awsDriver, checkConformance, explainConformance } from '../../src/testing/index.ts';
import { runs } from '../property.ts';

test('the emulator of AWS Secrets Manager breaks no law in random calls over its API', async () => {
  const emulator = createAwsEmulator();
  const driver = awsDriver('http://aws.test', { fetch: emulator.fetch });
  const found = await checkConformance(driver, { runs: runs(30, 300) });
  expect(explainConformance(found)).toContain('No law was broken');
  expect(found.laws.map(({ id }) => id)).toContain('holder-named');
  expect(emulator.world.projects).toEqual({});
}, 300_000);

test.each([
  ['move', 'holder-named', { stages: { move: 'free' } }],
  ['limit', 'stage-limit', { stages: { limit: 21 } }],
  ['previousFollows', 'moves-one-stage', { stages: { previousFollows: 'any-version' } }],
  ['repeatedId', 'repeated-id', { versions: { repeatedId: 'refused' } }],
  ['lists', 'done-or-refused', { versions: { lists: { least: 0, most: 20 } } }],
] as const)(
  'checkConformance finds an emulator with another rule %s over its API',
  async (_, id, changes) => {
    const emulator = createAwsEmulator({ dialect: defineDialect(awsSecretsManager, changes) });
    const driver = awsDriver('http://aws.test', { fetch: emulator.fetch });
    const found = await checkConformance(driver, { seed: 1 });
    expect(found).toMatchObject({ ok: false, law: { id } });
  },
  300_000,
);
