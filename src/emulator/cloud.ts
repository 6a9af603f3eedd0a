import type { WireRequest, WireResponse } from '../api/http.ts';
import type { Dialect } from '../dialects/index.ts';
import { isTime, timeRule } from '../limits.ts';
import type { CallResult, CallSteps, Place } from '../service/index.ts';
import { foundText } from '../text.ts';

/** What is particular to one cloud in an emulator: its calls, what they do, and how it answers. */
export interface Cloud<Call, Result extends CallResult> {
  readonly dialect: Dialect;
  /** Reads a request as a call that may be done, or refuses it. */
  readonly admit: (request: WireRequest, now: number) => { readonly call: Call } | { readonly result: Result };
  /** The places whose calls wait for this one: calls that share a place are done one after another, in the order of the list. */
  readonly placesOf: (call: Call) => readonly Place[];
  readonly perform: (call: Call, now: number) => CallSteps<Result>;
  readonly respond: (result: Result) => WireResponse;
  /** The answer to what is not a request of the API, such as broken HTTP. */
  readonly refuse: (expected: string, status: number) => WireResponse;
}

/** The time of a clock. If it is not a time, no client is to blame. */
export function soundTime(now: number): number {
  if (!isTime(now)) throw new RangeError(`The clock must give ${timeRule}; got ${foundText(now)}.`);
  return now;
}
