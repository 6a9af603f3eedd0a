import { expect, test } from 'vitest';
import { createCsmsEmulator } from '../../../src/emulator/index.ts';
import { createSecret, defineDialect, huaweiCsms } from '../../../src/index.ts';
import { importSnapshot } from '../../../src/policy/import/snapshot.ts';
import { expectFrozen } from '../../expect-frozen.ts';
import { expectLinear } from '../../work.ts';
import recorded from '../recordings/snapshot.json' with { type: 'json' };
import state from '../recordings/state.json' with { type: 'json' };

test('importSnapshot imports every secret of every project, with nothing unknown', async () => {
  const emulator = createCsmsEmulator({ clock: () => 1000 });
  const headers = { 'x-auth-token': 'any' };
  for (const project of ['p', '__proto__']) {
    for (const name of ['db', '__proto__']) {
      const body = JSON.stringify({ name, secret_string: 'hunter2' });
      await emulator.fetch(`http://csms/v1/${project}/secrets`, { method: 'POST', headers, body });
    }
  }
  const body = JSON.stringify({ expire_time: 5000 });
  await emulator.fetch('http://csms/v1/p/secrets/__proto__/versions/v1', { method: 'PUT', headers, body });

  for (const values of [true, false]) {
    const imported = importSnapshot(JSON.parse(JSON.stringify(await emulator.snapshot({ values }))));
    expect(imported).toEqual({
      ok: true,
      secrets: [
        {
          project: 'p',
          source: 'snapshot',
          dialect: huaweiCsms,
          state: createSecret({ name: 'db', at: 1000 }),
          expireTimes: {},
        },
        {
          project: 'p',
          source: 'snapshot',
          dialect: huaweiCsms,
          state: createSecret({ name: '__proto__', at: 1000 }),
          expireTimes: { v1: 5000 },
        },
        {
          project: '__proto__',
          source: 'snapshot',
          dialect: huaweiCsms,
          state: createSecret({ name: 'db', at: 1000 }),
          expireTimes: {},
        },
        {
          project: '__proto__',
          source: 'snapshot',
          dialect: huaweiCsms,
          state: createSecret({ name: '__proto__', at: 1000 }),
          expireTimes: {},
        },
      ],
      remarks: [],
    });
    expectFrozen(imported.ok && imported.secrets);
  }
});

test('importSnapshot reads a recorded snapshot', () => {
  expect(importSnapshot(recorded)).toEqual({
    ok: true,
    secrets: [
      { project: 'my-project', source: 'snapshot', dialect: huaweiCsms, state, expireTimes: { v3: 1_590_000_000_000 } },
    ],
    remarks: [],
  });
});

test('importSnapshot refuses invalid data and what the dialect forbids, and names each place', () => {
  expect(importSnapshot({ projects: { p: { secrets: { db: 5, other: 'hunter2' } } } })).toEqual({
    ok: false,
    problems: [
      { path: 'snapshot.projects["p"].secrets["db"]', expected: 'an object' },
      { path: 'snapshot.projects["p"].secrets["other"]', expected: 'an object' },
    ],
  });
  expect(importSnapshot(recorded, { dialect: defineDialect(huaweiCsms, { stages: { limit: 2 } }) })).toMatchObject({
    problems: [{ path: 'snapshot.projects["my-project"].secrets["db-password"].state', law: 'stage-limit' }],
  });
});

test('importSnapshot reads many secrets in linear time, and refuses more than ten million values', () => {
  const kept = { id: '', description: '', kmsKeyId: '', createTime: 0, updateTime: 0, expireTimes: {} };
  const snapshotOf = (size: number) => {
    const names = Array.from({ length: size }, (_, index) => `db${index}`);
    const secrets = names.map((name) => [name, { ...kept, state: createSecret({ name, at: 0 }) }]);
    return { projects: { p: { secrets: Object.fromEntries(secrets) } } };
  };
  expectLinear((size) => {
    const snapshot = snapshotOf(size);
    return () => expect(importSnapshot(snapshot).ok).toBe(true);
  }, 50);
  expect(importSnapshot({ projects: new Array(10_000_000).fill(0) })).toEqual({
    ok: false,
    problems: [{ path: 'snapshot', expected: 'at most 10,000,000 JSON values; split it into parts' }],
  });
  // On a busy machine it takes more than a minute.
}, 300_000);
