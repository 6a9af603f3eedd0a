export { type Grade, grades } from './evidence.ts';
export { type EvidenceRow, evidenceOf } from './evidence-of.ts';
export type { Leaf } from './leaves.ts';
