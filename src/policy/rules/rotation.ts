import type { Dialect } from '../../index.ts';

/**
 * Whether a stage is one of a rotation under way: such as a new version without a list clears. That this is what such a stage
 * means is assumed; the only one that is known is "AWSPENDING" of AWS, and of that it is documented (RotateSecret).
 */
export const isOfRotation = (stage: string, { clearedStages }: Dialect): boolean =>
  clearedStages?.includes(stage) ?? false;
