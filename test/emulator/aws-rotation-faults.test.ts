import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { createAwsEmulator, memoryStore, type Store } from '../../src/emulator/index.ts';
import { awsSecretsManager, parseSecretState, violations } from '../../src/index.ts';
import { property, runs } from '../property.ts';
import { token } from './aws-client.ts';
import { functionArn, rotatingDb, type Step, send } from './rotating.ts';

const minute = 60_000;
const day = 86_400_000;
const opens = Date.parse('2018-04-12T00:00:00Z');
const daily = { RotationRules: { AutomaticallyAfterDays: 1 } };
const incomplete = "A previous rotation isn't complete. That rotation will be reattempted.";
const fourSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const pending = { [token(1)]: ['AWSCURRENT'], [token(2)]: ['AWSPENDING'] };
const rotated = { [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] };

const fail: Step = () => {
  throw new Error('The database is gone.');
};

/** Does what the step should do, and then fails. */
const failAfterwards: Step = async (_, honest) => {
  await honest();
  throw new Error('The network is gone.');
};

group('A function that fails', () => {
  test.each(fourSteps)('at %s leaves AWSPENDING, and the whole rotation is retried', async (step) => {
    const { emulator, time, called, events, reasons, steps, rotate, stages } = await rotatingDb();
    steps[step] = fail;
    await rotate(2);
    await emulator.tick();
    const failed = fourSteps.slice(0, fourSteps.indexOf(step) + 1);
    expect(called).toEqual(failed);
    expect(await stages()).toEqual(pending);
    expect(events).toEqual(['RotationStarted', 'RotationFailed']);
    expect(reasons).toEqual([`The function failed in the step ${step}.`]);

    time.now += minute - 1;
    await emulator.tick();
    expect(called).toEqual(failed);
    steps[step] = undefined;
    time.now += 1;
    await emulator.tick();
    expect(called).toEqual([...failed, ...fourSteps]);
    expect(await stages()).toEqual(rotated);
    expect(events).toEqual(['RotationStarted', 'RotationFailed', 'RotationSucceeded']);
  });

  test.each(fourSteps)('after it did the work of %s succeeds when it is retried', async (step) => {
    const { emulator, time, steps, rotate, stages } = await rotatingDb();
    steps[step] = failAfterwards;
    await rotate(2);
    await emulator.tick();
    steps[step] = undefined;
    time.now += minute;
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
  });

  test('five times waits for the next window, and then continues with the same version', async () => {
    const { emulator, time, called, events, steps, rotate, stages, send } = await rotatingDb();
    steps.createSecret = fail;
    await rotate(2, daily);
    for (let tries = 0; tries < 10; tries++) {
      await emulator.tick();
      time.now += minute;
    }
    expect(called).toHaveLength(5);
    expect(await rotate(3)).toMatchObject({ Message: incomplete });
    time.now = opens;
    await emulator.tick();
    expect(called).toHaveLength(6);
    steps.createSecret = undefined;
    time.now += minute;
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
    expect(events.filter((name) => name !== 'RotationFailed')).toEqual([
      'RotationStarted',
      'RotationStarted',
      'RotationSucceeded',
    ]);
    expect(await send('DescribeSecret')).toMatchObject({ LastRotatedDate: time.now / 1000 });
  });

  test('only by losing a response is not called again for the same token', async () => {
    const { emulator, called, rotate, stages } = await rotatingDb();
    emulator.setFaults([{ operation: 'RotateSecret', when: 1, answer: 'lost' }]);
    expect(await rotate(2)).toMatchObject({ __type: 'InternalServiceError' });
    await emulator.tick();
    expect(await rotate(2)).toMatchObject({ VersionId: token(2) });
    await emulator.tick();
    expect(called).toEqual(fourSteps);
    expect(await stages()).toEqual(rotated);
  });

  test('as often as rotationTries allows begins again with RotateSecret and the same token', async () => {
    const { emulator, events, steps, rotate, stages } = await rotatingDb({ rotationTries: 1 });
    steps.createSecret = fail;
    await rotate(2);
    await emulator.tick();
    steps.createSecret = undefined;
    expect(await rotate(3)).toMatchObject({ Message: incomplete });
    expect(await rotate(2)).toMatchObject({ VersionId: token(2) });
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
    expect(events).toEqual(['RotationStarted', 'RotationFailed', 'RotationStarted', 'RotationSucceeded']);
  });

  test('as often as rotationTries allows is not tried again without a schedule', async () => {
    const { emulator, time, called, steps, rotate } = await rotatingDb({ rotationTries: 1, rotationRetryAfter: 0 });
    steps.createSecret = fail;
    await rotate(2);
    await emulator.tick();
    time.now += 1000 * day;
    await emulator.tick();
    expect(called).toEqual(['createSecret']);
  });

  test('after it moved AWSCURRENT is continued in the next window, with the same version', async () => {
    const { emulator, time, steps, rotate, stages } = await rotatingDb({ rotationTries: 1 });
    steps.finishSecret = failAfterwards;
    await rotate(2, daily);
    await emulator.tick();
    time.now = opens;
    steps.finishSecret = undefined;
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
  });

  test('is retried in the same tick if rotationRetryAfter is 0', async () => {
    const { emulator, called, steps, rotate } = await rotatingDb({ rotationTries: 3, rotationRetryAfter: 0 });
    steps.setSecret = fail;
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret', 'createSecret', 'setSecret', 'createSecret', 'setSecret']);
  });

  test('and succeeds on a later day is scheduled from that day', async () => {
    const { emulator, time, called, steps, rotate } = await rotatingDb();
    steps.createSecret = fail;
    await rotate(2, daily);
    await emulator.tick();
    steps.createSecret = undefined;
    time.now = opens;
    await emulator.tick();
    expect(called).toEqual(['createSecret', ...fourSteps]);
  });

  test('by returning from finishSecret while AWSCURRENT is elsewhere has failed', async () => {
    const { emulator, events, reasons, steps, rotate, stages } = await rotatingDb();
    steps.finishSecret = () => {};
    await rotate(2);
    await emulator.tick();
    expect(events).toEqual(['RotationStarted', 'RotationFailed']);
    expect(reasons).toEqual(['The function did not move AWSCURRENT to the version in the step finishSecret.']);
    expect(await stages()).toEqual(pending);
  });

  test('is reported by tick with what it threw, once', async () => {
    const { emulator, time, steps, rotate } = await rotatingDb({ rotationTries: 200, rotationRetryAfter: 1 });
    const error = new Error('Wrong password: hunter2');
    steps.setSecret = async () => {
      throw error;
    };
    await rotate(2);
    const [failure, ...others] = await emulator.tick();
    expect(failure).toMatchObject({ event: { Step: 'setSecret', ClientRequestToken: token(2) }, functionArn });
    expect(failure?.error).toBe(error);
    expect(others).toEqual([]);
    expect(await emulator.tick()).toEqual([]);
    // Without a tick, 100 of them are kept.
    for (let tries = 0; tries < 101; tries++) {
      time.now += 1;
      await send(emulator, 'ListSecrets', {});
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await emulator.tick()).toHaveLength(100);
  });
});

group('A function that hangs', () => {
  test('has failed after rotationTimeout, and what it returns later does not count', async () => {
    const { emulator, time, called, events, reasons, steps, rotate, stages } = await rotatingDb({ rotationTimeout: 5 });
    let finishLate = () => {};
    steps.testSecret = () =>
      new Promise<void>((resolve) => {
        finishLate = resolve;
      });
    await rotate(2);
    const failures = await emulator.tick();
    expect(failures.map(({ error }) => `${error}`)).toEqual(['Error: The function did not return within 5 ms.']);
    expect(reasons).toEqual(['The function did not return within 5 ms in the step testSecret.']);
    expect(events).toEqual(['RotationStarted', 'RotationFailed']);
    finishLate();
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret', 'testSecret']);
    steps.testSecret = undefined;
    time.now += minute;
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
    expect(called.slice(3)).toEqual(fourSteps);
  });

  test('and does its work after another attempt has succeeded changes nothing', async () => {
    const { emulator, time, steps, rotate, stages } = await rotatingDb({ rotationTimeout: 5 });
    let late = async () => {};
    steps.createSecret = (_, honest) => {
      late = honest;
      return new Promise(() => {});
    };
    await rotate(2);
    await emulator.tick();
    steps.createSecret = undefined;
    time.now += minute;
    await emulator.tick();
    await late();
    await emulator.tick();
    expect(await stages()).toEqual(rotated);
  });

  test('while the clock is stepped is not called twice', async () => {
    const { emulator, time, called, steps, send, rotate } = await rotatingDb();
    steps.createSecret = async (_, honest) => {
      time.now += day;
      await send('DescribeSecret');
      await honest();
    };
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(fourSteps);
  });
});

group('A step that returns late does not count', () => {
  const createsAgain = ['createSecret', 'createSecret'];
  const ends: (() => void)[] = [];
  const hang: Step = () => new Promise<void>((resolve) => ends.push(resolve));

  /** A rotation whose first step hangs in one of two emulators on one store. `returnLate` ends the step. */
  const hanging = async () => {
    const context = await rotatingDb({ store: memoryStore() });
    const { emulator, called, steps, send, rotate, start } = context;
    ends.length = 0;
    steps.createSecret = hang;
    await rotate(2);
    await expect.poll(() => called).toEqual(['createSecret']);
    const other = start();
    const returnLate = async () => {
      ends.shift()?.();
      await emulator.tick();
    };
    /** Lets the other emulator call the function up to a step that hangs, too. Then the first step returns, and calls nothing. */
    const expectNoCallAfter = async (reached: readonly string[]) => {
      const ticked = other.tick();
      await expect.poll(() => called).toEqual(reached);
      await returnLate();
      expect(called).toEqual(reached);
      ends.shift()?.();
      await ticked;
    };
    return { ...context, other, cancel: () => send('CancelRotateSecret'), returnLate, expectNoCallAfter };
  };

  test('if the step was claimed again', async () => {
    const { other, time, expectNoCallAfter } = await hanging();
    time.now += minute / 2;
    await other.tick();
    time.now += minute;
    await expectNoCallAfter(createsAgain);
  });

  test('if the rotation is another one, claimed at the same time', async () => {
    const { send, rotate, cancel, expectNoCallAfter } = await hanging();
    await cancel();
    await send('UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId: token(2) });
    await rotate(3);
    await expectNoCallAfter(createsAgain);
  });

  test('if the rotation began again with its token, and is at another step', async () => {
    const { steps, rotate, cancel, expectNoCallAfter } = await hanging();
    steps.createSecret = undefined;
    steps.setSecret = hang;
    await cancel();
    await rotate(2);
    await expectNoCallAfter([...createsAgain, 'setSecret']);
  });

  test('if the rotation began again with its token when the step timed out', async () => {
    const { time, called, steps, rotate, cancel, returnLate } = await hanging();
    steps.createSecret = undefined;
    time.now += minute / 2;
    await cancel();
    await rotate(2);
    await returnLate();
    expect(called).toEqual(['createSecret', ...fourSteps]);
  });
});

group('A function that does something else', () => {
  test('puts its value under another token with AWSPENDING: the rotation is abandoned', async () => {
    const { emulator, time, called, events, steps, send, rotate, stages } = await rotatingDb();
    const put = { ClientRequestToken: token(7), SecretString: 'x', VersionStages: ['AWSPENDING'] };
    steps.createSecret = () => send('PutSecretValue', put);
    await rotate(2);
    await emulator.tick();
    time.now += day;
    await emulator.tick();
    expect(called).toEqual(['createSecret']);
    expect(events).toEqual(['RotationStarted', 'RotationAbandoned']);
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'], [token(7)]: ['AWSPENDING'] });
    expect(await rotate(3)).toMatchObject({ Message: incomplete });
  });

  test('leaves AWSPENDING on another version, and the next scheduled rotation continues with that one', async () => {
    const { emulator, time, steps, send, rotate, stages } = await rotatingDb();
    const put = { ClientRequestToken: token(7), SecretString: 'x', VersionStages: ['AWSPENDING'] };
    steps.createSecret = () => send('PutSecretValue', put);
    await rotate(2, daily);
    await emulator.tick();
    steps.createSecret = undefined;
    time.now = opens;
    await emulator.tick();
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(7)]: ['AWSCURRENT'] });
  });

  test('puts a value without a list of stages: that is the current one, and the rotation is abandoned', async () => {
    const { emulator, called, events, steps, send, rotate, stages } = await rotatingDb();
    steps.setSecret = () => send('PutSecretValue', { ClientRequestToken: token(7), SecretString: 'x' });
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(events).toEqual(['RotationStarted', 'RotationAbandoned']);
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(7)]: ['AWSCURRENT'] });
  });

  test('removes AWSPENDING before finishSecret: the rotation is abandoned', async () => {
    const { emulator, called, events, steps, send, rotate, stages } = await rotatingDb();
    const remove = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token(2) };
    steps.testSecret = () => send('UpdateSecretVersionStage', remove);
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret', 'testSecret']);
    expect(events).toEqual(['RotationStarted', 'RotationAbandoned']);
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] });
    expect(await rotate(3)).toMatchObject({ VersionId: token(3) });
  });

  test('removes AWSPENDING itself in finishSecret: the rotation succeeds', async () => {
    const { emulator, events, steps, send, rotate, stages } = await rotatingDb();
    steps.finishSecret = async (_, honest) => {
      await honest();
      await send('UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId: token(2) });
    };
    await rotate(2);
    await emulator.tick();
    expect(events).toEqual(['RotationStarted', 'RotationSucceeded']);
    expect(await stages()).toEqual(rotated);
  });

  test('moves AWSPENDING on in finishSecret: the rotation succeeds, and AWSPENDING stays there', async () => {
    const { emulator, events, steps, send, rotate, stages } = await rotatingDb();
    const put = { ClientRequestToken: token(7), SecretString: 'x', VersionStages: ['AWSPENDING'] };
    steps.finishSecret = async (_, honest) => {
      await honest();
      await send('PutSecretValue', put);
    };
    await rotate(2);
    await emulator.tick();
    expect(events).toEqual(['RotationStarted', 'RotationSucceeded']);
    expect(await stages()).toEqual({ ...rotated, [token(7)]: ['AWSPENDING'] });
  });

  test('moves AWSCURRENT in an early step: the later steps still run, and the rotation succeeds', async () => {
    const { emulator, called, steps, send, rotate, stages } = await rotatingDb();
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: token(2), RemoveFromVersionId: token(1) };
    steps.setSecret = () => send('UpdateSecretVersionStage', move);
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(fourSteps);
    expect(await stages()).toEqual(rotated);
  });

  test('moves AWSCURRENT and fails: another RotateSecret is allowed, and replaces the attempt', async () => {
    const { emulator, time, events, steps, rotate, stages } = await rotatingDb();
    steps.finishSecret = failAfterwards;
    await rotate(2);
    await emulator.tick();
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT', 'AWSPENDING'] });
    steps.finishSecret = undefined;
    expect(await rotate(3)).toMatchObject({ VersionId: token(3) });
    await emulator.tick();
    time.now += day;
    await emulator.tick();
    expect(await stages()).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] });
    expect(events).toEqual([
      'RotationStarted',
      'RotationFailed',
      'RotationAbandoned',
      'RotationStarted',
      'RotationSucceeded',
    ]);
  });
});

group('Meanwhile', () => {
  test('a second RotateSecret is refused, and the first one succeeds', async () => {
    const { emulator, called, steps, rotate, stages } = await rotatingDb();
    const second: unknown[] = [];
    steps.testSecret = async () => second.push(await rotate(3));
    await rotate(2);
    await emulator.tick();
    expect(second).toEqual([{ __type: 'InvalidRequestException', Message: incomplete }]);
    expect(called).toEqual(fourSteps);
    expect(await stages()).toEqual(rotated);
  });

  test('of two concurrent calls of RotateSecret one is refused', async () => {
    const { emulator, called, rotate } = await rotatingDb();
    const answers = await Promise.all([rotate(2), rotate(3)]);
    await emulator.tick();
    expect(answers).toMatchObject([{ VersionId: token(2) }, { Message: incomplete }]);
    expect(called).toEqual(fourSteps);
  });

  test('rotation is turned off: the steps that are left do not run', async () => {
    const { emulator, time, called, events, steps, send, rotate, stages } = await rotatingDb();
    steps.setSecret = () => send('CancelRotateSecret');
    await rotate(2);
    await emulator.tick();
    time.now += day;
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(events).toEqual(['RotationStarted']);
    expect(await stages()).toEqual(pending);
  });

  test('the secret is scheduled for deletion: the rotation has ended, also if the secret is restored', async () => {
    const { emulator, time, called, steps, send, rotate, stages } = await rotatingDb();
    steps.setSecret = () => send('DeleteSecret');
    await rotate(2);
    await emulator.tick();
    await send('RestoreSecret');
    time.now += day;
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(await stages()).toEqual(pending);
  });

  test('the secret is deleted: nothing is left to do', async () => {
    const { emulator, called, steps, secret, send, rotate } = await rotatingDb();
    steps.setSecret = () => send('DeleteSecret', { ForceDeleteWithoutRecovery: true });
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(await secret()).toBeUndefined();
  });

  test('everything is reset: the function is not called again', async () => {
    const { emulator, called, steps, rotate, secret } = await rotatingDb();
    steps.setSecret = () => emulator.reset();
    await rotate(2);
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'setSecret']);
    expect(await secret()).toBeUndefined();
  });

  test('the next window opens while a rotation is stuck: the same version is retried', async () => {
    const { emulator, time, called, steps, send, rotate } = await rotatingDb();
    steps.createSecret = fail;
    await rotate(2, daily);
    await emulator.tick();
    time.now = opens;
    await emulator.tick();
    expect(called).toEqual(['createSecret', 'createSecret']);
    expect(await send('ListSecretVersionIds', { IncludeDeprecated: true })).toMatchObject({
      Versions: [{ VersionId: token(1) }, { VersionId: token(2) }],
    });
  });
});

group('A test of the function', () => {
  test.each<[string, Step]>([
    ['fails', fail],
    ['fails after its work', failAfterwards],
  ])('that %s leaves rotation on and AWSPENDING off, and is not repeated', async (_, step) => {
    const { emulator, time, called, events, steps, send, rotate, stages } = await rotatingDb();
    steps.testSecret = step;
    await rotate(2, { RotateImmediately: false });
    await emulator.tick();
    time.now += day;
    await emulator.tick();
    expect(called).toEqual(['testSecret']);
    expect(events).toEqual(['TestRotationStarted', 'TestRotationFailed']);
    expect(await stages()).toEqual({ [token(1)]: ['AWSCURRENT'] });
    expect(await send('DescribeSecret')).toMatchObject({ RotationEnabled: true });
  });

  test('whose version became current has failed when another rotation begins', async () => {
    const { emulator, events, steps, send, rotate } = await rotatingDb();
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: token(2), RemoveFromVersionId: token(1) };
    steps.testSecret = async () => {
      await send('UpdateSecretVersionStage', move);
      await rotate(3);
    };
    await rotate(2, { RotateImmediately: false });
    await emulator.tick();
    expect(events.slice(0, 2)).toEqual(['TestRotationStarted', 'TestRotationFailed']);
  });

  test('that loses AWSPENDING to a new value has failed', async () => {
    const { emulator, events, steps, send, rotate, stages } = await rotatingDb();
    steps.testSecret = () => send('PutSecretValue', { ClientRequestToken: token(7), SecretString: 'x' });
    await rotate(2, { RotateImmediately: false });
    await emulator.tick();
    expect(events).toEqual(['TestRotationStarted', 'TestRotationFailed']);
    expect(await stages()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(7)]: ['AWSCURRENT'] });
  });
});

group('A restart', () => {
  /** A store that stops after some commits, as if its process were killed. */
  const killedAfter = (commits: number) => {
    const store = memoryStore();
    let left = commits;
    let kill = () => {};
    const killed = new Promise<void>((resolve) => {
      kill = resolve;
    });
    const commit: Store['commit'] = (changes) => {
      if (left-- > 0) return store.commit(changes);
      kill();
      return new Promise(() => {});
    };
    return { store, killed, mortal: { ...store, commit }, isAlive: () => left >= 0 };
  };

  test('after any commit of a rotation continues it, and the stages end as without one', async () => {
    let commits = 2;
    for (let isAlive = false; !isAlive; commits++) {
      const { store, killed, mortal, isAlive: check } = killedAfter(commits);
      const { emulator, time, rotate, start } = await rotatingDb({ store: mortal, rotationTimeout: 20 });
      await rotate(2);
      await Promise.race([emulator.tick(), killed]);
      isAlive = check();
      const other = start({ store });
      for (let tries = 0; tries < 3; tries++) {
        await other.tick();
        time.now += minute;
      }
      const shown = await send(other, 'DescribeSecret', { SecretId: 'db' });
      expect(shown['VersionIdsToStages'], `${commits} commits`).toEqual(rotated);
    }
    expect(commits).toBeGreaterThan(10);
  });

  test('during a step counts as a failure once rotationTimeout has passed', async () => {
    const store = memoryStore();
    const { emulator, time, called, events, reasons, steps, rotate, start } = await rotatingDb({ store });
    let finish = () => {};
    steps.setSecret = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    await rotate(2);
    await expect.poll(() => called).toEqual(['createSecret', 'setSecret']);
    const other = start();
    steps.setSecret = undefined;
    time.now += 29_999;
    await other.tick();
    expect(called).toHaveLength(2);
    time.now += 1;
    await other.tick();
    expect(events).toEqual(['RotationStarted', 'RotationFailed']);
    expect(reasons).toEqual(['The emulator stopped in the step setSecret.']);
    time.now += minute;
    await other.tick();
    expect(called.slice(2)).toEqual(fourSteps);
    // The first emulator was only slow. What its function returns does not count any more.
    finish();
    await emulator.tick();
    expect(called).toHaveLength(6);
    expect(events).toEqual(['RotationStarted', 'RotationFailed', 'RotationSucceeded']);
  });
});

group('Whatever happens', () => {
  const numbers = fc.integer({ min: 1, max: 6 });
  const stage = fc.constantFrom('AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS');
  type Command =
    | { readonly call: readonly [operation: string, body: object] }
    | { readonly step: (typeof fourSteps)[number]; readonly does: Step | undefined }
    | { readonly wait: number }
    | 'tick'
    | 'restart';
  const call = (operation: string, body: fc.Arbitrary<object>): fc.Arbitrary<Command> =>
    body.map((each) => ({ call: [operation, each] }));
  const command: fc.Arbitrary<Command> = fc.oneof(
    call(
      'RotateSecret',
      fc.record({
        ClientRequestToken: numbers.map(token),
        RotationLambdaARN: fc.constant(functionArn),
        RotateImmediately: fc.boolean(),
        RotationRules: fc.constantFrom(null, { AutomaticallyAfterDays: 1 }, { ScheduleExpression: 'rate(4 hours)' }),
      }),
    ),
    call('CancelRotateSecret', fc.constant({})),
    call(
      'PutSecretValue',
      fc.record({
        ClientRequestToken: numbers.map(token),
        SecretString: fc.constantFrom('x', 'y'),
        VersionStages: fc.constantFrom(null, ['AWSPENDING'], ['AWSCURRENT', 'AWSPENDING'], ['blue']),
      }),
    ),
    call(
      'UpdateSecretVersionStage',
      fc.record({
        VersionStage: stage,
        MoveToVersionId: fc.option(numbers.map(token)),
        RemoveFromVersionId: fc.option(numbers.map(token)),
      }),
    ),
    call('DeleteSecret', fc.constant({})),
    call('RestoreSecret', fc.constant({})),
    fc.record({
      step: fc.constantFrom(...fourSteps),
      does: fc.constantFrom(
        undefined,
        fail,
        failAfterwards,
        () => {},
        () => new Promise(() => {}),
      ),
    }),
    fc.constantFrom(minute, 5 * minute, day / 6, day).map((wait) => ({ wait })),
    fc.constantFrom('tick' as const, 'restart' as const),
  );

  property([fc.array(command, { maxLength: 25 })], { numRuns: runs(60) })(
    'the laws hold, AWSCURRENT stays, and a rotation without faults succeeds in the end',
    async (commands) => {
      const store = memoryStore();
      const { time, steps, start } = await rotatingDb({ store, rotationTimeout: 1 });
      let emulator = start();
      const check = async () => {
        const snapshot = await emulator.snapshot({ values: true });
        const secret = snapshot.projects['123456789012/us-east-1']?.secrets['db'];
        if (!secret) return expect.fail('The secret is gone.');
        const { state, rotation } = secret;
        expect(violations(state, awsSecretsManager)).toEqual([]);
        expect(parseSecretState(JSON.parse(JSON.stringify(state)), awsSecretsManager)).toMatchObject({ ok: true });
        expect(state.stages.filter(({ name }) => name === 'AWSCURRENT')).toHaveLength(1);
        const { attempt = null, isOn } = rotation ?? {};
        if (attempt) {
          expect(isOn).toBe(true);
          const labels = state.stages.filter(({ versionId }) => versionId === attempt.token).map(({ name }) => name);
          expect(labels.some((name) => name === 'AWSPENDING' || name === 'AWSCURRENT')).toBe(true);
        }
        const copy = createAwsEmulator({ clock: () => time.now });
        await copy.restore(JSON.parse(JSON.stringify(snapshot)));
        expect(copy.world).toEqual(snapshot);
        return secret;
      };
      for (const each of commands) {
        if (each === 'tick') await emulator.tick();
        else if (each === 'restart') emulator = start();
        else if ('wait' in each) time.now += each.wait;
        else if ('step' in each) steps[each.step] = each.does;
        else await send(emulator, each.call[0], { SecretId: 'db', ...each.call[1] });
        await check();
      }
      for (const step of fourSteps) steps[step] = undefined;
      await send(emulator, 'RestoreSecret', { SecretId: 'db' });
      await send(emulator, 'CancelRotateSecret', { SecretId: 'db' });
      await emulator.tick();
      const { state } = await check();
      const stuck = state.stages.find(({ name }) => name === 'AWSPENDING')?.versionId;
      const remove = { VersionStage: 'AWSPENDING', RemoveFromVersionId: stuck };
      if (stuck) await send(emulator, 'UpdateSecretVersionStage', { SecretId: 'db', ...remove });
      const last = { ClientRequestToken: token(9), RotationLambdaARN: functionArn };
      expect(await send(emulator, 'RotateSecret', { SecretId: 'db', ...last })).toMatchObject({ VersionId: token(9) });
      await emulator.tick();
      const ended = await check();
      expect(ended.state.stages).toContainEqual(expect.objectContaining({ name: 'AWSCURRENT', versionId: token(9) }));
      expect(ended.state.stages.some(({ name }) => name === 'AWSPENDING')).toBe(false);
      expect(ended.rotation).toMatchObject({ isOn: true, attempt: null, lastTime: time.now });
    },
  );
});
