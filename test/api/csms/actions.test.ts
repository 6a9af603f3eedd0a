import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionOf, creationOf, isActing, callFor as requestOf } from '../../../src/api/csms/actions.ts';
import { readCall } from '../../../src/api/csms/calls.ts';
import { projectId } from '../../../src/api/http.ts';
import { fits } from '../../../src/dialects/pattern.ts';
import { huaweiCsms, type Pattern, type SecretAction } from '../../../src/index.ts';
import { hostileNames } from '../../arbitraries.ts';
import { property } from '../../property.ts';

const nameBy = (pattern: Pattern) =>
  fc
    .oneof(fc.stringMatching(new RegExp(`^${pattern}$`)), fc.constantFrom(...hostileNames))
    .filter((name) => fits(name, pattern));
const stage = nameBy(huaweiCsms.stages.name);
const at = fc.nat();
const versionId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...hostileNames, '-v', 'a=b', "it's", '"', '/../..', '%2F', '\u001b[31m'),
);
const called: fc.Arbitrary<Exclude<SecretAction, SecretAction<'pruneDeprecated' | 'setStatus'>>> = fc.oneof(
  fc.record({
    type: fc.constant('createVersion' as const),
    at,
    stages: fc.option(fc.array(stage), { nil: undefined }),
  }),
  fc.record({ type: fc.constant('assignStage' as const), stage, versionId, at }),
  fc.record({ type: fc.constant('removeStage' as const), stage, at }),
  fc.record({
    type: fc.constant('scheduleDeletion' as const),
    at,
    recoveryWindowInDays: fc.option(fc.integer({ min: 7, max: 30 }), { nil: undefined }),
  }),
  fc.record({ type: fc.constant('restore' as const), at }),
);
const project = fc.oneof(
  fc.constantFrom('p', 'my project', '%2F', 'a/b?c#d', 'é', '😀'),
  fc.string({ unit: 'binary' }),
);

property([called, nameBy(huaweiCsms.secret.name), project])(
  'callFor writes a call that actionOf reads as the same action',
  (action, secret, project) => {
    const sent = requestOf(action, project, secret);
    // As it is sent: through JSON.
    const { method, path, body } = JSON.parse(JSON.stringify(sent));
    const call = readCall(method, path, body);
    expect(call).toMatchObject({ secret, project: projectId.test(project) ? project : '{project_id}' });
    expect('operation' in call && isActing(call) && actionOf(call, action.at)).toEqual(action);
  },
);

test('callFor omits from, because the API does not have it', () => {
  const guarded = { type: 'assignStage', stage: 'canary', versionId: 'v1', at: 0, from: 'v2' } as const;
  expect(requestOf(guarded, 'p', 'db')).toEqual({
    method: 'PUT',
    path: '/v1/p/secrets/db/stages/canary',
    body: { version_id: 'v1' },
  });
});

test.each([null, '', '\uD800', 'p'.repeat(65)])('callFor keeps the placeholder for project %j', (project) => {
  const removal = { type: 'removeStage', stage: 'canary', at: 0 } as const;
  expect(requestOf(removal, project, 'db')).toEqual({
    method: 'DELETE',
    path: '/v1/{project_id}/secrets/db/stages/canary',
  });
});

test.each(['', '.', '..', '\uD800'])('callFor puts stage %j, which cannot be in a path, into the body', (stage) => {
  const { method, path, body } = requestOf({ type: 'assignStage', stage, versionId: 'v1', at: 0 }, 'p', 'db') ?? {};
  expect({ method, path, body }).toEqual({
    method: 'POST',
    path: '/v1/p/secrets/db/stages',
    body: { name: stage, version_id: 'v1' },
  });
});

test('callFor returns undefined for pruneDeprecated and setStatus', () => {
  expect(requestOf({ type: 'pruneDeprecated' }, 'p', 'db')).toBeUndefined();
  expect(requestOf({ type: 'setStatus', status: 'DISABLED', at: 0 }, 'p', 'db')).toBeUndefined();
});

test('creationOf creates a secret in its project', () => {
  const { method, path, body } = JSON.parse(JSON.stringify(creationOf('my project', 'db')));
  expect(readCall(method, path, body)).toMatchObject({
    operation: 'CreateSecret',
    project: 'my project',
    secret: 'db',
  });
});
