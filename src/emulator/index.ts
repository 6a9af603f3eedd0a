export { type Credentials, CredentialsError, type Key, type Token } from './credentials.ts';
export {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type MemoryEmulator,
  SnapshotError,
} from './emulator.ts';
export { handle } from './handle.ts';
export type { WireRequest, WireResponse } from './message.ts';
export type { ServiceOptions } from './service.ts';
export { type Change, type Kept, type MemoryStore, memoryStore, type Store } from './store.ts';
export { emptyWorld, type Project, type Secret, type Value, type World } from './world.ts';
