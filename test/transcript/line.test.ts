import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awsSecretsManager, huaweiCsms, type SecretAction } from '../../src/index.ts';
import { secretActions, secretName } from '../../src/testing/index.ts';
import { readLine, writeLine } from '../../src/transcript/line.ts';
import { property } from '../property.ts';
import { did, play } from './lines.ts';

const place = { at: 5, project: 'p', secret: 'db' };

for (const dialect of [huaweiCsms, awsSecretsManager]) {
  property([secretActions({ dialect, maxLength: 10 }), secretName({ dialect }), fc.constantFrom('p', null)])(
    `a line that is written for ${dialect.title} is read as the same action`,
    (actions, secret, project) => {
      for (const any of actions) {
        const action: SecretAction = 'at' in any ? { ...any, at: 5 } : any;
        const line = readLine(JSON.parse(writeLine({ at: 5, dialect, project, secret, action })), dialect);
        if ('expected' in line) expect.fail(line.expected);
        expect(line).toMatchObject({ at: 5 });
        if ('action' in line) expect(line).toEqual({ at: 5, project: project ?? undefined, secret, action });
        else expect(line).toMatchObject({ secret, project: project ?? '{project_id}' });
      }
    },
  );
}

test('writeLine writes the version id of a call as a recorded response', () => {
  const written = writeLine({
    ...place,
    dialect: huaweiCsms,
    action: { type: 'createVersion', at: 5, stages: ['canary'] },
    versionId: 'v7',
  });
  expect(JSON.parse(written)).toEqual({
    at: 5,
    method: 'POST',
    path: '/v1/p/secrets/db/versions',
    body: { version_stages: ['canary'] },
    response: { version_metadata: { id: 'v7' } },
  });
  const [, event] = play(did(0, 'createSecret').replace('{', '{"project":"p",'), written);
  expect(event).toMatchObject({ outcome: 'done', effects: [{ type: 'versionCreated', versionId: 'v7' }, {}] });
});

test('writeLine writes the creation of a secret without a version as an action', () => {
  const creation = { ...place, dialect: huaweiCsms, action: { type: 'createSecret' } } as const;
  expect(JSON.parse(writeLine(creation))).toMatchObject({ method: 'POST', path: '/v1/p/secrets' });
  expect(JSON.parse(writeLine({ ...creation, project: null }))).toMatchObject({ path: '/v1/{project_id}/secrets' });
  expect(JSON.parse(writeLine({ ...creation, versionId: null }))).toMatchObject({
    dialect: 'huawei-csms',
    action: { type: 'createSecret', versionId: null },
  });
});

test('writeLine omits an invalid project from an action', () => {
  const action = { type: 'pruneDeprecated' } as const;
  expect(JSON.parse(writeLine({ ...place, project: '', dialect: huaweiCsms, action }))).toEqual({
    at: 5,
    dialect: 'huawei-csms',
    secret: 'db',
    action,
  });
});
