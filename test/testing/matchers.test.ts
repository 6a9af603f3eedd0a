import { expect, test } from 'vitest';
import { drawBoard } from '../../src/board.ts';
import {
  awsSecretsManager,
  createSecret,
  type Dialect,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretAction,
  setStatus,
} from '../../src/index.ts';
import { stageMatchers } from '../../src/testing/matchers.ts';
import { secret } from '../../src/testing/secret.ts';

expect.extend(stageMatchers);

const db = secret('db').version('v1', 'SYSPREVIOUS').version('v2', 'SYSCURRENT', 'blue').version('v3').build();
const board = `\n\n${drawBoard(db)}`;
const wide = defineDialect(huaweiCsms, {
  title: 'wide',
  stages: { limit: 40, name: '[a-z A-Z0-9]+' },
  versions: { lists: { least: 0, most: 40 } },
});
const names = Array.from({ length: 20 }, (_, index) => `stage ${index}`);
const wideDb = secret('db', { dialect: wide })
  .version('v1', 'SYSCURRENT', ...names)
  .build();
const dangling = { ...db, stages: [...db.stages, { name: 'canary', versionId: 'v9', updateTime: 0 }] };

/** The message of the failing assertion. */
const messageOf = (assertion: () => unknown): string => {
  try {
    assertion();
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
  return 'no failure';
};

test('toMark passes for the version that the stage is on, and for no other', () => {
  expect(db).toMark('blue', 'v2');
  expect(db).not.toMark('blue', 'v1');
  expect(db).not.toMark('canary', 'v1');
  expect(db).not.toMark('toString', 'v1');
  expect(messageOf(() => expect(db).toMark('blue', 'v1'))).toBe(
    `Expected stage "blue" to be on version "v1", but it is on version "v2".${board}`,
  );
  expect(messageOf(() => expect(db).toMark('canary', 'v1'))).toBe(
    `Expected stage "canary" to be on version "v1", but it is on no version.${board}`,
  );
  expect(messageOf(() => expect(db).toMark('canary', 'v9'))).toBe(
    `Expected stage "canary" to be on version "v9", but it is on no version. Versions of the secret: "v1", "v2", "v3".${board}`,
  );
  expect(messageOf(() => expect(db).not.toMark('blue', 'v2'))).toBe(
    `Expected stage "blue" not to be on version "v2", but it is.${board}`,
  );
});

test('toBeDeprecated passes for a version without a stage, and otherwise names its stages', () => {
  expect(db).toBeDeprecated('v3');
  expect(db).not.toBeDeprecated('v1');
  expect(db).not.toBeDeprecated('v2');
  expect(messageOf(() => expect(db).toBeDeprecated('v2'))).toBe(
    `Expected version "v2" to be deprecated, but it is marked by "SYSCURRENT", "blue".${board}`,
  );
  expect(messageOf(() => expect(db).not.toBeDeprecated('v3'))).toBe(
    `Expected version "v3" not to be deprecated, but no stage marks it.${board}`,
  );
});

test('toBeDeprecated fails for a version that does not exist, with `.not` too', () => {
  const why = `Version "v9" does not exist, so it is neither deprecated nor in use. Versions of the secret: "v1", "v2", "v3".${board}`;
  expect(messageOf(() => expect(db).toBeDeprecated('v9'))).toBe(why);
  expect(messageOf(() => expect(db).not.toBeDeprecated('v9'))).toBe(why);
  expect(messageOf(() => expect(db).not.toBeDeprecated('constructor'))).toContain('does not exist');
});

test('toObeyTheLaws passes for a state and for its JSON', () => {
  expect(db).toObeyTheLaws();
  expect(JSON.parse(JSON.stringify(db))).toObeyTheLaws();
  expect(dangling).not.toObeyTheLaws();
  expect(wideDb).toObeyTheLaws({ dialect: wide });
  expect(wideDb).not.toObeyTheLaws();
  expect(messageOf(() => expect(db).not.toObeyTheLaws())).toBe(
    `Expected the secret to break a law of Huawei Cloud CSMS, but it obeys all of them.${board}`,
  );
  expect(messageOf(() => expect(wideDb).not.toObeyTheLaws({ dialect: wide }))).toContain('a law of wide, but');
});

test('toObeyTheLaws lists each broken law, and draws the board', () => {
  const broken = {
    ...dangling,
    scheduledDeleteTime: 0,
    stages: [...dangling.stages, { name: 'blue', versionId: 'v1', updateTime: 0 }],
  };
  expect(messageOf(() => expect(broken).toObeyTheLaws())).toBe(
    [
      'Expected the secret to obey the laws of Huawei Cloud CSMS, but it does not:',
      '- state must be a secret that obeys the law one-version-a-stage: A stage marks at most one version',
      '- state must be a secret that obeys the law stages-mark-versions: Every stage marks a version that exists',
      '- state must be a secret that obeys the law deletion-has-a-time: A secret has a time of deletion exactly when it is PENDING_DELETE',
      '',
      'v1   SYSPREVIOUS, blue',
      'v2   SYSCURRENT, blue',
      'v3   deprecated',
      '     canary is on v9, which does not exist.',
    ].join('\n'),
  );
});

test('toObeyTheLaws lists the problems of data that is not a secret, without a board', () => {
  const obey = 'Expected the secret to obey the laws of Huawei Cloud CSMS, but it does not:\n';
  expect(undefined).not.toObeyTheLaws();
  expect(messageOf(() => expect(undefined).toObeyTheLaws())).toBe(`${obey}- state is required`);
  expect(messageOf(() => expect({ ...db, status: 'AWAKE', extra: 1 }).toObeyTheLaws())).toBe(
    `${obey}- state.status must be one of ENABLED, DISABLED, FROZEN, PENDING_DELETE; got the string "AWAKE"\n` +
      '- state["extra"] must be omitted',
  );
});

test('toObeyTheLaws draws the board of a secret with invalid names', () => {
  const message = messageOf(() => expect(wideDb).toObeyTheLaws());
  expect(message).toMatch(/^- state\.stages\[1\]\.name must be text that matches \/.+\/; got the string "stage 0"$/m);
  expect(message).toContain('\n\nv1   SYSCURRENT, "stage 0", ');
});

test('toObeyTheLaws lists at most 20 problems, and the number of the rest', () => {
  const listOf = (count: number) => ({ ...db, stages: Array.from({ length: count }, () => null) });
  expect(messageOf(() => expect(listOf(20)).toObeyTheLaws()).split('\n')).toHaveLength(21);
  const lines = messageOf(() => expect(listOf(23)).toObeyTheLaws()).split('\n');
  expect(lines).toHaveLength(22);
  expect(lines.slice(-2)).toEqual(['- state.stages[19] must be an object; got null', '- 3 more']);
});

const promote: SecretAction = { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v3', at: 5000 };
const unknown: SecretAction = { type: 'removeStage', stage: 'canary', at: 5000 };
const asJson = '{"type":"removeStage","stage":"canary","at":5000}';

test('toRefuse passes for a refused action, with the given code if there is one', () => {
  expect(db).toRefuse(unknown);
  expect(db).toRefuse(unknown, { code: 'UNKNOWN_STAGE' });
  expect(db).not.toRefuse(unknown, { code: 'BUILT_IN_STAGE' });
  expect(db).not.toRefuse(promote);
  expect(db).not.toRefuse(promote, { code: 'UNKNOWN_STAGE' });
  const few = defineDialect(huaweiCsms, { stages: { limit: 3 } });
  const addition: SecretAction = { ...promote, stage: 'green' };
  expect(db).toRefuse(addition, { code: 'STAGE_LIMIT', dialect: few });
  expect(db).not.toRefuse(addition);
  expect(setStatus(db, { status: 'FROZEN', at: 5000 })).toRefuse(promote, { code: 'SECRET_NOT_ENABLED' });
});

test('toMark and toRefuse fail for mistyped arguments, with `.not` too', () => {
  const ids: Record<string, string> = JSON.parse('{}');
  const slip = ids['v9'] ?? JSON.parse('null');
  for (const assertion of [() => expect(db).toMark('canary', slip), () => expect(db).not.toMark('canary', slip)]) {
    expect(messageOf(assertion)).toBe(
      'toMark takes the id of a version; got null. Versions of the secret: "v1", "v2", "v3".',
    );
  }
  const action: SecretAction = JSON.parse('{"type":"remveStage"}');
  for (const assertion of [() => expect(db).toRefuse(action), () => expect(db).not.toRefuse(action)]) {
    expect(messageOf(assertion)).toContain('toRefuse takes an action. "remveStage" is not an action');
  }
  expect(db).toRefuse(action, { code: 'UNKNOWN_ACTION' });
});

test('toRefuse lists the effects of an allowed action', () => {
  expect(messageOf(() => expect(db).toRefuse(promote, { code: 'STAGE_LIMIT' }))).toBe(
    'Expected the secret to refuse {"type":"assignStage","stage":"SYSCURRENT","versionId":"v3","at":5000} with STAGE_LIMIT, ' +
      'but it allows the action:\n' +
      '- Stage "SYSCURRENT" moves from version "v2" to version "v3".\n' +
      `- Version "v3" is no longer deprecated.${board}`,
  );
  expect(messageOf(() => expect(db).toRefuse({ type: 'setStatus', status: 'ENABLED', at: 5000 }))).toBe(
    'Expected the secret to refuse {"type":"setStatus","status":"ENABLED","at":5000}, ' +
      `but it allows the action, which changes nothing.${board}`,
  );
});

test('toRefuse shows the actual refusal, with `.not` too', () => {
  expect(messageOf(() => expect(db).toRefuse(unknown, { code: 'BUILT_IN_STAGE' }))).toBe(
    `Expected the secret to refuse ${asJson} with BUILT_IN_STAGE, but it refuses the action with UNKNOWN_STAGE. Stage "canary" is on ` +
      `no version. The stages of the secret: "SYSCURRENT" on "v2", "SYSPREVIOUS" on "v1", "blue" on "v2".${board}`,
  );
  expect(messageOf(() => expect(db).not.toRefuse(unknown))).toContain(
    `Expected the secret not to refuse ${asJson}, but it refuses the action with UNKNOWN_STAGE. `,
  );
  expect(messageOf(() => expect(db).not.toRefuse(unknown, { code: 'UNKNOWN_STAGE' }))).toContain(
    `Expected the secret not to refuse ${asJson} with UNKNOWN_STAGE, but it refuses the action with UNKNOWN_STAGE. `,
  );
});

test.each([
  ['undefined', undefined, ['- state is required']],
  [
    'an outcome instead of its state',
    { ok: true, state: db },
    ['- state.name is required', '- state["ok"] must be omitted'],
  ],
])('a value that is not a state fails, with `.not` too: %s', (_, received, problems) => {
  const assertions = {
    toMark: [() => expect(received).toMark('blue', 'v2'), () => expect(received).not.toMark('blue', 'v2')],
    toBeDeprecated: [() => expect(received).toBeDeprecated('v3'), () => expect(received).not.toBeDeprecated('v3')],
    toRefuse: [() => expect(received).toRefuse(promote), () => expect(received).not.toRefuse(promote)],
  };
  for (const [matcher, both] of Object.entries(assertions)) {
    for (const assertion of both) {
      const [first, ...rest] = messageOf(assertion).split('\n');
      expect(first).toBe(`${matcher} takes a SecretState, but the received value is not one:`);
      expect(rest).toEqual(expect.arrayContaining(problems));
    }
  }
});

test('matchers accept a state that breaks a law, and a state of another dialect', () => {
  expect(dangling).toMark('canary', 'v9');
  expect(dangling).toBeDeprecated('v3');
  expect(wideDb).toMark('stage 7', 'v1');
  expect(wideDb).toRefuse(
    { type: 'assignStage', stage: 'one more', versionId: 'v1', at: 0 },
    { code: 'INVALID_VALUE' },
  );
  const vault = defineDialect(huaweiCsms, { id: 'vault', secret: { name: '.*' }, versions: { id: '.*' } });
  const born = createSecret({ name: 'my db', at: 0, versionId: '' }, vault);
  expect(born).toMark('SYSCURRENT', '');
});

test('matchers work with `resolves`', async () => {
  await expect(Promise.resolve(db)).resolves.toBeDeprecated('v3');
  await expect(expect(Promise.resolve(db)).resolves.toBeDeprecated('v2')).rejects.toThrow(
    'it is marked by "SYSCURRENT"',
  );
});

test('toMark reports a secret without a version', () => {
  const none = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  const { pass, message } = stageMatchers.toMark(none, 'prod', '1');
  expect(pass).toBe(false);
  expect(message()).toContain(
    'Expected stage "prod" to be on version "1", but it is on no version. Versions of the secret: none.\n\n   no version',
  );
  expect(stageMatchers.toObeyTheLaws(none, { dialect: googleSecretManager }).pass).toBe(true);
});

const dialect: Dialect = awsSecretsManager;
const wrong = `The secret belongs to "huawei-csms", not "aws-secrets-manager". Pass its dialect.${board}`;

test('toRefuse fails for a secret of another dialect, with `.not` too', () => {
  for (const options of [{ dialect }, { dialect, code: 'UNKNOWN_STAGE' } as const]) {
    expect(messageOf(() => expect(db).toRefuse(unknown, options))).toBe(wrong);
    expect(messageOf(() => expect(db).not.toRefuse(unknown, options))).toBe(wrong);
    expect(messageOf(() => expect(db).not.toRefuse(promote, options))).toBe(wrong);
  }
});

test('toRefuse passes for a secret of another dialect if the code is WRONG_DIALECT', () => {
  expect(db).toRefuse(promote, { dialect, code: 'WRONG_DIALECT' });
  expect(db).not.toRefuse(promote, { code: 'WRONG_DIALECT' });
});

test('toObeyTheLaws fails for a secret of another dialect, with `.not` too', () => {
  expect(messageOf(() => expect(db).toObeyTheLaws({ dialect }))).toBe(wrong);
  expect(messageOf(() => expect(db).not.toObeyTheLaws({ dialect }))).toBe(wrong);
  const none = { dialect: 'our-vault' };
  expect(messageOf(() => expect(none).not.toObeyTheLaws())).toContain('The secret belongs to "our-vault"');
});
