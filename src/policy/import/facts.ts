import type { Dialect } from '../../dialects/index.ts';
import type { Problem, SecretStatus } from '../../index.ts';
import type { Subject, Unknown } from '../subject.ts';
import type { Place } from './imported.ts';
import type { Planned } from './planned.ts';

/** The responses of a cloud: how to read each, and what differs between clouds. */
export interface ResponseFormat {
  readonly dialect: Dialect;
  /** What a response must be. */
  readonly expected: string;
  /** How to read a response. The first kind that it has the shape of decides. */
  readonly readers: readonly (readonly [hasShape: (json: unknown) => boolean, read: ResponseReader])[];
  /** The fields in which problems of a whole secret are reported. */
  readonly fields: { readonly versions: string; readonly stages: string; readonly deleteTime: string };
  /** The responses that an import of this secret requires. */
  readonly listingOf: (name: string) => string;
  /** The names or ARNs of the secrets in a response that cannot be read. */
  readonly secretsIn: (json: unknown) => readonly unknown[];
  readonly startClouds: () => Clouds;
  /** Problems with the pages, and with the stages in other responses. */
  readonly check: (secret: RecordedSecret) => readonly Problem[];
  /** Which versions may be missing. */
  readonly gapsIn: (secret: RecordedSecret) => readonly Unknown[];
  /** What is unknown without a response about the secret as a whole. */
  readonly inSecret: readonly Unknown[];
}

/** Finds responses of other clouds. */
export interface Clouds {
  /** Takes in a response, which can show that others belong to this cloud. */
  readonly add: (json: unknown) => void;
  /** Returns the id of the cloud that a response belongs to, if it is another cloud. */
  readonly otherCloudOf: (json: unknown) => string | undefined;
}

/** Reads the response to one call. */
export type ResponseReader = (json: unknown, path: string) => Reading;

/** The content of a response, or its problems. */
export type Reading =
  | { readonly ok: true; readonly facts: readonly Fact[]; readonly hasValue?: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one response says about one secret. */
export type Fact = SecretFact | PageFact | StageFact | NameFact | TerraformFact;

interface Named {
  readonly name: string;
  /** Distinguishes two secrets with one name, in a cloud that has ARNs. */
  readonly arn?: string;
  readonly path: string;
}
/** Only that the secret exists, or that a plan of Terraform deletes it. */
interface NameFact extends Named {
  readonly kind: 'name';
  readonly isDeleted?: boolean;
}
export interface SecretFact extends Named {
  readonly kind: 'secret';
  readonly id: string;
  /** How it is rotated and who manages it, if the response can say so. */
  readonly about?: Pick<Subject, 'rotation' | 'replicaOf' | 'managedBy'>;
  readonly status: SecretStatus;
  readonly deleteTime: number | null;
  /** The stages by the ids of their versions, sorted, if the response has them. */
  readonly stages?: { readonly path: string; readonly byVersion: readonly (readonly [string, readonly string[]])[] };
}
export interface PageFact extends Named {
  readonly kind: 'page';
  readonly versions: readonly VersionFact[];
  /** The marker or token of the next page; null on the last one. */
  readonly next: string | null;
  /** The number of versions that the page claims to have. */
  readonly count?: number;
}
/** What Terraform knows of a secret through one resource, and what its plan does. */
export interface TerraformFact extends Named, Planned {
  readonly kind: 'terraform';
  readonly path: string;
  readonly version?: VersionFact | undefined;
  readonly secret?: SecretFact | undefined;
}
interface StageFact extends Named {
  readonly kind: 'stage';
  readonly stage: string;
  readonly versionId: string;
  readonly updateTime: number;
}
export interface VersionFact {
  readonly id: string;
  readonly createTime: number;
  /** Null if it never expires; undefined if the response does not say. */
  readonly expireTime: number | null | undefined;
  /** Sorted, each once. */
  readonly stages: readonly string[];
}

/** Everything that the responses say about a secret. */
export interface RecordedSecret {
  readonly name: string;
  readonly project: string | null;
  readonly arn: string | null;
  /** The path of its first page. */
  readonly source: string;
  readonly secret: SecretFact | undefined;
  readonly pages: readonly (PageFact & { readonly place: Place })[];
  readonly stages: readonly StageFact[];
  readonly terraform: readonly TerraformFact[];
  /** Oldest first, each once. */
  readonly versions: readonly OrderedVersion[];
}
export interface OrderedVersion extends VersionFact {
  readonly path: string;
  /** Its number in the series; 0 if its id is not part of the series. */
  readonly number: number;
  readonly ordinal: number;
}

/** A fact, and the place of the response that says so. */
export type PlacedFact = Fact & { readonly place: Place };
