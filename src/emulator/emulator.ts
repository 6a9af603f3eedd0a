import type { WireRequest, WireResponse } from '../api/http.ts';
import type { Dialect } from '../dialects/index.ts';
import type { Problem } from '../refusal.ts';
import {
  type CallResult,
  type Entry,
  emptyWorld,
  entriesOf,
  explainListed,
  keyOf,
  parseEntry,
  parseWorld,
  type World,
  withoutValues,
  worldOf,
} from '../service/index.ts';
import { foundText } from '../text.ts';
import { type Cloud, soundTime } from './cloud.ts';
import { fetchBy } from './fetch.ts';
import { createQueue } from './queue.ts';
import { type Kept, memoryStore, type Store, type Write } from './store.ts';

/** What every emulator takes. */
export interface EmulatorOptions {
  /** The service's time in epoch milliseconds. If omitted, `Date.now`. A test gives a clock that it can step. */
  readonly clock?: (() => number) | undefined;
  /** Where everything is kept. If omitted, in memory. */
  readonly store?: Store | undefined;
}

/** A cloud in process. */
export interface Emulator {
  /**
   * Answers a request as the cloud would, whatever its host: it can stand in the place of the global `fetch`. Requests about one
   * secret are answered one after another. What is wrong with a request is in the answer; it throws if the store or the clock
   * fails, and for a Request whose body was read before.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** The same for a server that has the parts of a request, such as Node's. */
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  /** The answer to what is not a request of the API, such as broken HTTP: in the form of the cloud's own errors. */
  readonly refuse: (expected: string, status: number) => WireResponse;
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

/** An emulator of a cloud. */
export function createEmulatorOf<Call, Result extends CallResult>(
  cloud: Cloud<Call, Result>,
  options: EmulatorOptions,
): Emulator | MemoryEmulator {
  const clock = () => soundTime((options.clock ?? Date.now)());
  if (options.store) return emulatorOn(checked(options.store, cloud.dialect), cloud, clock);
  const store = memoryStore<Entry>();
  return Object.defineProperty(emulatorOn(store, cloud, clock), 'world', {
    get: () =>
      worldOf(
        [...store.revisions().keys()].map((key) => store.read(key)?.data),
        clock(),
      ),
  });
}

const emulatorOn = <Call, Result extends CallResult>(
  store: Store<Entry>,
  cloud: Cloud<Call, Result>,
  clock: () => number,
): Emulator => {
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

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    if (wantEverything > 0) await inTurn(everything, async () => {});
    const admitted = cloud.admit(request, clock());
    const result = 'call' in admitted ? await perform(admitted.call) : admitted.result;
    const { status, headers, body } = cloud.respond(result);
    return { status, headers: { ...headers, 'x-request-id': crypto.randomUUID() }, body };
  };

  /** Does a call after those that came before it to the same places. */
  const perform = (call: Call): Promise<Result> => {
    const places = cloud.placesOf(call).map(keyOf);
    const work = places.reduceRight<() => Promise<Result>>(
      (inner, place) => () => inTurn(place, inner),
      () => insist(() => attempt(call)),
    );
    return work();
  };

  /** Does a call on what is kept; undefined if another process was faster. */
  const attempt = async (call: Call): Promise<Result | undefined> => {
    const seen = new Map<string, Kept<Entry> | undefined>();
    const steps = cloud.perform(call, clock());
    let step = steps.next();
    while (!step.done) {
      const key = keyOf(step.value);
      seen.set(key, await store.read(key));
      step = steps.next(seen.get(key)?.data);
    }
    const writes = (step.value.writes ?? []).map((write): Write<Entry> => {
      const key = keyOf(write);
      return { key, revision: seen.get(key)?.revision ?? 0, data: write.entry };
    });
    return writes.length === 0 || (await store.commit(writes)) ? step.value : undefined;
  };

  /** Puts a world in place of everything that is kept. */
  const replace = async (world: World): Promise<void> => {
    const entries = entriesOf(world);
    const tryOnce = async () => {
      const revisions = await store.revisions();
      const changes = [...new Set([...revisions.keys(), ...entries.keys()])].map(
        (key): Write<Entry> => ({ key, revision: revisions.get(key) ?? 0, data: entries.get(key) }),
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
    refuse: cloud.refuse,
    snapshot: async ({ values = false } = {}) => {
      const world = worldOf(await alone(() => insist(readAll)), clock());
      return values ? world : withoutValues(world);
    },
    restore: async (snapshot) => {
      const parsed = parseWorld(snapshot, cloud.dialect);
      if (!parsed.ok) throw new SnapshotError(`This is not a snapshot: ${explainAll(parsed.problems)}.`);
      await replace(parsed.result);
    },
    reset: () => replace(emptyWorld),
  };
};

/** How often a change that another process was faster than is tried again, or a snapshot that it changed is read again. */
const mostTries = 1000;

/** Tries until nobody else is faster. Each time somebody is, a change of theirs is made, so most come to an end soon. */
const insist = async <Result>(tryOnce: () => Promise<Result | undefined>): Promise<Result> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const result = await tryOnce();
    if (result !== undefined) return result;
  }
  throw new Error('Gave up after 1,000 write conflicts. If nothing else writes to the store, its `commit` is broken.');
};

/** A store of somebody's, whose data is checked when it is read. */
const checked = (store: Store, dialect: Dialect): Store<Entry> => ({
  read: async (key) => {
    const kept = await store.read(key);
    if (kept === undefined) return undefined;
    const parsed = parseEntry(kept.data, dialect);
    if (parsed.ok) return { revision: kept.revision, data: parsed.result };
    throw new Error(
      `What the store keeps under ${key} is invalid: ` +
        `${explainAll(parsed.problems)}. Was it written under another dialect?`,
    );
  },
  commit: (changes) => store.commit(changes),
  revisions: async () => {
    const revisions = await store.revisions();
    if (revisions instanceof Map) return revisions;
    throw new TypeError(`The store must give its revisions as a Map; got ${foundText(revisions)}.`);
  },
});

/** Problems in a sentence. */
const explainAll = (problems: readonly Problem[]): string => {
  return problems.map(explainListed).join('; ');
};
