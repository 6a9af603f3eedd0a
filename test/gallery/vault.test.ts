import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { errorOf } from '../../src/api/csms/errors.ts';
import {
  createSecret,
  huaweiCsms,
  isDeprecated,
  nextVersionId,
  type SecretAction,
  type SecretState,
  tryReduce,
} from '../../src/index.ts';
import type { DriverAnswer, ShownSecret } from '../../src/testing/drivers/driver.ts';
import { action, lived } from '../arbitraries.ts';
import { runs } from '../property.ts';
import { clientOf } from './client.ts';
import { bornAt, type Fault, faults } from './faults.ts';
import { csmsOver } from './over-http.ts';
import { inOrder, shownOf } from './shown.ts';
import { type FaultId, Vault } from './vault.ts';

/** The observable results of a call in process: the response, the argument after the call, and the secret. */
interface Seen {
  readonly answer: DriverAnswer;
  readonly given: SecretAction;
  readonly shown: ShownSecret;
}

const seenOf = async (vault: Vault, action: SecretAction): Promise<Seen> => {
  const given = structuredClone(action);
  const answer = await vault.act('db', given);
  return { answer, given, shown: inOrder(await vault.show('db')) };
};

/** The results of the same call in the model, and the state after it. */
const expectedOf = (state: SecretState, action: SecretAction): readonly [seen: Seen, state: SecretState] => {
  const outcome = tryReduce(state, action);
  if (!outcome.ok) {
    const answer = { ok: false, reasons: [outcome.refusal.code] } as const;
    return [{ answer, given: action, shown: shownOf(state) }, state];
  }
  const next = outcome.state;
  if (action.type !== 'createVersion') return [{ answer: { ok: true }, given: action, shown: shownOf(next) }, next];
  const versionId = action.versionId ?? nextVersionId(state);
  const stages = [...new Set(action.stages ?? ['SYSCURRENT'])].sort();
  return [{ answer: { ok: true, versionId, stages }, given: action, shown: shownOf(next) }, next];
};

const manyActions = fc.array(action, { maxLength: 60, size: 'max' });

group('a vault without a fault', () => {
  test('behaves like the model on random histories', async () => {
    await fc.assert(
      fc.asyncProperty(manyActions, async (actions) => {
        const vault = new Vault();
        await vault.create('db', 0);
        let state = createSecret({ name: 'db', at: 0 });
        for (const action of actions) {
          const [expected, next] = expectedOf(state, action);
          expect(await seenOf(vault, action)).toEqual(expected);
          state = next;
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('continues from any state of the model', async () => {
    const livedInCsms = lived.filter(({ dialect }) => dialect === huaweiCsms).map(({ state }) => state);
    await fc.assert(
      fc.asyncProperty(livedInCsms, manyActions, async (born, actions) => {
        const vault = new Vault();
        vault.load(born);
        let state = born;
        expect(inOrder(await vault.show('db'))).toEqual(shownOf(state));
        for (const action of actions) {
          const [expected, next] = expectedOf(state, action);
          expect(await seenOf(vault, action)).toEqual(expected);
          state = next;
        }
      }),
    );
  });

  test('continues from a state without a current stage and with high version numbers', async () => {
    const born = createSecret({ name: 'db', at: 0 });
    for (const lastNumber of [9_007_199_254_740, 1e15]) {
      const state = { ...born, stages: [], versionsMade: 2, lastNumber };
      for (const versionId of ['mine', 'v1', 'v7', `v${lastNumber}`, `v${lastNumber + 1}`, undefined]) {
        const vault = new Vault();
        vault.load(state);
        expect(inOrder(await vault.show('db'))).toEqual(shownOf(state));
        const action: SecretAction = { type: 'createVersion', at: 1000, versionId };
        expect((await seenOf(vault, action)).answer).toEqual(expectedOf(state, action)[0].answer);
      }
    }
  });

  test('accepts 12 stages in a list, and refuses 13 even if one is listed twice', async () => {
    const twelve = Array.from({ length: 12 }, (_, index) => `stage-${index}`);
    const born = { ...createSecret({ name: 'db', at: 0 }), stages: [] };
    for (const stages of [twelve, [...twelve.slice(1), 'stage-1'], [...twelve, 'stage-1']]) {
      const vault = new Vault();
      vault.load(born);
      const action: SecretAction = { type: 'createVersion', at: 1000, stages };
      expect(await seenOf(vault, action)).toEqual(expectedOf(born, action)[0]);
    }
  });

  test('keeps several secrets, and refuses a name in use', async () => {
    const vault = new Vault();
    expect(await vault.create('__proto__', 0)).toEqual({ ok: true, versionId: 'v1', stages: ['SYSCURRENT'] });
    expect(await vault.create('other', 1)).toMatchObject({ ok: true });
    expect(await vault.create('other', 2)).toEqual({ ok: false });
    expect(await vault.create('no name', 3)).toEqual({ ok: false, reasons: ['INVALID_VALUE'] });
    expect(await vault.create('third', -1)).toEqual({ ok: false, reasons: ['INVALID_VALUE'] });
    await vault.act('other', { type: 'createVersion', at: 4 });
    expect(inOrder(await vault.show('__proto__'))).toEqual(shownOf(createSecret({ name: '__proto__', at: 0 })));
    expect(await vault.show('other')).toMatchObject({ latest: 'v2' });
    await vault.remove('other');
    await expect(vault.show('other')).rejects.toThrow('Secret "other" does not exist.');
  });
});

/** What must match over HTTP: deprecated versions may be deleted or not, up to the limit. */
const overHttp = (shown: ShownSecret) => ({
  ...shown,
  versions: shown.versions.filter(({ stages }) => stages.length > 0),
  isOverLimit: shown.versions.length > 20,
});

/** Plays calls over HTTP on a vault. Returns for each what was seen, and what the model expects. */
const playOverHttp = async (actions: readonly SecretAction[], fault?: FaultId) => {
  let now = bornAt - 1000;
  const client = clientOf(
    csmsOver(new Vault(fault), () => {
      now += 1000;
      return now;
    }),
  );
  let state = createSecret({ name: 'db', at: bornAt });
  const issued = new Set(['v1']);
  expect(await client.create()).toMatchObject({ status: 200 });
  const rows = [{ seen: overHttp(await client.show()), expected: overHttp(shownOf(state)) }];
  for (const action of actions) {
    const { status, error, version } = await client.act(action);
    const shown = await client.show();
    const isNewId = version && !issued.has(version.id);
    const seen = { error, told: version?.version_stages, isNewId, ...overHttp(shown) };
    if (version) issued.add(version.id);
    expect(status < 300).toBe(error === undefined);

    const outcome = tryReduce(state, action);
    if (outcome.ok) state = outcome.state;
    const made = outcome.ok && action.type === 'createVersion';
    const latest = state.status === 'ENABLED' ? shownOf(state).latest : null;
    const expected = {
      error: outcome.ok ? undefined : errorOf(outcome.refusal).error_code,
      told: made ? [...new Set(action.stages ?? ['SYSCURRENT'])].sort() : undefined,
      isNewId: made || undefined,
      ...overHttp({ ...shownOf(state), latest }),
    };
    rows.push({ seen, expected });
  }
  return rows;
};

const playInProcess = async (actions: readonly SecretAction[], fault?: FaultId) => {
  const vault = new Vault(fault);
  await vault.create('db', bornAt);
  let state = createSecret({ name: 'db', at: bornAt });
  const rows: { readonly seen: unknown; readonly expected: unknown }[] = [
    { seen: inOrder(await vault.show('db')), expected: shownOf(state) },
  ];
  for (const action of actions) {
    const [expected, next] = expectedOf(state, action);
    rows.push({ seen: await seenOf(vault, action), expected });
    state = next;
  }
  return rows;
};

group('a vault over HTTP', () => {
  /** Calls that the API has, at the times of the clock. */
  const calls = fc.array(action, { maxLength: 30, size: 'max' }).map((actions) =>
    actions
      .flatMap((action): SecretAction[] => {
        if (action.type === 'pruneDeprecated' || action.type === 'setStatus') return [];
        if (action.type === 'createVersion') return [{ type: action.type, at: 0, stages: action.stages }];
        if (action.type === 'scheduleDeletion' || action.type === 'restore') return [{ ...action, at: 0 }];
        const { type, stage } = action;
        // A name that cannot be in a path, or in UTF-8, makes no call.
        if (!/^[\w-]+$/.test(stage)) return [];
        return type === 'removeStage'
          ? [{ type, stage, at: 0 }]
          : [{ type, stage, versionId: action.versionId, at: 0 }];
      })
      .map((action, index) => ({ ...action, at: bornAt + 1000 * (index + 1) })),
  );

  test('behaves like the model on random histories, without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (actions) => {
        for (const { seen, expected } of await playOverHttp(actions)) expect(seen).toEqual(expected);
      }),
      { numRuns: runs(60) },
    );
  });

  const serve = () => clientOf(csmsOver(new Vault(), () => bornAt));

  test('creates, lists and removes secrets', async () => {
    const { send, create, remove } = serve();
    expect(await send('GET', '/db')).toMatchObject([400, { error_code: 'CSMS.0106' }]);
    expect(await send('POST', '', { name: 'db' })).toMatchObject([400, { error_code: 'CSMS.0002' }]);
    expect(await create()).toMatchObject({ status: 200 });
    expect(await create()).toMatchObject({ status: 400, error: 'CSMS.0002' });
    expect(await send('POST', '', { name: 'no name', secret_string: '' })).toMatchObject([400, {}]);
    await send('POST', '', { name: 'other', secret_string: '' });
    expect(await send('GET', '?limit=1')).toMatchObject([
      200,
      { secrets: [{ name: 'db', state: 'ENABLED', create_time: bornAt }], page_info: { next_marker: 'db' } },
    ]);
    expect(await send('GET', '?limit=1&marker=db')).toMatchObject([
      200,
      { secrets: [{ name: 'other' }], page_info: { next_marker: null, previous_marker: 'other', current_count: 1 } },
    ]);
    expect(await remove()).toEqual({ status: 204, error: undefined, version: undefined });
    expect(await remove()).toMatchObject({ status: 400, error: 'CSMS.0106' });
  });

  test('returns versions in pages and one by one', async () => {
    const { send, create } = serve();
    await create();
    expect(await send('POST', '/db/versions', {})).toMatchObject([400, { error_code: 'CSMS.0002' }]);
    for (const secret_string of ['a', 'b']) await send('POST', '/db/versions', { secret_string });
    expect(await send('GET', '/db/versions?limit=2&marker=v1')).toMatchObject([
      200,
      { version_metadatas: [{ id: 'v2' }, { id: 'v3' }], page_info: { next_marker: null, current_count: 2 } },
    ]);
    expect(await send('GET', '/db/versions/v2')).toMatchObject([
      200,
      { version: { version_metadata: { id: 'v2', create_time: bornAt, version_stages: ['SYSPREVIOUS'] } } },
    ]);
    expect(await send('GET', '/db/versions/v9')).toMatchObject([400, { error_code: 'CSMS.0005' }]);
  });

  test('assigns a stage by either call, and refuses unknown calls', async () => {
    const { send, create } = serve();
    await create();
    const stage = { name: 'canary', version_id: 'v1', secret_name: 'db', update_time: bornAt };
    expect(await send('POST', '/db/stages', { name: 'canary', version_id: 'v1' })).toEqual([200, { stage }]);
    expect(await send('GET', '/db/stages/canary')).toEqual([200, { stage }]);
    expect(await send('GET', '/db/stages/blue')).toMatchObject([400, { error_code: 'CSMS.0005' }]);
    expect(await send('PUT', '/db/stages/canary', {})).toMatchObject([400, { error_code: 'CSMS.0004' }]);
    expect(await send('PATCH', '/db')).toMatchObject([400, { error_code: 'CSMS.0003' }]);
    expect(await send('PUT', '/db', { description: '' })).toMatchObject([400, { error_code: 'CSMS.0003' }]);
  });
});

group.each(faults)('the fault $id', (fault: Fault) => {
  const ways = [
    ['in process', playInProcess, fault.reproduction, fault.calls],
    ['over HTTP', playOverHttp, fault.reproductionOverHttp, fault.callsOverHttp],
  ] as const;

  test.each(ways)('shows %s at the last call of its reproduction, not before', async (_, play, actions, calls) => {
    // Over HTTP the client of this test only reads listed stages.
    if (play === playOverHttp && fault.id === 'removed-stage-answers') return;
    const rows = await play(actions, fault.id);
    expect(rows).toHaveLength(1 + calls);
    for (const { seen, expected } of rows.slice(0, -1)) expect(seen).toEqual(expected);
    expect(rows.at(-1)?.seen).not.toEqual(rows.at(-1)?.expected);
  });

  test('does not show in a vault without it', async () => {
    const rows = await Promise.all([
      playInProcess(fault.reproduction),
      playInProcess(fault.reproductionOverHttp),
      playOverHttp(fault.reproductionOverHttp),
    ]);
    for (const { seen, expected } of rows.flat()) expect(seen).toEqual(expected);
  });
});

test('a vault with limit-of-eleven can still move the stages of a loaded secret with 12', async () => {
  const stages = Array.from({ length: 11 }, (_, index) => `stage-${index}`);
  const [, full] = expectedOf(createSecret({ name: 'db', at: 0 }), { type: 'createVersion', at: 1000, stages });
  const vault = new Vault('limit-of-eleven');
  vault.load(full);
  const moves: readonly SecretAction[] = [
    { type: 'assignStage', stage: 'stage-1', versionId: 'v1', at: 2000 },
    { type: 'createVersion', at: 3000, stages: ['stage-2'] },
  ];
  let state = full;
  for (const action of moves) {
    const [expected, next] = expectedOf(state, action);
    expect(await seenOf(vault, action)).toEqual(expected);
    state = next;
  }
});

test('the gallery has each fault once', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  expect(faults.length).toBeGreaterThanOrEqual(30);
});

test('no reproduction over HTTP uses a deprecated version, except that of deprecated-is-final', () => {
  for (const { id, reproductionOverHttp } of faults) {
    let state = createSecret({ name: 'db', at: bornAt });
    const uses = reproductionOverHttp.filter((action) => {
      const isUse = action.type === 'assignStage' && isDeprecated(state, action.versionId);
      const outcome = tryReduce(state, action);
      if (outcome.ok) state = outcome.state;
      return isUse;
    });
    if (uses.length > 0) expect(id).toBe('deprecated-is-final');
  }
});
