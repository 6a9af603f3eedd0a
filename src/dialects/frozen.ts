/** A copy of plain JSON, deeply frozen. */
export function frozen<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data), (_, value) => Object.freeze(value));
}
