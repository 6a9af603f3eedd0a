import type { PasswordRules } from '../password.ts';
import type { Value } from '../value.ts';
import type { Settings, Tag } from './secret.ts';

/** The operations of the API, and what each one requests in addition to the names in its path. */
export interface Requests {
  CreateSecret: { readonly settings: Settings; readonly autoRotation: boolean } & WithValue;
  ListSecrets: { readonly page: Page; readonly eventName: string | undefined };
  ShowSecret: unknown;
  UpdateSecret: { readonly settings: Partial<Settings>; readonly autoRotation: boolean };
  DeleteSecret: unknown;
  CreateSecretVersion: WithValue & {
    readonly stages: readonly string[] | undefined;
    readonly expireTime: number | undefined;
    /** The id in the response of a recorded call. A request does not have it. */
    readonly recordedId?: string | undefined;
  };
  ListSecretVersions: { readonly page: Page };
  ShowSecretVersion: unknown;
  UpdateVersion: { readonly expireTime: number };
  CreateSecretStage: unknown;
  UpdateSecretStage: unknown;
  ShowSecretStage: unknown;
  DeleteSecretStage: unknown;
  DeleteSecretForSchedule: { readonly recoveryWindowInDays: number | undefined };
  RestoreSecret: unknown;
  BatchShowSecretVersion: { readonly secretNames: readonly string[] };
  CreateSecretTag: TagChange;
  BatchCreateOrDeleteTags: TagChange;
  DeleteSecretTag: unknown;
  ListSecretTags: unknown;
  ListProjectSecretsTags: unknown;
  ListResourceInstances: { readonly filter: TagFilter };
  GenerateRandomPassword: { readonly password: PasswordRules };
}

export type Operation = keyof Requests;

/** The names that a call contains. A name that the operation does not have is empty. */
export interface Names {
  readonly project: string;
  readonly secret: string;
  readonly versionId: string;
  readonly stage: string;
  readonly secretId: string;
  readonly tagKey: string;
}

/** The value of a new version. Recorded calls may omit it. */
interface WithValue {
  readonly value: Value | undefined;
}

interface Page {
  /** The id or name that the page comes after; undefined for the first page. */
  readonly marker: string | undefined;
  readonly limit: number;
}

/** The tags that are added, and the keys of those that are removed. */
interface TagChange {
  readonly added: readonly Tag[];
  readonly removed: readonly string[];
}

/** Which secrets are listed. Each has all tags, with one of the given values if there are any, and its name contains all names. */
export interface TagFilter {
  readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly names: readonly string[];
  readonly onlyCounts: boolean;
  readonly limit: number;
  readonly offset: number;
}

export type CallOf<Name extends Operation> = { readonly operation: Name } & Names & Requests[Name];

/** A call of the API with valid fields. Whether it can be done is for the model to decide. */
export type Call<Name extends Operation = Operation> = { readonly [O in Name]: CallOf<O> }[Name];

/** Why a request is not a call. `expected` is a sentence without a period. It shows nothing from the body, which may contain a secret value. */
export interface Mistake {
  readonly code: 'NOT_A_CALL' | 'NOT_EMULATED' | 'BAD_BODY' | 'BAD_FIELD';
  readonly expected: string;
}

/** A call that can be sent, or written to a transcript. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}
