import { expect, test } from 'vitest';
import { drawSecret } from '../../src/drawing/draw-secret.ts';
import { colorsOf } from '../../src/drawing/terminal.ts';
import {
  alibabaKms,
  assignStage,
  createSecret,
  createVersion,
  googleSecretManager,
  huaweiCsms,
} from '../../src/index.ts';

const plain = { colors: colorsOf(false), width: undefined };

test('drawSecret says that a secret has no version', () => {
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  const [caption, ...rows] = drawSecret(empty, googleSecretManager, plain).split('\n');
  expect(caption).toBe('db   ENABLED   Google Secret Manager, 0 of 50 stages, 0 versions');
  expect(rows).toEqual(['   no versions']);
});

test('drawSecret writes odd names as JSON, and aligns wide ones', () => {
  const named = createSecret({ name: 'db', at: 0, versionId: '秘密' }, alibabaKms);
  const odd = assignStage(named, { stage: 'deprecated', versionId: '秘密', at: 1 }, alibabaKms);
  const two = createVersion(odd, { versionId: 'a\u001bb', at: 2 }, alibabaKms);
  expect(drawSecret(two, alibabaKms, plain).split('\n').slice(1)).toEqual([
    '秘密         ACSPrevious, "deprecated"   1970-01-01 00:00:00Z',
    '"a\\u001bb"   ACSCurrent                  1970-01-01 00:00:00.002Z',
  ]);
});

test('drawSecret colours the current and the previous stage, other stages, and deprecated versions', () => {
  const colors = colorsOf(true);
  const two = createVersion(createSecret({ name: 'db', at: 0 }), { at: 0 });
  const three = createVersion(createVersion(two, { at: 0, stages: ['canary'] }), { at: 0, stages: [] });
  const text = drawSecret(three, huaweiCsms, { colors, width: undefined });
  for (const painted of [
    colors.bold('v1'),
    colors.yellow('SYSPREVIOUS'),
    colors.green('SYSCURRENT'),
    colors.cyan('canary'),
    colors.dim('v4'),
    colors.dim('deprecated'),
  ]) {
    expect(text).toContain(painted);
  }
});

test('drawSecret draws 100 versions, those with stages first and then the newest, and says how many more there are', () => {
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  let state = empty;
  for (let at = 0; at < 150; at++) state = createVersion(state, { at }, googleSecretManager);
  state = assignStage(state, { stage: 'prod', versionId: '3', at: 200 }, googleSecretManager);
  const [caption, ...rows] = drawSecret(state, googleSecretManager, plain).split('\n');
  expect(caption).toContain('150 versions');
  expect(rows).toHaveLength(101);
  expect(rows.slice(0, 2)).toEqual([expect.stringMatching(/^3 +prod/), expect.stringMatching(/^52 +deprecated/)]);
  expect(rows.slice(-2)).toEqual([expect.stringMatching(/^150 /), 'and 50 more versions']);
});
