export type { Control } from './control.ts';
export { type LambdaEndpoint, lambdaEndpoint } from './lambda.ts';
export { type DiskStore, openStore } from './open-store.ts';
export { type Answered, type Served, type ServeOptions, serve } from './serve.ts';
export { StoreDamagedError } from './store-errors.ts';
