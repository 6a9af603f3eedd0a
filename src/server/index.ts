export { type DiskStore, openStore, StoreDamagedError } from './open-store.ts';
export { type Answered, type Served, type ServeOptions, serve } from './serve.ts';
