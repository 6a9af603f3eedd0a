export { checkConformance } from './check.ts';
export { explainConformance, explainLaw } from './explain.ts';
export type {
  Broken,
  Conformance,
  ConformanceCall,
  ConformanceOptions,
  Conforming,
  TriedLaw,
} from './result.ts';
