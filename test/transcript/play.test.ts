import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyWorld, handleCsms, type World } from '../../src/emulator/index.ts';
import { huaweiCsms } from '../../src/index.ts';
import { startPlay } from '../../src/transcript/play.ts';
import { call } from '../cli/host.ts';
import { property } from '../property.ts';

const headers = new Map([['x-auth-token', 'any']]);
const value = { secret_string: 'hunter2' };

/** What a play makes of lines: the code of a refusal, or the outcome. */
const outcomesOf = (...lines: readonly string[]) => {
  const play = startPlay(huaweiCsms);
  return lines.map((line, index) => {
    const event = play(line, index + 1);
    return event?.outcome === 'refused' ? event.refusal.code : event?.outcome;
  });
};

const created = call(0, 'POST', '', { name: 'db' });

test('a play refuses a read that the emulator refuses', () => {
  expect(
    outcomesOf(
      created,
      call(1, 'GET', '/db/stages/canary'),
      call(1, 'GET', '/db/versions/v2'),
      call(1, 'PUT', '/db/versions/v2', { expire_time: 5 }),
      call(1, 'GET', '/db/stages/SYSCURRENT'),
    ),
  ).toEqual(['done', 'UNKNOWN_STAGE', 'UNKNOWN_VERSION', 'UNKNOWN_VERSION', 'unmoved']);
});

test('a recorded response wins over what the service would say', () => {
  expect(
    outcomesOf(
      created,
      call(1, 'GET', '/db/stages/canary', undefined, { stage: { name: 'canary' } }),
      call(2, 'POST', '/db/versions', {}, { error_code: 'CSMS.0404' }),
      call(3, 'POST', '/db/versions', {}, { version_metadata: { id: 'mine' } }),
      call(4, 'GET', '/db/versions/mine'),
      call(5, 'GET', '/db/versions/v2'),
    ),
  ).toEqual(['done', 'unmoved', 'unmoved', 'done', 'unmoved', 'UNKNOWN_VERSION']);
});

const stage = fc.constantFrom('SYSCURRENT', 'SYSPREVIOUS', 'canary', 'a b');
const versionId = fc.constantFrom('v1', 'v2', 'v3', 'v9', 'latest');
const request = fc.oneof(
  fc.constantFrom(
    ['POST', '', { name: 'db', ...value }],
    ['POST', '', { name: 'a b', ...value }],
    ['POST', '/db/versions', value],
    ['POST', '/db/versions', { ...value, version_stages: ['canary'], expire_time: 5 }],
    ['PUT', '/db', { description: 'x' }],
    ['DELETE', '/db'],
    ['POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 }],
    ['POST', '/db/scheduled-deleted-tasks/cancel'],
    ['GET', '/db'],
    ['GET', '/db/versions'],
  ),
  fc
    .record({ stage, versionId })
    .map(({ stage, versionId }) => ['PUT', `/db/stages/${encodeURIComponent(stage)}`, { version_id: versionId }]),
  stage.map((name) => ['DELETE', `/db/stages/${encodeURIComponent(name)}`]),
  stage.map((name) => ['GET', `/db/stages/${encodeURIComponent(name)}`]),
  versionId.map((id) => ['GET', `/db/versions/${id}`]),
) as fc.Arbitrary<[method: string, path: string, body?: object]>;
const day = 86_400_000;

property([fc.array(fc.tuple(request, fc.constantFrom(0, 1, day, 8 * day)), { maxLength: 30 })])(
  'a play and the emulator do the same calls with the same result',
  (steps) => {
    const play = startPlay(huaweiCsms);
    let world: World = emptyWorld;
    let at = 0;
    for (const [index, [[method, path, body], later]] of steps.entries()) {
      at += later;
      const event = play(call(at, method, path, body), index + 1);
      const target = `/v1/p/secrets${path}`;
      const answered = handleCsms(world, { method, target, headers, body: body && JSON.stringify(body) }, at);
      world = answered.world;
      expect(event?.outcome === 'refused').toBe(answered.response.status >= 400);
      if (event?.outcome !== 'done') continue;
      expect(event.state).toEqual(world.projects['p']?.secrets['db']?.state);
    }
  },
);
