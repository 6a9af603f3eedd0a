import type { WireRequest, WireResponse } from '../api/http.ts';
import { mustBelong } from '../belongs.ts';
import type { Dialect } from '../dialects/index.ts';
import { entryOf } from '../json.ts';
import { isTime, timeRule } from '../limits.ts';
import {
  type CallResult,
  type CallSteps,
  directoryOf,
  type Entry,
  type EntryWrite,
  isDue,
  type Place,
  type RotationEvent,
  runCall,
  type SecretReader,
  type StoredSecret,
  type World,
  withEntry,
} from '../service/index.ts';
import { foundText } from '../text.ts';

/** The part of an emulator that differs between clouds: the calls, what they do, and their responses. */
export interface Cloud<Call, Result extends CallResult<Secret>, Secret extends StoredSecret> {
  readonly dialect: Dialect;
  /** Whether any credentials are accepted. */
  readonly isOpen: boolean;
  /** Reads a request as an authorized call, or refuses it. */
  readonly admit: (request: WireRequest, now: number) => { readonly call: Call } | { readonly result: Result };
  /** The places that a call locks, in this order. Calls that share a place run one after another. */
  readonly placesOf: (call: Call) => readonly Place[];
  readonly perform: (call: Call, now: number) => CallSteps<Result, Secret>;
  /** Looks up what a call needs from outside, and returns what to run instead of {@link perform}. */
  readonly prepare?: ((call: Call) => Promise<(now: number) => CallSteps<Result, Secret>>) | undefined;
  readonly respond: (result: Result) => WireResponse;
  /** Called after each call, and after each piece of work in the background, when its changes are stored. */
  readonly observe?: ((result: Result, now: number, made?: MadeCall<Call>) => void) | undefined;
  /** Starts the work that the cloud does besides calls. */
  readonly background?: ((tools: Tools<Result, Secret>) => Background<Secret>) | undefined;
  /** The names of all operations. */
  readonly operations: readonly string[];
  readonly operationOf: (call: Call) => string;
  /**
   * Returns the response to input that is not a request of the API, such as malformed HTTP. `problem` is a sentence without a period. The status 429
   * stands for the error of the cloud for too many requests.
   */
  readonly refuse: (problem: string, status: number) => WireResponse;
  /** Reads a stored secret. */
  readonly readSecret: SecretReader<Secret>;
  /** The header with the id of a request. */
  readonly idHeader: string;
}

/** A call, and the request that it came with. */
export interface MadeCall<Call> {
  readonly call: Call;
  readonly request: WireRequest;
  /** The id of the request, which the response shows. */
  readonly requestId: string;
}

/** What work in the background needs of the emulator. */
export interface Tools<Result extends CallResult<Secret>, Secret extends StoredSecret> {
  readonly clock: () => number;
  /** Does work on the entry of a secret, as a call would. */
  readonly work: <Own extends Result>(place: Place, start: (now: number) => CallSteps<Own, Secret>) => Promise<Own>;
  /** Reads all entries at one moment. */
  readonly readAll: () => Promise<readonly (Entry<Secret> | undefined)[]>;
}

/** A step of a rotation in which the function failed. */
export interface RotationFailure {
  /** What the function was called with. */
  readonly event: RotationEvent;
  /** The ARN of the function. */
  readonly functionArn: string;
  /** What the function threw, or an Error if it did not return in time. */
  readonly error: unknown;
}

/** Work that a cloud does besides calls, such as rotations. */
export interface Background<Secret extends StoredSecret> {
  /** Called with what was committed. */
  readonly note: (writes: readonly EntryWrite<Secret>[]) => void;
  /** Called when all entries were replaced. */
  readonly forget: () => void;
  /** Starts what is due, and returns at once. */
  readonly start: () => void;
  /** Runs what is due, and resolves when nothing is due any more. Rejects with an error of the store. */
  readonly finish: () => Promise<readonly RotationFailure[]>;
}

/** Handles a request as a pure function. */
export function handleBy<Call, Result extends CallResult<Secret>, Secret extends StoredSecret>(
  cloud: Cloud<Call, Result, Secret>,
  world: World<Secret>,
  request: WireRequest,
  now: number,
): { readonly world: World<Secret>; readonly response: WireResponse } {
  const admitted = admit(cloud, request, soundTime(now, '`now` must be'));
  if ('result' in admitted) return { world, response: respond(cloud, request, admitted.result) };

  const result = runCall(cloud.perform(admitted.call, now), ({ project, secret: name }) => {
    const secrets = entryOf(world.projects, project)?.secrets ?? {};
    if (name === undefined) return { project, directory: directoryOf(secrets) };
    const secret = entryOf(secrets, name);
    if (secret && !isDue(secret.state.scheduledDeleteTime, now)) mustBelong(secret.state, cloud.dialect);
    return secret && { project, secret };
  });
  const response = respond(cloud, request, result);
  if (result.writes === undefined) return { world, response };
  let { projects } = world;
  for (const { project, secret: name, entry } of result.writes) {
    if (name === undefined) continue;
    const secrets = entryOf(projects, project)?.secrets ?? {};
    const next = withEntry(secrets, name, entry && 'secret' in entry ? entry.secret : undefined);
    const isEmpty = Object.keys(next).length === 0;
    projects = withEntry(projects, project, isEmpty ? undefined : Object.freeze({ secrets: next }));
  }
  return { world: Object.freeze({ projects }), response };
}

/** Reads a request as an authorized call, or refuses it. */
export function admit<Call, Result extends CallResult<Secret>, Secret extends StoredSecret>(
  cloud: Cloud<Call, Result, Secret>,
  request: WireRequest,
  now: number,
): { readonly call: Call } | { readonly result: Result } {
  if (typeof request.headers?.get !== 'function')
    throw new TypeError(
      '`headers` of the request must be a Headers or a Map. For an object, pass `new Headers(object)`.',
    );
  return cloud.admit(request, now);
}

/** Returns the response to a request. A response to HEAD has no body. Source: RFC 9110 (documented). */
export function respond<Result extends CallResult<Secret>, Secret extends StoredSecret>(
  cloud: Pick<Cloud<unknown, Result, Secret>, 'respond'>,
  { method }: WireRequest,
  result: Result,
): WireResponse {
  const response = cloud.respond(result);
  return method === 'HEAD' ? { ...response, body: null } : response;
}

/** Returns the time, or throws if it is invalid. It is not a refusal, because the client did not cause it. */
export function soundTime(now: number, source: '`clock` must return' | '`now` must be'): number {
  if (!isTime(now)) throw new RangeError(`${source} ${timeRule}; got ${foundText(now)}.`);
  return now;
}
