import { expect, test } from 'vitest';
import { createCsmsEmulator, SnapshotError } from '../../src/emulator/index.ts';
import { awsSecretsManager, createSecret, createVersion, huaweiCsms } from '../../src/index.ts';
import { explainProblem } from '../../src/sentences.ts';
import { parseEntry, parseWorld } from '../../src/service/parse-world.ts';
import { readCsmsSecret } from '../../src/service/read-secret.ts';
import { expectFrozen } from '../expect-frozen.ts';

const state = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 });
const secret = {
  id: 'a',
  description: '',
  kmsKeyId: 'k',
  createTime: 0,
  updateTime: 1000,
  state,
  kmsKeyIds: { v1: 'old' },
  expireTimes: { v1: 5 },
  values: { v1: { kind: 'string', text: 'hunter2' }, v2: { kind: 'binary', text: 'AAEC' } },
};
/** The fields of a secret that a snapshot of an older release does not have. */
const defaults = {
  secretType: 'COMMON',
  enterpriseProjectId: '0',
  eventSubscriptions: [],
  rotationPeriod: null,
  rotationConfig: null,
  rotationFuncUrn: null,
  tags: [],
};
const worldOf = (db: unknown) => ({ projects: { p: { secrets: { db } } } });

/** What is wrong with a snapshot, in words; nothing if it was restored. */
const complaintOf = async (snapshot: unknown): Promise<string | undefined> => {
  const emulator = createCsmsEmulator();
  try {
    await emulator.restore(snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
    expect(emulator.world).toEqual({ projects: {} });
    return String(error).replace('SnapshotError: The snapshot is invalid, so nothing was restored: ', '');
  }
  return undefined;
};

test('restore makes a frozen copy of a valid snapshot', async () => {
  const emulator = createCsmsEmulator();
  const snapshot = worldOf({
    ...secret,
    secretType: 'RDS-FG',
    enterpriseProjectId: 'e',
    eventSubscriptions: ['expiry'],
    rotationPeriod: '30d',
    rotationConfig: '{}',
    rotationFuncUrn: 'urn',
    tags: [{ key: 'team', value: 'shop' }],
  });
  await emulator.restore(snapshot);
  expect(emulator.world).toEqual(snapshot);
  expectFrozen(emulator.world);
  expect(Object.isFrozen(secret)).toBe(false);
});

test('restore reads a snapshot of an older release, with the defaults of CreateSecret', async () => {
  const emulator = createCsmsEmulator();
  await emulator.restore(worldOf(secret));
  expect(emulator.world).toEqual(worldOf({ ...secret, ...defaults }));
  expectFrozen(emulator.world);
});

test('restore accepts names such as __proto__', async () => {
  const emulator = createCsmsEmulator();
  const named = { ...secret, state: createSecret({ name: '__proto__', at: 0 }), expireTimes: {}, values: {} };
  const secrets = Object.fromEntries([['__proto__', named]]);
  await emulator.restore({
    projects: Object.fromEntries([
      ['__proto__', { secrets }],
      ['constructor', { secrets: {} }],
    ]),
  });
  const { projects } = await emulator.snapshot();
  expect(Object.keys(projects)).toEqual(['__proto__']);
  expect(Object.keys(Object.values(projects)[0]?.secrets ?? {})).toEqual(['__proto__']);
});

const at = 'snapshot.projects["p"].secrets["db"]';

test.each([
  ['nothing', undefined, 'snapshot is required.'],
  ['a list', [], 'snapshot.projects is required.'],
  ['another object', { projects: {}, extra: 1 }, 'snapshot.extra must be omitted.'],
  ['projects in a list', { projects: [] }, 'snapshot.projects must be an object.'],
  ['a project without secrets', { projects: { p: {} } }, 'snapshot.projects["p"].secrets is required.'],
  [
    'a project with an invalid name',
    { projects: { '': { secrets: {} } } },
    'snapshot.projects[""] must be named with 1 to 64 printable characters.',
  ],
  ['a secret that is not an object', worldOf(5), `${at} must be an object.`],
  ['an unknown field', worldOf({ ...secret, secret_string: 'hunter2' }), `${at}.secret_string must be omitted.`],
  ['a bad time', worldOf({ ...secret, createTime: -1 }), `${at}.createTime must be epoch milliseconds as a number.`],
  [
    'a state of another dialect',
    worldOf({ ...secret, state: createSecret({ name: 'db', at: 0 }, awsSecretsManager) }),
    `${at}.state.dialect must be "huawei-csms"; got the string "aws-secrets-manager".`,
  ],
  ['a broken law', worldOf({ ...secret, state: { ...state, versions: {} } }), /one-order|stages-mark-versions/],
  [
    'a state with another name',
    { projects: { p: { secrets: { x: secret } } } },
    /must be the key of the secret; got the string "db"\.$/,
  ],
  [
    'an expiry of a missing version',
    worldOf({ ...secret, expireTimes: { v9: 5 } }),
    `${at}.expireTimes["v9"] must be omitted, because the secret has no such version.`,
  ],
  [
    'an expiry that is not a time',
    worldOf({ ...secret, expireTimes: { v1: '5' } }),
    `${at}.expireTimes["v1"] must be a number.`,
  ],
  [
    'a key that is not a string',
    worldOf({ ...secret, kmsKeyIds: { v1: 5 } }),
    `${at}.kmsKeyIds["v1"] must be a string.`,
  ],
  ['expiries in a list', worldOf({ ...secret, expireTimes: [] }), `${at}.expireTimes must be an object.`],
  [
    'a value of a missing version',
    worldOf({ ...secret, values: { v9: { kind: 'string', text: 'hunter2' } } }),
    /values\["v9"\] must be omitted/,
  ],
  [
    'a value of an unknown kind',
    worldOf({ ...secret, values: { v1: { kind: 'hunter2', text: 'hunter2' } } }),
    /values\["v1"\]\.kind/,
  ],
  [
    'a value that is too long',
    worldOf({ ...secret, values: { v1: { kind: 'string', text: 'x'.repeat(32_769) } } }),
    /at most 32768 bytes/,
  ],
  [
    'a binary value that is not base64',
    worldOf({ ...secret, values: { v1: { kind: 'binary', text: 'hunter2' } } }),
    `${at}.values["v1"].text must be base64.`,
  ],
])('restore refuses %s, with its path and without a value', async (_, snapshot, complaint) => {
  const found = await complaintOf(snapshot);
  expect(found).toEqual(typeof complaint === 'string' ? complaint : expect.stringMatching(complaint));
  expect(found).not.toContain('hunter2');
});

test('restore reports all problems at once', async () => {
  expect(await complaintOf({ projects: { p: { secrets: { db: 5, other: { ...secret, id: 5 } } }, q: 5 } })).toBe(
    [
      `${at} must be an object`,
      'snapshot.projects["p"].secrets["other"].id must be a string',
      'snapshot.projects["q"] must be an object.',
    ].join('; '),
  );
});

test('parseEntry reads entries from JSON', () => {
  const again = (data: unknown) => parseEntry(JSON.parse(JSON.stringify(data)), huaweiCsms, readCsmsSecret);
  const directory = { project: 'p', directory: { db: null, other: 5 } };
  expect(again({ project: 'p', secret })).toEqual({
    ok: true,
    result: { project: 'p', secret: { ...secret, ...defaults } },
  });
  expect(again(directory)).toEqual({ ok: true, result: directory });
  expect(again({ project: 'p', secret: 5 }).ok).toBe(false);
  expect(again({ project: 'p', directory: { db: 'x' } })).toEqual({
    ok: false,
    problems: [{ path: 'data.directory["db"]', expected: 'a number' }],
  });
  expect(again({ project: 'p', directory: {}, extra: 5 })).toEqual({
    ok: false,
    problems: [{ path: 'data.extra', expected: 'omitted' }],
  });
  expect(again({ project: 'p' }).ok).toBe(false);
});

test('restore reports the first 20 problems, and how many more there are', () => {
  const secrets = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`s${index}`, 5]));
  const parsed = parseWorld({ projects: { p: { secrets } } }, huaweiCsms, readCsmsSecret);
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems).toHaveLength(21);
  expect(problems.slice(19).map(explainProblem)).toEqual([
    'snapshot.projects["p"].secrets["s19"] must be an object',
    'snapshot must be free of 199980 more problems',
  ]);
});
