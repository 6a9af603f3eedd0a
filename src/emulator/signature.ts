import { areSame, hmacSha256, sha256 } from './hash.ts';
import { pathOf, type WireRequest } from './message.ts';

/**
 * Checks signatures of Huawei Cloud's SDKs. Source: API Request Signing Guide (documented), and the official client for Node,
 * which encodes a path a second time (example).
 */

export const algorithm = 'SDK-HMAC-SHA256';

/** How far the time of a signature may be from the service's. Source: FAQ of API Request Signing (documented). */
export const signatureWindow: number = 15 * 60 * 1000;

interface Signature {
  readonly access: string;
  readonly signedHeaders: readonly string[];
  readonly digest: string;
}

export const readSignature = (authorization: string): Signature | undefined => {
  const match = /^SDK-HMAC-SHA256 +Access=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([\da-f]{64})$/i.exec(
    authorization,
  );
  const [, access, signedHeaders, digest] = match ?? [];
  if (!access || !signedHeaders || !digest) return undefined;
  return { access, signedHeaders: signedHeaders.toLowerCase().split(';'), digest: digest.toLowerCase() };
};

/** The time in an X-Sdk-Date such as 20261124T093000Z, in epoch milliseconds; NaN if it is none. */
export const timeOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Whether whoever signed the request knows the secret key, and signed it as it came. */
export const isSignedWith = (secret: string, signature: Signature, request: WireRequest): boolean => {
  const { headers, method } = request;
  const lines = signature.signedHeaders.map((name) => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const paths = new Set([pathOf(request), decoded(pathOf(request))]);
  const candidates = [...paths].map((path) => {
    const canonical = [
      method.toUpperCase(),
      `${path.split('/').map(encoded).join('/')}/`.replace(/\/\/$/, '/'),
      canonicalQuery(request),
      lines.join(''),
      signature.signedHeaders.join(';'),
      sha256(request.body ?? ''),
    ].join('\n');
    return hmacSha256(secret, [algorithm, headers.get('x-sdk-date'), sha256(canonical)].join('\n'));
  });
  return candidates.map((digest) => areSame(digest, signature.digest)).includes(true);
};

const canonicalQuery = ({ target }: WireRequest): string =>
  [...new URLSearchParams(target.slice(target.split('?', 1)[0]?.length).replaceAll('+', '%2B'))]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');

/** All but A-Z, a-z, 0-9, -, ., _ and ~ as bytes of UTF-8 in percent signs. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
