/** The value of a JSON text, or undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether untrusted data is an object. A list or null is not. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A field of untrusted data, or undefined. Inherited properties are not fields. */
export function fieldOf(data: unknown, field: string): unknown {
  return isObject(data) && Object.hasOwn(data, field) ? data[field] : undefined;
}

/** The entry of a record under an untrusted key. Inherited properties are not entries. */
export function entryOf<Entry>(record: Readonly<Record<string, Entry>>, key: string): Entry | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** How deep data is compared, and how many keys a path into it can have. A secret is three levels deep. */
export const deepest = 100;

/** Whether two values are the same JSON. Values nested deeper than {@link deepest} are never the same. */
export function isSameJson(one: unknown, other: unknown, depth: number = 0): boolean {
  if (one === other) return true;
  if (depth > deepest) return false;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((element, index) => isSameJson(element, other[index], depth + 1));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(other);
  const isSame = (key: string): boolean => Object.hasOwn(one, key) && isSameJson(one[key], other[key], depth + 1);
  return keys.length === Object.keys(one).length && keys.every(isSame);
}
