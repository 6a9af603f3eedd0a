import { expect, describe as group, test } from 'vitest';
import { clouds, isOffered } from '../../../src/dialects/index.ts';
import { createCsmsEmulator } from '../../../src/emulator/index.ts';
import {
  awsSecretsManager,
  createSecret,
  type Dialect,
  defineDialect,
  huaweiCsms,
  type SecretAction,
} from '../../../src/index.ts';
import { differenceIn } from '../../../src/testing/conformance/difference.ts';
import { lawsFor } from '../../../src/testing/conformance/laws.ts';
import { shortStories } from '../../../src/testing/conformance/steps.ts';
import { actionsOfCsms } from '../../../src/testing/drivers/index.ts';
import {
  checkConformance,
  explainConformance,
  fetchDriver,
  modelDriver,
  type SecretDriver,
  type ShownSecret,
} from '../../../src/testing/index.ts';
import { faults } from '../../gallery/faults.ts';
import { csmsOver } from '../../gallery/over-http.ts';
import { Vault } from '../../gallery/vault.ts';
import { runs } from '../../property.ts';
import { expectLinear } from '../../work.ts';

const seedsFrom1 = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A sound driver with some methods replaced. */
const like = (otherwise: (sound: SecretDriver) => Partial<SecretDriver>, dialect?: Dialect): SecretDriver => {
  const sound = modelDriver({ dialect });
  return { ...sound, ...otherwise(sound) };
};

/** Stages without the times of their assignment. */
const untimed = (stages: ShownSecret['stages']): ShownSecret['stages'] =>
  stages.map(({ name, versionId }) => ({ name, versionId }));

/** A sound driver that shows changed data. */
const showing = (change: (shown: ShownSecret) => Partial<ShownSecret>): SecretDriver =>
  like(({ show }) => ({
    show: async (secret) => {
      const shown = await show(secret);
      return { ...shown, ...change(shown) };
    },
  }));

group('checkConformance finds no broken law in', () => {
  test('the model, and the check tries every law', async () => {
    const found = await checkConformance(modelDriver(), { seed: 1 });
    expect(found).toMatchObject({ ok: true, runs: 200, seed: 1 });
    expect(found.laws.filter(({ tried }) => tried < 10)).toEqual([]);
    expect(explainConformance(found)).toMatch(/^No law was broken in \d{4} calls on 200 secrets \(seed 1\)\.$/);
  });

  test('the emulator, over its API', async () => {
    const emulator = createCsmsEmulator();
    const driver = fetchDriver('http://csms', { project: 'p', token: 'any', fetch: emulator.fetch });
    const found = await checkConformance(driver, { runs: runs(20, 60) });
    expect(explainConformance(found)).toContain('No law was broken');
    expect(emulator.world.projects).toEqual({});
  });

  test('the vault of the gallery without a fault, in process and over an API', async () => {
    expect(await checkConformance(new Vault())).toMatchObject({ ok: true });
    let now = 1_790_000_000_000;
    const fetch = csmsOver(new Vault(), () => ++now);
    const driver = fetchDriver('http://csms', { project: 'p', token: 'any', fetch });
    expect(await checkConformance(driver, { runs: 40 })).toMatchObject({ ok: true });
  });

  const vault = defineDialect(huaweiCsms, {
    id: 'a dialect of your own',
    stages: { current: 'now', previous: 'then', name: '[a-z]{1,6}', limit: 3 },
    versions: {
      idPrefix: 'version-',
      lists: { least: 0, most: 2 },
      limit: { most: 4, whenFull: 'drop-oldest-deprecated' },
    },
  });
  test.each<Dialect>([
    vault,
    defineDialect(vault, { versions: { limit: { most: 4, whenFull: 'refuse' } } }),
    defineDialect(vault, { stages: { previousFollows: 'any-move' } }),
    defineDialect(vault, {
      stages: { limitCounts: 'custom', limit: 1 },
      versions: { limit: { most: 1, whenFull: 'drop-oldest-deprecated' } },
    }),
    defineDialect(vault, { versions: { latest: 'newest' } }),
    defineDialect(huaweiCsms, {
      versions: { limit: { most: Number.MAX_SAFE_INTEGER, whenFull: 'drop-oldest-deprecated' } },
    }),
  ])('the model of another dialect: %#', async (dialect) => {
    expect(await checkConformance(modelDriver({ dialect }), { dialect })).toMatchObject({ ok: true });
  });

  test('a driver that deletes deprecated versions at any time, unless it has prunesWhenAsked', async () => {
    const hasty = (sound: SecretDriver): Partial<SecretDriver> => ({
      prunesWhenAsked: false,
      act: async (secret, action) => {
        const answer = await sound.act(secret, action);
        await sound.act(secret, { type: 'pruneDeprecated' });
        return answer;
      },
    });
    expect(await checkConformance(like(hasty))).toMatchObject({ ok: true });
    const hard = defineDialect(huaweiCsms, { versions: { limit: { most: 3, whenFull: 'refuse' } } });
    expect(await checkConformance(like(hasty, hard), { dialect: hard })).toMatchObject({ ok: true });
    expect(await checkConformance(like((sound) => ({ ...hasty(sound), prunesWhenAsked: true })))).toMatchObject({
      ok: false,
      law: { id: 'prunes-deprecated-only' },
      why: 'Version "v1" was deleted, but it must be kept.',
    });
  });

  test('a driver that deletes deprecated versions at once, and returns no version ids', async () => {
    const driver = like(({ act }) => ({
      prunesWhenAsked: false,
      act: async (secret, action) => {
        await act(secret, { type: 'pruneDeprecated' });
        const answer = await act(secret, action);
        await act(secret, { type: 'pruneDeprecated' });
        return answer.ok ? { ok: true } : answer;
      },
    }));
    const found = await checkConformance(driver);
    expect(explainConformance(found)).toContain('No law was broken');
  });

  test('a driver with its own clock and its own ids', async () => {
    const ids = new Map<string, string>();
    const named = (id: string) => ids.get(id) ?? id;
    const back = (id: string) => [...ids].find(([, given]) => given === id)?.[0] ?? `not-${id}`;
    const later = (time: number) => time + 12_345;
    const driver = like(({ create, act, show }) => ({
      takesTime: undefined,
      create: async (secret, at) => {
        ids.set('v1', `first-of-${secret}`);
        await create(secret, at);
        return { ok: true };
      },
      act: async (secret, action) => {
        const answer = await act(
          secret,
          action.type === 'assignStage' ? { ...action, versionId: back(action.versionId) } : action,
        );
        if (!answer.ok || !answer.versionId) return answer;
        ids.set(answer.versionId, `${secret}-${answer.versionId}`);
        return { ok: true };
      },
      show: async (secret) => {
        const shown = await show(secret);
        return {
          status: shown.status,
          scheduledDeleteTime: shown.scheduledDeleteTime && later(shown.scheduledDeleteTime),
          versions: shown.versions.map((version) => ({
            ...version,
            id: named(version.id),
            createTime: later(version.createTime),
          })),
          stages: shown.stages.map((stage) => ({
            ...stage,
            versionId: named(stage.versionId),
            updateTime: later(Number(stage.updateTime)),
          })),
        };
      },
    }));
    const found = await checkConformance(driver);
    expect(explainConformance(found)).toContain('No law was broken');
  });

  test('a driver that never shows when a stage was assigned', async () => {
    const withoutTimes = ({ stages }: ShownSecret) => ({ stages: untimed(stages) });
    for (const driver of [showing(withoutTimes), { ...showing(withoutTimes), takesTime: false }]) {
      const found = await checkConformance(driver);
      expect(explainConformance(found)).toContain('No law was broken');
      expect(found.laws.filter(({ tried }) => tried < 10)).toEqual([]);
    }
  });

  test('any driver, with names that begin with the prefix, and removes every secret', async () => {
    const living = new Set<string>();
    const seen = new Set<string>();
    const driver = like(({ create, remove }) => ({
      create: (secret, at) => {
        expect(seen).not.toContain(secret);
        living.add(secret);
        seen.add(secret);
        return create(secret, at);
      },
      remove: (secret) => {
        living.delete(secret);
        return remove(secret);
      },
    }));
    await checkConformance(driver, { prefix: 'mine', runs: 7 });
    expect([...seen]).toEqual(seedsFrom1(7).map((number) => `mine-${number}`));
    expect([...living]).toEqual([]);
  });
});

group('checkConformance finds each fault of the gallery', () => {
  test('the gallery has at least 14 faults, with unique ids', () => {
    expect(faults.length).toBeGreaterThanOrEqual(14);
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  });

  test.each(faults)('$fault', { timeout: 600_000 }, async ({ id, law, calls }) => {
    for (const seed of seedsFrom1(runs(1, 50))) {
      const found = await checkConformance(new Vault(id), { seed });
      expect(found, `seed ${seed}`).toMatchObject({ ok: false, law: { id: law } });
      expect(!found.ok && found.story.length - 1, `seed ${seed}`).toBeLessThanOrEqual(calls + 1);
    }
  });
});

group('the result of a broken law', () => {
  test('explainConformance writes the law, both boards, the calls, and how to reproduce it', async () => {
    const found = await checkConformance(new Vault('stage-on-two-versions'), { seed: 1 });
    expect(explainConformance(found).split('\n')).toEqual([
      'Broken law: A stage marks at most one version.',
      'Stage "SYSCURRENT" is listed twice: with version "v1" and version "v2".',
      '',
      'expected                       actual',
      'v1   SYSCURRENT, SYSPREVIOUS   v1   SYSCURRENT, SYSPREVIOUS',
      'v2   deprecated                v2   SYSCURRENT',
      '',
      'The shortest sequence of calls found. The last one breaks the law. As lines for `secret-stages replay`:',
      '{"at":1700000000000,"method":"POST","path":"/v1/p/secrets","body":{"name":"db"}}',
      '{"at":1700000001000,"method":"POST","path":"/v1/p/secrets/db/versions","body":{},"response":{"version_metadata":{"id":"v2"}}}',
      '{"at":1700000002000,"method":"PUT","path":"/v1/p/secrets/db/stages/SYSCURRENT","body":{"version_id":"v1"}}',
      '',
      'To reproduce: { seed: 1, path: "24" }',
    ]);
  });

  test('the story has simple calls, even if it is long', async () => {
    const found = await checkConformance(new Vault('no-version-limit'), { seed: 1 });
    const [creation, ...later] = found.ok ? [] : found.story.map(({ action }) => action);
    expect(creation).toBeNull();
    expect(later).toEqual(later.map(() => ({ type: 'createVersion', at: expect.any(Number) })));
    expect(later).toHaveLength(20);
  });

  test('seed and path reproduce the result', async () => {
    for (const first of seedsFrom1(5)) {
      const found = await checkConformance(new Vault('restore-loses-stages'), { seed: first });
      if (found.ok) throw new Error('nothing was found');
      const { seed, path, story, why } = found;
      expect(seed).toBe(first);
      const again = await checkConformance(new Vault('restore-loses-stages'), { seed, path });
      expect(again).toMatchObject({ ok: false, runs: 1, story, why, seed });
    }
  });

  const brokenBy = async (driver: SecretDriver) => {
    const found = await checkConformance(driver, { seed: 1 });
    return found.ok ? undefined : [found.law.id, found.why, found.story.length - 1];
  };
  const fail = async () => Promise.reject(new Error('the disk is full'));

  test.each([
    ['create', 0],
    ['show', 0],
    ['act', 1],
    ['remove', 0],
  ] as const)('a driver whose %s throws', async (method, calls) => {
    expect(await brokenBy(like(() => ({ [method]: fail })))).toEqual(['answers', 'Error: the disk is full', calls]);
  });

  test('a driver that refuses to create a secret', async () => {
    const driver = like(() => ({ create: async () => ({ ok: false, reasons: ['INVALID_VALUE'] }) }));
    expect(await brokenBy(driver)).toEqual([
      'done-or-refused',
      'The call was refused (INVALID_VALUE), but must succeed.',
      0,
    ]);
  });

  const elsewhere = 'v99';
  const changing = (change: (shown: ShownSecret, action: SecretAction) => Partial<ShownSecret>): SecretDriver => {
    const last = new Map<string, SecretAction>();
    return like(({ act, show }) => ({
      act: (secret, action) => {
        last.set(secret, action);
        return act(secret, action);
      },
      show: async (secret) => {
        const shown = await show(secret);
        const action = last.get(secret);
        return action ? { ...shown, ...change(shown, action) } : shown;
      },
    }));
  };
  const after = (type: SecretAction['type'], change: (shown: ShownSecret) => Partial<ShownSecret>): SecretDriver =>
    changing((shown, action) => (action.type === type ? change(shown) : {}));
  const bound = (vault: Vault): SecretDriver => ({
    ...vault,
    create: (secret, at) => vault.create(secret, at),
    act: (secret, action) => vault.act(secret, action),
    show: (secret) => vault.show(secret),
    remove: (secret) => vault.remove(secret),
  });
  /** Shows changed data, with whether a call on the secret was refused. */
  const afterRefusal = (change: (shown: ShownSecret, isRefused: boolean) => Partial<ShownSecret>): SecretDriver => {
    const refused = new Set<string>();
    return like(({ act, show }) => ({
      act: async (secret, action) => {
        const answer = await act(secret, action);
        if (!answer.ok) refused.add(secret);
        return answer;
      },
      show: async (secret) => {
        const shown = await show(secret);
        return { ...shown, ...change(shown, refused.has(secret)) };
      },
    }));
  };
  const ownClock = (driver: SecretDriver): SecretDriver => ({ ...driver, takesTime: false });
  const timeOf = 1_700_000_000_000;
  const following = like(({ act, show }) => ({
    act: async (secret, action) => {
      const { stages } = await show(secret);
      const answer = await act(secret, action);
      const left = stages.find(({ name }) => name === 'SYSCURRENT')?.versionId;
      const isMove = action.type === 'assignStage' && action.stage === 'SYSCURRENT' && action.versionId !== left;
      if (answer.ok && isMove && left !== undefined)
        await act(secret, { ...action, stage: 'SYSPREVIOUS', versionId: left });
      return answer;
    },
  }));
  let shows = 0;

  test.each<[string, SecretDriver, string, string, number]>([
    [
      'a creation without a version',
      showing(() => ({ versions: [], stages: [], latest: null })),
      'new-version',
      'Stage "SYSCURRENT" is on no version, but must be on version "v1".',
      0,
    ],
    [
      'a refused call that removes stages',
      afterRefusal(({ stages }, isRefused) => ({ stages: isRefused ? [] : stages })),
      'refused-changes-nothing',
      'The call was refused, but it is no longer true that stage "SYSCURRENT" has marked version "v1" since 1700000000000.',
      1,
    ],
    [
      'a refused call that moves stages of a driver without their times',
      afterRefusal(({ stages }, isRefused) => ({ stages: isRefused ? [] : untimed(stages) })),
      'refused-changes-nothing',
      'The call was refused, but it is no longer true that stage "SYSCURRENT" has marked version "v1".',
      1,
    ],
    [
      'a refused call that changes the time of a version',
      afterRefusal(({ versions }, isRefused) => ({
        versions: versions.map((version) => (isRefused ? { ...version, createTime: 5 } : version)),
      })),
      'refused-changes-nothing',
      'The call was refused, but now the creation time of version "v1" is 5.',
      1,
    ],
    [
      'a move that is refused with errors that can mean more than a limit',
      like(({ act }) => ({
        act: async (secret, action) =>
          action.type === 'assignStage'
            ? { ok: false, reasons: ['STAGE_LIMIT', 'VERSION_LIMIT'], said: 'LimitExceededException' }
            : act(secret, action),
      })),
      'done-or-refused',
      'The call was refused (LimitExceededException), but must succeed.',
      1,
    ],
    [
      'a stage that is listed twice with one version',
      showing(({ versions }) => ({
        versions: versions.map((each) => ({ ...each, stages: [...each.stages, ...each.stages] })),
      })),
      'one-version-a-stage',
      'Stage "SYSCURRENT" is listed twice: with version "v1".',
      0,
    ],
    [
      'a stage on a version that is not listed',
      showing(({ stages }) => ({ stages: stages.map((stage) => ({ ...stage, versionId: elsewhere })) })),
      'stages-mark-versions',
      'Stage "SYSCURRENT" marks version "v99", which is not listed.',
      0,
    ],
    [
      'a new version with the id of another',
      like(({ act }) => ({
        act: async (secret, action) => ({ ...(await act(secret, action)), versionId: 'v1' }),
      })),
      'ids-issued-once',
      'The new version has the id "v1", which another version has.',
      1,
    ],
    [
      'a new version with an id that was issued before',
      bound(new Vault('id-issued-again')),
      'ids-issued-once',
      'The new version has the id "v2", but "v2" was already issued.',
      3,
    ],
    [
      'a pruned version that is still listed',
      after('pruneDeprecated', ({ versions }) => ({
        versions: [...versions, { id: 'v2', createTime: 5, stages: [] }],
      })),
      'prunes-deprecated-only',
      'Version "v2" is still listed, but it is deprecated and must be deleted.',
      1,
    ],
    [
      'a refusal without a reason',
      like(() => ({ act: async () => ({ ok: false }) })),
      'done-or-refused',
      'The call was refused, but must succeed.',
      1,
    ],
    [
      'a response with other stages than the new version has',
      like(({ act }) => ({
        act: async (secret, action) => {
          const answer = await act(secret, action);
          return answer.ok && action.type === 'createVersion' ? { ...answer, stages: [] } : answer;
        },
      })),
      'new-version',
      'The response lists no stages for version "v2", but must list "SYSCURRENT".',
      1,
    ],
    [
      'a response with a stage for a new version without stages',
      like(({ act }) => ({
        act: async (secret, action) => {
          const answer = await act(secret, action);
          const isBare = action.type === 'createVersion' && action.stages?.length === 0;
          return answer.ok && isBare ? { ...answer, stages: ['canary'] } : answer;
        },
      })),
      'new-version',
      'The response lists "canary" for version "v2", but must list no stages.',
      1,
    ],
    [
      'a prune that is refused',
      like(({ act }) => ({
        act: async (secret, action) => (action.type === 'pruneDeprecated' ? { ok: false } : act(secret, action)),
      })),
      'done-or-refused',
      'The call was refused, but must succeed.',
      1,
    ],
    [
      'a driver with its own clock that shows no versions',
      ownClock(showing(() => ({ versions: [], stages: [] }))),
      'new-version',
      'Stage "SYSCURRENT" is on no version, but must be on version "v1".',
      0,
    ],
    [
      'a status that does not change',
      showing(() => ({ status: 'ENABLED' })),
      'status',
      'The secret is ENABLED, but must be PENDING_DELETE.',
      1,
    ],
    [
      'a scheduled deletion without a time',
      showing(() => ({ scheduledDeleteTime: null })),
      'status',
      'The secret is PENDING_DELETE, but it has no deletion time.',
      1,
    ],
    [
      'a deletion time without a scheduled deletion',
      showing(() => ({ scheduledDeleteTime: 5 })),
      'status',
      'The secret is ENABLED, but it has a deletion time.',
      0,
    ],
    [
      'a wrong creation time',
      showing(({ versions }) => ({ versions: versions.map((version) => ({ ...version, createTime: 5 })) })),
      'times',
      'The creation time of version "v1" is 5, but must be 1700000000000.',
      0,
    ],
    [
      'a wrong deletion time',
      showing(({ scheduledDeleteTime }) => ({ scheduledDeleteTime: scheduledDeleteTime && 5 })),
      'times',
      'The deletion time is 5, but must be 1700604801000.',
      1,
    ],
    [
      'a driver with its own clock in seconds',
      ownClock(showing(({ stages }) => ({ stages: stages.map((stage) => ({ ...stage, updateTime: timeOf / 1000 })) }))),
      'times',
      'The update time of stage "SYSCURRENT" is 1700000000, which is not a plausible time in milliseconds.',
      0,
    ],
    [
      'a driver with its own clock and a fraction of a millisecond',
      ownClock(showing(({ stages }) => ({ stages: stages.map((stage) => ({ ...stage, updateTime: timeOf + 0.5 })) }))),
      'times',
      'The update time of stage "SYSCURRENT" is 1700000000000.5, which is not a plausible time in milliseconds.',
      0,
    ],
    [
      'a driver that shows the time of some stages only',
      showing(({ stages }) => ({
        stages: stages.map(({ updateTime, ...stage }) =>
          stage.name === 'SYSCURRENT' ? { ...stage, updateTime } : stage,
        ),
      })),
      'times',
      'The update time of stage "SYSPREVIOUS" is missing, but other stages have one.',
      1,
    ],
    [
      'a driver that no longer shows the times of stages',
      changing(({ stages }) => ({ stages: untimed(stages) })),
      'times',
      'The update time of stage "SYSCURRENT" is missing, but other stages have one.',
      1,
    ],
    [
      'a driver with its own clock that changes an old time',
      ownClock(
        showing(({ versions }) => ({
          versions: versions.map((version) => ({ ...version, createTime: timeOf + 1000 * shows++ })),
        })),
      ),
      'times',
      expect.stringMatching(/^The creation time of version "v1" is \d+, but must be \d+\.$/),
      1,
    ],
    [
      'a driver with its own clock that keeps the time of a moved stage',
      ownClock(bound(new Vault('time-stays'))),
      'times',
      expect.stringMatching(/^The update time of stage "SYSCURRENT" is still \d+, as before this call\.$/),
      2,
    ],
    [
      'a deletion on another day than requested',
      ownClock(after('scheduleDeletion', () => ({ scheduledDeleteTime: timeOf + 30 * 86_400_000 }))),
      'times',
      'The deletion time is 30.0 days away, but must be 7 days away.',
      1,
    ],
    [
      'a current stage that the previous one follows',
      following,
      'moves-one-stage',
      'Stage "SYSPREVIOUS" is on version "v2", but must be on version "v1". It is assumed that the stage does not follow the current one (stages.previousFollows: any-move).',
      2,
    ],
    [
      'a listed current stage that the previous one follows',
      modelDriver({ dialect: defineDialect(huaweiCsms, { stages: { previousFollows: 'any-version' } }) }),
      'new-version',
      'Stage "SYSPREVIOUS" is on version "v1", but must be on no version. It is assumed that the stage does not follow the current one (stages.previousFollows: any-version).',
      1,
    ],
    [
      'built-in stages that do not count',
      modelDriver({ dialect: defineDialect(huaweiCsms, { stages: { limitCounts: 'custom' } }) }),
      'stage-limit',
      'The secret has 13 stages now. The limit is 12, so the call must be refused. It is assumed that built-in stages count (stages.limitCounts).',
      1,
    ],
    [
      'a stage that is shown twice',
      showing(({ stages }) => ({ stages: [...stages, ...stages.map((stage) => ({ ...stage }))] })),
      'reads-follow',
      'Stage "SYSCURRENT" is shown more than once.',
      0,
    ],
    [
      'a response with another stage than was assigned',
      like(({ act }) => ({
        act: async (secret, action) => {
          const answer = await act(secret, action);
          return answer.ok ? { ...answer, stage: { name: 'canary', versionId: elsewhere } } : answer;
        },
      })),
      'reads-follow',
      'The response says that stage "canary" is on version "v99", but the call put stage "canary" on version "v1".',
      1,
    ],
    [
      'a listed stage that cannot be read',
      showing(() => ({ stages: [] })),
      'reads-follow',
      'Reading stage "SYSCURRENT" returns no version, but must return version "v1".',
      0,
    ],
    [
      'a latest version that is null',
      showing(({ latest }) => ({ latest: latest && null })),
      'reads-follow',
      'Reading the latest version returns no version, but must return version "v1".',
      0,
    ],
  ])('%s', async (_, driver, law, why, calls) => {
    expect(await brokenBy(driver)).toEqual([law, why, calls]);
  });

  test('a failure that does not happen again is reported as such, after few calls', async () => {
    let acts = 0;
    const driver = like(({ act }) => ({
      act: (secret, action) => (++acts === 7 ? Promise.reject(new Error('a hiccup')) : act(secret, action)),
    }));
    const found = await checkConformance(driver, { seed: 1 });
    expect(found).toMatchObject({
      ok: false,
      law: { id: 'answers' },
      why: 'Error: a hiccup. Repeating the same calls did not break the law again.',
    });
    expect(found.calls).toBeLessThan(100);
  });

  group('a hostile driver', () => {
    const never = () => new Promise<never>(() => {});

    test.each(['create', 'act', 'show', 'remove'] as const)(
      'that never returns from %s is reported, and not called again',
      async (method) => {
        let calls = 0;
        const driver = like(() => ({
          [method]: () => {
            calls++;
            return never();
          },
        }));
        const found = await checkConformance(driver, { timeout: 20 });
        expect(found).toMatchObject({
          ok: false,
          law: { id: 'answers' },
          why: `TimeoutError: The driver's ${method} did not settle within the timeout of 20 ms. If it is only slow, pass a longer \`timeout\`.`,
        });
        expect(calls).toBe(1);
      },
    );

    test('that hangs during the search for a shorter story is not called again', async () => {
      let [acts, hanging] = [0, 0];
      const driver = like(({ act }) => ({
        act: (secret, action) => {
          if (++acts < 7) return act(secret, action);
          if (acts === 7) return Promise.reject(new Error('no'));
          hanging++;
          return never();
        },
      }));
      const found = await checkConformance(driver, { seed: 1, timeout: 20 });
      expect(found).toMatchObject({ ok: false, law: { id: 'answers' } });
      expect(hanging).toBe(1);
    });

    test('that hangs in remove after a law is broken is not called again, and the broken law is reported', async () => {
      let [creations, removals] = [0, 0];
      const driver = like(({ create }) => ({
        create: (secret, at) => {
          creations++;
          return create(secret, at);
        },
        act: () => Promise.reject(new Error('no')),
        remove: () => {
          removals++;
          return never();
        },
      }));
      const found = await checkConformance(driver, { seed: 1, timeout: 20 });
      expect(found).toMatchObject({ ok: false, law: { id: 'answers' }, why: 'Error: no' });
      expect([creations, removals]).toEqual([1, 1]);
    });

    test.each([0, 0.5, 2 ** 31])('a timeout of %s is refused', async (timeout) => {
      await expect(checkConformance(modelDriver(), { timeout })).rejects.toThrow(
        `timeout must be a whole number of milliseconds from 1 to 2147483647; got ${timeout}.`,
      );
    });

    const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
    const shownIn = async (change: (shown: ShownSecret) => Partial<ShownSecret>) => {
      const found = await checkConformance(showing(change), { seed: 1 });
      return found.ok ? '' : found.why;
    };

    test('that shows a million versions or stages is stopped', async () => {
      const why = 'RangeError: The driver shows more than 10,000 versions and stages, far more than the check created.';
      const names = many(1_000_000);
      const versions = names.map((id) => ({ id, createTime: 0, stages: [] }));
      const stages = names.map((name) => ({ name, versionId: 'v1', updateTime: 0 }));
      expect(await shownIn(() => ({ versions }))).toBe(why);
      expect(await shownIn(() => ({ stages }))).toBe(why);
      expect(await shownIn(() => ({ versions: [{ id: 'v1', createTime: 0, stages: names }] }))).toBe(why);
    });

    test('that shows a name of a million characters is stopped', async () => {
      const long = 'x'.repeat(1_000_000);
      const why = 'RangeError: The driver shows a name of 1,000,000 characters. The limit is 1,000.';
      expect(await shownIn(() => ({ versions: [{ id: long, createTime: 0, stages: [] }] }))).toBe(why);
      expect(await shownIn(() => ({ stages: [{ name: 'a', versionId: long, updateTime: 0 }] }))).toBe(why);
    });

    test('that shows a name that is not a string breaks a law', async () => {
      expect(await shownIn(() => Object({ versions: [{ id: 5, createTime: 0, stages: [] }] }))).toBe(
        'TypeError: A name that the driver shows must be a string; got 5.',
      );
    });

    test('that throws a value without text, or a long text, breaks a law', async () => {
      const thrown = async (error: unknown) => {
        const found = await checkConformance(
          like(() => ({ act: () => Promise.reject(error) })),
          { seed: 1 },
        );
        return found.ok ? '' : found.why;
      };
      expect(await thrown(Object.create(null))).toBe('object');
      expect(await thrown(new Error(`\u001b${'x'.repeat(1_000_000)}`))).toMatch(/^Error: \\u\{1b\}x{400,500}$/);
    });

    test('that returns stages that are not a list breaks a law', async () => {
      const driver = like(({ act }) => ({
        act: async (secret, action) => Object.assign({}, await act(secret, action), { stages: 5 }),
      }));
      expect(await checkConformance(driver, { seed: 1 })).toMatchObject({ ok: false, law: { id: 'answers' } });
    });

    test('that throws an unreadable error makes checkConformance reject', async () => {
      const own = new Error('Out of reach.');
      const unreadable = Object.defineProperty({}, 'name', {
        get: () => {
          throw own;
        },
      });
      const driver = like(() => ({ act: () => Promise.reject(unreadable) }));
      await expect(checkConformance(driver, { seed: 1 })).rejects.toThrow('Out of reach.');
    });

    test('that refuses with a long text is quoted up to 600 characters', async () => {
      const driver = like(() => ({ act: async () => ({ ok: false, said: 'x'.repeat(1_000_000) }) }));
      const found = await checkConformance(driver, { seed: 1 });
      expect(found).toMatchObject({ why: `The call was refused (${'x'.repeat(600)}), but must succeed.` });
    });
  });

  test('a message that ends with a full stop gets no second one before a note', async () => {
    let acts = 0;
    const driver = like(({ act }) => ({
      act: (secret, action) => (++acts === 7 ? Promise.reject(new Error('A hiccup.')) : act(secret, action)),
    }));
    expect(await checkConformance(driver, { seed: 1 })).toMatchObject({
      why: 'Error: A hiccup. Repeating the same calls did not break the law again.',
    });
  });

  test.each(clouds)('there are at most 1,177 short stories of $id, of at most three calls', (dialect) => {
    const actions = ([...actionsOfCsms, 'pruneDeprecated'] as const).filter((type) => isOffered(type, dialect));
    const stories = shortStories(dialect, { actions, asksAgain: true });
    expect(stories.length).toBeLessThanOrEqual(1177);
    expect(Math.max(...stories.map(({ length }) => length))).toBe(3);
  });

  test('the search for fewer calls stops after 1,000 tries', async () => {
    const dialect = defineDialect(huaweiCsms, { versions: { limit: { most: 200, whenFull: 'refuse' } } });
    const short = shortStories(dialect, { actions: actionsOfCsms, asksAgain: false }).length;
    let [secrets, acts, first] = [0, 0, Number.POSITIVE_INFINITY];
    // Breaks at the 120th call on a secret. During the search for fewer calls, every 90th secret breaks as well.
    const driver = like(
      ({ create, act }) => ({
        actions: actionsOfCsms,
        create: async (secret, at) => {
          secrets++;
          acts = 0;
          if (secrets > first + 1 + short && secrets % 90 === 0) throw new Error('no');
          return create(secret, at);
        },
        act: async (secret, action) => {
          if (secrets > first + 1 + short) return { ok: false };
          if (++acts < 120) return act(secret, action);
          first = Math.min(first, secrets);
          throw new Error('no');
        },
      }),
      dialect,
    );
    const found = await checkConformance(driver, { seed: 1, dialect });
    expect(found).toMatchObject({
      ok: false,
      why: 'Error: no. The search for a shorter sequence stopped after 1000 tries.',
    });
    expect(secrets).toBe(first + 1 + short + 1000);
  });

  test('the laws check a shown secret in linear time', async () => {
    const dialect = huaweiCsms;
    const laws = lawsFor(dialect);
    const callOf = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `${index}`);
      const shown: ShownSecret = {
        status: 'ENABLED',
        scheduledDeleteTime: null,
        versions: names.map((id) => ({ id, createTime: 0, stages: [`s${id}`] })),
        stages: names.map((id) => ({ name: `s${id}`, versionId: id, updateTime: 0 })),
      };
      const state = createSecret({ name: 'db', at: 0 });
      const action: SecretAction = { type: 'createVersion', at: 1 };
      const answer = { ok: true } as const;
      const observed = {
        dialect,
        driver: {},
        action,
        isUntouched: true,
        answer,
        details: {},
        reasons: [],
        newId: 'v2',
      };
      return { ...observed, shownBefore: shown, shown, before: state, after: state, refusal: undefined };
    };
    expectLinear((count) => {
      const call = callOf(count);
      return () => {
        for (const law of laws) if (law.isTried(call)) law.fault(call);
        differenceIn(call);
      };
    }, 200);
  });

  group('a remove that throws at once', () => {
    const remove = () => {
      throw new Error('not even a promise');
    };

    test('breaks the law answers', async () => {
      expect(await checkConformance(like(() => ({ remove })))).toMatchObject({
        ok: false,
        law: { id: 'answers' },
        why: 'Error: not even a promise',
      });
    });

    test('does not hide a law that was broken before it', async () => {
      const show = () => Promise.reject(new Error('nothing to show'));
      expect(await checkConformance(like(() => ({ show, remove })))).toMatchObject({
        ok: false,
        why: 'Error: nothing to show',
      });
    });
  });

  test.each([
    [{ runs: 0 }, 'runs must be a whole number of at least 1; got 0.'],
    [{ runs: Number.NaN }, 'runs must be a whole number of at least 1; got NaN.'],
    [{ runs: 1.5 }, 'runs must be a whole number of at least 1; got 1.5.'],
    [
      { prefix: 'no name' },
      /No secret name can begin with the prefix\. name must be text that matches \/.*\/; got the string "no name-1"\.$/,
    ],
  ])('checkConformance refuses %j', async (options, why) => {
    await expect(checkConformance(modelDriver(), options)).rejects.toThrow(why);
  });

  test('checkConformance refuses a driver of another dialect, and names both dialects', async () => {
    const driver = modelDriver({ dialect: awsSecretsManager });
    const refusal = { code: 'WRONG_DIALECT', stateDialect: 'aws-secrets-manager', dialect: 'huawei-csms' };
    const options = { dialect: huaweiCsms };
    await expect(checkConformance(driver, options)).rejects.toMatchObject({ name: 'StageRefusedError', refusal });
    expect(await checkConformance(driver, { dialect: awsSecretsManager, runs: 1 })).toMatchObject({ ok: true });
  });

  test('checkConformance takes the rules of the cloud that the driver names', async () => {
    const driver = modelDriver({ dialect: awsSecretsManager });
    const found = await checkConformance(driver, { runs: 20, seed: 1 });
    expect(found).toMatchObject({
      ok: true,
      laws: expect.arrayContaining([expect.objectContaining({ id: 'holder-named' })]),
    });
    const ours = defineDialect(awsSecretsManager, { id: 'our-vault' });
    await expect(checkConformance(modelDriver({ dialect: ours }))).rejects.toMatchObject({
      refusal: { code: 'WRONG_DIALECT', stateDialect: 'our-vault', dialect: 'huawei-csms' },
    });
  });

  test('checkConformance refuses a driver whose actions move no stage', async () => {
    for (const actions of [[], ['restore' as const]]) {
      await expect(checkConformance({ ...modelDriver(), actions })).rejects.toThrow(
        "The driver's actions must include createVersion or assignStage. Without them no stage moves, and there is nothing to check.",
      );
    }
  });

  test('checkConformance only makes calls that the driver supports, and explainConformance names the laws that were not tried', async () => {
    const asked = new Set<string>();
    const driver = like(({ act }) => ({
      actions: ['assignStage'],
      act: (secret, action) => {
        asked.add(action.type);
        return act(secret, action);
      },
    }));
    expect(explainConformance(await checkConformance(driver))).toMatch(/\. Not tried: .*built-in-stays.*\.$/);
    expect([...asked]).toEqual(['assignStage']);
  });

  test('checkConformance does not remove a secret whose creation was refused', async () => {
    const removed: string[] = [];
    const driver = like(() => ({
      create: async () => ({ ok: false, said: 'it exists already' }),
      remove: async (secret) => {
        removed.push(secret);
      },
    }));
    expect(await brokenBy(driver)).toEqual([
      'done-or-refused',
      'The call was refused (it exists already), but must succeed.',
      0,
    ]);
    expect(removed).toEqual([]);
  });

  test('two checks at once use different names', async () => {
    const names: string[] = [];
    const driver = like(({ create }) => ({
      create: (secret, at) => {
        names.push(secret);
        return create(secret, at);
      },
    }));
    await Promise.all([
      checkConformance(driver, { seed: 1, runs: 20 }),
      checkConformance(driver, { seed: 2, runs: 20 }),
    ]);
    expect(new Set(names).size).toBe(40);
  });

  test('the model driver refuses to show a secret that was not created', async () => {
    await expect(modelDriver().show('db')).rejects.toThrow('Secret "db" does not exist. Create it first.');
  });

  test.each([
    ['act', undefined],
    ['show', undefined],
    ['show', { status: 'ENABLED' }],
    ['show', { status: 'ENABLED', scheduledDeleteTime: null, versions: 'none', stages: [] }],
  ])('a driver whose %s returns invalid data breaks the law answers: %j', async (method, nonsense) => {
    const removed: string[] = [];
    const driver = like(() => ({
      [method]: async () => JSON.parse(JSON.stringify({ nonsense })).nonsense,
      remove: async (secret) => {
        removed.push(secret);
      },
    }));
    const found = await checkConformance(driver, { seed: 1 });
    expect(found).toMatchObject({ ok: false, law: { id: 'answers' }, why: expect.stringContaining('TypeError') });
    expect(removed.length).toBeGreaterThan(0);
  });
});
