import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boardRows } from '../../src/board.ts';
import {
  createSecret,
  createVersion,
  defineDialect,
  deprecatedVersions,
  huaweiCsms,
  type SecretStatus,
  setStatus,
  stagesOf,
  tryCreateVersion,
  versionsByAge,
  violations,
} from '../../src/index.ts';
import { secret } from '../../src/testing/secret.ts';
import { expectFrozen } from '../expect-frozen.ts';
import { property } from '../property.ts';
import { alibabaKms, awsSecretsManager, googleSecretManager } from './arbitraries/dialects.ts';

const clouds = { aws: awsSecretsManager, alibaba: alibabaKms, google: googleSecretManager };

test('secret builds exactly the given versions and stages', () => {
  const db = secret('db').version('v1', 'SYSPREVIOUS').version('v2', 'SYSCURRENT', 'blue').version('v3').build();
  expect(boardRows(db)).toEqual(['v1   SYSPREVIOUS', 'v2   SYSCURRENT, blue', 'v3   deprecated']);
  expect(db.name).toBe('db');
  expect(db.status).toBe('ENABLED');
  expect(violations(db)).toEqual([]);
  expectFrozen(db);
});

test('secret builds the state that the operations make, with one second between versions', () => {
  const made = createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000, stages: ['canary'] });
  expect(secret('db').version('v1', 'SYSCURRENT').version('v2', 'canary').build()).toEqual(made);
  const ages = secret('db').version('old', 'a').version('v2', 'b', 'SYSCURRENT').version('v7').build();
  expect(ages).toMatchObject({ dialect: 'huawei-csms', versionsMade: 3, lastNumber: 7 });
  expect(versionsByAge(ages).map(({ id, createTime }) => [id, createTime])).toEqual([
    ['old', 0],
    ['v2', 1000],
    ['v7', 2000],
  ]);
  expect(ages.stages.map(({ name, updateTime }) => [name, updateTime])).toEqual([
    ['SYSCURRENT', 1000],
    ['a', 0],
    ['b', 1000],
  ]);
});

test('a builder never changes: each call returns a new one', () => {
  const begun = secret('db').version('v1', 'SYSCURRENT');
  const written = begun.version('v2', 'canary').status('FROZEN');
  begun.version('v2', 'blue');
  expect(boardRows(begun.build())).toEqual(['v1   SYSCURRENT']);
  expect(boardRows(written.build())).toEqual(['v1   SYSCURRENT', 'v2   canary', '     The secret is FROZEN.']);
  expect(written.build()).toEqual(written.build());
});

test('status can be called anywhere, and the last call counts', () => {
  const disabled = secret('db').status('FROZEN').status('DISABLED').version('v1', 'SYSCURRENT').version('v2').build();
  const plain = secret('db').version('v1', 'SYSCURRENT').version('v2');
  expect(disabled).toEqual(setStatus(plain.build(), { status: 'DISABLED', at: 0 }));
  expect(plain.status('PENDING_DELETE').build()).toMatchObject({
    status: 'PENDING_DELETE',
    scheduledDeleteTime: 1000 + 30 * 86_400_000,
  });
});

const start = 'Secret "db" cannot be built. ';
const one = secret('db').version('v1', 'SYSCURRENT');
const names = (count: number) => Array.from({ length: count }, (_, index) => `stage-${index}`);
const versions = (count: number, from = secret('db').version('w', 'SYSCURRENT')) =>
  names(count).reduce((written, id) => written.version(id), from);

test.each([
  ['a secret without a version', secret('db'), 'Every secret has a version. Add one with `version`.'],
  [
    'a secret without a current stage',
    secret('db').version('v1').version('v2', 'SYSPREVIOUS'),
    'Stage "SYSCURRENT" is missing. Give it to one version.',
  ],
  ['a duplicate id', one.version('v2').version('v1'), 'Version "v1" is given twice. Give it once.'],
  [
    'a number below an earlier one',
    one.version('v3').version('v2'),
    'The series of ids has passed "v2". Choose another, or omit it.',
  ],
  [
    'a stage on two versions',
    one.version('v2', 'canary').version('v3', 'canary'),
    'Stage "canary" is given on version "v2" and on version "v3". A stage marks one version.',
  ],
  [
    'a stage twice on one version',
    one.version('v2', 'canary', 'canary'),
    'Stage "canary" is given twice on version "v2". Give it once.',
  ],
  [
    'an invalid stage name on the first version',
    secret('db').version('v1', 'SYSCURRENT', 'a b'),
    'stages[1] must be text that matches /^[\\w-]{1,64}$/; got the string "a b".',
  ],
  [
    'an invalid stage name on a later version',
    one.version('v2', 'a b'),
    'stages[0] must be text that matches /^[\\w-]{1,64}$/; got the string "a b".',
  ],
  [
    'an empty id',
    secret('db').version('', 'SYSCURRENT'),
    'versionId must be text that matches /^.{1,64}$/; got the string "".',
  ],
])('build refuses %s', (_, written, why) => {
  expect(() => written.build()).toThrow(new Error(start + why));
});

test('build refuses an invalid name of a secret', () => {
  expect(() => secret('my db').version('v1', 'SYSCURRENT').build()).toThrow(
    new Error(
      'Secret "my db" cannot be built. name must be text that matches /^[\\w.-]{1,64}$/; got the string "my db".',
    ),
  );
});

test('build accepts 12 stages on one version or on several, and refuses a 13th', () => {
  const eleven = names(11);
  expect(
    stagesOf(
      secret('db')
        .version('v1', 'SYSCURRENT', ...eleven)
        .build(),
      'v1',
    ),
  ).toHaveLength(12);
  expect(
    stagesOf(
      secret('db')
        .version('v1')
        .version('v2', 'SYSCURRENT', ...eleven)
        .build(),
      'v2',
    ),
  ).toHaveLength(12);
  const tooMany = secret('db').version('v1', 'SYSCURRENT', ...names(12));
  expect(() => tooMany.build()).toThrow(`${start}A new version can list at most 12 stages; got 13. List fewer.`);
  expect(() =>
    one
      .version('v2', ...eleven)
      .version('v3', 'one-more')
      .build(),
  ).toThrow(`${start}With "one-more" the secret would exceed its stage limit of 12.`);
});

test('build accepts 20 versions, and refuses a 21st even if some are deprecated', () => {
  expect(Object.keys(versions(19).build().versions)).toHaveLength(20);
  expect(deprecatedVersions(versions(19).build())).toHaveLength(19);
  expect(() => versions(20).build()).toThrow(`${start}The secret is at its version limit of 20`);
});

test('build applies no side effects and no list limit of a dialect', () => {
  const dialect = defineDialect(huaweiCsms, {
    stages: { previousFollows: 'any-move' },
    versions: { lists: { least: 1, most: 1 } },
  });
  const written = secret('db', { dialect }).version('v1').version('v2', 'SYSCURRENT', 'a', 'b').version('v3');
  expect(boardRows(written.build())).toEqual(['v1   deprecated', 'v2   SYSCURRENT, a, b', 'v3   deprecated']);
});

test('build uses the current stage, names and limits of a dialect of your own', () => {
  const vault = defineDialect(huaweiCsms, {
    id: 'vault',
    stages: { current: 'live', previous: 'old', limit: 3, name: '[a-z ]+' },
    versions: { idPrefix: 'r' },
  });
  const written = secret('db', { dialect: vault }).version('r1', 'old').version('r2', 'live');
  expect(boardRows(written.version('r3', 'a b').build())).toEqual(['r1   old', 'r2   live', 'r3   "a b"']);
  expect(boardRows(written.status('FROZEN').build()).at(-1)).toBe('     The secret is FROZEN.');
  expect(() => written.version('r3', 'a', 'b').build()).toThrow(
    `${start}With "a", "b" the secret would exceed its stage limit of 3.`,
  );
  expect(() => secret('db', { dialect: vault }).version('r1', 'SYSCURRENT').build()).toThrow('Stage "live" is missing');
  const next = tryCreateVersion(written.build(), { at: 2000 }, vault);
  expect(next.ok && Object.keys(next.state.versions)).toEqual(['r1', 'r2', 'r3']);
  expect(written.build().dialect).toBe('vault');
  expect(tryCreateVersion(written.build(), { at: 2000 })).toEqual({
    ok: false,
    refusal: { code: 'WRONG_DIALECT', stateDialect: 'vault', dialect: 'huawei-csms' },
  });
});

const written = fc
  .record({
    ids: fc.uniqueArray(fc.constantFrom('v1', 'v2', 'v3', 'v9', 'mine', '__proto__', 'constructor'), { minLength: 1 }),
    stages: fc.uniqueArray(fc.constantFrom('SYSPREVIOUS', 'canary', '__proto__', 'constructor', 'deprecated', 'blue')),
    places: fc.array(fc.nat(6), { minLength: 7, maxLength: 7 }),
    status: fc.constantFrom<SecretStatus>('ENABLED', 'DISABLED', 'FROZEN', 'PENDING_DELETE'),
  })
  .map(({ ids, stages, places, status }) => {
    const all = ['SYSCURRENT', ...stages];
    // Numbers of the series only increase.
    const numbered = ids.filter((id) => /^v\d$/.test(id)).sort();
    const board = ids.map((id, place) => ({
      id: /^v\d$/.test(id) ? (numbered.shift() ?? id) : id,
      stages: all.filter((_, index) => (places[index] ?? 0) % ids.length === place),
    }));
    return { board, status };
  });

property([written])('secret can build any board that obeys the laws', ({ board, status }) => {
  const state = board
    .reduce((builder, { id, stages }) => builder.version(id, ...stages), secret('db'))
    .status(status)
    .build();
  expect(versionsByAge(state).map(({ id }) => ({ id, stages: stagesOf(state, id) }))).toEqual(
    board.map(({ id, stages }) => ({ id, stages: [...stages].sort() })),
  );
  expect(state.status).toBe(status);
  expect(violations(state)).toEqual([]);
});

test('secret builds exactly the given versions and stages for other clouds', () => {
  const { aws, google } = clouds;
  const ids = [1, 2, 3].map((number) => `bb6a3d22-dc93-47ac-b5bd-88df7ad35f1${number}`);
  const [one = '', two = '', three = ''] = ids;
  const db = secret('db', { dialect: aws })
    .version(one, 'canary')
    .version(two, 'AWSPENDING')
    .version(three, 'AWSCURRENT')
    .build();
  expect(boardRows(db)).toEqual([`${one}   canary`, `${two}   AWSPENDING`, `${three}   AWSCURRENT`]);
  expect(violations(db, aws)).toEqual([]);
  const uncurrent = secret('db', { dialect: aws }).version(one).version(two, 'AWSPENDING').build();
  expect(boardRows(uncurrent)).toEqual([`${one}   deprecated`, `${two}   AWSPENDING`]);
  const many = Array.from({ length: 103 }, (_, index) => `${one}-${index}`);
  const rough = many.reduce((written, id) => written.version(id), secret('db', { dialect: aws })).build();
  expect(Object.keys(rough.versions)).toHaveLength(103);
  expect(secret('db', { dialect: google }).build()).toEqual(
    createSecret({ name: 'db', at: 0, versionId: null }, google),
  );
  expect(secret('db', { dialect: aws }).status('PENDING_DELETE').build().scheduledDeleteTime).toBe(30 * 86_400_000);
  const aliased = secret('db', { dialect: google }).version('1', 'prod').version('2').build();
  expect(boardRows(aliased)).toEqual(['1   prod', '2   deprecated']);
  expect(() => secret('db', { dialect: google }).version('1').status('PENDING_DELETE').build()).toThrow(
    'scheduleDeletion',
  );
  expect(() => secret('db', { dialect: google }).version('1', 'latest').build()).toThrow(
    /^Secret "db" cannot be built\. stages\[0\] must be text that matches \/.*\/; got the string "latest"\.$/,
  );
  expect(() => secret('db', { dialect: clouds.alibaba }).version('v1', 'blue').build()).toThrow(
    'Stage "ACSCurrent" is missing',
  );
});
