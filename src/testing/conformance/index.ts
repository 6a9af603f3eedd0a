export { checkConformance } from './check.ts';
export { explainConformance, explainLaw } from './explain.ts';
export type * from './result.ts';
