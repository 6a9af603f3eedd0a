export { type Credentials, CredentialsError, type Key, type Token } from '../api/csms/credentials.ts';
export type { WireRequest, WireResponse } from '../api/http.ts';
export { handleCsms } from './csms.ts';
export {
  createCsmsEmulator,
  type Emulator,
  type EmulatorOptions,
  type MemoryEmulator,
  SnapshotError,
} from './emulator.ts';
export type { ServiceOptions } from './service.ts';
export { type Kept, type MemoryStore, memoryStore, type Store, type Write } from './store.ts';
export { emptyWorld, type Project, type Secret, type Value, type World } from './world.ts';
