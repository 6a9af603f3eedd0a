import { expect, describe as group, test } from 'vitest';
import { evidenceOf } from '../../../src/evidence/index.ts';
import {
  alibabaKms,
  awsSecretsManager,
  type Dialect,
  type DialectChanges,
  defineDialect,
  googleSecretManager,
  huaweiCsms,
  type SecretAction,
} from '../../../src/index.ts';
import { lawsFor } from '../../../src/testing/conformance/laws.ts';
import {
  checkConformance,
  type DriverAnswer,
  explainConformance,
  type ModelDriverOptions,
  modelDriver,
  type SecretDriver,
} from '../../../src/testing/index.ts';
import { readLine } from '../../../src/transcript/line.ts';
import { runs } from '../../property.ts';

const clouds: readonly Dialect[] = [huaweiCsms, awsSecretsManager, alibabaKms, googleSecretManager];

const lawOf = (id: string, dialect: Dialect) => lawsFor(dialect).find((law) => law.id === id);

/** The model of a dialect with changes. */
const modelOf = (dialect: Dialect, changes: DialectChanges, options: ModelDriverOptions = {}): SecretDriver =>
  modelDriver({ ...options, dialect: defineDialect(dialect, changes) });

group('checkConformance finds no broken law in', () => {
  test.each(clouds)('the model of $title, and the check tries every law', async (dialect) => {
    const found = await checkConformance(modelDriver({ dialect }), { dialect, seed: 1 });
    expect(explainConformance(found)).toMatch(/^No law was broken in \d{4} calls on 200 secrets \(seed 1\)\.$/);
    expect(found.laws.filter(({ tried }) => tried < 10)).toEqual([]);
  });

  test.each(clouds)(
    'the model of $title, with only the actions of the dialect, and ids only if takesIds is true',
    async (dialect) => {
      const asked: SecretAction[] = [];
      const sound = modelDriver({ dialect });
      const driver: SecretDriver = {
        ...sound,
        takesIds: undefined,
        act: (secret, action) => {
          asked.push(action);
          return sound.act(secret, action);
        },
      };
      expect(await checkConformance(driver, { dialect, runs: 100 })).toMatchObject({ ok: true });
      const types = new Set(asked.map(({ type }) => type));
      expect(types.has('scheduleDeletion')).toBe(dialect.secret.deletionDays !== null);
      expect(types.has('setStatus')).toBe(dialect.secret.pausedAs.length > 0);
      expect(asked.filter((action) => 'fingerprint' in action)).toEqual([]);
      expect(asked.some((action) => 'from' in action)).toBe(dialect.stages.move === 'from-the-named-holder');
    },
  );

  test('the model of a dialect without a current version, whose latest version is then null', async () => {
    const dialect = defineDialect(huaweiCsms, {
      secret: { firstVersion: 'may-come-later' },
      versions: { latest: 'current' },
    });
    const isBornEmpty = true;
    expect(await checkConformance(modelDriver({ dialect, isBornEmpty }), { dialect })).toMatchObject({ ok: true });
    const newest = modelOf(dialect, { versions: { latest: 'current-or-newest' } }, { isBornEmpty });
    const found = await checkConformance(newest, { dialect, seed: 1 });
    expect(found).toMatchObject({ ok: false, law: { id: 'reads-follow' } });
    expect(explainConformance(found)).toContain(
      'Reading the latest version returns version "v1", but must return no version.',
    );
  });

  test('a driver without prunesWhenAsked, if the dialect keeps deprecated versions', async () => {
    for (const dialect of [awsSecretsManager, alibabaKms, googleSecretManager]) {
      const driver: SecretDriver = { ...modelDriver({ dialect }), prunesWhenAsked: undefined };
      expect(await checkConformance(driver, { dialect, runs: 100 })).toMatchObject({ ok: true });
    }
  });
});

group('secrets without a version', () => {
  test.each([awsSecretsManager, googleSecretManager])(
    'conform in the model of $title, and the check tries every law',
    async (dialect) => {
      const driver = modelDriver({ dialect, isBornEmpty: true });
      const found = await checkConformance(driver, { dialect, seed: 1 });
      expect(found).toMatchObject({ ok: true });
      expect(found.laws.filter(({ tried }) => tried < 5)).toEqual([]);
    },
  );

  test('have no version id, no version and no latest version in modelDriver', async () => {
    const driver = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    expect(await driver.create('db', 0)).toStrictEqual({ ok: true });
    expect(await driver.show('db')).toMatchObject({ versions: [], stages: [], latest: null });
    const first = { type: 'createVersion', at: 1000 } as const;
    expect(await driver.act('db', first)).toStrictEqual({ ok: true, versionId: '1' });
  });

  test('get stages only on unknown version ids', async () => {
    const asked: SecretAction[] = [];
    const sound = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    const driver: SecretDriver = {
      ...sound,
      actions: ['assignStage'],
      act: (secret, action) => {
        asked.push(action);
        return sound.act(secret, action);
      },
    };
    expect(await checkConformance(driver, { dialect: googleSecretManager, runs: 20 })).toMatchObject({ ok: true });
    const ids = asked.map((action) => 'versionId' in action && action.versionId);
    expect(ids).toContain('no-such-version');
    expect(ids).not.toContain('undefined');
  });

  test('break a law if the dialect requires a first version', async () => {
    const driver = modelOf(huaweiCsms, { secret: { firstVersion: 'may-come-later' } }, { isBornEmpty: true });
    const found = await checkConformance(driver, { seed: 1 });
    expect(found).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'The call succeeded, but no new version is listed.',
      story: [{ action: null, versionId: undefined }],
    });
  });

  test('break a law if create returned a version id that is not listed', async () => {
    const empty = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    const told: SecretDriver = {
      ...empty,
      create: async (secret, at) => ({ ...(await empty.create(secret, at)), versionId: '1' }),
      show: async (secret) => ({ ...(await empty.show(secret)), latest: undefined }),
    };
    expect(await checkConformance(told, { dialect: googleSecretManager, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'Version "1" was created, but is not listed.',
      story: [{ action: null, versionId: '1' }],
    });
  });

  test('break a law if act returned a version id that is not listed', async () => {
    const sound = modelDriver({ dialect: googleSecretManager });
    const told: SecretDriver = {
      ...sound,
      actions: ['createVersion'],
      act: async () => ({ ok: true, versionId: '2' }),
      show: async (secret) => ({ ...(await sound.show(secret)), latest: undefined }),
    };
    expect(await checkConformance(told, { dialect: googleSecretManager, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'Version "2" was created, but is not listed.',
    });
  });

  test('break a law if the first version is never created', async () => {
    const empty = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    const idle: SecretDriver = { ...empty, actions: ['createVersion'], act: async () => ({ ok: true }) };
    expect(await checkConformance(idle, { dialect: googleSecretManager, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'The call succeeded, but no new version is listed.',
    });
  });
});

group('show', () => {
  test('returns null as latest in AWS, and the newest in CSMS, if no version is current', async () => {
    const latestOf = async (versions: DialectChanges['versions']) => {
      const changes: DialectChanges = { secret: { firstVersion: 'may-come-later' }, versions: { ...versions } };
      const driver = modelOf(awsSecretsManager, changes, { isBornEmpty: true });
      await driver.create('db', 0);
      await driver.act('db', { type: 'createVersion', stages: ['canary'], at: 1000 });
      return (await driver.show('db')).latest;
    };
    // Null is checked, undefined is not.
    expect(await latestOf({})).toBeNull();
    expect(await latestOf({ latest: 'current-or-newest' })).toBe(`${awsSecretsManager.versions.idPrefix}1`);
  });

  test('reveals a driver that prunes although the dialect keeps versions, without prunesWhenAsked, too', async () => {
    const pruning = modelOf(alibabaKms, { versions: { prune: 'deletes' } });
    const driver: SecretDriver = {
      ...pruning,
      prunesWhenAsked: undefined,
      actions: ['createVersion', 'assignStage'],
      act: async (secret, action) => {
        const answer = await pruning.act(secret, action);
        if (answer.ok && action.type === 'assignStage') await pruning.act(secret, { type: 'pruneDeprecated' });
        return answer;
      },
    };
    expect(await checkConformance(driver, { dialect: alibabaKms, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'prunes-deprecated-only' },
      why: expect.stringContaining('was deleted, but it must be kept.'),
    });
  });
});

/** The model of a dialect, with changed actions. */
const doing = (dialect: Dialect, otherwise: (action: SecretAction, secret: string) => SecretAction): SecretDriver => {
  const sound = modelDriver({ dialect });
  return { ...sound, act: (secret, action) => sound.act(secret, otherwise(action, secret)) };
};

/** The model, with extra actions after each successful call. */
const andThen = (
  dialect: Dialect,
  more: (
    action: SecretAction,
    holder: (stage: string) => string | undefined,
    versionId: string | undefined,
  ) => readonly SecretAction[],
): SecretDriver => {
  const sound = modelDriver({ dialect });
  return {
    ...sound,
    act: async (secret, action) => {
      const before = await sound.show(secret);
      const answer = await sound.act(secret, action);
      const holder = (stage: string) => before.stages.find(({ name }) => name === stage)?.versionId;
      if (answer.ok) for (const extra of more(action, holder, answer.versionId)) await sound.act(secret, extra);
      return answer;
    },
  };
};

const isPromotion = (
  action: SecretAction,
  { stages }: Dialect = awsSecretsManager,
): action is SecretAction<'assignStage'> => action.type === 'assignStage' && action.stage === stages.current;

/** The previous stage follows a move of the current one, and does not follow a listed one. */
const followingMoves = (dialect: Dialect): SecretDriver => {
  const { current, previous } = dialect.stages;
  return andThen(defineDialect(dialect, { stages: { previousFollows: 'plain-version' } }), (action, holder) => {
    const left = current === null ? undefined : holder(current);
    return isPromotion(action, dialect) && left !== undefined && left !== action.versionId && previous !== null
      ? [{ ...action, stage: previous, versionId: left, from: holder(previous) }]
      : [];
  });
};

/** The model, with a fixed response to the removal of a stage. */
const removing = (dialect: Dialect, stage: string, answer: DriverAnswer): SecretDriver => {
  const sound = modelDriver({ dialect });
  const isRemoval = (action: SecretAction) => action.type === 'removeStage' && action.stage === stage;
  return { ...sound, act: async (secret, action) => (isRemoval(action) ? answer : sound.act(secret, action)) };
};

const newVersion = 'A new version takes exactly the stages that it lists. Without a list it takes the current stage';

group('checkConformance finds a fault, and names a law that is worded for the cloud', () => {
  test.each<[string, Dialect, SecretDriver, string, string, string]>([
    [
      'AWS: a stage moves without its holder named',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { move: 'free' } }),
      'holder-named',
      'A stage that is on another version moves only if the caller names that version.',
      'HOLDER_NOT_NAMED',
    ],
    [
      'AWS: a stage moves although the wrong holder is named',
      awsSecretsManager,
      doing(defineDialect(awsSecretsManager, { stages: { move: 'free' } }), (action) =>
        action.type === 'assignStage' && action.from === action.versionId ? { ...action, from: undefined } : action,
      ),
      'holder-named',
      'A stage that is on another version moves only if the caller names that version.',
      'must be refused',
    ],
    [
      'AWS: the previous stage does not follow a move',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { previousFollows: 'any-version' } }),
      'moves-one-stage',
      'Every other stage stays where it was, except the previous stage, which follows the current one.',
      'Stage "AWSPREVIOUS" is on',
    ],
    [
      'AWS: the previous stage does not follow a listed current one',
      awsSecretsManager,
      followingMoves(awsSecretsManager),
      'new-version',
      'If the current stage is listed, the previous one follows it, too.',
      'Stage "AWSPREVIOUS" is on',
    ],
    [
      'AWS: the pending stage stays when a version is created',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { pending: null } }),
      'new-version',
      `${newVersion}, and the previous stage moves to the version that was current, and "AWSPENDING" is removed.`,
      'Stage "AWSPENDING" is on version',
    ],
    [
      'AWS: the pending stage is removed by a move',
      awsSecretsManager,
      andThen(awsSecretsManager, (action) =>
        isPromotion(action) ? [{ type: 'removeStage', stage: 'AWSPENDING', at: action.at }] : [],
      ),
      'moves-one-stage',
      'Assigning a stage moves it to that version. Every other stage stays where it was',
      'Stage "AWSPENDING" is on no version, but must be on version',
    ],
    [
      'AWS: a custom stage moves with the current one',
      awsSecretsManager,
      andThen(awsSecretsManager, (action, holder) => {
        const canary = holder('canary');
        return isPromotion(action) && canary !== undefined && canary === holder('AWSCURRENT')
          ? [{ ...action, stage: 'canary', from: canary }]
          : [];
      }),
      'moves-one-stage',
      'Assigning a stage moves it to that version. Every other stage stays where it was',
      'Stage "canary" is on version',
    ],
    [
      'AWS: a limit of 21 stages',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { limit: 21 }, versions: { lists: { least: 1, most: 21 } } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows.',
      'The secret has 21 stages now. The limit is 20, so the call must be refused. It is assumed that built-in stages count (stages.limitCounts).',
    ],
    [
      'AWS: the current stage can be removed',
      awsSecretsManager,
      removing(awsSecretsManager, 'AWSCURRENT', { ok: true }),
      'built-in-stays',
      'Stage "AWSCURRENT" can move but cannot be removed.',
      'A call that removes a built-in stage was not refused.',
    ],
    [
      'AWS: the pending stage cannot be removed',
      awsSecretsManager,
      removing(awsSecretsManager, 'AWSPENDING', { ok: false, reasons: ['BUILT_IN_STAGE'] }),
      'done-or-refused',
      'A call that the rules allow succeeds.',
      'The call was refused (BUILT_IN_STAGE), but must succeed.',
    ],
    [
      'AWS: a version is created again with other content',
      awsSecretsManager,
      andThenTaken(awsSecretsManager),
      'repeated-id',
      'Requesting a version again, by its id and with the same content, changes nothing. With other content it is refused.',
      'was requested again with other content, but the call was not refused.',
    ],
    [
      'AWS: a repeated id is refused',
      awsSecretsManager,
      modelOf(awsSecretsManager, { versions: { repeatedId: 'refused' } }),
      'repeated-id',
      'Requesting a version again',
      'was requested again with the same content, but the call was refused.',
    ],
    [
      'AWS: a repeated id takes the current stage again',
      awsSecretsManager,
      andThen(awsSecretsManager, (action, holder) =>
        action.type === 'createVersion' && action.versionId !== undefined
          ? [{ type: 'assignStage', stage: 'blue', versionId: action.versionId, at: action.at, from: holder('blue') }]
          : [],
      ),
      'repeated-id',
      'Requesting a version again',
      'with the same content, but now ',
    ],
    [
      'AWS: a deprecated version is deleted',
      awsSecretsManager,
      pruning(awsSecretsManager),
      'prunes-deprecated-only',
      'No version is deleted, except a deprecated one to make room for a new one.',
      'was deleted, but it must be kept.',
    ],
    [
      'AWS: a later first version takes only its listed stages',
      awsSecretsManager,
      modelOf(awsSecretsManager, { secret: { firstVersion: 'may-come-later' } }, { isBornEmpty: true }),
      'new-version',
      'The first version always takes the current stage.',
      'Stage "AWSCURRENT" is on no version, but must be on version',
    ],
    [
      'AWS: every version takes the current stage, not only the first',
      awsSecretsManager,
      andThen(awsSecretsManager, (action, holder, versionId) =>
        action.type === 'createVersion' && action.versionId === undefined && versionId !== undefined
          ? [{ type: 'assignStage', stage: 'AWSCURRENT', versionId, at: action.at, from: holder('AWSCURRENT') }]
          : [],
      ),
      'new-version',
      'The first version always takes the current stage.',
      'Stage "AWSCURRENT" is on version',
    ],
    [
      'AWS: a secret without a version is refused',
      awsSecretsManager,
      modelOf(awsSecretsManager, { secret: { firstVersion: 'at-creation' } }, { isBornEmpty: true }),
      'done-or-refused',
      'A call that the rules allow succeeds.',
      'The call was refused (INVALID_VALUE), but must succeed.',
    ],
    [
      'Google: a secret without a version is refused',
      googleSecretManager,
      modelOf(googleSecretManager, { secret: { firstVersion: 'at-creation' } }, { isBornEmpty: true }),
      'done-or-refused',
      'A call that the rules allow succeeds.',
      'The call was refused (INVALID_VALUE), but must succeed.',
    ],
    [
      'Google: a secret without a version has a latest version',
      googleSecretManager,
      latestAliased(googleSecretManager, true),
      'reads-follow',
      'The latest version is the newest one.',
      'Reading the latest version returns version "1", but must return no version.',
    ],
    [
      'Alibaba: the previous stage can be removed',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousIsRemovable: true } }),
      'built-in-stays',
      'A built-in stage can move but cannot be removed.',
      'A call that removes a built-in stage was not refused.',
    ],
    [
      'Alibaba: the eleventh version is refused',
      alibabaKms,
      modelOf(alibabaKms, { versions: { limit: { most: 10, whenFull: 'refuse' } } }),
      'done-or-refused',
      'A call that the rules allow succeeds.',
      'The call was refused (VERSION_LIMIT), but must succeed.',
    ],
    [
      'Alibaba: eleven versions',
      alibabaKms,
      modelOf(alibabaKms, { versions: { limit: { most: 11, whenFull: 'drop-oldest-deprecated' } } }),
      'version-limit',
      'A secret never has more versions than its dialect allows.',
      'The secret has 11 versions. The limit is 10.',
    ],
    [
      'Alibaba: the previous stage follows a move',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousFollows: 'any-move' } }),
      'moves-one-stage',
      'Assigning a stage moves it to that version. Every other stage stays where it was.',
      'It is assumed that the stage does not follow the current one (stages.previousFollows: any-move).',
    ],
    [
      'Alibaba: the previous stage does not follow a listed current one',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousFollows: 'plain-version' } }),
      'new-version',
      'If the current stage is listed, the previous one follows it, too.',
      'It is assumed that the stage follows the current one (stages.previousFollows: any-version).',
    ],
    [
      'Google: an alias called latest',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { name: '[A-Za-z][\\w-]{0,62}' } }),
      'done-or-refused',
      'A call that the rules allow succeeds.',
      'stage must be text that matches',
    ],
    [
      'Google: 51 aliases',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { limit: 51 } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows. A stage that it has can always be moved.',
      'The secret has 51 stages now. The limit is 50, so the call must be refused.',
    ],
    [
      'Google: a version that is created with an alias',
      googleSecretManager,
      modelOf(googleSecretManager, { versions: { lists: { least: 0, most: 50 } } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows. A stage that it has can always be moved.',
      'The new version lists 1 stage. The limit is 0, so the call must be refused.',
    ],
    [
      'Google: a new version takes an alias',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { current: 'live' } }),
      'new-version',
      'A new version takes no stage.',
      'Stage "live" is on version "1", but must be on no version.',
    ],
    [
      'Google: the latest version is the one with an alias',
      googleSecretManager,
      latestAliased(googleSecretManager),
      'reads-follow',
      'returns the version that it marks. The latest version is the newest one.',
      'Reading the latest version returns version "1", but must return version "2".',
    ],
    [
      'Google: a version is deleted',
      googleSecretManager,
      pruning(googleSecretManager),
      'prunes-deprecated-only',
      'No version is deleted.',
      'was deleted, but it must be kept.',
    ],
  ])('%s', async (_, dialect, driver, id, sentence, why) => {
    for (const seed of [1, 2, 3].slice(0, runs(1, 3))) {
      const found = await checkConformance(driver, { dialect, seed });
      expect(found, `seed ${seed}`).toMatchObject({
        ok: false,
        law: { id, sentence: expect.stringContaining(sentence) },
        why: expect.stringContaining(why),
      });
      expect(explainConformance(found).includes('Assumed: ')).toBe(!found.ok && found.law.grade === 'assumed');
    }
  });
});

test('AWS: a refused move that takes the stage off its version breaks a law, with one call', async () => {
  const sound = modelDriver({ dialect: awsSecretsManager });
  const lost = new Map<string, string>();
  const driver: SecretDriver = {
    ...sound,
    act: async (secret, action) => {
      const answer = await sound.act(secret, action);
      if (!answer.ok && action.type === 'assignStage' && action.from) lost.set(secret, action.stage);
      return answer;
    },
    show: async (secret) => {
      const shown = await sound.show(secret);
      const isLeft = (name: string) => name !== lost.get(secret);
      const versions = shown.versions.map((version) => ({ ...version, stages: version.stages.filter(isLeft) }));
      return { ...shown, versions, stages: shown.stages.filter(({ name }) => isLeft(name)) };
    },
  };
  const found = await checkConformance(driver, { seed: 1 });
  expect(found).toMatchObject({
    ok: false,
    law: { id: 'refused-changes-nothing' },
    why: expect.stringMatching(
      /^The call was refused, but it is no longer true that stage "AWSCURRENT" is listed with version ".*"\.$/,
    ),
    story: [{ action: null }, { action: { type: 'assignStage', versionId: 'no-such-version' } }],
  });
});

/** Accepts other content for an existing id. */
function andThenTaken(dialect: Dialect): SecretDriver {
  const sound = modelDriver({ dialect });
  return {
    ...sound,
    act: async (secret, action) => {
      const answer = await sound.act(secret, action);
      return action.type === 'createVersion' && action.versionId !== undefined ? { ok: true } : answer;
    },
  };
}

/** Deletes deprecated versions after each call. */
function pruning(dialect: Dialect): SecretDriver {
  return andThen(defineDialect(dialect, { versions: { prune: 'deletes' } }), () => [{ type: 'pruneDeprecated' }]);
}

/** Shows the oldest version as the latest. */
function latestAliased(dialect: Dialect, isBornEmpty = false): SecretDriver {
  const sound = modelDriver({ dialect, isBornEmpty });
  return { ...sound, show: async (secret) => ({ ...(await sound.show(secret)), latest: '1' }) };
}

test('a law has the grade and the source of its rule, and is assumed without a source', () => {
  expect(lawOf('holder-named', awsSecretsManager)).toMatchObject({ grade: 'documented' });
  expect(lawOf('removes-one-stage', googleSecretManager)).toMatchObject({ grade: 'observed' });
  expect(lawOf('removes-one-stage', huaweiCsms)).toMatchObject({ grade: 'documented', source: 'DeleteSecretStage' });
  expect(lawOf('version-limit', awsSecretsManager)).toBeUndefined();
  expect(lawOf('version-limit', googleSecretManager)).toBeUndefined();
  expect(lawOf('built-in-stays', googleSecretManager)).toBeUndefined();
  expect(lawOf('holder-named', huaweiCsms)).toBeUndefined();
  expect(lawOf('repeated-id', huaweiCsms)).toBeUndefined();
  const changed = defineDialect(huaweiCsms, { stages: { limit: 5 } });
  expect(lawOf('stage-limit', changed)).toMatchObject({
    grade: 'assumed',
    source: 'changed by the author of this dialect',
  });
  const vault = defineDialect(huaweiCsms, { id: 'our-vault' });
  for (const id of ['stage-limit', 'one-version-a-stage'])
    expect(lawOf(id, vault)).toMatchObject({
      grade: 'assumed',
      source: expect.stringMatching(/^no source for "/),
    });
});

test.each(clouds)('a law of $title is assumed if one of its rules has no evidence', (dialect) => {
  const rows = evidenceOf(dialect);
  for (const { rule } of rows) {
    const without = lawsFor(
      dialect,
      rows.filter((row) => row.rule !== rule),
    );
    for (const [index, law] of lawsFor(dialect, rows).entries()) {
      const { grade, source } = without[index] ?? law;
      if (source !== law.source) expect({ rule, grade }).toEqual({ rule, grade: 'assumed' });
    }
  }
  const isMissing = ({ source }: { readonly source: string }) => source.startsWith('no source for');
  const known: readonly string[] = lawsFor(dialect)
    .filter(isMissing)
    .map(({ id }) => id);
  expect(known).toEqual(withoutSource[dialect.id]);
});

test.each([
  [
    huaweiCsms,
    'Only scheduling a deletion, cancelling it or setting a status changes the status, and it moves no stage.',
  ],
  [awsSecretsManager, 'Only scheduling a deletion or cancelling it changes the status, and it moves no stage.'],
  [googleSecretManager, 'The status never changes.'],
  [
    defineDialect(googleSecretManager, { secret: { pausedAs: ['FROZEN'] } }),
    'Only setting a status changes the status, and it moves no stage.',
  ],
] as const)('the law status says what changes a status: %#', (dialect, sentence) => {
  expect(lawOf('status', dialect)).toMatchObject({ sentence });
});

test('a law has the grade of the weakest rule that its sentence names', () => {
  expect(lawOf('new-version', huaweiCsms)).toMatchObject({ grade: 'assumed' });
  expect(lawOf('refused-for-the-reason', huaweiCsms)).toMatchObject({ grade: 'assumed' });
  for (const dialect of [huaweiCsms, alibabaKms])
    expect(lawOf('moves-one-stage', dialect)).toMatchObject({ grade: 'assumed' });
  expect(lawOf('moves-one-stage', googleSecretManager)).toMatchObject({ grade: 'documented' });
  expect(lawOf('new-version', googleSecretManager)).toMatchObject({
    grade: 'documented',
    source: 'service.proto: AddSecretVersion takes no alias',
  });
  expect(lawOf('new-version', awsSecretsManager)).toMatchObject({ grade: 'documented' });
  expect(lawOf('new-version', alibabaKms)).toMatchObject({
    grade: 'assumed',
    source: 'PutSecretValue: the version that was current is marked previous',
  });
  expect(lawOf('moves-one-stage', awsSecretsManager)).toMatchObject({
    grade: 'observed',
    source: expect.stringContaining('recorded by LocalStack'),
  });
  expect(lawOf('built-in-stays', huaweiCsms)).toMatchObject({
    grade: 'observed',
    source: 'agencies for rotation may update stages',
  });
});

/** The laws of a cloud that name a rule without evidence. */
const withoutSource: Readonly<Record<string, readonly string[]>> = {
  'huawei-csms': [],
  'aws-secrets-manager': ['refused-for-the-reason'],
  'alibaba-kms': ['refused-for-the-reason', 'times'],
  'google-secret-manager': ['refused-for-the-reason', 'times'],
};

/** The source of a law if exactly one rule of its dialect is assumed. */
const sourceIn = (id: string, dialect: Dialect, doubtful: string) => {
  const rows = evidenceOf(dialect);
  const doubted = rows.map((row) =>
    row.rule === doubtful
      ? ({ ...row, grade: 'assumed', source: 'a doubt' } as const)
      : ({ ...row, grade: 'documented' } as const),
  );
  expect(rows.map(({ rule }) => rule)).toContain(doubtful);
  return lawsFor(dialect, doubted).find((law) => law.id === id)?.source;
};

test.each<[string, string, Dialect, string]>([
  ['takes no stage', 'new-version', googleSecretManager, 'versions.lists.most'],
  ['exactly those listed', 'new-version', alibabaKms, 'a new version takes exactly the stages that it lists'],
  ['exactly those listed', 'new-version', awsSecretsManager, 'a new version takes exactly the stages that it lists'],
  ['exactly those listed', 'new-version', huaweiCsms, 'a new version takes exactly the stages that it lists'],
  ['the current one', 'new-version', huaweiCsms, 'stages.current'],
  ['the previous one', 'new-version', huaweiCsms, 'stages.previousFollows: plain-version'],
  ['what comes off', 'new-version', awsSecretsManager, 'stages.pending: cleared by a plain version'],
  ['what follows a list', 'new-version', awsSecretsManager, 'stages.previousFollows: any-version'],
  ['the first one', 'new-version', awsSecretsManager, 'secret.firstVersion'],
  ['the previous one follows', 'moves-one-stage', awsSecretsManager, 'stages.previousFollows: any-move'],
  ['the previous one stays', 'moves-one-stage', huaweiCsms, 'stages.previousFollows: any-move'],
  ['the previous one stays', 'moves-one-stage', alibabaKms, 'stages.previousFollows: any-move'],
  [
    'the others stay',
    'moves-one-stage',
    awsSecretsManager,
    'every other stage stays when the current one leaves its version',
  ],
  [
    'one version',
    'one-version-a-stage',
    huaweiCsms,
    'a stage is on at most one version; assigning it to another moves it',
  ],
  [
    'a version that exists',
    'stages-mark-versions',
    huaweiCsms,
    'a stage is on at most one version; assigning it to another moves it',
  ],
  ['the limit of stages', 'stage-limit', huaweiCsms, 'stages.limit'],
  ['the limit of versions', 'version-limit', alibabaKms, 'versions.limit.most'],
  ['what makes room', 'prunes-deprecated-only', awsSecretsManager, 'versions.limit.whenFull'],
  ['what is pruned', 'prunes-deprecated-only', huaweiCsms, 'versions.prune'],
  ['what can move', 'built-in-stays', awsSecretsManager, 'built-in stages can be moved'],
  ['what cannot be removed', 'built-in-stays', huaweiCsms, 'stages.previousIsRemovable'],
  ['what cannot be removed', 'built-in-stays', awsSecretsManager, 'the current stage cannot be removed'],
  ['what is pending', 'removes-one-stage', awsSecretsManager, 'stages.pending: can be removed'],
  ['what can be removed', 'removes-one-stage', googleSecretManager, 'every stage can be removed'],
  ['what can be removed', 'removes-one-stage', huaweiCsms, 'a custom stage can be removed'],
  ['what can be removed', 'removes-one-stage', awsSecretsManager, 'a custom stage can be removed'],
  ['what can be removed', 'removes-one-stage', alibabaKms, 'a custom stage can be removed'],
  ['the ids', 'ids-issued-once', huaweiCsms, 'a numbered version id is issued once'],
  ['the holder', 'holder-named', awsSecretsManager, 'stages.move'],
  ['a repeated id', 'repeated-id', alibabaKms, 'versions.repeatedId'],
  ['a repeated id changes no stage', 'repeated-id', alibabaKms, 'a repeated id changes no stage'],
  ['the reason', 'refused-for-the-reason', huaweiCsms, 'a refusal has an error code'],
  [
    'the code',
    'refused-for-the-reason',
    huaweiCsms,
    'a missing version or stage, the version limit and a taken name have an error code',
  ],
  ['the status', 'status', huaweiCsms, 'secret.pausedAs'],
  ['the times', 'times', huaweiCsms, 'times are in milliseconds'],
  ['the latest', 'reads-follow', huaweiCsms, 'versions.latest'],
])('a law depends on each of its rules: %s', (_, id, dialect, rule) => {
  expect(sourceIn(id, dialect, rule)).toBe('a doubt');
});

test.each([
  ['new-version', huaweiCsms, 'versions.lists.most'],
  ['new-version', huaweiCsms, 'secret.firstVersion'],
  ['new-version', googleSecretManager, 'stages.pending'],
  ['moves-one-stage', googleSecretManager, 'stages.previousFollows: any-move'],
  ['removes-one-stage', huaweiCsms, 'stages.previousIsRemovable'],
  ['prunes-deprecated-only', huaweiCsms, 'versions.limit.whenFull'],
  ['built-in-stays', awsSecretsManager, 'stages.previousIsRemovable'],
] as const)('a law does not depend on a rule that its sentence does not name: %s, %#', (id, dialect, rule) => {
  expect(sourceIn(id, dialect, rule)).not.toBe('a doubt');
});

test('the law new-version mentions the first version only for AWS', () => {
  const sentence = 'The first version always takes the current stage.';
  expect(lawOf('new-version', awsSecretsManager)?.sentence).toContain(sentence);
  for (const dialect of [huaweiCsms, alibabaKms, googleSecretManager])
    expect(lawOf('new-version', dialect)?.sentence).not.toContain(sentence);
});

test('a transcript has actions for a cloud without calls', async () => {
  const transcriptOf = async (dialect: Dialect, driver: SecretDriver) => {
    const found = await checkConformance(driver, { dialect, seed: 1 });
    if (found.ok) throw new Error('No law was broken.');
    for (const line of found.transcript) expect(readLine(JSON.parse(line), dialect)).not.toHaveProperty('expected');
    return found.transcript.map((line): unknown => JSON.parse(line));
  };
  const at = 1_700_000_000_000;
  const [google, aws] = [googleSecretManager, awsSecretsManager];
  expect(await transcriptOf(google, latestAliased(google, true))).toEqual([
    { at, dialect: google.id, secret: 'db', action: { type: 'createSecret', versionId: null } },
  ]);
  expect(await transcriptOf(google, latestAliased(google))).toEqual([
    { at, dialect: google.id, secret: 'db', action: { type: 'createSecret', versionId: '1' } },
    {
      at: at + 1000,
      dialect: google.id,
      secret: 'db',
      action: { type: 'createVersion', at: at + 1000, versionId: '2' },
    },
  ]);
  expect(
    await transcriptOf(aws, modelOf(aws, { secret: { firstVersion: 'at-creation' } }, { isBornEmpty: true })),
  ).toEqual([{ at, dialect: aws.id, secret: 'db', action: { type: 'createSecret' } }]);
});

test('a transcript has an action for a CSMS call that the API cannot express', async () => {
  const dialect = defineDialect(huaweiCsms, {
    secret: { firstVersion: 'may-come-later' },
    stages: { move: 'from-the-named-holder' },
  });
  const naming = await checkConformance(followingMoves(dialect), { dialect, seed: 1 });
  const last = naming.ok ? '' : naming.transcript.at(-1);
  expect(last).toMatch(
    /"dialect":"huawei-csms","project":"p","secret":"db","action":\{"type":"assignStage","stage":"SYSCURRENT",.*"from":"v/,
  );
  const empty = modelOf(dialect, { versions: { latest: 'current' } }, { isBornEmpty: true });
  const reading: SecretDriver = { ...empty, show: async (secret) => ({ ...(await empty.show(secret)), latest: 'v1' }) };
  const found = await checkConformance(reading, { dialect, seed: 1 });
  expect(found).toMatchObject({
    transcript: [
      '{"at":1700000000000,"dialect":"huawei-csms","project":"p","secret":"db","action":{"type":"createSecret","versionId":null}}',
    ],
  });
});
