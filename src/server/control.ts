import { bodyLimit } from '../api/http.ts';
import type { Emulator, Fault, WireResponse } from '../emulator/index.ts';
import { isObject, parseJson } from '../json.ts';
import { isDay, isTime, timeRule, wrongUnit } from '../limits.ts';
import { nearest } from '../nearest.ts';
import { foundText, grouped, quote } from '../text.ts';

/** What `POST /_control` does: the functions of an emulator, such as the emulator itself, and its clock. */
export interface Control extends Pick<Emulator, 'reset' | 'setFaults' | 'tick'> {
  /** Stops the clock of the emulator at a time in epoch milliseconds. Null lets it run again. If omitted, requests cannot set the clock. */
  readonly setClock?: ((time: number | null) => void) | undefined;
}

/** The path of the control. No emulated cloud has it. */
export const controlPath = '/_control';

/** Returns a function that executes a control request. An invalid request changes nothing. */
export function controlOf(
  { refuse }: Pick<Emulator, 'refuse'>,
  { setFaults, setClock, reset, tick }: Control,
): (method: string, body: Uint8Array) => Promise<WireResponse> {
  let clock: number | null = null;
  let faults: readonly Fault[] = [];

  return async (method, body) => {
    if (method !== 'POST') return refuse(`${controlPath} takes only POST`, 405);
    // The server stops reading there, so the end is missing.
    if (body.length > bodyLimit) return refuse(`The body must have at most ${grouped(bodyLimit)} bytes`, 413);
    const wish = readWish(new TextDecoder().decode(body));
    if (typeof wish === 'string') return refuse(wish, 400);
    if (wish.clock !== undefined && !setClock)
      return refuse('The clock cannot be set. Pass `setClock` to `serve` in `control`', 400);
    const next = wish.faults ?? (wish.reset ? [] : undefined);
    if (next !== undefined) {
      try {
        setFaults(next);
      } catch (error) {
        if (error instanceof RangeError) return refuse(error.message.replace(/\.$/, ''), 400);
        throw error;
      }
      faults = next;
    }
    if (wish.clock !== undefined) {
      clock = wish.clock;
      setClock?.(clock);
    }
    if (wish.reset) await reset();
    if (wish.tick) await tick();
    const headers = { 'content-type': 'application/json' };
    return {
      status: 200,
      headers,
      body: JSON.stringify({ clock: clock === null ? null : new Date(clock).toISOString(), faults }),
    };
  };
}

/** What a request asks for. */
interface Wish {
  readonly faults?: readonly Fault[] | undefined;
  readonly clock?: number | null | undefined;
  readonly reset: boolean;
  readonly tick: boolean;
}

const fields = ['faults', 'clock', 'reset', 'tick'] as const;

/** Reads a request, or returns what is wrong as a sentence without a period. The emulator checks the faults. */
function readWish(text: string): Wish | string {
  const asked = parseJson(text);
  if (!isObject(asked)) return 'The body must be a JSON object, such as {"reset": true}';
  const stranger = Object.keys(asked).find((field) => !fields.some((known) => known === field));
  if (stranger !== undefined)
    return `${quote(stranger)} is not a field: ${nearest(stranger, fields).replace(/^did you mean (.*)\?$/, 'use $1')}`;
  const { faults, reset, tick } = asked;
  if (faults !== undefined && !Array.isArray(faults)) return `faults must be a list; got ${foundText(faults)}`;
  for (const [name, value] of Object.entries({ reset, tick }))
    if (value !== undefined && typeof value !== 'boolean')
      return `${name} must be true or false; got ${foundText(value)}`;
  const clock = readClock(asked['clock']);
  if (typeof clock === 'string') return clock;
  return { faults, clock, reset: reset === true, tick: tick === true };
}

/** Reads a time. Returns what is wrong as text. */
function readClock(value: unknown): number | null | undefined | string {
  if (value === undefined || value === null) return value;
  const time = typeof value === 'string' && isoTime.test(value) && isDay(value) ? Date.parse(value) : value;
  // Clocks of other languages count seconds.
  const unit = typeof value === 'number' ? wrongUnit(value) : undefined;
  if (isTime(time) && !unit) return time;
  const rule = `clock must be ${timeRule}, a time such as "2026-01-31T08:00:00Z", or null; got ${foundText(value)}`;
  return unit ? `${rule}, which looks like ${unit}` : rule;
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
