import type { Secret as CsmsSecret } from '../api/csms/index.ts';
import type { WireRequest, WireResponse } from '../api/http.ts';
import type { Problem } from '../refusal.ts';
import {
  type CallResult,
  type CallSteps,
  type Entry,
  emptyWorld,
  entriesOf,
  explainListed,
  keyOf,
  type Place,
  parseEntry,
  parseWorld,
  type StoredSecret,
  type World,
  withoutValues,
  worldOf,
} from '../service/index.ts';
import { foundText } from '../text.ts';
import { admit, type Cloud, type MadeCall, type RotationFailure, respond, soundTime } from './cloud.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { fetchBy } from './fetch.ts';
import { createQueue } from './queue.ts';
import { type Kept, memoryStore, type Store, type Write } from './store.ts';

/** Options of every emulator. */
export interface EmulatorOptions {
  /** Returns the time of the service in epoch milliseconds. If omitted, `Date.now`. In a test, pass a clock that you can step. */
  readonly clock?: (() => number) | undefined;
  /** Where secrets are stored. If omitted, in memory. */
  readonly store?: Store | undefined;
  /** Faults for tests, as for `setFaults`. If omitted, none. */
  readonly faults?: readonly Fault[] | undefined;
}

/** A cloud in your process. `CloudSecret` is the secret of the cloud. */
export interface Emulator<CloudSecret extends StoredSecret = CsmsSecret> {
  /** Whether any credentials are accepted. Always true for AWS. */
  readonly isOpen: boolean;
  /**
   * Handles a request as the cloud would, for any host, so it can replace the global `fetch`. Requests for the same secret run one
   * after another. An invalid request gets an error response. It throws if the store or the clock fails, if the body of the Request has
   * already been read, or if its signal is aborted. A call that has started is not undone.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /**
   * Does the same for a server that has the parts of a request, such as Node's.
   *
   * @throws {TypeError} if `headers` has no method `get`.
   */
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  /**
   * Returns an error response of the cloud for input that is not a request, such as malformed HTTP, or with a status from 500 for a failure
   * of the emulator. `problem` is a sentence without a period.
   */
  readonly refuse: (problem: string, status: number) => WireResponse;
  /** Returns all secrets at one moment as plain JSON. It omits their values unless `values` is true. */
  readonly snapshot: (options?: { readonly values?: boolean }) => Promise<World<CloudSecret>>;
  /**
   * Replaces all secrets with those of a snapshot. Versions from a snapshot without values do not have values.
   *
   * @throws {SnapshotError} if the snapshot is invalid. Then nothing changes.
   */
  readonly restore: (snapshot: unknown) => Promise<void>;
  /** Deletes all secrets. */
  readonly reset: () => Promise<void>;
  /**
   * Replaces all faults. Pass an empty list to remove them. Requests that hang get an error.
   *
   * @throws {RangeError} if a fault is invalid. Then nothing changes.
   */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /**
   * Runs the rotations that are due. Resolves to the failures of rotation functions since the last `tick`, at most 100. Without `tick`, rotations
   * start after the next request, and run in the background. A rotation function must not wait for `tick`, which waits for the function. Rejects
   * with an error of the store or the clock, also with one since the last `tick`.
   */
  readonly tick: () => Promise<readonly RotationFailure[]>;
}

/** An emulator that stores secrets in memory. */
export interface MemoryEmulator<CloudSecret extends StoredSecret = CsmsSecret> extends Emulator<CloudSecret> {
  /** All secrets with their values. You can pass it to {@link handleCsms} or {@link handleAws}. */
  readonly world: World<CloudSecret>;
}

/** The error of `restore`. Its message lists what is wrong in the snapshot. */
export class SnapshotError extends Error {
  override readonly name: string = 'SnapshotError';
}

/** Creates an emulator of a cloud. */
export function createEmulatorOf<Call, Result extends CallResult<Secret>, Secret extends StoredSecret>(
  cloud: Cloud<Call, Result, Secret>,
  options: EmulatorOptions,
): Emulator<Secret> | MemoryEmulator<Secret> {
  const clock = () => soundTime((options.clock ?? Date.now)(), '`clock` must return');
  const faults = createFaults(cloud, options.faults);
  if (options.store) return emulatorOn(checked(options.store, cloud), cloud, clock, faults);
  const store = memoryStore<Entry<Secret>>();
  return Object.defineProperty(emulatorOn(store, cloud, clock, faults), 'world', {
    get: () =>
      worldOf(
        [...store.revisions().keys()].map((key) => store.read(key)?.data),
        clock(),
      ),
  });
}

/** Draws a UUID. */
export function drawId(): string {
  return crypto.randomUUID();
}

/** Draws a random number. It needs no hash, which would be a tenth of a bundle for AWS. */
export function drawAny(below: number): number {
  // The first eight digits of a UUID are random. Of 32 bits, the remainder is as good as even.
  return Number(`0x${drawId().slice(0, 8)}`) % below;
}

const emulatorOn = <Call, Result extends CallResult<Secret>, Secret extends StoredSecret>(
  store: Store<Entry<Secret>>,
  cloud: Cloud<Call, Result, Secret>,
  clock: () => number,
  faults: Faults<Call>,
): Emulator<Secret> => {
  const inTurn = createQueue();
  const everything = '';
  let wantEverything = 0;

  /** Does work on all entries while new calls wait. Otherwise a steady flow of calls could make it conflict forever. */
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    wantEverything++;
    try {
      return await inTurn(everything, work);
    } finally {
      wantEverything--;
    }
  };

  /** By key: a changed secret as it was before its last change. The oldest are forgotten. */
  const outdated = new Map<string, Entry<Secret> | undefined>();

  const withId = ({ status, headers, body }: WireResponse, id: string = drawId()): WireResponse => ({
    status,
    headers: { ...headers, [cloud.idHeader]: id },
    body,
  });

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    const admitted = admit(cloud, request, clock());
    const requestId = drawId();
    // Only calls wait for the store: a request that is refused must be answered while the store is locked.
    const response =
      'call' in admitted
        ? await faults.around(admitted.call, async ({ isStale }) => {
            const { call } = admitted;
            const result = await (isStale ? readOutdated : perform)({ call, request, requestId });
            return respond(cloud, request, result);
          })
        : respond(cloud, request, admitted.result);
    background?.start();
    return withId(response, requestId);
  };

  const perform = async (made: MadeCall<Call>): Promise<Result> => {
    const { call } = made;
    const prepared = cloud.prepare && (await cloud.prepare(call));
    return observed(cloud.placesOf(call), prepared ?? ((now) => cloud.perform(call, now)), made);
  };

  const observed = async <Own extends Result>(
    places: readonly Place[],
    start: (now: number) => CallSteps<Own, Secret>,
    made?: MadeCall<Call>,
  ): Promise<Own> => {
    const result = await inOrder(places, start);
    background?.note(result.writes ?? []);
    cloud.observe?.(result, clock(), made);
    return result;
  };

  /** Does a call that changes nothing on outdated secrets. */
  const readOutdated = async (made: MadeCall<Call>): Promise<Result> => {
    const steps = cloud.perform(made.call, clock());
    let step = steps.next();
    while (!step.done) {
      const key = keyOf(step.value);
      step = steps.next(outdated.has(key) ? outdated.get(key) : (await store.read(key))?.data);
    }
    cloud.observe?.(step.value, clock(), made);
    return step.value;
  };

  /** Does work after all earlier work at the same places. */
  const inOrder = async <Result extends CallResult<Secret>>(
    places: readonly Place[],
    start: (now: number) => CallSteps<Result, Secret>,
  ): Promise<Result> => {
    if (wantEverything > 0) await inTurn(everything, async () => {});
    const work = places.map(keyOf).reduceRight<() => Promise<Result>>(
      (inner, place) => () => inTurn(place, inner),
      () => retry(() => once(start(clock()))),
    );
    return work();
  };

  /** Does work once. Returns undefined if another process changed an entry meanwhile. */
  const once = async <Result extends CallResult<Secret>>(
    steps: CallSteps<Result, Secret>,
  ): Promise<Result | undefined> => {
    const seen = new Map<string, Kept<Entry<Secret>> | undefined>();
    let step = steps.next();
    while (!step.done) {
      const key = keyOf(step.value);
      // A second read must not see more than the revision of the first one.
      if (!seen.has(key)) seen.set(key, await store.read(key));
      step = steps.next(seen.get(key)?.data);
    }
    const writes = (step.value.writes ?? []).map((write): Write<Entry<Secret>> => {
      const key = keyOf(write);
      return { key, revision: seen.get(key)?.revision ?? 0, data: write.entry };
    });
    if (writes.length > 0 && !(await store.commit(writes))) return undefined;
    for (const { key, data } of writes) {
      const before = seen.get(key)?.data;
      // The day of an access is not a change.
      if (stateIn(before) !== stateIn(data)) remember(key, before);
    }
    return step.value;
  };

  const remember = (key: string, entry: Entry<Secret> | undefined): void => {
    outdated.delete(key);
    outdated.set(key, entry);
    for (const oldest of outdated.keys()) if (outdated.size > mostOutdated) outdated.delete(oldest);
  };

  /** Replaces all entries with those of a world. */
  const replace = async (world: World<Secret>): Promise<void> => {
    const entries = entriesOf(world);
    const tryOnce = async () => {
      const revisions = await store.revisions();
      const changes = [...new Set([...revisions.keys(), ...entries.keys()])].map(
        (key): Write<Entry<Secret>> => ({ key, revision: revisions.get(key) ?? 0, data: entries.get(key) }),
      );
      return (await store.commit(changes)) || undefined;
    };
    await alone(() => retry(tryOnce));
    outdated.clear();
    background?.forget();
  };

  const readNow = () => alone(() => retry(readAll));

  /** Reads all entries at one moment. Returns undefined if one of them changed meanwhile. Entries created meanwhile are omitted. */
  const readAll = async (): Promise<readonly (Entry<Secret> | undefined)[] | undefined> => {
    const before = await store.revisions();
    const kept: (Kept<Entry<Secret>> | undefined)[] = [];
    for (const key of before.keys()) kept.push(await store.read(key));
    const after = await store.revisions();
    const isSame = [...before].every(([key, revision]) => after.get(key) === revision);
    return isSame ? kept.map((each) => each?.data) : undefined;
  };

  const background = cloud.background?.({
    clock,
    work: (place, start) => observed([place], start),
    readAll: readNow,
  });

  return {
    isOpen: cloud.isOpen,
    answer,
    fetch: fetchBy(answer),
    refuse: (problem, status) => withId(cloud.refuse(problem, status)),
    snapshot: async ({ values = false } = {}) => {
      const world = worldOf(await readNow(), clock());
      return values ? world : withoutValues(world);
    },
    restore: async (snapshot) => {
      const parsed = parseWorld(snapshot, cloud.dialect, cloud.readSecret);
      if (!parsed.ok)
        throw new SnapshotError(`The snapshot is invalid, so nothing was restored: ${explainAll(parsed.problems)}.`);
      await replace(parsed.result);
    },
    reset: () => replace(emptyWorld),
    setFaults: faults.set,
    tick: async () => background?.finish() ?? [],
  };
};

const stateIn = <Secret extends StoredSecret>(entry: Entry<Secret> | undefined) =>
  entry && 'secret' in entry ? entry.secret.state : undefined;

/** How many outdated secrets are kept. */
const mostOutdated = 1000;

/** How often work is tried that conflicts with other processes. */
const mostTries = 1000;

/** Retries until there is no conflict. Each conflict means that another process made progress, so this ends soon. */
const retry = async <Result>(tryOnce: () => Promise<Result | undefined>): Promise<Result> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const result = await tryOnce();
    if (result !== undefined) return result;
  }
  throw new Error('Gave up after 1,000 write conflicts. If nothing else writes to the store, its `commit` is broken.');
};

/** A store passed by the caller. Its data is checked when it is read. */
const checked = <Secret extends StoredSecret>(
  store: Store,
  { dialect, readSecret }: Pick<Cloud<unknown, CallResult<Secret>, Secret>, 'dialect' | 'readSecret'>,
): Store<Entry<Secret>> => ({
  read: async (key) => {
    const kept = await store.read(key);
    if (kept === undefined) return undefined;
    const parsed = parseEntry(kept.data, dialect, readSecret);
    if (parsed.ok) return { revision: kept.revision, data: parsed.result };
    throw new Error(
      `The entry ${key} in the store is invalid: ${explainAll(parsed.problems)}. ` +
        'Pass the dialect that it was written with, or start with an empty store.',
    );
  },
  commit: (changes) => store.commit(changes),
  revisions: async () => {
    const revisions = await store.revisions();
    if (revisions instanceof Map) return revisions;
    throw new TypeError(`\`revisions\` of the store must return a Map; got ${foundText(revisions)}.`);
  },
});

const explainAll = (problems: readonly Problem[]): string => problems.map(explainListed).join('; ');
