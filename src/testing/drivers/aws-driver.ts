import * as v from 'valibot';
import { awsSecretsManager, type Dialect, type RefusalCode } from '../../index.ts';
import { time } from '../../schema.ts';
import { idInSeries } from '../../series.ts';
import { asJson, quote } from '../../text.ts';
import type { SecretDriver } from './driver.ts';
import { type Answer, bodyOf, firstValue, madeIn, readBody, readPages, sender } from './requests.ts';

/** The options of {@link awsDriver}. */
export interface AwsDriverOptions {
  /** The region in the credentials of each request. If omitted, us-east-1. */
  readonly region?: string | undefined;
  /** The function that sends a request, such as `fetch` of an emulator or one that signs. If omitted, the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** The dialect of the secrets. If omitted, AWS Secrets Manager. */
  readonly dialect?: Dialect | undefined;
  /** The time limit of a response with its body, in milliseconds. If omitted, 30 seconds. */
  readonly timeout?: number | undefined;
}

/**
 * Makes a driver for a server with the API of AWS Secrets Manager, such as an emulator. It only touches secrets that it created, and
 * only reads values that it wrote. `show` compares DescribeSecret with ListSecretVersionIds, and reads the latest version with
 * GetSecretValue. No response of AWS contains when a stage was assigned.
 *
 * The Authorization header names the region, but its signature is not valid. Emulators accept that. AWS does not: pass a `fetch` that
 * signs each request.
 *
 * Two calls succeed in AWS but are refused in the model: DeleteSecret of a secret whose deletion is scheduled (documented), and
 * RestoreSecret of one whose deletion is not (assumed). The driver reads DeletedDate first, makes the call, and reports a success as a
 * refusal. A check still finds it if that call changes anything but DeletedDate. `show` returns the date in the response of the first
 * DeleteSecret as the deletion time.
 *
 * It reads at most 4 MiB of a response, and at most 100 pages and 10,000 versions and stages of a secret.
 *
 * @throws {RangeError} if `region` or `timeout` is invalid.
 * @throws {Error} from each method, if the server cannot be reached or rejects the credentials, or if its response is late, too large
 * or does not match the API. The message names the operation, the secret and the problem.
 *
 * @example
 * awsDriver('http://127.0.0.1:4566', { region: 'eu-west-1' }).dialect; // 'aws-secrets-manager'
 */
export function awsDriver(
  url: string,
  {
    region = 'us-east-1',
    fetch = globalThis.fetch,
    dialect = awsSecretsManager,
    timeout = 30_000,
  }: AwsDriverOptions = {},
): SecretDriver {
  if (!isRegion(region)) throw new RangeError(`region must be ${regionRule}; got ${quote(region)}.`);
  const send = sender({ url, fetch, timeout }, readError);
  const made = new Map<string, Made>();

  const ask = (operation: string, secret: string, request: object = { SecretId: secret }): Promise<Answer> => {
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=any/20260101/${region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=none`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${operation}`,
    };
    return send(`${operation} for ${quote(secret)}`, { method: 'POST', path: '/', headers, body: request });
  };
  /** Sends a request that must succeed. Returns the body of the response. */
  const read = <Schema extends v.GenericSchema>(
    schema: Schema,
    operation: string,
    secret: string,
    request?: object,
  ): Promise<v.InferOutput<Schema>> =>
    readBody(`${operation} for ${quote(secret)}`, ask(operation, secret, request), schema);
  const describe = (secret: string) => read(bodies.secret, 'DescribeSecret', secret);

  const versionsOf = (secret: string) =>
    readPages(`ListSecretVersionIds for ${quote(secret)}`, 'NextToken', async (NextToken) => {
      const request = { SecretId: secret, IncludeDeprecated: true, NextToken };
      const page = await read(bodies.versions, 'ListSecretVersionIds', secret, request);
      const versions = page.Versions.map(({ VersionId: id, CreatedDate: createTime, VersionStages }) => {
        return { id, createTime, stages: VersionStages ?? [] };
      });
      return { versions, next: page.NextToken };
    });

  return {
    dialect: dialect.id,
    takesIds: true,

    create: async (secret) => {
      const request = { Name: secret, ClientRequestToken: idInSeries(1, dialect), SecretString: firstValue };
      // From here on the secret may exist, whatever the response is.
      const known: Made = { values: new Map(), versions: 1, due: null };
      made.set(secret, known);
      const answer = await ask('CreateSecret', secret, request);
      if (!answer.ok) {
        made.delete(secret);
        return answer;
      }
      const { VersionId } = bodyOf(answer, bodies.version);
      known.values.set(firstValue, VersionId);
      return { ok: true, versionId: VersionId };
    },

    act: async (secret, action) => {
      const known = madeIn(made, secret);
      const SecretId = secret;
      switch (action.type) {
        case 'createVersion': {
          const { fingerprint, stages: VersionStages } = action;
          const number = ++known.versions;
          const ClientRequestToken = action.versionId ?? idInSeries(number, dialect);
          // The same fingerprint stands for the same value.
          const SecretString = `${firstValue}, ${fingerprint ?? `version ${number}`}`;
          const request = { SecretId, ClientRequestToken, SecretString, VersionStages };
          const answer = await ask('PutSecretValue', secret, request);
          if (!answer.ok) return answer;
          const version = bodyOf(answer, bodies.version);
          known.values.set(SecretString, version.VersionId);
          return { ok: true, versionId: version.VersionId, stages: version.VersionStages ?? undefined };
        }
        case 'assignStage': {
          const { stage: VersionStage, versionId: MoveToVersionId, from } = action;
          const request = { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId: from ?? undefined };
          const answer = await ask('UpdateSecretVersionStage', secret, request);
          return answer.ok ? { ok: true } : answer;
        }
        case 'removeStage': {
          const versions = Object.entries((await describe(secret)).VersionIdsToStages ?? {});
          // The call must name a version. Of a stage that is on none, any version is the wrong one.
          const [holder] = versions.find(([, stages]) => stages.includes(action.stage)) ?? versions[0] ?? [];
          const request = { SecretId, VersionStage: action.stage, RemoveFromVersionId: action.from ?? holder };
          const answer = await ask('UpdateSecretVersionStage', secret, request);
          return answer.ok ? { ok: true } : answer;
        }
        case 'scheduleDeletion': {
          const { DeletedDate } = await describe(secret);
          const request = { SecretId, RecoveryWindowInDays: action.recoveryWindowInDays };
          const answer = await ask('DeleteSecret', secret, request);
          if (!answer.ok) return answer;
          const { DeletionDate } = bodyOf(answer, bodies.deletion);
          if (typeof DeletedDate === 'number')
            return refusedAs('DELETION_ALREADY_SCHEDULED', 'DeleteSecret succeeded for a scheduled deletion');
          known.due = DeletionDate;
          return { ok: true };
        }
        case 'restore': {
          const { DeletedDate } = await describe(secret);
          const answer = await ask('RestoreSecret', secret);
          if (!answer.ok) return answer;
          if (typeof DeletedDate !== 'number')
            return refusedAs('DELETION_NOT_SCHEDULED', 'RestoreSecret succeeded without a scheduled deletion');
          known.due = null;
          return { ok: true };
        }
        default:
          throw new Error(`The API has no call for ${action.type}.`);
      }
    },

    show: async (secret) => {
      const { values, due } = madeIn(made, secret);
      const { DeletedDate, VersionIdsToStages } = await describe(secret);
      const isDeleted = typeof DeletedDate === 'number';
      const shown = {
        status: isDeleted ? ('PENDING_DELETE' as const) : ('ENABLED' as const),
        scheduledDeleteTime: isDeleted ? (due ?? DeletedDate) : null,
        versions: await versionsOf(secret),
        stages: Object.entries(VersionIdsToStages ?? {}).flatMap(([versionId, names]) =>
          names.map((name) => ({ name, versionId })),
        ),
      };
      if (isDeleted) return shown;
      const answer = await ask('GetSecretValue', secret);
      if (!answer.ok) return { ...shown, latest: null };
      // The version whose value was returned. Readers only use the value, not the id.
      const { VersionId, SecretString } = bodyOf(answer, bodies.value);
      return { ...shown, latest: values.get(SecretString ?? '') ?? VersionId };
    },

    remove: async (secret) => {
      madeIn(made, secret);
      const request = { SecretId: secret, ForceDeleteWithoutRecovery: true };
      const answer = await ask('DeleteSecret', secret, request);
      const asked = `DeleteSecret for ${quote(secret)}`;
      if (!answer.ok) throw new Error(`${asked} was refused, so the secret still exists: ${answer.said}.`);
      // The deletion may take a while: until then the secret has a DeletedDate.
      const left = await ask('DescribeSecret', secret);
      if (left.ok && typeof bodyOf(left, bodies.secret).DeletedDate !== 'number')
        throw new Error(`${asked} succeeded, but the secret still exists.`);
      made.delete(secret);
    },
  };
}

/** Whether a region can be sent. AWS has regions such as us-east-1, and an emulator may have others. */
export function isRegion(region: string): boolean {
  return /^[a-z\d-]{1,64}$/.test(region);
}

export const regionRule = '1 to 64 lower-case letters, digits or hyphens, such as us-east-1';

/** What the driver knows of a secret that it created. */
interface Made {
  /** The ids of its versions, by their values. */
  readonly values: Map<string, string>;
  /** How many versions were requested. */
  versions: number;
  /** When it will be deleted, by the response of DeleteSecret. */
  due: number | null;
}

const text = v.string();
/** Epoch seconds, read as milliseconds. */
const seconds = v.pipe(
  v.number(),
  v.transform((given) => Math.round(given * 1000)),
  time,
);
const stages = v.nullish(v.array(text));

/** The fields that the driver reads. Others are not checked. */
const bodies = {
  secret: v.object({ DeletedDate: v.nullish(seconds), VersionIdsToStages: v.nullish(v.record(text, v.array(text))) }),
  versions: v.object({
    Versions: v.array(v.object({ VersionId: text, CreatedDate: seconds, VersionStages: stages })),
    NextToken: v.nullish(text),
  }),
  version: v.object({ VersionId: text, VersionStages: stages }),
  value: v.object({ VersionId: text, SecretString: v.nullish(text) }),
  deletion: v.object({ DeletionDate: seconds }),
};
/** How much of the message of an error is repeated, in characters. AWS says in it which version has a label. */
const saidLength = 300;

const errorBody = v.object({ __type: text, Message: v.nullish(text), message: v.nullish(text) });

/** Reads an error. Some servers write its type with a namespace, as in `com.amazonaws.secretsmanager#…`. */
const readError = (body: unknown) => {
  const error = v.safeParse(errorBody, body);
  if (!error.success) return '__type';
  const { __type, Message, message } = error.output;
  const type = __type.slice(__type.indexOf('#') + 1);
  const said = `${type} ${asJson((Message ?? message ?? '').slice(0, saidLength))}`;
  return { said, isNotLetIn: rejections.has(type), reasons: reasonsByType.get(type) };
};

const invalid: readonly RefusalCode[] = [
  'INVALID_VALUE',
  'BUILT_IN_STAGE',
  'HOLDER_NOT_NAMED',
  'WRONG_HOLDER',
  'UNKNOWN_STAGE',
  'STAGE_LIST_LIMIT',
];

/**
 * The refusals that an error can mean, by its type. Documented: which operation has which errors. Which refusal has which is assumed,
 * except that of a wrong holder, a repeated id and a scheduled deletion.
 */
const reasonsByType = new Map<string, readonly RefusalCode[]>([
  ['InvalidParameterException', invalid],
  ['ValidationException', invalid],
  ['InvalidRequestException', ['SECRET_NOT_ENABLED', 'DELETION_ALREADY_SCHEDULED', 'DELETION_NOT_SCHEDULED']],
  ['ResourceNotFoundException', ['UNKNOWN_VERSION', 'UNKNOWN_STAGE']],
  ['ResourceExistsException', ['VERSION_ID_TAKEN']],
  ['LimitExceededException', ['STAGE_LIMIT', 'STAGE_LIST_LIMIT', 'VERSION_LIMIT']],
]);

/** The errors of a signature or of access (documented: common errors). */
const rejections: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);

/** A success that is a refusal in the model. */
const refusedAs = (reason: RefusalCode, said: string) => ({ ok: false, reasons: [reason], said }) as const;
