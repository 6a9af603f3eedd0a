import { decoded, partsOf, type WireRequest } from '../http.ts';
import { hmacSha256, sameAs, sha256 } from './hash.ts';

/**
 * Checks signatures of Huawei Cloud's SDKs. Source: API Request Signing Guide (documented: every part is encoded once), and the
 * official client for Node, which encodes the ASCII signs of a path a second time (example).
 */

export const algorithm = 'SDK-HMAC-SHA256';

/** How far the time of a signature may be from the service's. Source: FAQ of API Request Signing (documented). */
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
  // A name that is repeated thousands of times would have its header hashed as often.
  if (new Set(names).size < names.length) return undefined;
  return { access, signedHeaders: names, digest: digest.toLowerCase() };
}

/** The time in an X-Sdk-Date such as 20261124T093000Z, in epoch milliseconds; NaN if it is none. */
export function signingTimeOf(date: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** A character beyond ASCII in percent signs: two to four bytes of UTF-8. */
const character = /%[CD][\dA-F]%[89AB][\dA-F]|%E[\dA-F](?:%[89AB][\dA-F]){2}|%F[0-7](?:%[89AB][\dA-F]){3}/gi;

/** Whether whoever signed the request knows the secret key, and signed it as it came. */
export function isSignedWith(secret: string, signature: Signature, request: WireRequest): boolean {
  const { headers, method } = request;
  const lines = signature.signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const [path, query] = partsOf(request.target);
  // The second is signed where a stray % keeps the whole path from being decoded: only characters of UTF-8 are decoded.
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
  // A plus stands for itself here, not for a space.
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
  return [...parameters]
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.map(encoded).join('='))
    .join('&');
};

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** All but A-Z, a-z, 0-9, -, ., _ and ~ as bytes of UTF-8 in percent signs. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
