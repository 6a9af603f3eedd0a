// @ts-check

/**
 * Differences that we cannot remove. An entry that no longer differs fails the run, so that the list stays true.
 *
 * @typedef {object} KnownDifference
 * @property {string} runtime
 * @property {string} check
 * @property {RegExp} line What the line of the running Node contains.
 * @property {string} why
 */

/** @type {readonly KnownDifference[]} */
export const knownDifferences = [];
