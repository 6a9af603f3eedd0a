// @ts-check

/**
 * Differences that we cannot remove. An entry that no longer differs fails the run, so that the list stays true.
 *
 * @typedef {object} KnownDifference
 * @property {string} runtime
 * @property {string} check
 * @property {RegExp} line What the line of Node contains.
 * @property {string} why
 */

/** @type {readonly KnownDifference[]} */
export const knownDifferences = ['bun', 'deno'].map((runtime) => ({
  runtime,
  check: 'cli',
  line: /got no response from http:\/\/127\.0\.0\.1:1: fetch failed/,
  why: 'The sentence quotes the error of `fetch`. Only the runtime knows the reason, such as a certificate that it does not trust.',
}));
