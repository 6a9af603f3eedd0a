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
import { type AwsDone, type AwsRefused, performAws, placesOfAws, readAwsSecret, type World } from '../service/index.ts';
import { foundText } from '../text.ts';
import { type Cloud, handleBy } from './cloud.ts';
import { createEmulatorOf, drawAny, type Emulator, type EmulatorOptions, type MemoryEmulator } from './emulator.ts';
import { reportTo } from './report.ts';

/** Options of an emulated AWS Secrets Manager. */
export interface AwsOptions {
  /** The dialect of the secrets. If omitted, `awsSecretsManager`. */
  readonly dialect?: Dialect | undefined;
  /** The account of access keys that are not an account. If omitted, 123456789012. An access key of 12 digits is its own account. */
  readonly account?: string | undefined;
  /** How many secrets a region of an account can have. If omitted, 500,000. Source: quotas (documented). */
  readonly secretsARegion?: number | undefined;
  /**
   * Called after each call, and after each step of a rotation, with an event as EventBridge delivers it. It contains no secret value. If this
   * throws or rejects, the call is answered, and the error becomes an unhandled rejection.
   */
  readonly onEvent?: ((event: AwsEvent) => unknown) | undefined;
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
  options?: AwsOptions & EmulatorOptions & { readonly store?: undefined },
): MemoryEmulator<AwsSecret>;
export function createAwsEmulator(options: AwsOptions & EmulatorOptions): Emulator<AwsSecret>;
export function createAwsEmulator(
  options: AwsOptions & EmulatorOptions = {},
): Emulator<AwsSecret> | MemoryEmulator<AwsSecret> {
  return createEmulatorOf(awsBy(options, drawAny), options);
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
  return handleBy(awsBy(options, drawsFrom([request.body, now].join())), world, request, now);
}

/** @throws {RangeError} if an option is invalid. */
function awsBy(options: AwsOptions, random: Random): Cloud<Call, AwsDone | AwsRefused, AwsSecret> {
  const { dialect = awsSecretsManager, account = '123456789012', secretsARegion = 500_000 } = options;
  if (!isCount(secretsARegion))
    throw new RangeError(`\`secretsARegion\` must be ${countRule}; got ${foundText(secretsARegion)}.`);
  if (!/^\d{12}$/.test(account)) throw new RangeError(`\`account\` must be 12 digits; got ${foundText(account)}.`);
  const report = reportTo(options.onEvent);
  const rules = { dialect, secretsARegion, random };
  return {
    dialect,
    isOpen: true,
    admit: (request) => {
      const read = readRequest(request, account);
      return 'type' in read ? { result: { error: read } } : { call: read };
    },
    placesOf: placesOfAws,
    observe: report.call,
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
}
