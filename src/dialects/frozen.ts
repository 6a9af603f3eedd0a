/** A deeply frozen copy of plain JSON. What is frozen deeply already is copied too: it is small. */
export function frozen<Data>(data: Data): Data;
export function frozen(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return Object.freeze(data.map(frozen));
  return Object.freeze(Object.fromEntries(Object.entries(data).map(([name, value]) => [name, frozen(value)])));
}
