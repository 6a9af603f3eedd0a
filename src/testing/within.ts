/** The longest time that a timer can wait, in milliseconds. */
const longest = 2 ** 31 - 1;

/** What is thrown for work that does not settle in time. */
export class TimeoutError extends Error {
  override readonly name: string = 'TimeoutError';
}

/** Whether an error says that something took too long: one of ours, or that of an `AbortSignal.timeout`. */
export function isTimeout(error: unknown): boolean {
  return Object(error).name === 'TimeoutError';
}

/**
 * The result of work that settles within so many milliseconds. Whatever comes later is ignored.
 *
 * @throws {TimeoutError} if it does not. `what` begins its sentence.
 */
export async function within<Result>(timeout: number, what: string, work: () => Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `${what} within ${timeout} ms, the timeout. If it is only slow, set a longer \`timeout\`.`;
    timer = setTimeout(() => reject(new TimeoutError(why)), timeout);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {RangeError} if a timeout is not one that a timer takes. */
export function checkTimeout(timeout: number): void {
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > longest)
    throw new RangeError(`timeout must be a whole number of milliseconds from 1 to ${longest}, not ${timeout}.`);
}
