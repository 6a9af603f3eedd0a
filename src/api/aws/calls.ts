import * as v from 'valibot';
import { bytesIn, isBase64, keptValue, type Value } from '../value.ts';
import { type AwsError, errors, validationError } from './errors.ts';

/** An operation of the API. */
export type Operation = keyof ReturnType<typeof requestsOfAws>;

/** The request of an operation, with the names and types of the API. */
export type Request<Name extends Operation> = v.InferOutput<ReturnType<typeof requestsOfAws>[Name]>;

type CallOf<Name extends Operation> = {
  readonly operation: Name;
  /** The account and the region that the request was signed for. */
  readonly project: string;
  readonly request: Request<Name>;
};

/** A call of the API with valid fields. Whether it can be done is for the model to decide. */
export type Call<Name extends Operation = Operation> = { readonly [O in Name]: CallOf<O> }[Name];

/** Returns the value in a request, or undefined if it has none. */
export function valueIn(request: {
  SecretString?: string | null | undefined;
  SecretBinary?: string | null | undefined;
}): Value | undefined {
  if (typeof request.SecretString === 'string') return { kind: 'string', text: request.SecretString };
  return typeof request.SecretBinary === 'string' ? { kind: 'binary', text: request.SecretBinary } : undefined;
}

/** Source: quotas and the service model (documented). */
const valueLimit = 65_536;

/** The schema of a stored value in untrusted data. A binary value is longer in base64. */
export const awsValue: v.GenericSchema<unknown, Value> = /* @__PURE__ */ keptValue(Math.ceil(valueLimit / 3) * 4);

/** A function call, so that a bundle without calls can omit it. */
const requests = /* @__PURE__ */ requestsOfAws();

/**
 * Source: the service model from which every SDK is generated (documented): members, required ones, lengths and values. Which names,
 * tokens, labels and days are valid is for the model to decide, because those rules belong to the dialect. Other members are ignored.
 */
function requestsOfAws() {
  const least = (length: number) => `Member must have length greater than or equal to ${length}`;
  const most = (length: number) => `Member must have length less than or equal to ${length}`;
  const text = (from: number, to: number) =>
    v.pipe(v.string(), v.minLength(from, least(from)), v.maxLength(to, most(to)));
  const pattern = (schema: v.GenericSchema<string>, matches: RegExp) =>
    v.pipe(schema, v.regex(matches, `Member must satisfy regular expression pattern: ${matches.source}`));
  const list = <Item extends v.GenericSchema>(item: Item, from: number, to = Number.POSITIVE_INFINITY) =>
    v.pipe(v.array(item), v.minLength(from, least(from)), v.maxLength(to, most(to)));
  const oneOf = (...options: readonly string[]) =>
    v.pipe(
      v.string(),
      v.check((input) => options.includes(input), `Member must satisfy enum value set: [${options.join(', ')}]`),
    );
  const whole = v.custom<number>(Number.isInteger);
  const number = (from: number, to: number) =>
    v.pipe(
      whole,
      v.minValue(from, `Member must have value greater than or equal to ${from}`),
      v.maxValue(to, `Member must have value less than or equal to ${to}`),
    );
  const flag = v.nullish(v.boolean());
  const anyText = v.string();
  const optional = v.nullish(anyText);
  const stage = text(1, 256);
  const version = v.nullish(text(32, 64));
  const bytes = (size: (input: string) => number) =>
    v.pipe(
      v.string(),
      v.check((input) => size(input) > 0, least(1)),
      v.check((input) => size(input) <= valueLimit, most(valueLimit)),
    );
  const value = {
    SecretString: v.nullish(bytes(bytesIn)),
    // The SDKs never send other forms of base64.
    SecretBinary: v.nullish(
      v.pipe(
        bytes((input) => (input.replace(/={1,2}$/, '').length * 3) >> 2),
        v.check(isBase64, 'Member must be base64 with padding'),
      ),
    ),
  };
  const secret = { SecretId: anyText };
  /** Every SDK adds a token. Only a request without an SDK can omit it. */
  const tokened = { ClientRequestToken: anyText };
  const metadata = { Description: v.nullish(text(0, 2048)), KmsKeyId: v.nullish(text(0, 2048)), Type: optional };
  const tags = v.array(v.object({ Key: text(1, 128), Value: text(0, 256) }));
  const page = (to: number) => ({ MaxResults: v.nullish(number(1, to)), NextToken: v.nullish(text(1, 4096)) });
  const filters = v.nullish(
    list(
      v.object({
        Key: oneOf('description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'),
        Values: list(pattern(text(0, 512), /^!?[a-zA-Z0-9 :_@/+=.\-!]*$/), 1, 10),
      }),
      0,
      10,
    ),
  );
  const policy = { ResourcePolicy: text(1, 20_480) };
  const region = text(1, 128);
  const replica = v.object({ Region: v.nullish(region), KmsKeyId: v.nullish(text(0, 2048)) });
  const overwrite = { ForceOverwriteReplicaSecret: flag };
  return {
    CreateSecret: v.object({
      Name: anyText,
      ...tokened,
      ...metadata,
      ...value,
      Tags: v.nullish(tags),
      AddReplicaRegions: v.nullish(v.array(replica)),
      ...overwrite,
    }),
    PutSecretValue: v.object({
      ...secret,
      ...tokened,
      ...value,
      VersionStages: v.nullish(v.array(anyText)),
      RotationToken: optional,
    }),
    UpdateSecret: v.object({ ...secret, ...tokened, ...metadata, ...value }),
    UpdateSecretVersionStage: v.object({
      ...secret,
      VersionStage: stage,
      RemoveFromVersionId: version,
      MoveToVersionId: version,
    }),
    DeleteSecret: v.object({
      ...secret,
      RecoveryWindowInDays: v.nullish(whole),
      ForceDeleteWithoutRecovery: flag,
    }),
    RestoreSecret: v.object(secret),
    GetSecretValue: v.object({ ...secret, VersionId: version, VersionStage: v.nullish(stage) }),
    BatchGetSecretValue: v.object({
      SecretIdList: v.nullish(list(text(1, 2048), 1, 20)),
      Filters: filters,
      ...page(20),
    }),
    DescribeSecret: v.object(secret),
    ListSecretVersionIds: v.object({ ...secret, ...page(100), IncludeDeprecated: flag }),
    ListSecrets: v.object({
      IncludePlannedDeletion: flag,
      ...page(100),
      Filters: filters,
      SortOrder: v.nullish(oneOf('asc', 'desc')),
      SortBy: v.nullish(oneOf('created-date', 'last-accessed-date', 'last-changed-date', 'name')),
    }),
    TagResource: v.object({ ...secret, Tags: tags }),
    UntagResource: v.object({ ...secret, TagKeys: v.array(text(1, 128)) }),
    PutResourcePolicy: v.object({ ...secret, ...policy, BlockPublicPolicy: flag }),
    GetResourcePolicy: v.object(secret),
    DeleteResourcePolicy: v.object(secret),
    ValidateResourcePolicy: v.object({ SecretId: optional, ...policy }),
    GetRandomPassword: v.object({
      PasswordLength: v.nullish(number(1, 4096)),
      ExcludeCharacters: v.nullish(text(0, 4096)),
      ExcludeNumbers: flag,
      ExcludePunctuation: flag,
      ExcludeUppercase: flag,
      ExcludeLowercase: flag,
      IncludeSpace: flag,
      RequireEachIncludedType: flag,
    }),
    RotateSecret: v.object({
      ...secret,
      ClientRequestToken: optional,
      RotationLambdaARN: v.nullish(text(0, 2048)),
      RotationRules: v.nullish(
        v.object({
          AutomaticallyAfterDays: v.nullish(number(1, 1000)),
          Duration: v.nullish(pattern(text(2, 3), /^[0-9]+h$/)),
          ScheduleExpression: v.nullish(pattern(text(1, 256), /^[0-9A-Za-z()#?*\-/, ]+$/)),
        }),
      ),
      RotateImmediately: flag,
      ExternalSecretRotationMetadata: v.nullish(v.unknown()),
      ExternalSecretRotationRoleArn: optional,
    }),
    CancelRotateSecret: v.object(secret),
    ReplicateSecretToRegions: v.object({ ...secret, AddReplicaRegions: list(replica, 1), ...overwrite }),
    RemoveRegionsFromReplication: v.object({ ...secret, RemoveReplicaRegions: list(region, 1) }),
    StopReplicationToReplica: v.object(secret),
  };
}

/** Reads the parsed body of a request as a call, or returns the error. `operation` is the part of the target after the dot. */
export function readCall(operation: string, project: string, body: unknown): Call | AwsError {
  if (!isOperation(operation)) return errors.unknownOperation;
  const read = v.safeParse(requests[operation], body ?? {}, { abortEarly: true });
  if (!read.success) return validationError(read.issues);
  // The compiler does not see that the request belongs to the operation.
  return { operation, project, request: read.output } as Call;
}

/** Returns the names of all operations. */
export function operationNames(): readonly string[] {
  return Object.keys(requests);
}

function isOperation(name: string): name is Operation {
  return Object.hasOwn(requests, name);
}
