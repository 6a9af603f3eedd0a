/** The longest time that a timer can wait, in milliseconds. */
const longest = 2 ** 31 - 1;

/** The error of work that does not settle in time. */
export class TimeoutError extends Error {
  override readonly name: string = 'TimeoutError';
}

/** Whether an error is a timeout: one of this module, or that of an `AbortSignal.timeout`. */
export function isTimeout(error: unknown): boolean {
  return Object(error).name === 'TimeoutError';
}

/**
 * Returns the result of work that settles within `timeout` milliseconds. Later results are ignored.
 *
 * @throws {TimeoutError} if it does not settle in time. The message begins with `what`.
 */
export async function within<Result>(timeout: number, what: string, work: () => Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `${what} within the timeout of ${timeout} ms. If it is only slow, pass a longer \`timeout\`.`;
    timer = setTimeout(() => reject(new TimeoutError(why)), timeout);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {RangeError} if a timer cannot take the timeout. */
export function checkTimeout(timeout: number): void {
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > longest)
    throw new RangeError(`timeout must be a whole number of milliseconds from 1 to ${longest}; got ${timeout}.`);
}
