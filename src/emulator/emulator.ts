import type { Call } from '../api/csms/calls.ts';
import type { WireRequest, WireResponse } from '../api/http.ts';
import { explainProblem } from '../explain.ts';
import { type Done, needsDirectory, perform, type Refused, secretsFor } from './csms-operations.ts';
import { type Entry, entriesOf, keyOf, withoutValues, worldOf } from './entries.ts';
import { fetchBy } from './fetch.ts';
import { parseEntry, parseWorld } from './parse-world.ts';
import { createQueue } from './queue.ts';
import { admit, respond, type Service, type ServiceOptions, serviceOf, soundTime } from './service.ts';
import { type Kept, memoryStore, type Store, type Write } from './store.ts';
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
   * Answers a request as CSMS would, whatever its host: it can stand in the place of the global `fetch`. Requests about one
   * secret are answered one after another. What is wrong with a request is in the answer; it throws if the store or the clock
   * fails, and for a Request whose body was read before.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** The same for a server that has the parts of a request, such as Node's. */
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  /** Everything that is there now, at one moment, as plain JSON data; without the values of the secrets, unless asked for. */
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
  /** Everything that is there now, values too: what {@link handleCsms} would go on from. */
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
 * const emulator = createCsmsEmulator({ clock: () => 1581507580000 });
 * emulator.world.projects; // {}
 */
export function createCsmsEmulator(options?: EmulatorOptions & { readonly store?: undefined }): MemoryEmulator;
export function createCsmsEmulator(options: EmulatorOptions): Emulator;
export function createCsmsEmulator(options: EmulatorOptions = {}): Emulator | MemoryEmulator {
  const service = serviceOf(options);
  const clock = () => soundTime((options.clock ?? Date.now)());
  if (options.store) return emulatorOn(checked(options.store, service), service, clock);
  const store = memoryStore<Entry>();
  return Object.defineProperty(emulatorOn(store, service, clock), 'world', {
    get: () =>
      worldOf(
        [...store.revisions().keys()].map((key) => store.read(key)?.data),
        clock(),
      ),
  });
}

const emulatorOn = (store: Store<Entry>, service: Service, clock: () => number): Emulator => {
  const inTurn = createQueue();
  const everything = '';
  let wantEverything = 0;

  /** Does work on everything that is kept. Calls that come meanwhile wait, or they might keep it from ever coming to an end. */
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    wantEverything++;
    try {
      return await inTurn(everything, work);
    } finally {
      wantEverything--;
    }
  };

  // Always in this order, so that no two calls wait for each other. Whoever changes the directory of a project would only try
  // again and again if others did at the same time.
  const inItsTurn = <Result>(call: Call, work: () => Promise<Result>): Promise<Result> => {
    const inProject = () => (needsDirectory(call) ? inTurn(keyOf(call.project), work) : work());
    return call.operation === 'ListSecrets' ? inProject() : inTurn(keyOf(call.project, call.secret), inProject);
  };

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    if (wantEverything > 0) await inTurn(everything, async () => {});
    const call = admit(request, clock(), service);
    const result = 'refusal' in call ? call : await inItsTurn(call, () => insist(() => attempt(call)));
    const { status, headers, body } = respond(result, service);
    return { status, headers: { ...headers, 'x-request-id': crypto.randomUUID() }, body };
  };

  /** Does a call on what is kept; undefined if somebody else was faster. */
  const attempt = async (call: Call): Promise<Done | Refused | undefined> => {
    const now = clock();
    const seen = new Map<string, Kept<Entry> | undefined>();
    const look = async (key: string): Promise<Entry | undefined> => {
      seen.set(key, await store.read(key));
      return seen.get(key)?.data;
    };
    const { project } = call;
    const listed = needsDirectory(call) ? await look(keyOf(project)) : undefined;
    const directory = listed && 'directory' in listed ? listed.directory : {};
    const secrets = new Map<string, Secret>();
    for (const name of secretsFor(call, directory, now)) {
      const piece = await look(keyOf(project, name));
      if (piece && 'secret' in piece && !isGone(piece.secret, now)) secrets.set(name, piece.secret);
    }

    const result = perform(call, { now, rules: service, directory, secrets });
    if ('refusal' in result) return result;
    const change = (key: string, data: Entry | undefined): Write<Entry> => ({
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
  const replace = async (world: World): Promise<void> => {
    const pieces = new Map(entriesOf(world));
    const tryOnce = async () => {
      const revisions = await store.revisions();
      const changes = [...new Set([...revisions.keys(), ...pieces.keys()])].map(
        (key): Write<Entry> => ({ key, revision: revisions.get(key) ?? 0, data: pieces.get(key) }),
      );
      return (await store.commit(changes)) || undefined;
    };
    await alone(() => insist(tryOnce));
  };

  /** Everything that was kept at one moment; undefined if any of it changed while it was read. What came since is not of it. */
  const readAll = async (): Promise<readonly (Entry | undefined)[] | undefined> => {
    const before = await store.revisions();
    const kept: (Kept<Entry> | undefined)[] = [];
    for (const key of before.keys()) kept.push(await store.read(key));
    const after = await store.revisions();
    const isSame = [...before].every(([key, revision]) => after.get(key) === revision);
    return isSame ? kept.map((each) => each?.data) : undefined;
  };

  return {
    answer,
    fetch: fetchBy(answer),
    snapshot: async ({ values = false } = {}) => {
      const world = worldOf(await alone(() => insist(readAll)), clock());
      return values ? world : withoutValues(world);
    },
    restore: async (snapshot) => {
      const parsed = parseWorld(snapshot, service.dialect);
      if (!parsed.ok)
        throw new SnapshotError(`This is not a snapshot: ${parsed.problems.map(explainProblem).join('; ')}.`);
      await replace(parsed.result);
    },
    reset: () => replace(emptyWorld),
  };
};

/** Tries until nobody else is faster. Each time somebody is, a change of theirs is made, so most come to an end soon. */
const insist = async <Result>(tryOnce: () => Promise<Result | undefined>): Promise<Result> => {
  for (let tries = 0; tries < 1000; tries++) {
    const result = await tryOnce();
    if (result !== undefined) return result;
  }
  throw new Error(
    'Others changed what is kept 1,000 times, each time before this was done. Are there none? Then the store breaks its contract.',
  );
};

/** A store of somebody's, whose data is checked when it is read. */
const checked = (store: Store, { dialect }: Service): Store<Entry> => ({
  read: async (key) => {
    const kept = await store.read(key);
    if (kept === undefined) return undefined;
    const parsed = parseEntry(kept.data, dialect);
    if (parsed.ok) return { revision: kept.revision, data: parsed.result };
    throw new Error(
      `What the store keeps under ${key} is nothing that this emulator can use: ` +
        `${parsed.problems.map(explainProblem).join('; ')}. Was it written under another dialect?`,
    );
  },
  commit: (changes) => store.commit(changes),
  revisions: () => store.revisions(),
});
