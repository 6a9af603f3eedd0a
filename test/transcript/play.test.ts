import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyWorld, handleCsms, type World } from '../../src/emulator/index.ts';
import { alibabaKms, awsSecretsManager, defineDialect, googleSecretManager, huaweiCsms } from '../../src/index.ts';
import { startPlay } from '../../src/transcript/play.ts';
import { call } from '../cli/host.ts';
import { property } from '../property.ts';
import { expectLinear } from '../work.ts';
import { born, did, named, outcomes, outcomesOf, play, playUnder, pruned, textOf } from './lines.ts';

const headers = new Map([['x-auth-token', 'any']]);
const value = { secret_string: 'hunter2' };
const numbered = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));

test('startPlay plays every call of the API, and calls that move no stage change nothing', () => {
  expect(
    outcomes(
      born,
      call(1, 'GET', ''),
      call(1, 'GET', '/db'),
      call(1, 'post', '/db/versions', { secret_string: 'hunter2' }),
      call(1, 'GET', '/db/versions?limit=5'),
      call(1, 'GET', '/db/versions/latest'),
      call(1, 'PUT', '/db', { description: 'x' }),
      call(1, 'PUT', '/db/versions/v2', { expire_time: 5 }),
      call(1, 'POST', '/db/stages', { name: 'canary', version_id: 'v2' }),
      call(1, 'PUT', '/db/stages/canary', { version_id: 'v1' }),
      call(1, 'GET', '/db/stages/canary'),
      call(1, 'DELETE', '/db/stages/canary'),
      call(1, 'POST', '/db/scheduled-deleted-tasks/create'),
      call(1, 'POST', '/db/scheduled-deleted-tasks/cancel'),
      call(1, 'DELETE', '/db'),
    ),
  ).toEqual([
    'done',
    'unmoved',
    'unmoved',
    'done',
    'unmoved',
    'unmoved',
    'unmoved',
    'unmoved',
    'done',
    'done',
    'unmoved',
    'done',
    'done',
    'done',
    'done',
  ]);
});

test('calls about tags, batches and passwords move no stage, so they are not played', () => {
  const service = (method: string, path: string, body?: object) =>
    textOf({ at: 1, method, path: `/v1/p/csms${path}`, body });
  const lines = [
    call(1, 'POST', '/batch-get-secret-value', { secret_name_list: ['other'] }),
    service('POST', '/id/tags', { tag: { key: 'a' } }),
    service('POST', '/id/tags/action', { action: 'create', tags: [{ key: 'a' }] }),
    service('DELETE', '/id/tags/a'),
    service('GET', '/id/tags'),
    service('GET', '/tags'),
    service('POST', '/resource_instances/action', { action: 'count' }),
    service('POST', '/generate-password'),
  ];
  const played = play(born, ...lines).slice(1);
  expect(outcomesOf(played)).toEqual(lines.map(() => 'unmoved'));
  expect(played[1]).toMatchObject({ operation: 'CreateSecretTag', secret: '' });
});

test('a secret that the cloud rotates can be played', () => {
  const rotating = { auto_rotation: true, rotation_period: '30d' };
  expect(
    outcomes(
      call(0, 'POST', '', { name: 'db', ...rotating }),
      call(1, 'PUT', '/db', rotating),
      call(2, 'POST', '/db/versions', {}),
    ),
  ).toEqual(['done', 'unmoved', 'done']);
});

test('startPlay decodes the names in a path like the service', () => {
  const [, event] = play(born, call(1, 'PUT', '/d%62/stages/%63anary', { version_id: 'v1' }));
  expect(event).toMatchObject({ secret: 'db', effects: [{ type: 'stageAdded', stage: 'canary', to: 'v1' }] });
  expect(outcomes(born, call(1, 'PUT', '/db/stages/%zz', { version_id: 'v1' }))).toEqual(['done', 'INVALID_VALUE']);
});

test('startPlay says what is wrong with an invalid line, without showing its content', () => {
  const expected = (line: string) => {
    const [event] = play(line);
    return event?.outcome === 'unusable' ? event.expected : undefined;
  };
  const example = 'Example: {"at": 1581507580000, "method": "PUT", "path": "/v1/…"}';
  expect(expected('hunter2')).toBe(`The line must be a JSON object. ${example}`);
  expect(expected('["hunter2"]')).toBe(`at must be a number. ${example}`);
  expect(expected('"hunter2"')).toBe(`The line must be an object. ${example}`);
  expect(expected('{"at": "hunter2"}')).toBe(`at must be a number. ${example}`);
  expect(expected('{"at": 1, "path": "/"}')).toBe(`method is required. ${example}`);
  expect(expected(call(0, 'POST', '', 'hunter2'))).toBe('body must be an object');
  expect(expected(call(0, 'POST', '/db/versions', { version_stages: ['a', 5] }))).toBe(
    'body.version_stages[1] must be a string',
  );
  expect(expected(call(0, 'PUT', '/db/stages/canary'))).toBe('body is required');
  expect(expected(call(0, 'PATCH', '/db'))).toBe('The method must be one of GET, PUT, DELETE');
  expect(expected(call(0, 'PUT', '/db/stages'))).toBe('The method must be POST');
  for (const path of ['/db//x', '/db/lables/x', '/a/b/c/d/e']) {
    expect(expected(call(0, 'PUT', path))).toBe(
      'The path must be one of the API, such as /v1/{project_id}/secrets/{secret_name}/stages/{stage_name}',
    );
  }
  for (const at of [-1, 0.5, 864e13 + 1, 1e300])
    expect(expected(call(at, 'DELETE', '/db'))).toBe(`at must be epoch milliseconds as a number. ${example}`);
});

test('a call or an action whose time looks like seconds or microseconds is unusable', () => {
  const lineAt = [(at: number) => call(at, 'GET', '/db'), (at: number) => did(at, 'restore')];
  for (const line of lineAt) {
    for (const at of [1e9, 1_581_507_580, 1e11 - 1]) {
      const expected = expect.stringMatching(/^at must be epoch milliseconds as a number; this looks like seconds\. /);
      expect(play(born, line(at))[1]).toMatchObject({ outcome: 'unusable', expected });
    }
    expect(play(born, line(1e14))[1]).toMatchObject({
      outcome: 'unusable',
      expected: expect.stringMatching(/^at must be epoch milliseconds as a number; this looks like microseconds\. /),
    });
    for (const at of [0, 1e9 - 1, 1e11, 1e14 - 1])
      expect(play(born, line(at))[1]).not.toMatchObject({ outcome: 'unusable' });
  }
});

test('startPlay refuses a second secret with the same name, and calls on a secret that does not exist', () => {
  const [, second, none, read] = play(born, born, call(1, 'DELETE', '/other'), call(1, 'GET', '/other'));
  expect(second).toMatchObject({
    refusal: { code: 'SECRET_EXISTS', secret: 'db' },
    sentence: expect.stringMatching(
      /^Secret "db" already exists\. Choose another name, create a version of it, or restore it/,
    ),
  });
  const missing = { code: 'UNKNOWN_SECRET', secret: 'other', deletedAt: null };
  expect(none).toMatchObject({
    refusal: missing,
    sentence: 'Secret "other" does not exist in this project. Create it first.',
  });
  expect(read).toMatchObject({ refusal: missing });
});

test('startPlay refuses an invalid name like the emulator', () => {
  expect(outcomes(call(0, 'POST', '', { name: 'a b' }), call(1, 'GET', '/a%20b'))).toEqual([
    'INVALID_VALUE',
    'INVALID_VALUE',
  ]);
});

test('projects are independent, and each can have 500 secrets', () => {
  const fill = Array.from({ length: 500 }, (_, index) => call(0, 'POST', '', { name: `s${index}` }));
  const elsewhere = born.replace('/v1/p/', '/v1/q/');
  const events = play(...fill, born, elsewhere, call(1, 'DELETE', '/s0'), born);
  expect(events.slice(500).map((event) => event?.outcome)).toEqual(['refused', 'done', 'done', 'done']);
  expect(events[500]).toMatchObject({
    refusal: { code: 'SECRET_LIMIT', limit: 500 },
    sentence: 'The project has reached its limit of 500 secrets. Delete one first.',
  });
});

test('startPlay remembers when a secret was deleted, at once or by schedule', () => {
  const week = 7 * 24 * 60 * 60 * 1000;
  const schedule = call(1, 'POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  const cancel = (at: number) => call(at, 'POST', '/db/scheduled-deleted-tasks/cancel');
  expect(outcomes(born, schedule, cancel(week))).toEqual(['done', 'done', 'done']);
  const [, , due, again] = play(born, schedule, cancel(week + 1), call(week + 2, 'POST', '', { name: 'db' }));
  expect(due).toMatchObject({
    refusal: { code: 'UNKNOWN_SECRET', deletedAt: week + 1 },
    sentence: 'Secret "db" does not exist. It was deleted on 1970-01-08T00:00:00.001Z.',
    state: undefined,
  });
  expect(again?.outcome).toBe('done');
  const [, deleted, gone] = play(born, call(5, 'DELETE', '/db'), call(6, 'DELETE', '/db'));
  expect(deleted).toMatchObject({ effects: [{ type: 'secretDeleted' }], state: undefined });
  expect(gone).toMatchObject({ refusal: { deletedAt: 5 } });
});

test('a secret whose deletion is due makes room before the next call', () => {
  const fill = Array.from({ length: 500 }, (_, index) => call(0, 'POST', '', { name: `s${index}` }));
  const schedule = call(0, 'POST', '/s7/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 });
  const week = 7 * 24 * 60 * 60 * 1000;
  const events = outcomes(
    ...fill,
    schedule,
    call(week - 1, 'POST', '', { name: 'db' }),
    call(week, 'POST', '', { name: 'db' }),
  );
  expect(events.slice(500)).toEqual(['done', 'SECRET_LIMIT', 'done']);
});

test('a version gets the id in the recorded response', () => {
  const answer = { version_metadata: { id: 'bb6a3d22' } };
  const [, event] = play(born, call(1, 'POST', '/db/versions', {}, answer));
  expect(event).toMatchObject({
    effects: expect.arrayContaining([{ type: 'versionCreated', versionId: 'bb6a3d22', at: 1 }]),
  });
  expect(outcomes(born, call(1, 'POST', '/db/versions', {}, { version_metadata: 5 }))).toEqual(['done', 'done']);
});

test('an action without a project is played in the only project', () => {
  const create = (at: number) => call(at, 'POST', '/db/versions', {});
  const [, , , , kept, all, disabled, refused] = play(
    born,
    create(1),
    create(2),
    create(3),
    pruned(4, 1),
    pruned(5),
    textOf({ at: 6, project: 'p', secret: 'db', action: { type: 'setStatus', status: 'DISABLED', at: 6 } }),
    create(7),
  );
  expect(kept).toMatchObject({
    outcome: 'done',
    operation: 'pruneDeprecated',
    at: 4,
    project: 'p',
    secret: 'db',
    effects: [{ type: 'versionPruned', versionId: 'v1' }],
  });
  expect(all).toMatchObject({ effects: [{ type: 'versionPruned', versionId: 'v2' }] });
  expect(disabled).toMatchObject({
    outcome: 'done',
    operation: 'setStatus',
    effects: [{ type: 'statusChanged', to: 'DISABLED' }],
  });
  expect(refused).toMatchObject({ refusal: { code: 'SECRET_NOT_ENABLED', status: 'DISABLED' } });
});

test('startPlay refuses an action that is mistyped, or whose secret does not exist', () => {
  expect(outcomes(born, pruned(1, -1), pruned(1, 1.5), call(2, 'DELETE', '/db'), pruned(3))).toEqual([
    'done',
    'unusable',
    'unusable',
    'done',
    'UNKNOWN_SECRET',
  ]);
  const [, , , gone] = play(born, pruned(1), call(2, 'DELETE', '/db'), pruned(3));
  expect(gone).toMatchObject({ refusal: { secret: 'db', deletedAt: 2 }, project: 'p', state: undefined });
});

test('an action without a project is unusable unless there is exactly one project', () => {
  const elsewhere = born.replace('/v1/p/', '/v1/q/');
  const there = { at: 1, project: 'q', secret: 'db', action: { type: 'pruneDeprecated' } };
  expect(play(pruned(1), textOf(there), pruned(1), born, pruned(1), elsewhere, pruned(1), textOf(there))).toMatchObject(
    [
      {
        outcome: 'unusable',
        line: 1,
        expected: 'project is required, because no line before this one creates a secret',
      },
      { outcome: 'refused', project: 'q' },
      { outcome: 'unusable', line: 3 },
      { outcome: 'done', project: 'p' },
      { outcome: 'done', project: 'p' },
      { outcome: 'done', project: 'q' },
      { outcome: 'unusable', line: 7, expected: 'project is required, because the transcript has 2 of them' },
      { outcome: 'done', project: 'q' },
    ],
  );
});

test('startPlay says what an invalid action must be', () => {
  const expected = (line: object) => {
    const [event] = play(textOf({ at: 1, secret: 'db', ...line }));
    return event?.outcome === 'unusable' ? event.expected : undefined;
  };
  const prune = { type: 'pruneDeprecated' };
  const omitted = 'must be omitted, because pruneDeprecated has no such field';
  const example = 'Example: {"at": 1581507580000, "secret": "db", "action": {"type": "createSecret"}}';
  expect(expected({ action: 'hunter2' })).toBe(`action must be an object. ${example}`);
  expect(expected({ action: { type: 'hunter2' } })).toBe(
    'action.type must be one of createSecret, createVersion, assignStage, removeStage, pruneDeprecated, scheduleDeletion, restore, setStatus',
  );
  expect(expected({ action: { type: 'createSecret', secret_string: 'hunter2' } })).toBe(
    'action["secret_string"] must be omitted, because createSecret has no such field (use one of name, at, versionId, fingerprint)',
  );
  expect(expected({ action: { type: 'createSecret', at: 2 } })).toBe('action.at must be omitted, or the same as at');
  expect(expected({ action: { type: 'assignStage', stage: 'hunter2' } })).toBe('action.versionId must be a string');
  expect(expected({ action: { type: 'createVersion', stages: 'hunter2' } })).toBe('action.stages must be a list');
  expect(expected({ action: { ...prune, keeep: 'hunter2' } })).toBe(`action["keeep"] ${omitted} (did you mean keep?)`);
  expect(expected({ action: { ...prune, keep: 'hunter2' } })).toBe('action.keep must be a whole number from 0');
  expect(expected({ action: { ...prune, createdBefore: '1' } })).toBe(
    'action.createdBefore must be epoch milliseconds as a number',
  );
  expect(expected({ action: { ...prune, at: 1 } })).toBe(`action["at"] ${omitted} (use one of keep, createdBefore)`);
  expect(expected({ action: prune, at: 0.5 })).toBe(`at must be epoch milliseconds as a number. ${example}`);
  expect(expected({ action: prune, secret: 5 })).toBe(`secret must be a string. ${example}`);
  for (const project of ['', 'a\u0007', 'x'.repeat(65)]) {
    expect(expected({ action: prune, project })).toBe(`project must be 1 to 64 printable characters. ${example}`);
  }
  const disable = { type: 'setStatus', status: 'DISABLED' };
  expect(expected({ action: { ...disable, status: 'PENDING_DELETE' } })).toBe(
    'action.status must be one of ENABLED, DISABLED, FROZEN',
  );
  expect(expected({ action: { ...disable, at: 2 } })).toBe('action.at must be omitted, or the same as at');
  // The name of an unknown field is content too. Only the start of a long one is shown.
  const long = `hunter2 to be ${'😀'.repeat(100)}`;
  expect(expected({ action: { ...prune, [long]: 1 } })).toBe(
    `action["hunter2 to be ${'😀'.repeat(32)}…"] ${omitted} (use one of keep, createdBefore)`,
  );
  const key = 'k'.repeat(73);
  expect(expected({ action: { ...prune, [key]: 1 } })).toBe(
    `action["${key}"] ${omitted} (use one of keep, createdBefore)`,
  );
  // A recorded call can have additional fields.
  expect(outcomes(textOf({ ...JSON.parse(born), action: 'hunter2' }))).toEqual(['done']);
});

test('startPlay plays every action of the model, with or without calls', () => {
  const events = play(
    did(0, 'createSecret', { versionId: 'one', fingerprint: 'a1', at: 0 }),
    did(1, 'createVersion', { versionId: 'two', stages: ['canary'], fingerprint: 'a2' }),
    did(2, 'assignStage', { stage: 'canary', versionId: 'one', from: 'two' }),
    did(3, 'removeStage', { stage: 'canary', from: 'one', at: 3 }),
    did(4, 'pruneDeprecated'),
    did(5, 'scheduleDeletion', { recoveryWindowInDays: 7 }),
    did(6, 'restore'),
    did(7, 'setStatus', { status: 'FROZEN' }),
  );
  expect(outcomesOf(events)).toEqual(Array.from(events, () => 'done'));
  expect(events).toMatchObject([
    { operation: 'createSecret', project: '', secret: 'db', state: { versions: { one: { fingerprint: 'a1' } } } },
    { operation: 'createVersion', effects: [{ type: 'versionCreated', versionId: 'two', at: 1 }, { stage: 'canary' }] },
    { operation: 'assignStage', effects: [{ type: 'stageMoved', from: 'two', to: 'one', at: 2 }, {}] },
    { operation: 'removeStage', effects: [{ type: 'stageRemoved', stage: 'canary' }] },
    { operation: 'pruneDeprecated', effects: [{ type: 'versionPruned', versionId: 'two' }] },
    { operation: 'scheduleDeletion', effects: [{ scheduledDeleteTime: 5 + 7 * 86_400_000 }] },
    { operation: 'restore', effects: [{ to: 'ENABLED' }] },
    { operation: 'setStatus', effects: [{ to: 'FROZEN' }] },
  ]);
  const beside = play(born, did(1, 'createSecret'), did(1, 'createSecret', {}, 'other'), call(2, 'GET', '/other'));
  expect(outcomesOf(beside)).toEqual(['done', 'SECRET_EXISTS', 'done', 'unmoved']);
  expect(beside[2]).toMatchObject({ project: 'p', state: { name: 'other', versions: { v1: { createTime: 1 } } } });
});

test('startPlay refuses a mistyped action, and leaves names and limits to the model', () => {
  expect(
    outcomes(
      did(0, 'createSecret', { versionId: null }),
      did(0, 'createSecret'),
      did(1, 'assignStage', { stage: 'a b', versionId: 'v1' }),
      did(1, 'assignStage', { stage: 'SYSCURRENT', versionId: 'v1', from: null }),
      did(1, 'scheduleDeletion', { recoveryWindowInDays: 6 }),
      did(1, 'scheduleDeletion', { recoveryWindowInDays: 1.5 }),
      did(1, 'restore'),
      did(1, 'createVersion', { fingerprint: '' }),
    ),
  ).toEqual([
    'INVALID_VALUE',
    'done',
    'INVALID_VALUE',
    'WRONG_HOLDER',
    'INVALID_VALUE',
    'unusable',
    'DELETION_NOT_SCHEDULED',
    'unusable',
  ]);
});

test('startPlay applies the rules of another dialect, and does not require a project', () => {
  const token = (number: number) => `${number}`.repeat(32);
  const lines = [
    did(0, 'createSecret', { versionId: token(1) }),
    did(1, 'createVersion', { versionId: token(2), stages: ['AWSPENDING'] }),
    did(2, 'assignStage', { stage: 'AWSCURRENT', versionId: token(2) }),
    did(2, 'assignStage', { stage: 'AWSCURRENT', versionId: token(2), from: token(1) }),
    did(3, 'setStatus', { status: 'DISABLED' }),
    did(4, 'removeStage', { stage: 'AWSPREVIOUS' }),
  ];
  expect(outcomesOf(playUnder(awsSecretsManager, lines))).toEqual([
    'done',
    'done',
    'HOLDER_NOT_NAMED',
    'done',
    'INVALID_VALUE',
    'done',
  ]);
  expect(outcomesOf(playUnder(alibabaKms, lines))).toEqual([
    'done',
    'done',
    'done',
    'WRONG_HOLDER',
    'INVALID_VALUE',
    'UNKNOWN_STAGE',
  ]);
  const google = [did(0, 'createSecret', { versionId: null }), did(1, 'createVersion'), did(2, 'scheduleDeletion')];
  expect(outcomesOf(playUnder(googleSecretManager, google))).toEqual(['done', 'done', 'ACTION_NOT_OFFERED']);
});

test('with another dialect, a missing secret is refused, and a project is required if there are several', () => {
  const events = playUnder(awsSecretsManager, [
    did(0, 'createVersion'),
    textOf({ at: 1, project: 'p', secret: 'db', action: { type: 'createSecret' } }),
    textOf({ at: 2, project: 'typo', secret: 'db', action: { type: 'createVersion' } }),
    textOf({ at: 2, project: 'typo', secret: 'a b', action: { type: 'createSecret' } }),
    did(3, 'createVersion'),
    textOf({ at: 4, project: 'q', secret: 'db', action: { type: 'createSecret' } }),
    did(5, 'createVersion'),
  ]);
  expect(events).toMatchObject([
    { project: '', refusal: { code: 'UNKNOWN_SECRET', secret: 'db' } },
    { project: 'p', outcome: 'done' },
    { project: 'typo', refusal: { code: 'UNKNOWN_SECRET' } },
    { project: 'typo', refusal: { code: 'INVALID_VALUE' } },
    { project: 'p', outcome: 'done' },
    { project: 'q', outcome: 'done' },
    { outcome: 'unusable', expected: 'project is required, because the transcript has 2 of them' },
  ]);
});

test.each([awsSecretsManager, googleSecretManager])(
  'creating a secret of $id without a version has the effect secretCreated',
  (dialect) => {
    const lines = [did(0, 'createSecret', { versionId: null }), did(1, 'pruneDeprecated')];
    const [created, unchanged] = playUnder(dialect, lines);
    expect(created).toMatchObject({ outcome: 'done', effects: [{ type: 'secretCreated' }] });
    expect(unchanged).toMatchObject({ outcome: 'done', effects: [] });
  },
);

test('only CSMS has a limit of 500 secrets', () => {
  const fill = Array.from({ length: 501 }, (_, index) => did(0, 'createSecret', {}, `s${index}`));
  expect(outcomes(...fill).slice(499)).toEqual(['done', 'SECRET_LIMIT']);
  expect(outcomesOf(playUnder(awsSecretsManager, fill)).slice(499)).toEqual(['done', 'done']);
});

test('startPlay refuses calls with another dialect, and says what a line must be', () => {
  const expected = (line: string) => {
    const [event] = playUnder(alibabaKms, [line]);
    return event?.outcome === 'unusable' ? event.expected : undefined;
  };
  const example = '{"at": 1581507580000, "secret": "db", "action": {"type": "createSecret"}}';
  const refused = 'transcript:1 cannot be played. The secret belongs to "huawei-csms", but --cloud is "alibaba-kms".';
  expect(() => expected(born)).toThrow(refused);
  expect(() => expected(textOf({ ...JSON.parse(did(0, 'createSecret')), method: 'POST' }))).toThrow(refused);
  expect(expected('{"at": 1}')).toBe(`The line must be an action. Example: ${example}`);
  expect(expected('"hunter2"')).toBe(`The line must be an action. Example: ${example}`);
  expect(expected('hunter2')).toBe(`The line must be a JSON object. Example: ${example}`);
  expect(outcomesOf(playUnder(alibabaKms, [example]))).toEqual(['done']);
});

test('the id of the dialect, not its title, decides whether calls are read', () => {
  const { title } = huaweiCsms;
  expect(() => playUnder(defineDialect(awsSecretsManager, { title }), [born])).toThrow('"aws-secrets-manager"');
  const changed = defineDialect(huaweiCsms, { title: 'ours', stages: { limit: 5 } });
  expect(outcomesOf(playUnder(changed, [born]))).toEqual(['done']);
});

test('startPlay takes the dialect from the first readable call, or from the first line with a dialect', () => {
  const played = (...lines: readonly string[]) => outcomesOf(playUnder(undefined, lines));
  const create = did(1, 'createSecret', {}, 'other');
  expect(played(create, born, create)).toEqual(['unusable', 'done', 'done']);
  const badCall = textOf({ at: 0, method: 'GET', path: '/nowhere' });
  expect(played(badCall, create, 'x', '{"at": 1}')).toEqual(['unusable', 'unusable', 'unusable', 'unusable']);
  const google = named(did(0, 'createSecret', { versionId: null }), 'google-secret-manager');
  expect(played(badCall, google, did(1, 'scheduleDeletion'))).toEqual(['unusable', 'done', 'ACTION_NOT_OFFERED']);
  expect(played(named(did(0, 'typo'), 'google-secret-manager'), did(1, 'createSecret'))).toEqual(['unusable', 'done']);
});

test('startPlay refuses a read that the emulator refuses', () => {
  expect(
    outcomes(
      born,
      call(1, 'GET', '/db/stages/canary'),
      call(1, 'GET', '/db/versions/v2'),
      call(1, 'PUT', '/db/versions/v2', { expire_time: 5 }),
      call(1, 'GET', '/db/stages/SYSCURRENT'),
    ),
  ).toEqual(['done', 'UNKNOWN_STAGE', 'UNKNOWN_VERSION', 'UNKNOWN_VERSION', 'unmoved']);
});

test('a recorded response takes precedence over the service', () => {
  expect(
    outcomes(
      born,
      call(1, 'GET', '/db/stages/canary', undefined, { stage: { name: 'canary' } }),
      call(2, 'POST', '/db/versions', {}, { error_code: 'CSMS.0404' }),
      call(3, 'POST', '/db/versions', {}, { version_metadata: { id: 'mine' } }),
      call(4, 'GET', '/db/versions/mine'),
      call(5, 'GET', '/db/versions/v2'),
    ),
  ).toEqual(['done', 'unmoved', 'unmoved', 'done', 'unmoved', 'UNKNOWN_VERSION']);
});

test('a recorded response does not create a secret that the transcript does not create', () => {
  expect(outcomes(born, call(1, 'PUT', '/other', { description: 'x' }, { secret: { name: 'other' } }))).toEqual([
    'done',
    'UNKNOWN_SECRET',
  ]);
});

test('an invalid recorded version id is refused', () => {
  const answer = { version_metadata: { id: '' } };
  expect(outcomes(born, call(1, 'POST', '/db/versions', {}, answer))).toEqual(['done', 'INVALID_VALUE']);
});

test('a secret whose deletion came due stays deleted, even for a later line with an earlier time', () => {
  const week = 7 * 24 * 60 * 60 * 1000;
  const events = play(
    born,
    call(0, 'POST', '/db/scheduled-deleted-tasks/create', { recovery_window_in_days: 7 }),
    call(week, 'GET', '/db'),
    call(1, 'POST', '/db/scheduled-deleted-tasks/cancel'),
  );
  expect(outcomesOf(events)).toEqual(['done', 'done', 'UNKNOWN_SECRET', 'UNKNOWN_SECRET']);
  expect(events[3]).toMatchObject({ refusal: { deletedAt: week }, state: undefined });
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
/** Times from here on do not look like seconds. */
const start = Date.UTC(2026, 0);

property([fc.array(fc.tuple(request, fc.constantFrom(0, 1, day, 8 * day)), { maxLength: 30 })])(
  'startPlay and the emulator do the same calls with the same result',
  (steps) => {
    const play = startPlay(huaweiCsms);
    let world: World = emptyWorld;
    let at = start;
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

const actionOn = (secret: string, at: number, type: string, project?: string) =>
  textOf({ at, project, secret, action: { type } });

test.each<readonly [what: string, lines: (count: number) => readonly string[]]>([
  [
    'calls on one secret',
    (count) => [born, ...numbered(count, (at) => call(at, 'PUT', '/db/stages/a', { version_id: 'v1' }))],
  ],
  ['projects', (count) => numbered(count, (at) => call(at, 'POST', '', { name: 'db' }).replace('/p/', `/p${at}/`))],
  ['secrets', (count) => numbered(count, (at) => named(actionOn(`s${at}`, at, 'createSecret'), 'aws-secrets-manager'))],
  [
    'scheduled deletions that come due one by one',
    (count) =>
      [
        ...numbered(count, (at) => actionOn(`s${at}`, start + at, 'createSecret')),
        ...numbered(count, (at) => actionOn(`s${at}`, start + at, 'scheduleDeletion')),
        ...numbered(count, (at) => actionOn(`t${at}`, start + at + 30 * day, 'createSecret')),
      ].map((line) => named(line, 'aws-secrets-manager')),
  ],
  ['lines that cannot be played', (count) => numbered(count, (at) => textOf({ at }))],
])('a transcript of many %s is played in linear time', (_, lines) => {
  expectLinear((count) => {
    const texts = lines(count);
    return () => playUnder(undefined, texts);
  }, 100);
});

test('a deletion that was cancelled and scheduled again is due at its last time', () => {
  const lines = [
    did(start, 'createSecret'),
    did(start + 1, 'scheduleDeletion'),
    did(start + 2, 'restore'),
    did(start + 1, 'scheduleDeletion'),
    did(start + 3, 'restore'),
    did(start + 4, 'scheduleDeletion'),
    did(start + 1 + 30 * day, 'restore'),
    did(start + 5, 'scheduleDeletion'),
    did(start + 5 + 30 * day, 'restore'),
  ];
  expect(outcomesOf(playUnder(awsSecretsManager, lines))).toEqual([...Array(8).fill('done'), 'UNKNOWN_SECRET']);
});

test('sentences about a line of a million characters are short', () => {
  const long = 'x'.repeat(1_000_000);
  const lines = [
    actionOn(long, 0, 'createSecret'),
    actionOn(long, 1, 'createSecret'),
    actionOn(long.slice(1), 2, 'restore'),
    actionOn('db', 3, 'createSecret'),
  ];
  const dialect = defineDialect(awsSecretsManager, { secret: { name: 'x+|db' } });
  for (const event of playUnder(dialect, lines)) {
    if (event?.outcome === 'refused') expect(event.sentence.length).toBeLessThan(300);
  }
  expect(() => playUnder(undefined, [named(actionOn('db', 0, 'createSecret'), long)])).toThrow(
    /^transcript:1 cannot be played\. "x{79}…" is not a dialect; .{1,200}$/,
  );
});

test('a value that is too long is refused by its length', () => {
  const [, event] = play(born, call(1, 'POST', '/db/versions', { secret_binary: 'A'.repeat(10_000_000) }));
  expect(event).toMatchObject({
    outcome: 'unusable',
    expected: 'body.secret_binary must be at most 32768 bytes of UTF-8',
  });
});

test('startPlay refuses the 1,001st version of a secret', () => {
  const play = startPlay(googleSecretManager);
  const line = (action: object) => play(JSON.stringify({ at: 1, secret: 'db', action }), 1);
  line({ type: 'createSecret' });
  for (let version = 2; version <= 1000; version++) line({ type: 'createVersion' });
  expect(line({ type: 'createVersion' })).toEqual({
    outcome: 'unusable',
    line: 1,
    expected: 'A secret in a transcript can have at most 1,000 versions',
  });
  expect(line({ type: 'assignStage', stage: 'prod', versionId: '1000' })).toMatchObject({ outcome: 'done' });
});
