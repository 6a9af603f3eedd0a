import * as v from 'valibot';

/** The value of a version: a string, or bytes in base64. */
export type Value =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'binary'; readonly text: string };

const bytes = new TextEncoder();

/** Returns the size of a text in bytes of UTF-8. */
export function bytesIn(text: string): number {
  return bytes.encode(text).length;
}

/** Whether a text is base64, with its padding. */
export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text);
}

/** Returns the schema of a stored value in untrusted data. `most` is the limit of its text in bytes. */
export function keptValue(most: number): v.GenericSchema<unknown, Value> {
  const text = v.pipe(
    v.string(),
    v.check((input: string) => bytesIn(input) <= most, `at most ${most} bytes of UTF-8`),
  );
  return v.variant('kind', [
    v.strictObject({ kind: v.literal('string'), text }),
    v.strictObject({ kind: v.literal('binary'), text: v.pipe(text, v.check(isBase64, 'base64')) }),
  ]);
}
