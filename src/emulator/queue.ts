/** Creates a queue: work at the same place runs one after another, in order. Work at different places does not wait. */
export function createQueue(): <Result>(place: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return async (place, work) => {
    const before = last.get(place);
    const mine = before ? before.then(work, work) : work();
    last.set(place, mine);
    try {
      return await mine;
    } finally {
      if (last.get(place) === mine) last.delete(place);
    }
  };
}
