import {
  answerOf,
  type Call,
  type Credentials,
  missingStatuses,
  operationNames,
  readCredentials,
  readRequest,
  refusalOf,
  type Secret,
  unauthorizedStatuses,
} from '../api/csms/index.ts';
import type { Random } from '../api/hash.ts';
import type { WireRequest, WireResponse } from '../api/http.ts';
import { type Dialect, huaweiCsms } from '../dialects/index.ts';
import { countRule, isCount } from '../limits.ts';
import {
  type CallResult,
  type Done,
  perform,
  placesOf,
  type Refused,
  type Rules,
  readCsmsSecret,
  secretLimit,
  type World,
} from '../service/index.ts';
import { foundText } from '../text.ts';
import { type Cloud, handleBy } from './cloud.ts';
import { createEmulatorOf, drawAny, type Emulator, type EmulatorOptions, type MemoryEmulator } from './emulator.ts';

/** Options of an emulated CSMS. */
export interface CsmsOptions {
  /** The dialect of the secrets. If omitted, `huaweiCsms`. */
  readonly dialect?: Dialect | undefined;
  /** The accepted tokens and keys. If omitted, any token or signature. */
  readonly credentials?: Credentials | undefined;
  /** How many secrets a project can have. If omitted, 500. Source: CSMS API reference, CreateSecret (documented). */
  readonly secretsAProject?: number | undefined;
  /** The status of the response if something does not exist. If omitted, 400, as in the table of error codes. Some pages say 404. */
  readonly missingStatus?: 400 | 404 | undefined;
  /**
   * The status of the response if credentials are missing or invalid. If omitted, 400, as in the table of error codes. Other pages say
   * 401 (documented), and so does Huawei Cloud's gateway (observed).
   */
  readonly unauthorizedStatus?: 400 | 401 | undefined;
}

/**
 * Creates a CSMS for tests and for other servers. Its `fetch` takes a Request and returns a Response, so you can mount it anywhere
 * that supports them.
 *
 * @throws {RangeError | CredentialsError} if an option is invalid.
 *
 * @example
 * const emulator = createCsmsEmulator({ clock: () => 1581507580000 });
 * emulator.world.projects; // {}
 */
export function createCsmsEmulator(
  options?: CsmsOptions & EmulatorOptions & { readonly store?: undefined },
): MemoryEmulator;
export function createCsmsEmulator(options: CsmsOptions & EmulatorOptions): Emulator;
export function createCsmsEmulator(options: CsmsOptions & EmulatorOptions = {}): Emulator | MemoryEmulator {
  return createEmulatorOf(csmsBy(options, drawAny), options);
}

/**
 * Handles a request to CSMS as a pure function: returns the next world and the response. `now` is the time of the service in epoch
 * milliseconds. A refused request returns the world unchanged, and the response has an error code of CSMS and a sentence.
 *
 * Source: CSMS API reference. What it does not document is assumed, with a note in the code.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if a secret that the call reads belongs to another dialect.
 * @throws {RangeError | CredentialsError} if `now` or an option is invalid.
 *
 * @example
 * const headers = new Map([['x-auth-token', 'any']]);
 * const body = '{"name": "db", "secret_string": "hunter2"}';
 * const created = handleCsms(emptyWorld, { method: 'POST', target: '/v1/p/secrets', headers, body }, 1581507580000);
 * created.response.status; // 200
 * const stage = handleCsms(created.world, { method: 'GET', target: '/v1/p/secrets/db/stages/SYSCURRENT', headers }, 1581507590000);
 * JSON.parse(stage.response.body ?? '').stage.version_id; // 'v1'
 */
export function handleCsms(
  world: World,
  request: WireRequest,
  now: number,
  options: CsmsOptions = {},
): { readonly world: World; readonly response: WireResponse } {
  return handleBy(csmsBy(options), world, request, now);
}

/** The methods of a path, in answer to OPTIONS. */
interface Allowed extends CallResult<Secret> {
  readonly allow: string;
}

/** @throws {RangeError | CredentialsError} if an option is invalid. */
function csmsBy(options: CsmsOptions, random?: Random): Cloud<Call, Done | Refused | Allowed, Secret> {
  const {
    dialect = huaweiCsms,
    secretsAProject = secretLimit,
    missingStatus = 400,
    unauthorizedStatus = 400,
  } = options;
  if (!isCount(secretsAProject))
    throw new RangeError(`\`secretsAProject\` must be ${countRule}; got ${foundText(secretsAProject)}.`);
  if (!missingStatuses.includes(missingStatus)) {
    throw new RangeError(`\`missingStatus\` must be 400 or 404; got ${foundText(missingStatus)}.`);
  }
  if (!unauthorizedStatuses.includes(unauthorizedStatus)) {
    throw new RangeError(`\`unauthorizedStatus\` must be 400 or 401; got ${foundText(unauthorizedStatus)}.`);
  }
  const credentials = options.credentials && readCredentials(options.credentials, 'credentials');
  const rules: Rules = { dialect, secretsAProject, random };
  return {
    dialect,
    isOpen: credentials === undefined,
    admit: (request, now) => {
      const read = readRequest(request, now, credentials);
      return 'operation' in read ? { call: read } : { result: read };
    },
    placesOf,
    operations: operationNames(),
    operationOf: ({ operation }) => operation,
    perform: (call, now) => perform(call, now, rules),
    respond: (result) => {
      if ('refusal' in result) return refusalOf(result.refusal, missingStatus, unauthorizedStatus);
      return 'allow' in result
        ? { status: 204, headers: { allow: result.allow }, body: null }
        : answerOf(result.status, result.body);
    },
    refuse: (problem, status) =>
      status < 500
        ? { ...refusalOf({ code: 'NOT_A_CALL', expected: problem }, missingStatus, unauthorizedStatus), status }
        : answerOf(status, { error_code: 'EMULATOR.0001', error_msg: `${problem}.` }),
    readSecret: readCsmsSecret,
    idHeader: 'x-request-id',
  };
}
