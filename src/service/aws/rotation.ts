import {
  type AwsSecret,
  errors,
  named,
  type Request,
  type RotationAttempt,
  type RotationRules,
  type RotationStep,
  type SecretRotation,
  type ServiceEvent,
} from '../../api/aws/index.ts';
import type { Random } from '../../api/hash.ts';
import type { Value } from '../../api/value.ts';
import { removeStage, versionOf } from '../../index.ts';
import { entryOf } from '../../json.ts';
import type { Place } from '../entries.ts';
import { readSecret } from '../steps.ts';
import { act, addValue, change, withAwsState } from './change.ts';
import {
  type AwsDone,
  type AwsRefused,
  type Context,
  type RotationSettings,
  refuse,
  type Steps,
  serviceEvent,
} from './context.ts';
import { abandonment, answerKeeping, withRotation } from './keep.ts';
import { withReplicas } from './replicas.ts';
import { daysBetween, windowAfter, wrongInRules } from './schedule.ts';

/** What a rotation function is called with. Source: user guide, rotation functions (documented). */
export interface RotationEvent {
  /** The ARN of the secret. */
  readonly SecretId: string;
  /** The version that the rotation makes. */
  readonly ClientRequestToken: string;
  /** What the function must do. */
  readonly Step: RotationStep;
}

/** A call of the rotation function. The attempt is claimed for it. */
export interface Invocation {
  readonly functionArn: string;
  readonly event: RotationEvent;
  readonly attempt: RotationAttempt;
}

/** What {@link takeStep} found. */
export interface Taken extends AwsDone {
  /** The call to make now. */
  readonly invocation?: Invocation | undefined;
  /** When the secret next has something to do, in epoch milliseconds. */
  readonly due?: number | undefined;
}

/** What the steps of a rotation need. */
export interface RotationContext extends Context {
  readonly rotations: RotationSettings;
}

/**
 * Turns rotation on, and begins a rotation, or a test of the function. It does not call the function.
 *
 * Source: RotateSecret (documented, and recorded by LocalStack). Assumed: new rules replace all old ones, and the version of a test is a copy of the
 * current one.
 */
export function rotateSecret(
  secret: AwsSecret,
  request: Request<'RotateSecret'>,
  context: Context,
): AwsDone | AwsRefused {
  const { now, rotations } = context;
  const { RotationLambdaARN, RotationRules, RotateImmediately } = request;
  // A call without a token was refused before.
  const token = `${request.ClientRequestToken}`;
  const before = secret.rotation;
  const functionArn = RotationLambdaARN || before?.functionArn;
  if (!functionArn) return refuse(errors.noRotationFunction);
  if (!rotations) return refuse(errors.cannotInvoke);
  const given = RotationRules ? rulesIn(RotationRules) : undefined;
  const wrong = given && wrongInRules(given);
  if (wrong) return refuse(errors.invalidRules(wrong));
  const rules = given ?? before?.rules ?? Object.freeze({});

  const isTest = RotateImmediately === false;
  const current = versionOf(secret.state, context.dialect.stages.current);
  const begun = isRepeated(before, token, current)
    ? secret
    : begin(secret, token, isTest ? entryOf(secret.values, current ?? '') : undefined, context);
  if ('error' in begun) return begun;
  const rotation: SecretRotation = Object.freeze({
    isOn: true,
    functionArn,
    rules,
    lastTime: before?.lastTime ?? null,
    window: windowAfter(rules, now),
    attempt: isRepeated(before, token, current) ? before.attempt : newAttempt(token, isTest, now),
  });
  const replaced =
    before?.attempt && before.attempt.token !== token ? [abandonment(secret, before.attempt, context)] : [];
  const next = change(begun, context, { rotation });
  return answerKeeping(next, secret, context, { ...named(next), VersionId: token }, replaced);
}

/**
 * Whether a request repeats one whose response may have been lost: that of a rotation in progress, or of one that succeeded (assumed). A rotation
 * that is no longer retried begins again.
 */
function isRepeated(
  rotation: SecretRotation | null,
  token: string,
  current: string | undefined,
): rotation is SecretRotation {
  if (rotation === null) return false;
  const { attempt, lastTime } = rotation;
  return attempt ? attempt.token === token && attempt.due !== null : lastTime !== null && current === token;
}

/** Turns rotation off. AWSPENDING stays where it is. Source: CancelRotateSecret (documented, also that it requires a function). */
export function cancelRotateSecret(secret: AwsSecret, context: Context): AwsDone | AwsRefused {
  if (!secret.rotation) return refuse(errors.noRotationFunction);
  const { attempt } = secret.rotation;
  const rotation = Object.freeze({ ...secret.rotation, isOn: false, window: null, attempt: null });
  const next = change(secret, context, { rotation });
  return answerKeeping(next, secret, context, { ...named(next), VersionId: attempt?.token });
}

/** Returns when a secret next has something to do, in epoch milliseconds: a step, a retry, or a scheduled rotation. */
export function dueOf({ rotation, state, primaryRegion }: AwsSecret): number | undefined {
  // A replica in a snapshot may have a rotation. Its function could change nothing.
  if (!rotation?.isOn || state.status === 'PENDING_DELETE' || primaryRegion !== null) return undefined;
  // After its last failure, an attempt waits for the next window.
  return rotation.attempt?.due ?? rotation.window?.opens;
}

/**
 * Takes the step of a rotation that is due, if one is: claims it until the timeout, so that it runs once. Assumed: while AWSPENDING is on a
 * version that is not current, a scheduled rotation continues with that version. Once it has begun, the secret shows the next window, also if it
 * fails; in AWS NextRotationDate may then be in the past (documented).
 */
export function* takeStep(place: Place, context: RotationContext): Steps<Taken> {
  const { now, rotations } = context;
  const secret = yield* readSecret<AwsSecret>(place, now);
  const due = secret && dueOf(secret);
  if (!secret?.rotation || due === undefined || due > now) return { body: undefined, due };
  const { attempt, functionArn, rules } = secret.rotation;
  if (attempt?.isRunning)
    return yield* settled(secret, failed(secret, attempt, 'The emulator stopped', context), context);

  const isScheduled = !attempt || attempt.due === null;
  const begun = isScheduled ? beginScheduled(secret, attempt, context) : { secret, attempt };
  const window = isScheduled ? { window: windowAfter(rules, now) } : {};
  if ('error' in begun) {
    const event = serviceEvent('RotationFailed', secret, '', context, begun.error.message);
    return yield* settled(secret, [withRotation(secret, window), event], context);
  }
  const { token, step, isTest, failures } = begun.attempt;
  const claimed: RotationAttempt = Object.freeze({ ...begun.attempt, isRunning: true, due: now + rotations.timeout });
  const next = withRotation(begun.secret, { ...window, attempt: claimed });
  const isFirst = failures === 0 && (isTest || step === 'createSecret');
  const started = isFirst
    ? serviceEvent(isTest ? 'TestRotationStarted' : 'RotationStarted', secret, token, context)
    : undefined;
  const event = { SecretId: secret.arn, ClientRequestToken: token, Step: step };
  return {
    ...(yield* settled(secret, [next, started], context)),
    invocation: { functionArn, event, attempt: claimed },
  };
}

/** Records how a step ended, unless the attempt has ended or was claimed again meanwhile. */
export function* settleStep(
  place: Place,
  { attempt: claimed }: Invocation,
  failure: string | undefined,
  context: RotationContext,
): Steps<Taken> {
  const secret = yield* readSecret<AwsSecret>(place, context.now);
  const { rotation } = secret ?? {};
  const attempt = rotation?.attempt;
  if (!secret || !attempt || !isSame(attempt, claimed)) return { body: undefined, due: secret && dueOf(secret) };
  const outcome =
    failure === undefined ? succeeded(secret, rotation, attempt, context) : failed(secret, attempt, failure, context);
  return yield* settled(secret, outcome, context);
}

function isSame(attempt: RotationAttempt, claimed: RotationAttempt): boolean {
  const keys = ['token', 'step', 'isRunning', 'due'] as const;
  return keys.every((key) => attempt[key] === claimed[key]);
}

type Changed = readonly [next: AwsSecret, event?: ServiceEvent | undefined];

function* settled(before: AwsSecret, [next, event]: Changed, context: Context): Steps<Taken> {
  const done = answerKeeping(next, before, context, undefined, event ? [event] : []);
  return { ...(yield* withReplicas(done, context)), due: dueOf(next) };
}

/** Source: how rotation works, user guide (documented). At the end AWSPENDING is removed (recorded by LocalStack). */
function succeeded(
  secret: AwsSecret,
  { rules }: SecretRotation,
  attempt: RotationAttempt,
  context: RotationContext,
): Changed {
  const { now, dialect } = context;
  const { token, step, isTest } = attempt;
  const following = isTest ? undefined : steps[steps.indexOf(step) + 1];
  if (following)
    return [
      withRotation(secret, { attempt: Object.freeze({ ...attempt, step: following, isRunning: false, due: now }) }),
    ];
  const { current } = dialect.stages;
  if (!isTest && versionOf(secret.state, current) !== token)
    return failed(secret, attempt, `The function did not move ${current} to the version`, context);

  const done = withRotation(withoutPending(secret, token, context), { attempt: null });
  if (isTest) return [done, serviceEvent('TestRotationSucceeded', secret, token, context)];
  const window = windowAfter(rules, now);
  const shown = rules.ScheduleExpression && window ? { AutomaticallyAfterDays: daysBetween(now, window) } : {};
  // `shown` is first for the order of the members, and last to replace an older number.
  return [
    withRotation(done, { lastTime: now, window, rules: Object.freeze({ ...shown, ...rules, ...shown }) }),
    serviceEvent('RotationSucceeded', secret, token, context),
  ];
}

/**
 * The whole rotation is retried. Source: user guide, how rotation works (documented; how often, and after which time, is assumed). A test is not
 * retried, and AWSPENDING is removed (assumed).
 */
function failed(secret: AwsSecret, attempt: RotationAttempt, reason: string, context: RotationContext): Changed {
  const { now, rotations } = context;
  const { token, step, isTest } = attempt;
  const sentence = `${reason} in the step ${step}.`;
  if (isTest) {
    const next = withRotation(withoutPending(secret, token, context), { attempt: null });
    return [next, serviceEvent('TestRotationFailed', secret, token, context, sentence)];
  }
  const failures = attempt.failures + 1;
  const due = failures < rotations.tries ? now + rotations.retryAfter : null;
  const waiting = Object.freeze({ ...attempt, step: steps[0], isRunning: false, failures, due });
  return [withRotation(secret, { attempt: waiting }), serviceEvent('RotationFailed', secret, token, context, sentence)];
}

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

function newAttempt(token: string, isTest: boolean, due: number): RotationAttempt {
  return Object.freeze({ token, step: isTest ? 'testSecret' : steps[0], isTest, isRunning: false, failures: 0, due });
}

/** Begins the rotation of a window. An attempt that failed too often, or a version that still has AWSPENDING, is continued. */
function beginScheduled(
  secret: AwsSecret,
  attempt: RotationAttempt | null,
  context: Context,
): { readonly secret: AwsSecret; readonly attempt: RotationAttempt } | AwsRefused {
  const { pending, current } = context.dialect.stages;
  const stuck = versionOf(secret.state, pending);
  const old = attempt?.token ?? (stuck === versionOf(secret.state, current) ? undefined : stuck);
  const token = old ?? uuidBy(context.random);
  const begun = old === undefined ? begin(secret, token, undefined, context) : secret;
  return 'error' in begun ? begun : { secret: begun, attempt: newAttempt(token, false, context.now) };
}

/** Creates the version of a rotation, with a value for a test. */
function begin(secret: AwsSecret, token: string, value: Value | undefined, context: Context): AwsSecret | AwsRefused {
  const { pending } = context.dialect.stages;
  const stages = [pending].filter((stage) => stage !== null);
  const at = context.now;
  const begun = act(secret, { type: 'createVersion', at, versionId: token, stages, withoutValue: true }, context);
  return 'error' in begun ? begun : addValue(begun, { token, value, stages }, context);
}

function withoutPending(secret: AwsSecret, token: string, { dialect, now }: Context): AwsSecret {
  const { pending } = dialect.stages;
  const held = secret.state.stages.find(({ name, versionId }) => name === pending && versionId === token);
  if (!held) return secret;
  return withAwsState(secret, removeStage(secret.state, { stage: held.name, from: token, at: now }, dialect), now);
}

function rulesIn(given: NonNullable<Request<'RotateSecret'>['RotationRules']>): RotationRules {
  const known = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  return Object.freeze(Object.fromEntries(known));
}

function uuidBy(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random(16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
