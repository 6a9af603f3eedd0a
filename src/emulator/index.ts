export type {
  AwsEvent,
  AwsEventDetail,
  AwsSecret,
  Replica,
  RotationAttempt,
  RotationRules,
  RotationStep,
  SecretRotation,
  Tag,
} from '../api/aws/index.ts';
export {
  type Credentials,
  CredentialsError,
  type Key,
  type Secret,
  type Token,
} from '../api/csms/index.ts';
export type { WireRequest, WireResponse } from '../api/http.ts';
export type { Value } from '../api/value.ts';
export { emptyWorld, type Project, type RotationEvent, type StoredSecret, type World } from '../service/index.ts';
export { type AwsEmulatorOptions, type AwsOptions, createAwsEmulator, handleAws } from './aws.ts';
export type { RotationFailure } from './cloud.ts';
export { type CsmsOptions, createCsmsEmulator, handleCsms } from './csms.ts';
export { type Emulator, type EmulatorOptions, type MemoryEmulator, SnapshotError } from './emulator.ts';
export type { Fault } from './faults.ts';
export type { Rotate } from './rotations.ts';
export { type Kept, type MemoryStore, memoryStore, type Store, type Write } from './store.ts';
