// @ts-check

export const median = (/** @type {readonly number[]} */ values) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** To three digits, the precision of the measurements. */
export const rounded = (/** @type {number} */ value) => Number(value.toPrecision(3));
