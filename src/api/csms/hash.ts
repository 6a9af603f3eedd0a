import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? utf8ToBytes(data) : data);

/** SHA-256 as hexadecimal digits. Not the Web's own, for that answers later, and `handleCsms` answers now. */
export function sha256(data: string | Uint8Array): string {
  return bytesToHex(digest(bytesOf(data)));
}

/** HMAC-SHA-256 as hexadecimal digits. */
export function hmacSha256(key: string, data: string): string {
  return bytesToHex(hmac(digest, utf8ToBytes(key), utf8ToBytes(data)));
}

/** Says of other texts whether they are the same, in a time that does not tell where they differ. */
export function sameAs(text: string): (other: string) => boolean {
  const left = sha256(text);
  return (other) => {
    const right = sha256(other);
    let difference = 0;
    for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
    return difference === 0;
  };
}
