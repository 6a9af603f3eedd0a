import { InvalidParameterException, type ReplicationStatusType, SecretsManager } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import {
  type AwsOptions,
  type AwsSecret,
  createAwsEmulator,
  emptyWorld,
  handleAws,
  memoryStore,
  type World,
} from '../../src/emulator/index.ts';
import { awsSecretsManager, stagesOf, violations } from '../../src/index.ts';
import { property, runs } from '../property.ts';
import { inProcess } from '../rotation/in-process.ts';
import { born, call, token } from './aws-client.ts';
import { functionArn, rotateWith, send } from './rotating.ts';

const account = '123456789012';
const home = 'us-east-1';
const away = 'eu-west-1';
const third = 'us-west-2';
const onReplica =
  "InvalidParameterException: Operation not permitted on a replica secret. Call must be made in primary secret's region.";

/** A world with several regions. Each call is a second later than the one before it. */
class Regions {
  world: World<AwsSecret> = emptyWorld;
  now: number = born;
  private tokens = 100;
  private readonly options: AwsOptions;

  constructor(options: AwsOptions = {}) {
    this.options = options;
  }

  send(region: string, operation: string, body: object = {}): Readonly<Record<string, unknown>> {
    this.now += 1000;
    const tokened = /^(?:Create|Put|Update)Secret(?:Value)?$/.test(operation);
    const all = { ...(tokened && { ClientRequestToken: token(++this.tokens) }), ...body };
    const { world, response } = handleAws(this.world, call(operation, all, region), this.now, this.options);
    this.world = world;
    const answer = response.body ? JSON.parse(response.body) : {};
    return '__type' in answer ? { error: `${answer.__type}: ${answer.Message ?? answer.message}` } : answer;
  }

  secret(region: string, name = 'db'): AwsSecret | undefined {
    return this.world.projects[`${account}/${region}`]?.secrets[name];
  }

  /** Region, status and message of each replica. */
  status(region = home): unknown {
    const { ReplicationStatus: all } = this.send(region, 'DescribeSecret', { SecretId: 'db' });
    return (all as ReplicationStatusType[] | undefined)?.map((each) => [each.Region, each.Status, each.StatusMessage]);
  }
}

const db = { SecretId: 'db' };
const to = (...regions: string[]) => ({ AddReplicaRegions: regions.map((Region) => ({ Region })) });
const newDb = { Name: 'db', SecretString: 'one', ClientRequestToken: token(1) };
const inSync = (region: string) => [region, 'InSync', 'Replication succeeded'];

/** Regions with the secret `db` in us-east-1, and its replica in eu-west-1. */
const replicated = (options?: AwsOptions): Regions => {
  const regions = new Regions(options);
  regions.send(home, 'CreateSecret', { ...newDb, ...to(away) });
  return regions;
};

group('A new replica', () => {
  test('is a copy with the ARN of its own region', () => {
    const regions = new Regions();
    const created = regions.send(home, 'CreateSecret', {
      Name: 'db',
      Description: 'of the shop',
      SecretString: 'one',
      Tags: [{ Key: 'team', Value: 'shop' }],
      AddReplicaRegions: [{ Region: away, KmsKeyId: 'alias/shop' }, { Region: third }],
    });
    const status = { Status: 'InSync', StatusMessage: 'Replication succeeded' };
    expect(created).toMatchObject({
      ReplicationStatus: [
        { Region: away, KmsKeyId: 'alias/shop', ...status },
        { Region: third, KmsKeyId: 'alias/aws/secretsmanager', ...status },
      ],
    });
    const arn = `${created['ARN']}`;
    const primary = regions.secret(home);
    expect(regions.secret(away)).toEqual({
      ...primary,
      arn: arn.replace(home, away),
      kmsKeyId: 'alias/shop',
      kmsKeyIds: { [token(101)]: 'alias/shop' },
      primaryRegion: home,
      replicas: [],
    });
    expect(regions.send(third, 'GetSecretValue', db)).toMatchObject({
      ARN: arn.replace(home, third),
      SecretString: 'one',
    });
  });

  test('is made of a secret that exists, with its versions and policy', () => {
    const regions = new Regions();
    regions.send(home, 'CreateSecret', { Name: 'db', SecretString: 'one' });
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two' });
    regions.send(home, 'PutResourcePolicy', { ...db, ResourcePolicy: '{"Statement": []}' });
    const { ARN, ReplicationStatus } = regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(away) });
    expect(ARN).toBe(regions.secret(home)?.arn);
    expect(ReplicationStatus).toMatchObject([{ Region: away, Status: 'InSync' }]);
    const previous = { ...db, VersionStage: 'AWSPREVIOUS' };
    expect(regions.send(away, 'GetSecretValue', previous)).toMatchObject({ SecretString: 'one' });
    expect(regions.send(away, 'GetResourcePolicy', db)).toMatchObject({ ResourcePolicy: '{"Statement": []}' });
    expect(regions.secret(away)?.createTime).toBe(regions.secret(home)?.updateTime);
  });

  test('can be made of a secret without a value', () => {
    const regions = new Regions();
    regions.send(home, 'CreateSecret', { Name: 'db', ...to(away) });
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'one' });
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'one' });
  });

  test('fails if the name exists in the region, and leaves that secret as it was', () => {
    const regions = new Regions();
    regions.send(away, 'CreateSecret', { Name: 'db', SecretString: 'other' });
    const other = regions.secret(away);
    const { ReplicationStatus } = regions.send(home, 'CreateSecret', {
      Name: 'db',
      SecretString: 'one',
      AddReplicaRegions: [{ Region: away, KmsKeyId: 'alias/shop' }, { Region: third }],
    });
    const StatusMessage = 'Replication failed: Secret name db already exists in region eu-west-1.';
    expect(ReplicationStatus).toMatchObject([
      { Region: away, KmsKeyId: 'alias/shop', Status: 'Failed', StatusMessage },
      { Region: third, Status: 'InSync' },
    ]);
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two' });
    expect(regions.secret(away)).toBe(other);
    expect(regions.status()).toEqual([[away, 'Failed', StatusMessage], inSync(third)]);
  });

  test('overwrites a secret of that name if it is forced, also after a failure', () => {
    const regions = new Regions();
    regions.send(away, 'CreateSecret', { Name: 'db', SecretString: 'other' });
    regions.send(away, 'DeleteSecret', db);
    regions.send(home, 'CreateSecret', { Name: 'db', SecretString: 'one', ...to(away) });
    const again = { ...db, ...to(away), ForceOverwriteReplicaSecret: true };
    regions.send(home, 'ReplicateSecretToRegions', again);
    expect(regions.status()).toEqual([inSync(away)]);
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'one' });
    expect(regions.send(away, 'ListSecrets')['SecretList']).toHaveLength(1);
  });

  test('never overwrites a replica of another secret, nor a secret with replicas', () => {
    const regions = replicated();
    const forced = { ForceOverwriteReplicaSecret: true };
    regions.send(third, 'CreateSecret', { Name: 'db', SecretString: 'other', ...to(away, home), ...forced });
    const { arn } = regions.secret(home) ?? {};
    expect(regions.status(third)).toEqual([
      [away, 'Failed', 'Replication failed: Secret name db is currently replicated to eu-west-1 with a different arn.'],
      [
        home,
        'Failed',
        `Replication failed: You can't delete secret ${arn} that still has replica regions [eu-west-1].`,
      ],
    ]);
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'one' });
  });

  test('never takes over the replica of a secret that it was a replica of itself', () => {
    const regions = replicated();
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(third) });
    regions.send(third, 'StopReplicationToReplica', db);
    const forced = { ...db, ...to(away), ForceOverwriteReplicaSecret: true };
    regions.send(third, 'ReplicateSecretToRegions', forced);
    expect(regions.status(third)).toMatchObject([
      { 0: away, 1: 'Failed', 2: expect.stringContaining('different arn') },
    ]);
    expect(regions.secret(away)?.primaryRegion).toBe(home);
  });

  test('fails in a region that is full', () => {
    const regions = new Regions({ secretsARegion: 1 });
    regions.send(away, 'CreateSecret', { Name: 'other' });
    regions.send(home, 'CreateSecret', { Name: 'db', ...to(away) });
    expect(regions.status()).toEqual([
      [away, 'Failed', expect.stringMatching(/^Replication failed: The account has reached its limit of 1 secrets/)],
    ]);
    regions.send(away, 'DeleteSecret', { SecretId: 'other', RecoveryWindowInDays: 7 });
    regions.now += 7 * 86_400_000;
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(away) });
    expect(regions.status()).toEqual([inSync(away)]);
  });

  test.each([
    ['the region of the secret', to(home), 'Invalid replica region.'],
    ['a region of another partition', to('cn-north-1'), 'Invalid replica region.'],
    ['no region', { AddReplicaRegions: [{}] }, 'Invalid replica region.'],
    ['an invalid name', to('Europe'), 'Invalid replica region.'],
    ['a name that is too long', to(`${'x'.repeat(39)}-1`), 'Invalid replica region.'],
    [
      'a region twice',
      to(third, third),
      'The secret is already replicated to region us-west-2. Remove the region first to replicate it again.',
    ],
    [
      'a region with a replica',
      to(third, away),
      'The secret is already replicated to region eu-west-1. Remove the region first to replicate it again.',
    ],
  ])('is refused for %s', (_, body, message) => {
    const regions = replicated();
    const { world } = regions;
    const error = `InvalidParameterException: ${message}`;
    expect(regions.send(home, 'ReplicateSecretToRegions', { ...db, ...body })).toEqual({ error });
    expect(regions.world).toBe(world);
    const created = regions.send(home, 'CreateSecret', { Name: 'new', ...body });
    if (message === 'Invalid replica region.') expect(created).toEqual({ error });
    if (message === 'Invalid replica region.') expect(regions.world).toBe(world);
  });

  test('of a secret in China is in China', () => {
    const regions = new Regions();
    regions.send('cn-north-1', 'CreateSecret', { Name: 'db', ...to('cn-northwest-1') });
    expect(regions.secret('cn-northwest-1')?.arn).toMatch(/^arn:aws-cn:secretsmanager:cn-northwest-1:/);
  });
});

group('A replica', () => {
  test.each([
    ['PutSecretValue', { SecretString: 'x' }],
    ['UpdateSecret', { SecretString: 'x' }],
    ['UpdateSecret', { Description: 'x', KmsKeyId: 'alias/x' }],
    ['UpdateSecret', {}],
    ['UpdateSecretVersionStage', { VersionStage: 'blue', MoveToVersionId: token(1) }],
    ['TagResource', { Tags: [{ Key: 'a', Value: 'b' }] }],
    ['UntagResource', { TagKeys: ['a'] }],
    ['PutResourcePolicy', { ResourcePolicy: 'x' }],
    ['DeleteResourcePolicy', {}],
    ['RotateSecret', { ClientRequestToken: token(9) }],
    ['CancelRotateSecret', {}],
    ['DeleteSecret', {}],
    ['DeleteSecret', { ForceDeleteWithoutRecovery: true }],
    ['RestoreSecret', {}],
    ['ReplicateSecretToRegions', { AddReplicaRegions: [{}] }],
    ['RemoveRegionsFromReplication', { RemoveReplicaRegions: ['x'] }],
  ])('refuses %s %j', (operation, body) => {
    const regions = replicated();
    const { world } = regions;
    expect(regions.send(away, operation, { ...db, ...body })).toEqual({ error: onReplica });
    expect(regions.world).toBe(world);
  });

  test('follows each change of its primary secret', () => {
    const regions = replicated();
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two', ClientRequestToken: token(2) });
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'two', VersionId: token(2) });
    regions.send(home, 'TagResource', { ...db, Tags: [{ Key: 'team', Value: 'shop' }] });
    regions.send(home, 'UpdateSecret', { ...db, Description: 'of the shop' });
    regions.send(home, 'PutResourcePolicy', { ...db, ResourcePolicy: '{"Statement": []}' });
    expect(regions.send(away, 'DescribeSecret', db)).toMatchObject({
      Description: 'of the shop',
      LastChangedDate: (regions.secret(home)?.updateTime ?? 0) / 1000,
      PrimaryRegion: home,
      Tags: [{ Key: 'team', Value: 'shop' }],
      VersionIdsToStages: { [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] },
    });
    expect(regions.secret(away)?.policy).toBe('{"Statement": []}');
  });

  test('has keys of its own, which UpdateSecret can change', () => {
    const regions = new Regions();
    regions.send(home, 'CreateSecret', {
      Name: 'db',
      SecretString: 'one',
      KmsKeyId: 'alias/home',
      ClientRequestToken: token(1),
      AddReplicaRegions: [{ Region: away, KmsKeyId: 'alias/away' }],
    });
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two', ClientRequestToken: token(2) });
    regions.send(home, 'UpdateSecret', { ...db, KmsKeyId: 'alias/next' });
    expect(regions.secret(away)?.kmsKeyIds).toEqual({ [token(1)]: 'alias/away', [token(2)]: 'alias/away' });

    const blue = { ...db, SecretString: 'three', ClientRequestToken: token(3), VersionStages: ['blue'] };
    regions.send(home, 'PutSecretValue', blue);
    regions.send(away, 'UpdateSecret', { ...db, KmsKeyId: 'alias/new' });
    regions.send(home, 'GetSecretValue', db);
    expect(regions.secret(away)).toMatchObject({
      kmsKeyId: 'alias/new',
      kmsKeyIds: { [token(1)]: 'alias/new', [token(2)]: 'alias/new', [token(3)]: 'alias/away' },
      updateTime: regions.now - 1000,
    });
    expect(regions.secret(home)?.kmsKeyId).toBe('alias/next');
    expect(regions.send(home, 'DescribeSecret', db)).toMatchObject({ ReplicationStatus: [{ KmsKeyId: 'alias/new' }] });
  });

  test('records its own day of access, which its primary secret shows', () => {
    const regions = replicated();
    regions.send(home, 'GetSecretValue', db);
    expect(regions.secret(away)?.accessTime).toBeNull();
    const described = regions.send(home, 'DescribeSecret', db);
    expect(described['ReplicationStatus']).not.toHaveProperty('0.LastAccessedDate');
    regions.now += 86_400_000;
    regions.send(away, 'GetSecretValue', db);
    const day = Math.floor(regions.now / 86_400_000) * 86_400;
    expect(regions.send(home, 'DescribeSecret', db)).toMatchObject({ ReplicationStatus: [{ LastAccessedDate: day }] });
    expect(regions.secret(home)?.accessTime).toBeLessThan(day * 1000);
  });

  test('is found by its primary region', () => {
    const regions = replicated();
    for (const region of [home, away]) regions.send(region, 'CreateSecret', { Name: 'alone' });
    const names = (region: string, value: string) => {
      const Filters = [{ Key: 'primary-region', Values: [value] }];
      const { SecretList: list } = regions.send(region, 'ListSecrets', { Filters });
      return (list as { Name: string; PrimaryRegion?: string }[]).map((each) => [each.Name, each.PrimaryRegion]);
    };
    expect(names(home, home)).toEqual([['db', home]]);
    expect(names(away, 'us-')).toEqual([['db', home]]);
    expect(names(away, away)).toEqual([]);
    expect(names(away, `!${home}`)).toEqual([['alone', undefined]]);
  });

  test('is not created again, not even with its own token and value', () => {
    const regions = replicated();
    const again = { Name: 'db', SecretString: 'one', ClientRequestToken: token(1) };
    const error = 'ResourceExistsException: The operation failed because the secret db already exists.';
    expect(regions.send(away, 'CreateSecret', again)).toEqual({ error });
    expect(regions.send(home, 'CreateSecret', again)).toMatchObject({ ReplicationStatus: [{ Region: away }] });
  });
});

group('A secret with replicas', () => {
  test('cannot be deleted before they are removed', () => {
    const regions = replicated();
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(third) });
    const { arn } = regions.secret(home) ?? {};
    const error = `InvalidParameterException: You can't delete secret ${arn} that still has replica regions [eu-west-1, us-west-2].`;
    expect(regions.send(home, 'DeleteSecret', db)).toEqual({ error });
    expect(regions.send(home, 'DeleteSecret', { ...db, ForceDeleteWithoutRecovery: true })).toEqual({ error });
    regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away, third] });
    expect(regions.send(home, 'DeleteSecret', db)).toHaveProperty('DeletionDate');
  });

  test('loses the replicas that are removed, and ignores other regions', () => {
    const regions = replicated();
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(third) });
    const removed = regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away, 'a'] });
    expect(removed).toMatchObject({ ARN: regions.secret(home)?.arn, ReplicationStatus: [{ Region: third }] });
    expect(regions.secret(away)).toBeUndefined();
    expect(regions.status()).toEqual([inSync(third)]);

    const { world } = regions;
    expect(regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away] })).toEqual(
      removed,
    );
    expect(regions.world).toBe(world);
    regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [third] });
    expect(regions.send(home, 'DescribeSecret', db)).not.toHaveProperty('ReplicationStatus');
    expect(regions.send(home, 'DescribeSecret', db)).not.toHaveProperty('PrimaryRegion');
  });

  test('does not delete another secret when a failed region is removed', () => {
    const regions = new Regions();
    regions.send(away, 'CreateSecret', { Name: 'db', SecretString: 'other' });
    regions.send(home, 'CreateSecret', { Name: 'db', ...to(away) });
    regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away] });
    expect(regions.secret(home)?.replicas).toEqual([]);
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'other' });
  });

  test('while it waits for deletion, gets no replicas', () => {
    const regions = new Regions();
    regions.send(home, 'CreateSecret', { Name: 'db' });
    regions.send(home, 'DeleteSecret', db);
    const answer = regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(away) });
    expect(answer['error']).toContain('marked for deletion');
    expect(regions.send(home, 'ReplicateSecretToRegions', { SecretId: 'other', ...to(away) })['error']).toMatch(
      /^ResourceNotFound/,
    );
  });
});

group('StopReplicationToReplica', () => {
  test('makes a replica a secret of its own', () => {
    const regions = replicated();
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(third) });
    const { arn } = regions.secret(away) ?? {};
    expect(regions.send(away, 'StopReplicationToReplica', { SecretId: arn })).toEqual({ ARN: arn });
    expect(regions.send(away, 'DescribeSecret', db)).not.toHaveProperty('PrimaryRegion');
    expect(regions.status()).toEqual([inSync(third)]);

    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two' });
    regions.send(away, 'PutSecretValue', { ...db, SecretString: 'three' });
    const values = [home, third, away].map((region) => regions.send(region, 'GetSecretValue', db)['SecretString']);
    expect(values).toEqual(['two', 'two', 'three']);

    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(away) });
    const exists = 'Replication failed: Secret name db already exists in region eu-west-1.';
    expect(regions.status()).toEqual([inSync(third), [away, 'Failed', exists]]);
  });

  test.each(['StopReplicationToReplica', 'ReplicateSecretToRegions', 'RemoveRegionsFromReplication'])(
    '%s refuses a secret that does not exist',
    (operation) => {
      const body = { SecretId: 'other', ...to(away), RemoveReplicaRegions: [away] };
      expect(replicated().send(away, operation, body)['error']).toMatch(/^ResourceNotFoundException/);
    },
  );

  test('refuses a secret that is not a replica', () => {
    const error =
      'InvalidRequestException: The secret is not a replica. Call StopReplicationToReplica in the region of a replica.';
    expect(replicated().send(home, 'StopReplicationToReplica', db)).toEqual({ error });
  });
});

group('A snapshot', () => {
  const snapshot = async (regions: Regions, without: string) => {
    const { [`${account}/${without}`]: _, ...projects } = regions.world.projects;
    const emulator = createAwsEmulator({ clock: () => regions.now });
    await emulator.restore(JSON.parse(JSON.stringify({ projects })));
    regions.world = emulator.world;
    return regions;
  };

  test('keeps replicas', async () => {
    const regions = await snapshot(replicated(), third);
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two' });
    expect(regions.send(away, 'GetSecretValue', db)).toMatchObject({ SecretString: 'two' });
  });

  test('without a replica that a secret lists shows it as failed', async () => {
    const regions = await snapshot(replicated(), away);
    regions.send(home, 'PutSecretValue', { ...db, SecretString: 'two' });
    expect(regions.status()).toEqual([[away, 'Failed', 'Replication failed: The replica does not exist.']]);
    regions.send(home, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away] });
    regions.send(home, 'ReplicateSecretToRegions', { ...db, ...to(away) });
    expect(regions.status()).toEqual([inSync(away)]);
  });

  test('with a replica that its primary secret does not list can replicate again, if forced', async () => {
    const regions = replicated();
    const { projects } = JSON.parse(JSON.stringify(regions.world));
    projects[`${account}/${home}`].secrets.db.replicas = [];
    const emulator = createAwsEmulator({ clock: () => born + 5000 });
    await emulator.restore({ projects });
    await emulator.answer(call('ReplicateSecretToRegions', { ...db, ...to(away), ForceOverwriteReplicaSecret: true }));
    regions.world = emulator.world;
    expect(regions.secret(home)?.replicas).toMatchObject([{ region: away, failure: null }]);
    expect(regions.secret(away)).toMatchObject({ primaryRegion: home, createTime: born + 5000 });
  });

  test('of a secret that rotates gives its replicas no rotation', async () => {
    const regions = new Regions();
    regions.send(home, 'CreateSecret', { Name: 'db' });
    const { projects } = JSON.parse(JSON.stringify(regions.world));
    const rotation = { isOn: true, functionArn: 'arn', rules: {}, lastTime: null, window: null, attempt: null };
    projects[`${account}/${home}`].secrets.db.rotation = rotation;
    const emulator = createAwsEmulator({ clock: () => born });
    await emulator.restore({ projects });
    await emulator.answer(call('ReplicateSecretToRegions', { ...db, ...to(away) }));
    regions.world = emulator.world;
    expect(regions.secret(home)?.rotation).toEqual(rotation);
    expect(regions.secret(away)?.rotation).toBeNull();
  });

  test('without a primary secret has replicas that can still be promoted', async () => {
    const regions = await snapshot(replicated(), home);
    expect(regions.send(away, 'PutSecretValue', { ...db, SecretString: 'two' })).toEqual({ error: onReplica });
    regions.send(away, 'StopReplicationToReplica', db);
    expect(regions.send(away, 'PutSecretValue', { ...db, SecretString: 'two' })).toHaveProperty('VersionId');
  });

  test('with another primary secret of that name leaves it as it was', async () => {
    const regions = await snapshot(replicated(), home);
    regions.send(home, 'CreateSecret', { Name: 'db', ...to(away) });
    regions.send(away, 'StopReplicationToReplica', db);
    const other = 'Replication failed: Secret name db is currently replicated to eu-west-1 with a different arn.';
    expect(regions.status()).toEqual([[away, 'Failed', other]]);
  });
});

test('a secret and its replicas are stored in one commit', async () => {
  const store = memoryStore();
  const commits: number[] = [];
  const commit: typeof store.commit = (writes) => {
    commits.push(writes.length);
    return store.commit(writes);
  };
  const emulator = createAwsEmulator({ store: { ...store, commit }, clock: () => born });
  await send(emulator, 'CreateSecret', { ...newDb, ...to(away, third) });
  await send(emulator, 'PutSecretValue', { ...db, SecretString: 'two', ClientRequestToken: token(2) });
  await send(emulator, 'RemoveRegionsFromReplication', { ...db, RemoveReplicaRegions: [away] });
  // A secret and a directory in each region; a secret in each; a secret in two and nothing in the third, and its directory.
  expect(commits).toEqual([6, 3, 4]);
});

group('A rotation', () => {
  test('reaches the replicas after each step, and does not run in their regions', async () => {
    const stages: unknown[] = [];
    const emulator = createAwsEmulator({
      clock: () => born,
      rotate: async (event) => {
        const secretIn = (region: string) => emulator.world.projects[`${account}/${region}`]?.secrets['db'];
        expect(event.SecretId).toBe(secretIn(home)?.arn);
        expect(secretIn(away)?.state).toEqual(secretIn(home)?.state);
        stages.push(stagesOf(secretIn(away)?.state ?? expect.fail('It has no replica.'), token(2)));
        await rotateWith(emulator, event);
      },
    });
    await send(emulator, 'CreateSecret', { ...newDb, ...to(away) });
    await send(emulator, 'RotateSecret', { ...db, ClientRequestToken: token(2), RotationLambdaARN: functionArn });
    await emulator.tick();
    expect(stages).toEqual(Array(4).fill(['AWSPENDING']));
    const replica = emulator.world.projects[`${account}/${away}`]?.secrets['db'];
    expect(replica).toMatchObject({ rotation: null, values: { [token(2)]: { text: `of ${token(2)}` } } });
    expect(replica && stagesOf(replica.state, token(2))).toEqual(['AWSCURRENT']);
  });

  test('ends when its secret is overwritten by a replica', async () => {
    const called: string[] = [];
    const emulator = createAwsEmulator({ clock: () => born, rotate: ({ SecretId }) => void called.push(SecretId) });
    await send(emulator, 'CreateSecret', newDb);
    const RotationRules = { AutomaticallyAfterDays: 1 };
    const rotated = { ...db, ClientRequestToken: token(2), RotationLambdaARN: functionArn, RotationRules };
    await send(emulator, 'RotateSecret', rotated);
    const overwriting = { ...newDb, ...to(home), ForceOverwriteReplicaSecret: true };
    await emulator.answer(call('CreateSecret', overwriting, away));
    called.length = 0;
    await emulator.tick();
    expect(called).toEqual([]);
    expect(emulator.world.projects[`${account}/${home}`]?.secrets['db']).toMatchObject({
      rotation: null,
      primaryRegion: away,
    });
  });
});

test('replicas equal their primary secret after calls at the same time', async () => {
  const emulator = createAwsEmulator({ store: memoryStore(), clock: () => born });
  const ask = (operation: string, body: object, region = home) => emulator.answer(call(operation, body, region));
  await ask('CreateSecret', { Name: 'db', ClientRequestToken: token(1), ...to(away, third) });
  const puts = Array.from({ length: 10 }, (_, index) =>
    ask('PutSecretValue', { ...db, SecretString: `${index}`, ClientRequestToken: token(index + 2) }),
  );
  const reads = [away, third].flatMap((region) => [
    ask('GetSecretValue', db, region),
    ask('UpdateSecret', { ...db, KmsKeyId: 'alias/x', ClientRequestToken: token(50) }, region),
  ]);
  await Promise.all([...puts, ...reads, ask('StopReplicationToReplica', db, third)]);
  await ask('PutSecretValue', { ...db, SecretString: 'last', ClientRequestToken: token(60) });
  const { projects } = await emulator.snapshot({ values: true });
  const secretIn = (region: string) => projects[`${account}/${region}`]?.secrets['db'];
  expect(secretIn(away)?.values).toEqual(secretIn(home)?.values);
  expect(secretIn(away)?.state).toEqual(secretIn(home)?.state);
  expect(secretIn(home)?.replicas).toHaveLength(1);
  expect(secretIn(third)?.values).not.toHaveProperty(token(60));
});

test('the SDK replicates a secret, reads the replica, and throws its typed errors', async () => {
  const emulator = createAwsEmulator({ clock: () => born });
  const [east, west] = [home, away].map(
    (region) =>
      new SecretsManager({
        region,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
        requestHandler: inProcess(emulator),
      }),
  );
  await east?.createSecret({ Name: 'db', SecretString: 'hunter2', AddReplicaRegions: [{ Region: away }] });
  expect((await west?.getSecretValue(db))?.SecretString).toBe('hunter2');
  const { ReplicationStatus: [status] = [] } = (await east?.describeSecret(db)) ?? {};
  expect(status?.LastAccessedDate).toEqual(new Date(born - (born % 86_400_000)));
  await expect(west?.deleteSecret(db)).rejects.toBeInstanceOf(InvalidParameterException);
  const promoted = await west?.stopReplicationToReplica(db);
  expect(promoted?.ARN).toContain(away);
  expect(await west?.deleteSecret(db)).toHaveProperty('DeletionDate');
});

const regionNames = [home, away, third];
const region = fc.constantFrom(...regionNames);
const others = fc.subarray(regionNames, { minLength: 1 });
const id = fc.integer({ min: 1, max: 4 }).map(token);
const stage = fc.constantFrom('AWSCURRENT', 'AWSPENDING', 'blue');
const bodyOf = (versionId: string) => ({ SecretString: versionId, ClientRequestToken: versionId });

const bodies: Readonly<Record<string, fc.Arbitrary<object>>> = {
  CreateSecret: fc.tuple(id, others, fc.boolean()).map(([versionId, regions, ForceOverwriteReplicaSecret]) => ({
    Name: 'db',
    ...bodyOf(versionId),
    ...to(...regions),
    ForceOverwriteReplicaSecret,
  })),
  ReplicateSecretToRegions: fc
    .tuple(others, fc.boolean())
    .map(([regions, ForceOverwriteReplicaSecret]) => ({ ...to(...regions), ForceOverwriteReplicaSecret })),
  RemoveRegionsFromReplication: fc.record({ RemoveReplicaRegions: others }),
  StopReplicationToReplica: fc.constant({}),
  PutSecretValue: fc
    .tuple(id, fc.option(fc.uniqueArray(stage, { minLength: 1 }), { nil: undefined }))
    .map(([versionId, VersionStages]) => ({ ...bodyOf(versionId), VersionStages })),
  UpdateSecretVersionStage: fc.record({ VersionStage: stage, MoveToVersionId: id, RemoveFromVersionId: id }),
  TagResource: fc.constantFrom('a', 'b').map((Key) => ({ Tags: [{ Key, Value: Key }] })),
  UpdateSecret: fc.constantFrom({ KmsKeyId: 'alias/x' }, { Description: 'x' }),
  GetSecretValue: fc.constant({}),
  DeleteSecret: fc.record({ ForceDeleteWithoutRecovery: fc.boolean() }),
  RestoreSecret: fc.constant({}),
};
const rare = ['DeleteSecret', 'StopReplicationToReplica', 'RemoveRegionsFromReplication', 'RestoreSecret'];
const names = Object.keys(bodies);
const step = fc
  .constantFrom(...names, ...names.filter((name) => !rare.includes(name)))
  .chain((operation) => fc.tuple(region, fc.constant(operation), bodies[operation] ?? fc.constant({})))
  .map(([at, operation, body]) => [at, operation, withoutRegion(at, body)] as const);

/** Omits the region of the call from those that it adds, unless it is the only one. */
function withoutRegion(
  at: string,
  body: { readonly AddReplicaRegions?: readonly { readonly Region: string }[] },
): object {
  const away = body.AddReplicaRegions?.filter(({ Region }) => Region !== at) ?? [];
  return away.length > 0 ? { ...body, AddReplicaRegions: away } : body;
}

property([fc.array(step, { minLength: 10, maxLength: 60, size: 'max' })], { numRuns: runs(60) })(
  'after any calls in three regions each replica equals its primary secret, and a refused call changes nothing',
  (steps) => {
    const regions = replicated();
    for (const [at, operation, body] of steps) {
      const { world } = regions;
      if ('error' in regions.send(at, operation, { ...db, ...body })) expect(regions.world).toBe(world);
      for (const name of regionNames) expectSound(regions, name);
    }
  },
);

const shared = ['state', 'values', 'tags', 'policy', 'description'] as const;

function expectSound(regions: Regions, name: string): void {
  const secret = regions.secret(name);
  if (!secret) return;
  expect(violations(secret.state, awsSecretsManager)).toEqual([]);
  if (secret.primaryRegion !== null) {
    const listed = regions.secret(secret.primaryRegion)?.replicas.find((each) => each.region === name);
    expect(listed).toMatchObject({ failure: null });
  }
  for (const { region: other } of secret.replicas.filter(({ failure }) => failure === null)) {
    const replica = regions.secret(other);
    expect(replica).toMatchObject({ primaryRegion: name, arn: secret.arn.replace(name, other) });
    for (const field of shared) expect(replica?.[field]).toEqual(secret[field]);
  }
}
