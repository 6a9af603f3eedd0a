/** The value of a JSON text, or undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether untrusted data is an object, and not a list or null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A field of untrusted data, or undefined. What it inherits is not a field. */
export function fieldOf(data: unknown, field: string): unknown {
  return isObject(data) && Object.hasOwn(data, field) ? data[field] : undefined;
}

/** The entry of a record under a key that a stranger may have chosen. What the record inherits is not an entry. */
export function entryOf<Entry>(record: Readonly<Record<string, Entry>>, key: string): Entry | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
