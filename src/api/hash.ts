import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? utf8ToBytes(data) : data);

/** Returns SHA-256 in hexadecimal. Web Crypto is asynchronous, and `handleCsms` and `handleAws` are not. */
export function sha256(data: string | Uint8Array): string {
  return bytesToHex(digest(bytesOf(data)));
}

/** Returns an id in the form of a UUID: a hash of facts, so that the same facts have the same id. */
export function uuidOf(...facts: readonly (string | number)[]): string {
  return sha256(JSON.stringify(facts)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** Returns a whole number from 0, and less than `below`. */
export type Random = (below: number) => number;

/** Returns numbers that look random, and depend only on the seed. */
export function drawsFrom(seed: string): Random {
  // The seed can be a whole body, so it is hashed only once.
  const seeded = digest.create().update(utf8ToBytes(`${seed},`));
  let draws = 0;
  const next = () => seeded.clone().update(utf8ToBytes(`${draws++}`));
  // Of 32 bits, the remainder is as good as even.
  return (below) => Number(`0x${bytesToHex(next().digest()).slice(0, 8)}`) % below;
}

/** Returns HMAC-SHA-256 in hexadecimal. */
export function hmacSha256(key: string, data: string): string {
  return bytesToHex(hmac(digest, utf8ToBytes(key), utf8ToBytes(data)));
}

/** Returns a function that compares other texts with this one, in a time that does not reveal where they differ. */
export function sameAs(text: string): (other: string) => boolean {
  const left = sha256(text);
  return (other) => {
    const right = sha256(other);
    let difference = 0;
    for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
    return difference === 0;
  };
}
