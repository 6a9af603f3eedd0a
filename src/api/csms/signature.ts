import { hmacSha256, sameAs, sha256 } from '../hash.ts';
import { decoded, partsOf, type WireRequest } from '../http.ts';

/**
 * Checks the signatures of Huawei Cloud's SDKs. Source: API Request Signing Guide (documented: every part is encoded once), and the
 * official Node SDK, which encodes the ASCII characters of a path twice (example).
 */

export const algorithm = 'SDK-HMAC-SHA256';

/** How far the time of a signature may be from the time of the service, in milliseconds. Source: FAQ of API Request Signing (documented). */
export const signatureWindow: number = 15 * 60 * 1000;

interface Signature {
  readonly access: string;
  readonly signedHeaders: readonly string[];
  readonly digest: string;
}

export function readSignature(authorization: string): Signature | undefined {
  const match =
    /^SDK-HMAC-SHA256 +Access=([^,\s]+), *SignedHeaders=([a-z\d-]+(?:;[a-z\d-]+)*), *Signature=([\da-f]{64})$/i.exec(
      authorization,
    );
  const [, access, signedHeaders, digest] = match ?? [];
  if (!access || !signedHeaders || !digest) return undefined;
  const names = signedHeaders.toLowerCase().split(';');
  // Each repetition of a name would hash its header again.
  if (new Set(names).size < names.length) return undefined;
  return { access, signedHeaders: names, digest: digest.toLowerCase() };
}

/** Returns the time in an X-Sdk-Date, such as 20261124T093000Z, in epoch milliseconds. Returns NaN if it is invalid. */
export function signingTimeOf(date: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** A percent-encoded character beyond ASCII: two to four bytes of UTF-8. */
const character = /%[CD][\dA-F]%[89AB][\dA-F]|%E[\dA-F](?:%[89AB][\dA-F]){2}|%F[0-7](?:%[89AB][\dA-F]){3}/gi;

/** Whether the request is unchanged since it was signed with this secret key. */
export function isSignedWith(secret: string, signature: Signature, request: WireRequest): boolean {
  const { headers, method } = request;
  const lines = signature.signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const [path, query] = partsOf(request.target);
  // A stray % makes the whole path undecodable. For such a path, clients sign the second one, in which only UTF-8 characters are decoded.
  const paths = new Set([decoded(path), path.replace(character, decoded)]);
  const candidates = [...paths].map((path) => {
    const canonical = [
      method.toUpperCase(),
      `${path.split('/').map(encoded).join('/')}/`.replace(/\/\/$/, '/'),
      canonicalQuery(query),
      lines.join(''),
      signature.signedHeaders.join(';'),
      sha256(request.body ?? ''),
    ].join('\n');
    return hmacSha256(secret, [algorithm, headers.get('x-sdk-date'), sha256(canonical)].join('\n'));
  });
  return candidates.map(sameAs(signature.digest)).includes(true);
}

const canonicalQuery = (query: string): string => {
  // Here a plus is a plus, not a space.
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
  return [...parameters]
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.map(encoded).join('='))
    .join('&');
};

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** Percent-encodes the UTF-8 bytes of all characters except A-Z, a-z, 0-9, -, ., _ and ~. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
