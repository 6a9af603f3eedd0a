import { describeProblem } from '../describe.ts';
import type { Call } from './calls.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { parseWorld } from './parse-world.ts';
import { type Done, needsDirectory, perform, type Refused, secretsFor } from './perform.ts';
import { dataOf, keyOf, worldOf } from './pieces.ts';
import { admit, respond, type ServiceOptions, serviceOf } from './service.ts';
import { type Change, type Data, type Kept, memoryStore, type Store } from './store.ts';
import { takeTurns } from './turns.ts';
import { fetchBy } from './web.ts';
import { emptyWorld, isGone, type Secret, type World } from './world.ts';

export interface EmulatorOptions extends ServiceOptions {
  /** The service's time in epoch milliseconds: `Date.now` if left out. A test gives a clock that it can step. */
  readonly clock?: (() => number) | undefined;
  /** Where everything is kept: in memory if left out. */
  readonly store?: Store | undefined;
}

/** A CSMS in process. */
export interface Emulator {
  /**
   * Answers a request as CSMS would, whatever its host. Requests about one secret are answered one after another. What is wrong
   * with a request is in the answer; it throws only if the store fails.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same for a server that has the parts of a request, such as Node's. */
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  /** Everything that is kept now, as plain JSON data; without the values of the secrets, unless asked for. */
  readonly snapshot: (options?: { readonly values?: boolean }) => Promise<World>;
  /**
   * Puts a snapshot in place of everything that is kept, or throws a {@link SnapshotError} that says what is wrong with it, and
   * then nothing changes. Versions of a snapshot without values have none.
   */
  readonly restore: (snapshot: unknown) => Promise<void>;
  /** Forgets everything. */
  readonly reset: () => Promise<void>;
}

/** An emulator that keeps everything in memory, so that it can be looked at without waiting. */
export interface MemoryEmulator extends Emulator {
  /** Everything that is kept now, values too: what {@link handle} would go on from. */
  readonly world: World;
}

/** What `restore` throws: the message names each place in the snapshot and what belongs there. */
export class SnapshotError extends Error {
  override readonly name: string = 'SnapshotError';
}

/**
 * A CSMS for tests and for other servers: its `fetch` takes and gives the Web's own Request and Response, so it can be mounted
 * wherever these are known.
 *
 * @example
 * const emulator = createEmulator({ clock: () => 1581507580000 });
 * emulator.world.projects; // {}
 */
export function createEmulator(options?: EmulatorOptions & { readonly store?: undefined }): MemoryEmulator;
export function createEmulator(options: EmulatorOptions): Emulator;
export function createEmulator(options: EmulatorOptions = {}): Emulator | MemoryEmulator {
  if (options.store) return emulatorOn(options.store, options);
  const store = memoryStore();
  return Object.defineProperty(emulatorOn(store, options), 'world', {
    get: () => worldOf(store.keys().map((key) => store.read(key)?.data)),
  });
}

const emulatorOn = (store: Store, options: EmulatorOptions): Emulator => {
  const service = serviceOf(options);
  const clock = options.clock ?? Date.now;
  const inTurn = takeTurns();

  // Always in this order, so that no two calls wait for each other. Whoever changes the directory of a project would only try
  // again and again if others did at the same time.
  const inItsTurn = <Result>(call: Call, work: () => Promise<Result>): Promise<Result> => {
    const inProject = () => (needsDirectory(call) ? inTurn(keyOf(call.project), work) : work());
    return call.operation === 'ListSecrets' ? inProject() : inTurn(keyOf(call.project, call.secret), inProject);
  };

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    const call = admit(request, clock(), service);
    const result = 'refusal' in call ? call : await inItsTurn(call, () => insist(() => attempt(call)));
    const { status, headers, body } = respond(result, service);
    return { status, headers: { ...headers, 'x-request-id': crypto.randomUUID() }, body };
  };

  /** Does a call on what is kept; undefined if somebody else was faster. */
  const attempt = async (call: Call): Promise<Done | Refused | undefined> => {
    const now = clock();
    const seen = new Map<string, Kept | undefined>();
    const look = async (key: string): Promise<Data | undefined> => {
      seen.set(key, await store.read(key));
      return seen.get(key)?.data;
    };
    const { project } = call;
    const listed = needsDirectory(call) ? await look(keyOf(project)) : undefined;
    const directory = listed && 'directory' in listed ? listed.directory : {};
    const secrets = new Map<string, Secret>();
    for (const name of secretsFor(call, directory, now)) {
      const data = await look(keyOf(project, name));
      if (data && 'secret' in data && !isGone(data.secret, now)) secrets.set(name, data.secret);
    }

    const result = perform(call, { now, rules: service, directory, secrets });
    if ('refusal' in result) return result;
    const change = (key: string, data: Data | undefined): Change => ({
      key,
      revision: seen.get(key)?.revision ?? 0,
      data,
    });
    const changes = [...(result.secrets ?? [])].map(([name, secret]) =>
      change(keyOf(project, name), secret ? { project, secret } : undefined),
    );
    if (result.directory) changes.push(change(keyOf(project), { project, directory: result.directory }));
    return changes.length === 0 || (await store.commit(changes)) ? result : undefined;
  };

  /** Puts a world in place of everything that is kept. */
  const replace = (world: World): Promise<true> =>
    insist(async () => {
      const data = new Map(dataOf(world));
      const changes: Change[] = [];
      for (const key of new Set([...(await store.keys()), ...data.keys()])) {
        changes.push({ key, revision: (await store.read(key))?.revision ?? 0, data: data.get(key) });
      }
      return (await store.commit(changes)) || undefined;
    });

  return {
    answer,
    fetch: fetchBy(answer),
    snapshot: async ({ values = false } = {}) => {
      const kept: (Data | undefined)[] = [];
      for (const key of await store.keys()) kept.push((await store.read(key))?.data);
      const now = clock();
      return worldOf(
        kept.map((data) => {
          if (!data || !('secret' in data)) return data;
          const { project, secret } = data;
          if (isGone(secret, now)) return undefined;
          return values ? data : { project, secret: Object.freeze({ ...secret, values: Object.freeze({}) }) };
        }),
      );
    },
    restore: async (snapshot) => {
      const parsed = parseWorld(snapshot, service.dialect);
      if (!parsed.ok)
        throw new SnapshotError(`This is not a snapshot: ${parsed.problems.map(describeProblem).join('; ')}.`);
      await replace(parsed.result);
    },
    reset: async () => {
      await replace(emptyWorld);
    },
  };
};

/** Tries until nobody else is faster. Each time somebody is, their change is made, so all of them come to an end. */
const insist = async <Result>(tryOnce: () => Promise<Result | undefined>): Promise<Result> => {
  for (let tries = 0; tries < 1000; tries++) {
    const result = await tryOnce();
    if (result !== undefined) return result;
  }
  throw new Error('The store took none of 1,000 tries to change it: does its commit keep the contract of a store?');
};
