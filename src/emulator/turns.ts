/** Lets work at one place be done one after another, in the order in which it came; work at different places does not wait. */
export const takeTurns = (): (<Result>(place: string, work: () => Promise<Result>) => Promise<Result>) => {
  const last = new Map<string, Promise<unknown>>();
  return (place, work) => {
    const mine = last.get(place)?.then(work, work) ?? work();
    const leave = () => {
      if (last.get(place) === mine) last.delete(place);
    };
    last.set(place, mine);
    mine.then(leave, leave);
    return mine;
  };
};
