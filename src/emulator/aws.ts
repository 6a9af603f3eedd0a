import {
  type AwsEvent,
  type AwsSecret,
  answerOf,
  type Call,
  errors,
  operationNames,
  readRequest,
  refusalOf,
} from '../api/aws/index.ts';
import { drawsFrom, type Random } from '../api/hash.ts';
import type { WireRequest, WireResponse } from '../api/http.ts';
import { awsSecretsManager, type Dialect } from '../dialects/index.ts';
import { countRule, isCount } from '../limits.ts';
import {
  type AwsDone,
  type AwsRefused,
  type AwsRules,
  performAws,
  placesOfAws,
  type RotationSettings,
  readAwsSecret,
  type World,
} from '../service/index.ts';
import { foundText } from '../text.ts';
import { type Cloud, handleBy } from './cloud.ts';
import { createEmulatorOf, drawAny, type Emulator, type EmulatorOptions, type MemoryEmulator } from './emulator.ts';
import { reportTo } from './events.ts';
import { type Rotate, rotateBy } from './rotations.ts';

/** Options of an emulated AWS Secrets Manager. */
export interface AwsOptions {
  /** The dialect of the secrets. If omitted, `awsSecretsManager`. */
  readonly dialect?: Dialect | undefined;
  /** The account of access keys that are not an account. If omitted, 123456789012. An access key of 12 digits is its own account. */
  readonly account?: string | undefined;
  /** How many secrets a region of an account can have. If omitted, 500,000. Source: quotas (documented). */
  readonly secretsARegion?: number | undefined;
}

/** Options of {@link createAwsEmulator}. */
export interface AwsEmulatorOptions extends AwsOptions, EmulatorOptions {
  /**
   * The rotation function: called with each step of a rotation, and the ARN of the function. A rotation continues when it returns, and is retried if
   * it throws. If omitted, RotateSecret is refused.
   */
  readonly rotate?: Rotate | undefined;
  /**
   * Called after each call, and after each event of a rotation, with an event as EventBridge delivers it. It contains no secret value. If this
   * throws or rejects, the call is answered, and the error becomes an unhandled rejection.
   */
  readonly onEvent?: ((event: AwsEvent) => unknown) | undefined;
  /** Whether RotateSecret may use a function, by its ARN. If omitted, every function. */
  readonly canInvoke?: ((functionArn: string) => boolean | Promise<boolean>) | undefined;
  /** How often a rotation is tried before it waits for its next window. If omitted, 5 (assumed). */
  readonly rotationTries?: number | undefined;
  /** After how many milliseconds a failed rotation is retried. If omitted, 60,000 (assumed). */
  readonly rotationRetryAfter?: number | undefined;
  /** After how many milliseconds a step counts as failed, if the function has not returned. If omitted, 30,000 (assumed). */
  readonly rotationTimeout?: number | undefined;
}

/**
 * Creates an AWS Secrets Manager for tests and for other servers. Any credentials are accepted. Their scope says which region a request
 * is for. Its `fetch` takes a Request and returns a Response, so you can mount it anywhere that supports them.
 *
 * @throws {RangeError} if an option is invalid.
 *
 * @example
 * const emulator = createAwsEmulator({ clock: () => 1523477145713 });
 * emulator.world.projects; // {}
 */
export function createAwsEmulator(
  options?: AwsEmulatorOptions & { readonly store?: undefined },
): MemoryEmulator<AwsSecret>;
export function createAwsEmulator(options: AwsEmulatorOptions): Emulator<AwsSecret>;
export function createAwsEmulator(options: AwsEmulatorOptions = {}): Emulator<AwsSecret> | MemoryEmulator<AwsSecret> {
  const { rotate, canInvoke, onEvent } = options;
  const { cloud: unobserved, rules } = awsBy(options, drawAny);
  const cloud = { ...unobserved, observe: onEvent && reportTo(onEvent) };
  const rotations = settingsBy(options);
  if (!rotate) return createEmulatorOf(cloud, options);
  const rotating = { ...rules, rotations };
  const mayInvoke = async (functionArn: string | null | undefined) =>
    !functionArn || !canInvoke || canInvoke(functionArn);
  const prepare = async (call: Call) => {
    const isRefused = call.operation === 'RotateSecret' && !(await mayInvoke(call.request.RotationLambdaARN));
    return (now: number) => performAws(call, now, isRefused ? rules : rotating);
  };
  return createEmulatorOf({ ...cloud, prepare, background: rotateBy(rotate, rotating) }, options);
}

/**
 * Handles a request to AWS Secrets Manager as a pure function: returns the next world and the response. `now` is the time of the service
 * in epoch milliseconds. A refused request returns the world unchanged. Random characters, of an ARN or a password, depend only on the body and on `now`.
 *
 * Source: the API reference, the service model, and recorded answers. What they do not say is assumed, with a note in the code.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if a secret that the call reads belongs to another dialect.
 * @throws {RangeError} if `now` or an option is invalid.
 *
 * @example
 * const call = (operation, body) => ({
 *   method: 'POST',
 *   target: '/',
 *   headers: new Map([
 *     ['x-amz-target', `secretsmanager.${operation}`],
 *     ['authorization', 'AWS4-HMAC-SHA256 Credential=any/20180411/us-east-1/secretsmanager/aws4_request'],
 *   ]),
 *   body: JSON.stringify(body),
 * });
 * const token = 'EXAMPLE1-90ab-cdef-fedc-ba987SECRET1';
 * const create = call('CreateSecret', { Name: 'db', SecretString: 'hunter2', ClientRequestToken: token });
 * const created = handleAws(emptyWorld, create, 1523477145713);
 * created.response.status; // 200
 * const read = handleAws(created.world, call('GetSecretValue', { SecretId: 'db' }), 1523477146000);
 * JSON.parse(read.response.body ?? '').VersionStages; // ['AWSCURRENT']
 */
export function handleAws(
  world: World<AwsSecret>,
  request: WireRequest,
  now: number,
  options: AwsOptions = {},
): { readonly world: World<AwsSecret>; readonly response: WireResponse } {
  return handleBy(awsBy(options, drawsFrom([request.body, now].join())).cloud, world, request, now);
}

/** @throws {RangeError} if an option is invalid. */
function awsBy(
  options: AwsOptions,
  random: Random,
): { readonly cloud: Cloud<Call, AwsDone | AwsRefused, AwsSecret>; readonly rules: AwsRules } {
  const { dialect = awsSecretsManager, account = '123456789012', secretsARegion = 500_000 } = options;
  if (!isCount(secretsARegion))
    throw new RangeError(`\`secretsARegion\` must be ${countRule}; got ${foundText(secretsARegion)}.`);
  if (!/^\d{12}$/.test(account)) throw new RangeError(`\`account\` must be 12 digits; got ${foundText(account)}.`);
  const rules = { dialect, secretsARegion, random };
  const cloud: Cloud<Call, AwsDone | AwsRefused, AwsSecret> = {
    dialect,
    isOpen: true,
    admit: (request) => {
      const read = readRequest(request, account);
      return 'type' in read ? { result: { error: read } } : { call: read };
    },
    placesOf: placesOfAws,
    operations: operationNames(),
    operationOf: ({ operation }) => operation,
    perform: (call, now) => performAws(call, now, rules),
    respond: (result) => ('error' in result ? refusalOf(result.error) : answerOf(result.body)),
    refuse: (problem, status) => {
      if (status === 429) return refusalOf(errors.throttling);
      const refusal = status === 403 ? errors.accessDenied : errors.serialization;
      return refusalOf({ ...(status < 500 ? refusal(problem) : errors.internal(problem)), status });
    },
    readSecret: readAwsSecret,
    idHeader: 'x-amzn-requestid',
  };
  return { cloud, rules };
}

/** @throws {RangeError} if an option is invalid. */
function settingsBy(options: AwsEmulatorOptions): RotationSettings {
  const { rotationTries: tries = 5, rotationRetryAfter = 60_000, rotationTimeout = 30_000 } = options;
  for (const [name, count, least] of [
    ['rotationTries', tries, 1],
    ['rotationRetryAfter', rotationRetryAfter, 0],
    ['rotationTimeout', rotationTimeout, 1],
  ] as const) {
    if (!isCount(count) || count < least || count > mostOfTimer)
      throw new RangeError(
        `\`${name}\` must be a whole number from ${least} to ${mostOfTimer}; got ${foundText(count)}.`,
      );
  }
  return { tries, retryAfter: rotationRetryAfter, timeout: rotationTimeout };
}

/** A timer with a longer time would end at once. */
const mostOfTimer = 2_147_483_647;
