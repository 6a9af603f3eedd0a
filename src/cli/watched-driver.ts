import type { DriverAnswer, SecretDriver } from '../testing/index.ts';

/** A driver that remembers what it made and has not removed, and stops where the endpoint cannot be judged. */
export function watchDriver(connect: (send: (request: Request) => Promise<Response>) => SecretDriver) {
  const made = new Set<string>();
  /** Of the last answer; undefined if there was none. */
  let status: number | undefined;
  let isSent = false;
  let end: unknown;

  const driver = connect(async (request) => {
    status = undefined;
    isSent = true;
    const response = await fetch(request).catch((error: unknown) => {
      isSent = !unsent.includes(`${Object(Object(error).cause).code}`);
      throw error;
    });
    status = response.status;
    // The endpoint is busy, or a proxy before it cannot reach it: it must not be judged by that.
    if ([429, 502, 503, 504].includes(status)) end ??= new Error(`The endpoint answered with status ${status}.`);
    return response;
  });
  /** After the end no call is made any more, whatever the check still asks. */
  const unlessEnded =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (end !== undefined) throw end;
      try {
        return await call(...args);
      } catch (error) {
        // An answer counts only if its body arrives in time.
        if (status === undefined || Object(error).name === 'TimeoutError') end ??= error;
        throw error;
      }
    };
  const remove = async (secret: string): Promise<void> => {
    await driver.remove(secret);
    made.delete(secret);
  };
  const create = async (secret: string, at: number): Promise<DriverAnswer> => {
    made.add(secret);
    try {
      return await driver.create(secret, at);
    } finally {
      // A call that was not sent or was turned away made nothing. One without an answer, one that failed, and one that was
      // repeated on the way may have made it all the same.
      if (!isSent || /^4(?!08|09|29)/.test(`${status}`)) made.delete(secret);
    }
  };
  return {
    driver: {
      ...driver,
      create: unlessEnded(create),
      act: unlessEnded(driver.act),
      show: unlessEnded(driver.show),
      remove: unlessEnded(remove),
    },
    /** Why no call is made any more: it was stopped, or the endpoint cannot be reached. */
    get end() {
      return end;
    },
    stop: (reason: unknown): void => {
      end ??= reason;
    },
    /** Removes what is left, and returns the names of what it could not remove. */
    removeAll: async (): Promise<readonly string[]> => {
      for (const secret of [...made]) await remove(secret).catch(() => undefined);
      return [...made];
    },
  };
}

/** The errors of a connection that was never opened. */
const unsent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
