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

group('what is sound conforms', () => {
  test.each(clouds)('the model of $title to itself, and every law of it is put to the test', async (dialect) => {
    const found = await checkConformance(modelDriver({ dialect }), { dialect, seed: 1 });
    expect(explainConformance(found)).toMatch(/^No law was broken in \d{4} calls on 200 secrets \(seed 1\)\.$/);
    expect(found.laws.filter(({ tried }) => tried < 10)).toEqual([]);
  });

  test.each(clouds)('what $title does not have is not asked for, and an id only of what takes one', async (dialect) => {
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
  });

  test('the model of a dialect in which no version may be current, and then a reader of the latest gets none', async () => {
    const dialect = defineDialect(huaweiCsms, {
      secret: { firstVersion: 'may-come-later' },
      versions: { latest: 'current' },
    });
    const isBornEmpty = true;
    expect(await checkConformance(modelDriver({ dialect, isBornEmpty }), { dialect })).toMatchObject({ ok: true });
    const newest = modelOf(dialect, { versions: { latest: 'current-or-newest' } }, { isBornEmpty });
    const found = await checkConformance(newest, { dialect, seed: 1 });
    expect(found).toMatchObject({ ok: false, law: { id: 'reads-follow' } });
    expect(explainConformance(found)).toContain('Whoever reads the latest gets version "v1", and must get no version.');
  });

  test('what could prune at any time does not, where deprecated versions stay', async () => {
    for (const dialect of [awsSecretsManager, alibabaKms, googleSecretManager]) {
      const driver: SecretDriver = { ...modelDriver({ dialect }), prunesWhenAsked: undefined };
      expect(await checkConformance(driver, { dialect, runs: 100 })).toMatchObject({ ok: true });
    }
  });
});

group('secrets without a version', () => {
  test.each([awsSecretsManager, googleSecretManager])(
    'the model of $title conforms, and every law of it is put to the test',
    async (dialect) => {
      const driver = modelDriver({ dialect, isBornEmpty: true });
      const found = await checkConformance(driver, { dialect, seed: 1 });
      expect(found).toMatchObject({ ok: true });
      expect(found.laws.filter(({ tried }) => tried < 5)).toEqual([]);
    },
  );

  test('who makes one says no version id, and shows no version and no latest one', async () => {
    const driver = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    expect(await driver.create('db', 0)).toStrictEqual({ ok: true });
    expect(await driver.show('db')).toMatchObject({ versions: [], stages: [], latest: null });
    const first = { type: 'createVersion', at: 1000 } as const;
    expect(await driver.act('db', first)).toStrictEqual({ ok: true, versionId: '1' });
  });

  test('no stage is put on a version of them but by an id that no version has', async () => {
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

  test('a creation without a version is a law broken where versions do not come later', async () => {
    const driver = modelOf(huaweiCsms, { secret: { firstVersion: 'may-come-later' } }, { isBornEmpty: true });
    const found = await checkConformance(driver, { seed: 1 });
    expect(found).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'The call was done, and no new version is listed.',
      story: [{ action: null, versionId: undefined }],
    });
  });

  test('a version that the creation told of is looked for, also where versions come later', async () => {
    const empty = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    const told: SecretDriver = {
      ...empty,
      create: async (secret, at) => ({ ...(await empty.create(secret, at)), versionId: '1' }),
      show: async (secret) => ({ ...(await empty.show(secret)), latest: undefined }),
    };
    expect(await checkConformance(told, { dialect: googleSecretManager, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'Version "1" was created, and is not listed.',
      story: [{ action: null, versionId: '1' }],
    });
  });

  test('a later version that an answer told of is looked for, too', async () => {
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
      why: 'Version "2" was created, and is not listed.',
    });
  });

  test('the first version that is not made is missed', async () => {
    const empty = modelDriver({ dialect: googleSecretManager, isBornEmpty: true });
    const idle: SecretDriver = { ...empty, actions: ['createVersion'], act: async () => ({ ok: true }) };
    expect(await checkConformance(idle, { dialect: googleSecretManager, seed: 1 })).toMatchObject({
      ok: false,
      law: { id: 'new-version' },
      why: 'The call was done, and no new version is listed.',
    });
  });
});

group('what is shown', () => {
  test('where nobody is current, a reader of the latest gets none in AWS, and the newest in CSMS', async () => {
    const latestOf = async (versions: DialectChanges['versions']) => {
      const changes: DialectChanges = { secret: { firstVersion: 'may-come-later' }, versions: { ...versions } };
      const driver = modelOf(awsSecretsManager, changes, { isBornEmpty: true });
      await driver.create('db', 0);
      await driver.act('db', { type: 'createVersion', stages: ['canary'], at: 1000 });
      return (await driver.show('db')).latest;
    };
    // Null is told; undefined would be nothing to look at.
    expect(await latestOf({})).toBeNull();
    expect(await latestOf({ latest: 'current-or-newest' })).toBe(`${awsSecretsManager.versions.idPrefix}1`);
  });

  test('a service that prunes where deprecated versions stay is found out, whatever it says of itself', async () => {
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
      why: expect.stringContaining('is gone, though it must be held back.'),
    });
  });
});

/** The model of a dialect, with an action done otherwise. */
const doing = (dialect: Dialect, otherwise: (action: SecretAction, secret: string) => SecretAction): SecretDriver => {
  const sound = modelDriver({ dialect });
  return { ...sound, act: (secret, action) => sound.act(secret, otherwise(action, secret)) };
};

/** The model, which does something more after a call that was done. */
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

/** The model, which answers to the removal of a stage as it is told. */
const removing = (dialect: Dialect, stage: string, answer: DriverAnswer): SecretDriver => {
  const sound = modelDriver({ dialect });
  const isRemoval = (action: SecretAction) => action.type === 'removeStage' && action.stage === stage;
  return { ...sound, act: async (secret, action) => (isRemoval(action) ? answer : sound.act(secret, action)) };
};

const newVersion = 'A new version takes exactly the stages listed for it; without a list it takes the current stage';

group('each fault is caught, and told by a law in words that are true of the cloud', () => {
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
      'AWS: a stage moves from another holder than was named',
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
      'every other stage stays where it was, but for the previous one, which goes to where the current one was.',
      'Stage "AWSPREVIOUS" is on',
    ],
    [
      'AWS: the previous stage does not follow a listed current one',
      awsSecretsManager,
      followingMoves(awsSecretsManager),
      'new-version',
      'Where the current stage is listed, the previous one follows it, too.',
      'Stage "AWSPREVIOUS" is on',
    ],
    [
      'AWS: the pending stage stays as a version is created',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { pending: null } }),
      'new-version',
      `${newVersion}, and the previous one goes to where that was, and "AWSPENDING" comes off.`,
      'Stage "AWSPENDING" is on version',
    ],
    [
      'AWS: the pending stage comes off on a move',
      awsSecretsManager,
      andThen(awsSecretsManager, (action) =>
        isPromotion(action) ? [{ type: 'removeStage', stage: 'AWSPENDING', at: action.at }] : [],
      ),
      'moves-one-stage',
      'Assigning a stage puts it on that version, and every other stage stays where it was',
      'Stage "AWSPENDING" is on no version, and must be on version',
    ],
    [
      'AWS: a custom stage is taken along',
      awsSecretsManager,
      andThen(awsSecretsManager, (action, holder) => {
        const canary = holder('canary');
        return isPromotion(action) && canary !== undefined && canary === holder('AWSCURRENT')
          ? [{ ...action, stage: 'canary', from: canary }]
          : [];
      }),
      'moves-one-stage',
      'Assigning a stage puts it on that version, and every other stage stays where it was',
      'Stage "canary" is on version',
    ],
    [
      'AWS: a limit of 21 stages',
      awsSecretsManager,
      modelOf(awsSecretsManager, { stages: { limit: 21 }, versions: { lists: { least: 1, most: 21 } } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows.',
      'It has 21 stages now, and 20 are the limit: the call must be refused. That the built-in ones count is assumed (stages.limitCounts).',
    ],
    [
      'AWS: the current stage can be removed',
      awsSecretsManager,
      removing(awsSecretsManager, 'AWSCURRENT', { ok: true }),
      'built-in-stays',
      'Stage "AWSCURRENT" can move but cannot be removed.',
      'A built-in stage was to be removed',
    ],
    [
      'AWS: the pending stage cannot be removed',
      awsSecretsManager,
      removing(awsSecretsManager, 'AWSPENDING', { ok: false, reasons: ['BUILT_IN_STAGE'] }),
      'done-or-refused',
      'What the rules allow is done',
      'The call was refused (BUILT_IN_STAGE), and must be done.',
    ],
    [
      'AWS: other content under an id that is there',
      awsSecretsManager,
      andThenTaken(awsSecretsManager),
      'repeated-id',
      'Asking again for a version, by its id and with the same content, changes nothing; with other content it is refused.',
      'was asked for again with other content, and the call was not refused.',
    ],
    [
      'AWS: a repeated id is refused',
      awsSecretsManager,
      modelOf(awsSecretsManager, { versions: { repeatedId: 'refused' } }),
      'repeated-id',
      'Asking again for a version',
      'was asked for again with the same content, and the call was refused.',
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
      'Asking again for a version',
      'and yet ',
    ],
    [
      'AWS: a deprecated version goes by itself',
      awsSecretsManager,
      pruning(awsSecretsManager),
      'prunes-deprecated-only',
      'No version goes but a deprecated one, to make room for a new one.',
      'is gone, though it must be held back.',
    ],
    [
      'AWS: the first version, which comes later, takes its listed stages alone',
      awsSecretsManager,
      modelOf(awsSecretsManager, { secret: { firstVersion: 'may-come-later' } }, { isBornEmpty: true }),
      'new-version',
      'The first one takes the current stage, whatever it lists.',
      'Stage "AWSCURRENT" is on no version, and must be on version',
    ],
    [
      'AWS: each version takes the current stage, not the first alone',
      awsSecretsManager,
      andThen(awsSecretsManager, (action, holder, versionId) =>
        action.type === 'createVersion' && action.versionId === undefined && versionId !== undefined
          ? [{ type: 'assignStage', stage: 'AWSCURRENT', versionId, at: action.at, from: holder('AWSCURRENT') }]
          : [],
      ),
      'new-version',
      'The first one takes the current stage, whatever it lists.',
      'Stage "AWSCURRENT" is on version',
    ],
    [
      'AWS: a secret without a version is refused',
      awsSecretsManager,
      modelOf(awsSecretsManager, { secret: { firstVersion: 'at-creation' } }, { isBornEmpty: true }),
      'done-or-refused',
      'What the rules allow is done',
      'The call was refused (INVALID_VALUE), and must be done.',
    ],
    [
      'Google: a secret without a version is refused',
      googleSecretManager,
      modelOf(googleSecretManager, { secret: { firstVersion: 'at-creation' } }, { isBornEmpty: true }),
      'done-or-refused',
      'What the rules allow is done',
      'The call was refused (INVALID_VALUE), and must be done.',
    ],
    [
      'Google: a secret without a version has a latest one',
      googleSecretManager,
      latestAliased(googleSecretManager, true),
      'reads-follow',
      'the latest is the newest.',
      'Whoever reads the latest gets version "1", and must get no version.',
    ],
    [
      'Alibaba: the previous stage can be removed',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousIsRemovable: true } }),
      'built-in-stays',
      'A built-in stage can move but cannot be removed.',
      'A built-in stage was to be removed',
    ],
    [
      'Alibaba: the eleventh version is refused',
      alibabaKms,
      modelOf(alibabaKms, { versions: { limit: { most: 10, whenFull: 'refuse' } } }),
      'done-or-refused',
      'What the rules allow is done',
      'The call was refused (VERSION_LIMIT), and must be done.',
    ],
    [
      'Alibaba: eleven versions',
      alibabaKms,
      modelOf(alibabaKms, { versions: { limit: { most: 11, whenFull: 'drop-oldest-deprecated' } } }),
      'version-limit',
      'A secret never has more versions than its dialect allows.',
      'It has 11 versions, and 10 are the limit.',
    ],
    [
      'Alibaba: the previous stage follows a move',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousFollows: 'any-move' } }),
      'moves-one-stage',
      'Assigning a stage puts it on that version, and every other stage stays where it was.',
      'That it does not follow by itself is assumed (stages.previousFollows: any-move).',
    ],
    [
      'Alibaba: the previous stage does not follow a listed current one',
      alibabaKms,
      modelOf(alibabaKms, { stages: { previousFollows: 'plain-version' } }),
      'new-version',
      'Where the current stage is listed, the previous one follows it, too.',
      'That it follows by itself is assumed (stages.previousFollows: any-version).',
    ],
    [
      'Google: an alias called latest',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { name: '[A-Za-z][\\w-]{0,62}' } }),
      'done-or-refused',
      'What the rules allow is done',
      'stage must be text that matches',
    ],
    [
      'Google: 51 aliases',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { limit: 51 } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows; moving a stage it has is always allowed.',
      'It has 51 stages now, and 50 are the limit: the call must be refused.',
    ],
    [
      'Google: a version that is created with an alias',
      googleSecretManager,
      modelOf(googleSecretManager, { versions: { lists: { least: 0, most: 50 } } }),
      'stage-limit',
      'A secret never has more stages than its dialect allows; moving a stage it has is always allowed.',
      'A new version lists 1 stages, and 0 are the limit: the call must be refused.',
    ],
    [
      'Google: a version that takes an alias by itself',
      googleSecretManager,
      modelOf(googleSecretManager, { stages: { current: 'live' } }),
      'new-version',
      'A new version takes no stage.',
      'Stage "live" is on version "1", and must be on no version.',
    ],
    [
      'Google: the latest version is the one with an alias',
      googleSecretManager,
      latestAliased(googleSecretManager),
      'reads-follow',
      'gets the version that it marks; the latest is the newest.',
      'Whoever reads the latest gets version "1", and must get version "2".',
    ],
    [
      'Google: a version goes',
      googleSecretManager,
      pruning(googleSecretManager),
      'prunes-deprecated-only',
      'No version goes.',
      'is gone, though it must be held back.',
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

/** Takes other content under an id that is there. */
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

/** Lets deprecated versions go after each call. */
function pruning(dialect: Dialect): SecretDriver {
  return andThen(defineDialect(dialect, { versions: { prune: 'deletes' } }), () => [{ type: 'pruneDeprecated' }]);
}

/** Gives a reader of the latest version the oldest. */
function latestAliased(dialect: Dialect, isBornEmpty = false): SecretDriver {
  const sound = modelDriver({ dialect, isBornEmpty });
  return { ...sound, show: async (secret) => ({ ...(await sound.show(secret)), latest: '1' }) };
}

test('a law says how the cloud’s own rule is known, and a rule without a source is assumed', () => {
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
      source: expect.stringMatching(/^no source is given for "/),
    });
});

test.each(clouds)('a law of $title is assumed if one of its rules has no row', (dialect) => {
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
  const isMissing = ({ source }: { readonly source: string }) => source.startsWith('no source is given');
  const known: readonly string[] = lawsFor(dialect)
    .filter(isMissing)
    .map(({ id }) => id);
  expect(known).toEqual(withoutSource[dialect.id]);
});

test.each([
  [
    huaweiCsms,
    'Scheduling, calling off and setting a status change the status, and nothing else does; no stage moves.',
  ],
  [awsSecretsManager, 'Scheduling and calling off change the status, and nothing else does; no stage moves.'],
  [googleSecretManager, 'A secret has the same status at all times.'],
  [
    defineDialect(googleSecretManager, { secret: { pausedAs: ['FROZEN'] } }),
    'Setting a status changes the status, and nothing else does; no stage moves.',
  ],
] as const)('what changes a status is told: %#', (dialect, sentence) => {
  expect(lawOf('status', dialect)).toMatchObject({ sentence });
});

test('a law is known as well as the weakest of the rules that its sentence names', () => {
  expect(lawOf('new-version', huaweiCsms)).toMatchObject({ grade: 'assumed' });
  expect(lawOf('refused-for-the-reason', huaweiCsms)).toMatchObject({ grade: 'assumed' });
  for (const dialect of [huaweiCsms, alibabaKms])
    expect(lawOf('moves-one-stage', dialect)).toMatchObject({ grade: 'assumed' });
  expect(lawOf('moves-one-stage', googleSecretManager)).toMatchObject({ grade: 'documented' });
  expect(lawOf('new-version', googleSecretManager)).toMatchObject({
    grade: 'documented',
    source: 'service.proto: AddSecretVersion takes no alias',
  });
  expect(lawOf('new-version', awsSecretsManager)).toMatchObject({
    grade: 'observed',
    source: 'recorded by LocalStack; a rotation test of the Terraform provider relies on it; no page says so',
  });
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

/** The laws of a cloud that name a rule without a row. */
const withoutSource: Readonly<Record<string, readonly string[]>> = {
  'huawei-csms': [],
  'aws-secrets-manager': ['refused-for-the-reason'],
  'alibaba-kms': ['refused-for-the-reason', 'times'],
  'google-secret-manager': ['refused-for-the-reason', 'times'],
};

/** Where a law comes from if one rule of its dialect is doubtful, and no other. */
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
])('a law leans on each of its rules: %s', (_, id, dialect, rule) => {
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
] as const)('a law does not lean on a rule that its sentence does not name: %s, %#', (id, dialect, rule) => {
  expect(sourceIn(id, dialect, rule)).not.toBe('a doubt');
});

test('the first version takes the current stage is said only where it is so', () => {
  const sentence = 'The first one takes the current stage, whatever it lists.';
  expect(lawOf('new-version', awsSecretsManager)?.sentence).toContain(sentence);
  for (const dialect of [huaweiCsms, alibabaKms, googleSecretManager])
    expect(lawOf('new-version', dialect)?.sentence).not.toContain(sentence);
});

test('a transcript of a cloud whose calls are not read is in actions, and is replayed as it was', async () => {
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

test('a call of CSMS that its API would not say all of stands as an action in the transcript', async () => {
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
