import { expect, test } from 'vitest';
import { stagesOf } from '../../src/index.ts';
import { token } from '../emulator/aws-client.ts';
import { rotatingDb } from '../emulator/rotating.ts';
import { playUnder, textOf } from './lines.ts';

const day = 86_400_000;

test('the events of an emulator, replayed, end with the stages of its secret', async () => {
  const lines: string[] = [];
  const db = await rotatingDb({ onEvent: (event) => lines.push(textOf(event)), rotationTries: 1 });
  const { emulator, time, steps, send, rotate } = db;
  const pass = () => {
    time.now += 60_000;
  };
  pass();
  await rotate(2, { RotationRules: { AutomaticallyAfterDays: 1 } });
  await emulator.tick();
  pass();
  steps.testSecret = () => Promise.reject(new Error('not yet'));
  await rotate(3);
  await emulator.tick();
  pass();
  await rotate(4);
  await send('UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId: token(3) });
  delete steps.testSecret;
  pass();
  await rotate(5);
  await emulator.tick();
  pass();
  await send('PutSecretValue', { ClientRequestToken: token(6), SecretString: 'by hand' });
  // The last rotations are on schedule, so they begin without a call. The second one stops before its version has a value.
  time.now += 2 * day;
  await emulator.tick();
  steps.createSecret = () => Promise.reject(new Error('not yet'));
  time.now += 2 * day;
  await emulator.tick();

  const events = playUnder(undefined, lines);
  expect(events.flatMap((event) => (event && /done|unmoved/.test(event.outcome) ? [] : [event]))).toEqual([]);
  const last = events.at(-1);
  const state = last && 'state' in last ? last.state : undefined;
  const shown = Object(await send('DescribeSecret'))['VersionIdsToStages'];
  const played = Object.keys(state?.versions ?? {}).flatMap((id) => {
    const stages = state ? stagesOf(state, id) : [];
    return stages.length > 0 ? [[id, stages] as const] : [];
  });
  expect(Object.fromEntries(played)).toEqual(shown);
  expect(Object.values(shown)).toContainEqual(['AWSPENDING']);
  const names = events.map((event) => (event && 'operation' in event ? event.operation : undefined));
  expect(names.filter((name) => name === 'RotationSucceeded')).toHaveLength(3);
  expect(names).toContain('RotationFailed');
});
