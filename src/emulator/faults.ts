import { isRead, type WireResponse } from '../api/http.ts';
import { fieldOf } from '../json.ts';
import { nearest } from '../nearest.ts';
import { type CallResult, explainListed, type StoredSecret } from '../service/index.ts';
import { fields, is, list, oneOf, optional, type Shape, whole } from '../shape.ts';
import { foundText, quote } from '../text.ts';
import type { Cloud } from './cloud.ts';

/** A fault for tests: what happens to some calls instead of, or besides, being done. */
export interface Fault {
  /** The operation of the API, such as `GetSecretValue`. If omitted, every operation. */
  readonly operation?: string | undefined;
  /** The name of a secret. If omitted, every call, also those that are about no secret or several. */
  readonly secret?: string | undefined;
  /** Which of the matching calls, counted from 1 since the fault was set: a number or a list. If omitted, all. */
  readonly when?: number | readonly number[] | undefined;
  /**
   * `'throttle'`: the call is not done, and the response is the error of the cloud for too many requests. `'error'`: it is not done, and the status is
   * 500. `'lost'`: it is done, and the status is 500. `'hang'`: it is not done, and gets a 500 when the faults are replaced. `'stale'`: a read
   * shows the secret before its versions, stages or status last changed in this process. If omitted, the call is done.
   */
  readonly answer?: 'throttle' | 'error' | 'lost' | 'hang' | 'stale' | undefined;
  /** How long the call waits before that, in milliseconds of real time, or until the faults are replaced. */
  readonly delay?: number | undefined;
}

/** The faults of an emulator. */
export interface Faults<Call> {
  /** Replaces all faults. */
  readonly set: (faults: readonly Fault[]) => void;
  /** Does a call with the first fault that applies to it. */
  readonly around: (
    call: Call,
    work: (how: { readonly isStale: boolean }) => Promise<WireResponse>,
  ) => Promise<WireResponse>;
}

/** What faults need of a cloud. */
type Faulty<Call> = Pick<
  Cloud<Call, CallResult<StoredSecret>, StoredSecret>,
  'operations' | 'operationOf' | 'placesOf' | 'refuse'
>;

/** @throws {RangeError} if a fault is invalid. */
export function createFaults<Call>(cloud: Faulty<Call>, given: readonly Fault[] | undefined): Faults<Call> {
  let faults: readonly { readonly fault: Fault; count: number }[] = [];
  const waiting = new Set<() => void>();
  const set = (next: readonly Fault[]) => {
    check(next, cloud.operations);
    faults = next.map((fault) => ({ fault, count: 0 }));
    for (const end of waiting) end();
  };
  // Most emulators have no faults, and the check would take longer than the rest of their start.
  if (given !== undefined) set(given);

  /** Waits until the faults are replaced, at most for a time. */
  const wait = (delay?: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(end);
        resolve();
      };
      const timer = delay === undefined ? undefined : setTimeout(end, delay);
      waiting.add(end);
    });

  /** Counts a call, and returns the first fault that applies to it. */
  const faultOf = (call: Call): Fault | undefined => {
    const operation = cloud.operationOf(call);
    const [place] = cloud.placesOf(call);
    const matching = faults.filter(
      ({ fault }) =>
        (fault.operation ?? operation) === operation &&
        (fault.secret === undefined || fault.secret === place?.secret) &&
        (fault.answer !== 'stale' || isRead(operation)),
    );
    for (const each of matching) each.count++;
    return matching.find(({ fault: { when }, count }) => when === undefined || [when].flat().includes(count))?.fault;
  };

  return {
    set,
    around: async (call, work) => {
      if (faults.length === 0) return work({ isStale: false });
      const { answer, delay } = faultOf(call) ?? {};
      const before = faults;
      if (delay) await wait(delay);
      if (answer === 'throttle') return cloud.refuse(`Too many requests. ${isFault}`, 429);
      if (answer === 'hang' && faults === before) await wait();
      if (answer === 'lost') await work({ isStale: false });
      if (answer === 'lost') return cloud.refuse(`The request was executed, but its response is lost. ${isFault}`, 500);
      if (answer === 'error' || answer === 'hang') return cloud.refuse(`The request was not executed. ${isFault}`, 500);
      return work({ isStale: answer === 'stale' });
    },
  };
}

const isFault = 'This is a fault that was set for tests';

/** @throws {RangeError} if a fault is invalid. */
function check(faults: unknown, operations: readonly string[]): void {
  const number = whole(1, 1_000_000);
  const operation: Shape = (value, path) => {
    const name = typeof value === 'string' ? value : '';
    if (value === undefined || operations.includes(name)) return [];
    const advice = nearest(name, operations).replace(/^did you mean (.*)\?$/, 'use $1');
    return [{ path, expected: 'an operation of the API', found: `${foundText(value)}: ${advice}` }];
  };
  const parts = fields({
    operation,
    secret: optional(is('a name', (value) => typeof value === 'string')),
    when: optional((value, path) => (Array.isArray(value) ? list(number) : number)(value, path)),
    answer: optional(oneOf('throttle', 'error', 'lost', 'hang', 'stale')),
    delay: optional(whole(1, 3_600_000)),
  });
  const fault: Shape = (value, path) => {
    const problems = parts(value, path);
    if (problems.length > 0) return problems;
    const [operation, answer, delay] = ['operation', 'answer', 'delay'].map((name) => fieldOf(value, name));
    if (answer === undefined && delay === undefined) return [{ path, expected: 'an object with an answer or a delay' }];
    const isChange = typeof operation === 'string' && !isRead(operation);
    return answer === 'stale' && isChange
      ? [{ path: `${path}.operation`, expected: 'a read, because a change cannot be stale', found: quote(operation) }]
      : [];
  };
  const [problem] = list(fault, 1000)(faults, 'faults');
  if (problem) throw new RangeError(`${explainListed(problem)}.`);
}
