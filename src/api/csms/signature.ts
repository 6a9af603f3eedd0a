import { hmacSha256, sameAs, sha256 } from '../hash.ts';
import { beyondAsciiDecoded, decoded, parametersOf, partsOf, type WireRequest } from '../http.ts';

/**
 * Checks the signatures of Huawei Cloud's SDKs. Source: API Request Signing Guide (documented: every part is encoded once, only
 * x-sdk-date must be signed). The official Node SDK encodes the ASCII characters of a path twice (example), which the gateway refused in 2021
 * (observed: issue 2 of huaweicloud-sdk-nodejs-v3). The SDK for Go does not sign the host (example).
 */

export const algorithm = 'SDK-HMAC-SHA256';

/** The header that replaces the hash of the body in a signature. Source: API Request Signing Guide (documented); official SDKs (example). */
export const contentHash = 'x-sdk-content-sha256';

/** How far the time of a signature may be from the time of the service, in milliseconds. Source: FAQ of API Request Signing (documented). */
export const signatureWindow: number = 15 * 60 * 1000;

interface Signature {
  readonly access: string;
  readonly signedHeaders: readonly string[];
  readonly digest: string;
}

export function readSignature(authorization: string): Signature | undefined {
  const match =
    /^SDK-HMAC-SHA256 +Access=([^,\s]+), *SignedHeaders=([\w-]+(?:;[\w-]+)*), *Signature=([\da-f]{64})$/i.exec(
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

/** Sent instead of the hash of a body that is not signed. Source: API Request Signing Guide, FAQs (documented). */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

/**
 * Whether the request is unchanged since it was signed with this secret key.
 *
 * A signature is valid for one call only, unless its body is unsigned. Each part of a path is decoded on its own, so an encoded slash
 * stays in its part.
 */
export function isSignedWith(secret: string, signature: Signature, request: WireRequest): boolean {
  const { headers, method } = request;
  const lines = signature.signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const [path, query] = partsOf(request.target);
  const candidates = [...pathsOf(path.split('/'))].map((path) => {
    const canonical = [
      method.toUpperCase(),
      `${path}/`.replace(/\/\/$/, '/'),
      canonicalQuery(query),
      lines.join(''),
      signature.signedHeaders.join(';'),
      headers.get(contentHash) ?? sha256(request.body ?? ''),
    ].join('\n');
    return hmacSha256(secret, [algorithm, headers.get('x-sdk-date'), sha256(canonical)].join('\n'));
  });
  return candidates.map(sameAs(signature.digest)).includes(true);
}

/**
 * Returns the canonical forms of a path: the documented one, and that of the Node SDK. The documented form of a name that contains
 * percent-encoding, such as "a%20b", is the Node SDK's form of another name, "a b". So only the Node SDK's form is valid for such a name.
 */
const pathsOf = (parts: readonly string[]): ReadonlySet<string> => {
  const names = parts.map(decoded);
  const forms = names.every((name) => decoded(name) === name) ? [names] : [];
  return new Set([...forms, parts.map(beyondAsciiDecoded)].map((form) => form.map(encoded).join('/')));
};

const canonicalQuery = (query: string): string =>
  [...parametersOf(query)]
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.map(encoded).join('='))
    .join('&');

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** Percent-encodes the UTF-8 bytes of all characters except A-Z, a-z, 0-9, -, ., _ and ~. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
