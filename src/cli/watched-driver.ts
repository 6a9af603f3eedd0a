import type { DriverAnswer, SecretDriver } from '../testing/index.ts';

/** A driver that remembers the secrets it must still remove, and stops if the endpoint cannot be checked. */
export function watchDriver(connect: (send: (request: Request) => Promise<Response>) => SecretDriver) {
  const made = new Set<string>();
  /** The status of the last response. Undefined before the first one. */
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
    // The endpoint is busy, or a proxy cannot reach it. That says nothing about its rules.
    if ([429, 502, 503, 504].includes(status)) end ??= new Error(`The endpoint responded with status ${status}.`);
    return response;
  });
  /** After the end, every further call of the check fails without a request. */
  const unlessEnded =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (end !== undefined) throw end;
      try {
        return await call(...args);
      } catch (error) {
        // A response counts only if its body arrives in time.
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
      // A request that was not sent, or was rejected, created nothing. One without a response, one that failed, and one that was
      // repeated on the way may have created the secret.
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
    /** Why calls ended: the check was stopped, or the endpoint cannot be reached. */
    get end() {
      return end;
    },
    stop: (reason: unknown): void => {
      end ??= reason;
    },
    /** Removes the remaining secrets, and returns the names of those that it could not remove. */
    removeAll: async (): Promise<readonly string[]> => {
      for (const secret of [...made]) await remove(secret).catch(() => undefined);
      return [...made];
    },
  };
}

/** The error codes of connections that were never opened. */
const unsent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
