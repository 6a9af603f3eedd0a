import { expect, describe as group, test } from 'vitest';
import { type AwsEmulatorOptions, createAwsEmulator, memoryStore, type Store } from '../../src/emulator/index.ts';
import { awsSecretsManager } from '../../src/index.ts';
import { AwsClient, born, clientOfDb, token } from './aws-client.ts';
import { functionArn, rotatingDb, send } from './rotating.ts';

const day = 86_400_000;
const start = born / 1000;
const cannotInvoke =
  'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.';
const incomplete = "A previous rotation isn't complete. That rotation will be reattempted.";
const fourSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const daily = { RotationRules: { AutomaticallyAfterDays: 1 } };
/** The next day, when the window of `daily` closes. */
const closes = Date.parse('2018-04-12T23:59:59Z') / 1000;
const opens = Date.parse('2018-04-12T00:00:00Z');

group('A rotation', () => {
  test('calls the function with four steps, moves AWSCURRENT, and removes AWSPENDING', async () => {
    const { emulator, called, events, send, rotate, stages } = await rotatingDb();
    const { ARN } = await send('DescribeSecret');
    expect(await rotate(2, daily)).toEqual({ ARN, Name: 'db', VersionId: token(2) });
    await emulator.tick();
    expect(called).toEqual(fourSteps);
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
    expect(await send('GetSecretValue')).toMatchObject({ SecretString: `of ${token(2)}` });
    expect(events).toEqual(['RotationStarted', 'RotationSucceeded']);
  });

  test('passes the secret, the version, the step and the ARN of the function', async () => {
    const seen: unknown[] = [];
    const { emulator, send, rotate } = await rotatingDb({ rotate: (event, arn) => seen.push([event, arn]) });
    const { ARN } = await send('DescribeSecret');
    await rotate(2);
    await emulator.tick();
    expect(seen).toEqual(fourSteps.map((Step) => [{ SecretId: ARN, ClientRequestToken: token(2), Step }, functionArn]));
  });

  test('begins with a version without a value that has AWSPENDING, before the function is called', async () => {
    const { emulator, steps, secret, send, rotate, stages } = await rotatingDb();
    let finish = () => {};
    steps.createSecret = () => new Promise<void>((resolve) => (finish = resolve));
    await rotate(2);
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: ['AWSPENDING'] });
    expect(await send('GetSecretValue', { VersionStage: 'AWSPENDING' })).toMatchObject({
      __type: 'ResourceNotFoundException',
    });
    expect(await send('DescribeSecret')).not.toHaveProperty('LastRotatedDate');
    await expect.poll(async () => (await secret())?.rotation?.attempt).toMatchObject({ isRunning: true });
    finish();
    await emulator.tick();
  });

  test('runs in the background without a tick', async () => {
    const { called, rotate, stages, send } = await rotatingDb();
    await rotate(2);
    await expect.poll(() => called).toEqual(fourSteps);
    const shown = await send('DescribeSecret');
    for (const field of ['RotationRules', 'NextRotationDate']) expect(shown).not.toHaveProperty(field);
    await expect.poll(stages).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
  });

  test('of a secret without a value makes its first version', async () => {
    const { emulator, send, rotate } = await rotatingDb();
    const empty = { SecretId: 'empty' };
    await send('CreateSecret', { Name: 'empty', ClientRequestToken: token(9) });
    await rotate(2, empty);
    expect(await send('DescribeSecret', empty)).toMatchObject({ VersionIdsToStages: { [token(2)]: ['AWSPENDING'] } });
    await send('TagResource', { ...empty, Tags: [{ Key: 'a', Value: 'b' }] });
    await emulator.tick();
    expect(await send('DescribeSecret', empty)).toMatchObject({ VersionIdsToStages: { [token(2)]: ['AWSCURRENT'] } });
  });

  test('is shown in DescribeSecret and ListSecrets, in the order of the service model', async () => {
    const { emulator, time, send: sendDb, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    time.now += 1000;
    const shown = await sendDb('DescribeSecret');
    const fields = {
      RotationEnabled: true,
      RotationLambdaARN: functionArn,
      RotationRules: { AutomaticallyAfterDays: 1 },
      LastRotatedDate: start,
      NextRotationDate: closes,
    };
    expect(shown).toMatchObject(fields);
    expect(Object.keys(shown)).toEqual([
      'ARN',
      'Name',
      'RotationEnabled',
      'RotationLambdaARN',
      'RotationRules',
      'LastRotatedDate',
      'LastChangedDate',
      'LastAccessedDate',
      'NextRotationDate',
      'VersionIdsToStages',
      'CreatedDate',
    ]);
    expect(await sendDb('ListSecrets')).toMatchObject({ SecretList: [fields] });
  });

  test('shows AutomaticallyAfterDays, calculated from a schedule expression, once it has succeeded', async () => {
    const { emulator, time, send, rotate } = await rotatingDb();
    const RotationRules = { Duration: '2h', ScheduleExpression: 'cron(0 8 1 * ? *)' };
    const rules = async () => (await send('DescribeSecret'))['RotationRules'];
    await rotate(2, { RotationRules, RotateImmediately: false });
    await emulator.tick();
    expect(await rules()).toEqual(RotationRules);
    await rotate(3);
    await emulator.tick();
    expect(JSON.stringify(await rules())).toBe(
      '{"AutomaticallyAfterDays":20,"Duration":"2h","ScheduleExpression":"cron(0 8 1 * ? *)"}',
    );
    time.now = Date.parse('2018-05-01T08:00:00Z');
    await emulator.tick();
    expect(await rules()).toMatchObject({ AutomaticallyAfterDays: 31 });
  });

  test('can be repeated with the function and rules of the one before', async () => {
    const { emulator, send, rotate, stages } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    await send('RotateSecret', { ClientRequestToken: token(3), RotationLambdaARN: '' });
    await emulator.tick();
    expect(await stages()).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] });
    expect(await send('DescribeSecret')).toMatchObject({ RotationLambdaARN: functionArn, ...daily });
  });

  test('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const { emulator, rotate } = await rotatingDb();
    const before = timers();
    await rotate(2);
    await emulator.tick();
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('that begins in the function of another one has run, too, when the tick resolves', async () => {
    const { emulator, called, steps, send, rotate } = await rotatingDb();
    await send('CreateSecret', { Name: 'other', SecretString: 'x', ClientRequestToken: token(1) });
    steps.finishSecret = async (_, honest) => {
      steps.finishSecret = undefined;
      await honest();
      await rotate(2, { SecretId: 'other' });
    };
    await rotate(2);
    await emulator.tick();
    expect(called).toHaveLength(8);
  });
});

group('RotateSecret', () => {
  test('is refused without a token, a function, or a function that can be called', async () => {
    const { secret, send } = await rotatingDb({ canInvoke: async (arn) => arn === functionArn });
    const before = await secret();
    const ClientRequestToken = token(2);
    expect(await send('RotateSecret', { RotationLambdaARN: functionArn })).toMatchObject({
      __type: 'InvalidParameterException',
    });
    expect(await send('RotateSecret', { ClientRequestToken })).toEqual({
      __type: 'InvalidRequestException',
      Message: 'No Lambda rotation function ARN is associated with this secret.',
    });
    const denied = { __type: 'AccessDeniedException', Message: cannotInvoke };
    expect(await send('RotateSecret', { ClientRequestToken, RotationLambdaARN: `${functionArn}-2` })).toEqual(denied);
    expect(await secret()).toEqual(before);
    const allowed = { ClientRequestToken, RotationLambdaARN: functionArn };
    expect(await send('RotateSecret', allowed)).not.toHaveProperty('__type');

    const client = clientOfDb();
    expect(client.errorOf('RotateSecret', { SecretId: 'db', ...allowed })).toBe(
      `AccessDeniedException: ${cannotInvoke}`,
    );
  });

  test('is refused while AWSPENDING is on a version that is not current, and changes nothing', async () => {
    const { emulator, secret, send, rotate } = await rotatingDb();
    await send('PutSecretValue', { ClientRequestToken: token(5), SecretString: 'x', VersionStages: ['AWSPENDING'] });
    const before = await secret();
    for (const RotateImmediately of [true, false])
      expect(await rotate(2, { RotateImmediately })).toEqual({
        __type: 'InvalidRequestException',
        Message: incomplete,
      });
    expect(await secret()).toEqual(before);
    await send('UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId: token(5) });
    expect(await rotate(2)).toMatchObject({ VersionId: token(2) });
    await emulator.tick();
  });

  test('with the token of the rotation in progress changes nothing of it, and with the token of another version is refused', async () => {
    const { emulator, called, steps, rotate } = await rotatingDb();
    steps.setSecret = () => Promise.reject(new Error('setSecret'));
    await rotate(2);
    await emulator.tick();
    expect(await rotate(2)).toMatchObject({ VersionId: token(2) });
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(await rotate(1)).toMatchObject({ __type: 'ResourceExistsException' });
  });

  test.each([
    [{ RotationRules: { AutomaticallyAfterDays: 0 } }, /^1 validation error .*'rotationRules.automaticallyAfterDays'/],
    [
      { RotationRules: { AutomaticallyAfterDays: 1001 } },
      /^1 validation error .*'rotationRules.automaticallyAfterDays'/,
    ],
    [
      { RotationRules: { Duration: 'h1' } },
      /'rotationRules.duration' .*: Member must satisfy regular expression pattern: \^\[0-9\]\+h\$$/,
    ],
    [
      { RotationRules: { Duration: '100h' } },
      /'rotationRules.duration' .*: Member must have length less than or equal to 3$/,
    ],
    [
      { RotationRules: { ScheduleExpression: 'rate(1 day);' } },
      /'rotationRules.scheduleExpression' .* regular expression/,
    ],
    [
      { RotationRules: { ScheduleExpression: '' } },
      /'rotationRules.scheduleExpression' .* greater than or equal to 1$/,
    ],
    [{ RotationRules: { ScheduleExpression: 'rate(1 hour)' } }, /^ScheduleExpression "rate\(1 hour\)" is invalid: /],
    [
      { RotationRules: { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' } },
      /^You cannot specify both rotation frequency /,
    ],
    [
      { ExternalSecretRotationMetadata: [] },
      /^The emulator does not support the rotation of managed external secrets\./,
    ],
    [
      { ExternalSecretRotationRoleArn: 'arn:aws:iam::1:role/x' },
      /^The emulator does not support the rotation of managed/,
    ],
    [{ RotationLambdaARN: 'x'.repeat(2049) }, /'rotationLambdaARN' .* less than or equal to 2048$/],
  ])('is refused with %j', async (body, problem) => {
    const { secret, rotate } = await rotatingDb();
    const before = await secret();
    const { Message, message } = await rotate(2, body);
    expect(Message ?? message).toMatch(problem);
    expect(await secret()).toEqual(before);
  });

  test('with RotateImmediately: false tests the function on a copy of the value, and removes AWSPENDING', async () => {
    const { emulator, called, events, steps, send, rotate, stages } = await rotatingDb();
    const read: unknown[] = [];
    steps.testSecret = async () => read.push(await send('GetSecretValue', { VersionStage: 'AWSPENDING' }));
    expect(await rotate(2, { ...daily, RotateImmediately: false })).toMatchObject({ VersionId: token(2) });
    expect(await stages()).toMatchObject({ [token(1)]: ['AWSCURRENT'] });
    await emulator.tick();
    expect(called).toEqual(['testSecret']);
    expect(read).toMatchObject([{ VersionId: token(2), SecretString: 'hunter2' }]);
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] });
    const shown = await send('DescribeSecret');
    expect(shown).toMatchObject({ RotationEnabled: true, NextRotationDate: closes });
    expect(shown).not.toHaveProperty('LastRotatedDate');
    expect(events).toEqual(['TestRotationStarted', 'TestRotationSucceeded']);
    expect(await send('ListSecretVersionIds', { IncludeDeprecated: true })).toMatchObject({
      Versions: [{ VersionId: token(1) }, { VersionId: token(2) }],
    });
  });

  test('with RotateImmediately: false keeps the date of the last rotation, and follows the new rules', async () => {
    const { emulator, time, send, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    time.now += 1000;
    await rotate(3, { RotationRules: { AutomaticallyAfterDays: 3 }, RotateImmediately: false });
    await emulator.tick();
    const NextRotationDate = closes + (2 * day) / 1000;
    expect(await send('DescribeSecret')).toMatchObject({ LastRotatedDate: start, NextRotationDate });
  });

  test('with RotateImmediately: false tests the function of a secret without a value on a version without one', async () => {
    const { emulator, called, events, send, rotate } = await rotatingDb();
    await send('CreateSecret', { Name: 'empty', ClientRequestToken: token(9) });
    await rotate(2, { SecretId: 'empty', RotateImmediately: false });
    await emulator.tick();
    expect(called).toEqual(['testSecret']);
    expect(events).toEqual(['TestRotationStarted', 'TestRotationSucceeded']);
    expect(await send('DescribeSecret', { SecretId: 'empty' })).not.toHaveProperty('VersionIdsToStages');
  });
});

group('CancelRotateSecret', () => {
  test('turns rotation off, and leaves AWSPENDING where it is', async () => {
    const { emulator, time, called, steps, send, rotate, stages } = await rotatingDb();
    steps.setSecret = () => Promise.reject(new Error('setSecret'));
    const { ARN } = await rotate(2, daily);
    await emulator.tick();
    expect(await send('CancelRotateSecret')).toEqual({ ARN, Name: 'db', VersionId: token(2) });
    const shown = await send('DescribeSecret');
    expect(shown).toMatchObject({ RotationEnabled: false, RotationLambdaARN: functionArn, ...daily });
    expect(shown).not.toHaveProperty('NextRotationDate');
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: ['AWSPENDING'] });
    time.now += 7 * day;
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(await rotate(3)).toMatchObject({ Message: incomplete });
    expect(await send('CancelRotateSecret')).toEqual({ ARN, Name: 'db' });
    await send('PutSecretValue', { ClientRequestToken: token(4), SecretString: 'x' });
    expect(await send('DescribeSecret')).not.toHaveProperty('NextRotationDate');
  });

  test('is refused for a secret whose rotation was never turned on', () => {
    expect(clientOfDb().errorOf('CancelRotateSecret', { SecretId: 'db' })).toBe(
      'InvalidRequestException: No Lambda rotation function ARN is associated with this secret.',
    );
    expect(new AwsClient().errorOf('CancelRotateSecret', { SecretId: 'db' })).toBe(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    );
  });
});

group('A scheduled rotation', () => {
  test('runs when its window opens, at a tick', async () => {
    const { emulator, time, called, send, rotate, stages } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    time.now = opens - 1;
    await emulator.tick();
    expect(called).toHaveLength(4);
    time.now = opens;
    await emulator.tick();
    expect(called).toEqual([...fourSteps, ...fourSteps]);
    const shown = await send('DescribeSecret');
    expect(shown).toMatchObject({ LastRotatedDate: opens / 1000, NextRotationDate: closes + 86_400 });
    const [current] = Object.entries(Object(await stages())).filter(([, labels]) => `${labels}` === 'AWSCURRENT');
    expect(current?.[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  test('runs after the next request, also if that is refused', async () => {
    const { emulator, time, called, send, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    time.now += 3 * day;
    await send('None');
    await expect.poll(() => called).toHaveLength(8);
    await emulator.tick();
    expect(called).toHaveLength(8);
  });

  test('is later if a value is put before it, but not if AWSCURRENT is moved back', async () => {
    const { emulator, time, send, rotate } = await rotatingDb();
    await rotate(2, { RotationRules: { AutomaticallyAfterDays: 2 } });
    await emulator.tick();
    const next = async () => (await send('DescribeSecret'))['NextRotationDate'];
    time.now = opens;
    await send('TagResource', { Tags: [{ Key: 'a', Value: 'b' }] });
    const back = { VersionStage: 'AWSCURRENT', MoveToVersionId: token(1), RemoveFromVersionId: token(2) };
    expect(await send('UpdateSecretVersionStage', back)).not.toHaveProperty('__type');
    expect(await next()).toBe(closes + 86_400);
    await send('PutSecretValue', { ClientRequestToken: token(3), SecretString: 'x' });
    expect(await next()).toBe(closes + 2 * 86_400);
  });

  test('of an expression runs also if a value is put when its window opens', async () => {
    const { emulator, time, called, send, rotate } = await rotatingDb();
    await rotate(2, { RotationRules: { ScheduleExpression: 'rate(1 day)' } });
    await emulator.tick();
    time.now = opens;
    await send('PutSecretValue', { ClientRequestToken: token(3), SecretString: 'x' });
    await emulator.tick();
    expect(called).toEqual([...fourSteps, ...fourSteps]);
  });

  test('is not later after other changes while the current version has no value', async () => {
    const { emulator, time, steps, send, rotate } = await rotatingDb();
    steps.createSecret = () => {};
    steps.finishSecret = () =>
      send('UpdateSecretVersionStage', {
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: token(2),
        RemoveFromVersionId: token(1),
      });
    await rotate(2, { RotationRules: { AutomaticallyAfterDays: 2 } });
    await emulator.tick();
    time.now += day;
    await send('TagResource', { Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await send('DescribeSecret')).toMatchObject({ NextRotationDate: closes + 86_400 });
    const put = { ClientRequestToken: token(2), SecretString: 'x', VersionStages: ['AWSCURRENT'] };
    await send('PutSecretValue', put);
    expect(await send('DescribeSecret')).toMatchObject({ NextRotationDate: closes + 2 * 86_400 });
  });

  test('makes a new version if AWSPENDING is on the current one', async () => {
    const { emulator, time, send, rotate, stages } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    const VersionStages = ['AWSCURRENT', 'AWSPENDING'];
    await send('PutSecretValue', { ClientRequestToken: token(3), SecretString: 'x', VersionStages });
    time.now = opens;
    await emulator.tick();
    expect(await stages()).toMatchObject({ [token(3)]: ['AWSPREVIOUS'] });
  });

  test('does not run while the secret is scheduled for deletion', async () => {
    const { emulator, time, called, send, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    await send('DeleteSecret');
    time.now += 2 * day;
    await emulator.tick();
    expect(called).toHaveLength(4);
    await send('RestoreSecret');
    await emulator.tick();
    expect(called).toHaveLength(8);
  });

  test('that cannot begin waits for its next window', async () => {
    const dialect = {
      ...awsSecretsManager,
      versions: { ...awsSecretsManager.versions, limit: { most: 2, whenFull: 'refuse' } },
    } as const;
    const { emulator, time, called, events, send, rotate } = await rotatingDb({ dialect });
    await rotate(2, daily);
    await emulator.tick();
    time.now = opens;
    await emulator.tick();
    expect(called).toHaveLength(4);
    expect(events).toEqual(['RotationStarted', 'RotationSucceeded', 'RotationFailed']);
    expect(await send('DescribeSecret')).toMatchObject({ NextRotationDate: closes + 86_400 });
  });
});

group('The index of what is due', () => {
  test('is read from the store, so a new emulator continues what another one left', async () => {
    const store = memoryStore();
    const { emulator, time, called, rotate, start: startAnother } = await rotatingDb({ store });
    await rotate(2, daily);
    await emulator.tick();
    time.now += day;
    const other = startAnother();
    await other.tick();
    expect(called).toEqual([...fourSteps, ...fourSteps]);
    await emulator.tick();
    expect(called).toHaveLength(8);
  });

  test('follows restore and reset', async () => {
    const { emulator, time, called, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    const snapshot = await emulator.snapshot({ values: true });
    await emulator.reset();
    time.now += day;
    await emulator.tick();
    expect(called).toHaveLength(4);
    await emulator.restore(JSON.parse(JSON.stringify(snapshot)));
    await emulator.tick();
    expect(called).toHaveLength(8);
  });

  test('omits a replica that has a rotation in a snapshot', async () => {
    const { emulator, time, called, rotate } = await rotatingDb();
    await rotate(2, daily);
    await emulator.tick();
    const snapshot = JSON.parse(JSON.stringify(await emulator.snapshot({ values: true })));
    snapshot.projects['123456789012/us-east-1'].secrets.db.primaryRegion = 'eu-west-1';
    await emulator.restore(snapshot);
    time.now += day;
    await emulator.tick();
    expect(called).toEqual(fourSteps);
  });

  test('two emulators on one store do not run a step twice', async () => {
    const store = memoryStore();
    const { emulator, called, steps, rotate, start: startAnother } = await rotatingDb({ store });
    const other = startAnother();
    steps.createSecret = (_, honest) => Promise.all([honest(), other.tick()]);
    await rotate(2);
    await Promise.all([other.tick(), emulator.tick(), other.tick()]);
    expect(called).toEqual(fourSteps);
  });

  test('does not forget what was committed during its first scan', async () => {
    const memory = memoryStore();
    let [isFirstRead, isScanning, unblock] = [false, false, () => {}];
    const blocked = new Promise<void>((resolve) => {
      unblock = resolve;
    });
    const store: Store = {
      ...memory,
      read: async (key) => {
        if (isFirstRead) {
          isFirstRead = false;
          await blocked;
        }
        return memory.read(key);
      },
      revisions: async () => {
        const revisions = memory.revisions();
        if (isScanning) {
          // The call commits after the scan has read everything, and before the scan has ended.
          unblock();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        isScanning = true;
        return revisions;
      },
    };
    const { called, start: startAnother } = await rotatingDb({ store: memory });
    const emulator = startAnother({ store });
    isFirstRead = true;
    const body = { SecretId: 'db', ClientRequestToken: token(2), RotationLambdaARN: functionArn };
    const rotated = send(emulator, 'RotateSecret', { ...body, ...daily });
    await expect.poll(() => isFirstRead).toBe(false);
    await Promise.all([rotated, emulator.tick()]);
    await emulator.tick();
    expect(called).toEqual(fourSteps);
  });

  test('an error of the store in the background rejects the next tick, once', async () => {
    const memory = memoryStore();
    let isBroken = false;
    const store: Store = {
      ...memory,
      commit: (changes) => {
        if (isBroken) throw new Error('The disk is full.');
        return memory.commit(changes);
      },
    };
    const { emulator, time, called, rotate, send } = await rotatingDb({ store });
    await rotate(2, daily);
    await emulator.tick();
    isBroken = true;
    time.now += day;
    await send('ListSecrets');
    await expect(emulator.tick()).rejects.toThrow('The disk is full.');
    isBroken = false;
    await emulator.tick();
    expect(called).toHaveLength(8);
  });

  test('an error of the store during the first scan rejects the next tick, and the scan is repeated', async () => {
    const memory = memoryStore();
    let isBroken = true;
    const store: Store = {
      ...memory,
      revisions: () => {
        if (isBroken) throw new Error('The disk is gone.');
        return memory.revisions();
      },
    };
    const { emulator, called, rotate } = await rotatingDb({ store });
    await expect(emulator.tick()).rejects.toThrow('The disk is gone.');
    isBroken = false;
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(fourSteps);
  });
});

group('Options of rotations', () => {
  test.each<[AwsEmulatorOptions, string]>([
    [{ rotationTries: 0 }, '`rotationTries` must be a whole number from 1 to 2147483647; got 0.'],
    [{ rotationRetryAfter: -1 }, '`rotationRetryAfter` must be a whole number from 0 to 2147483647; got -1.'],
    [{ rotationTimeout: 0.5 }, '`rotationTimeout` must be a whole number from 1 to 2147483647; got 0.5.'],
    [{ rotationTimeout: 2 ** 31 }, '`rotationTimeout` must be a whole number from 1 to 2147483647; got 2147483648.'],
  ])('%j is refused', (options, problem) => {
    expect(() => createAwsEmulator(options)).toThrow(new RangeError(problem));
  });

  test('without a rotation function a tick does nothing', async () => {
    await createAwsEmulator().tick();
  });
});
