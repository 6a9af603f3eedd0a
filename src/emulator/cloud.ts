import type { WireRequest, WireResponse } from '../api/http.ts';
import type { Dialect } from '../dialects/index.ts';
import { isTime, timeRule } from '../limits.ts';
import type { CallResult, CallSteps, Place } from '../service/index.ts';
import { foundText } from '../text.ts';

/** The part of an emulator that differs between clouds: the calls, what they do, and their responses. */
export interface Cloud<Call, Result extends CallResult> {
  readonly dialect: Dialect;
  /** Reads a request as an authorized call, or refuses it. */
  readonly admit: (request: WireRequest, now: number) => { readonly call: Call } | { readonly result: Result };
  /** The places that a call locks, in this order. Calls that share a place run one after another. */
  readonly placesOf: (call: Call) => readonly Place[];
  readonly perform: (call: Call, now: number) => CallSteps<Result>;
  readonly respond: (result: Result) => WireResponse;
  /** Returns the response to input that is not a request of the API, such as malformed HTTP. `problem` is a sentence without a period. */
  readonly refuse: (problem: string, status: number) => WireResponse;
}

/** Returns the time, or throws if it is invalid. It is not a refusal, because the client did not cause it. */
export function soundTime(now: number, source: '`clock` must return' | '`now` must be'): number {
  if (!isTime(now)) throw new RangeError(`${source} ${timeRule}; got ${foundText(now)}.`);
  return now;
}
