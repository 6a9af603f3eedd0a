import * as v from 'valibot';
import { awsSecretsManager, type Dialect, type RefusalCode } from '../../index.ts';
import { time } from '../../schema.ts';
import { idInSeries } from '../../series.ts';
import { asJson, quote } from '../../text.ts';
import type { DriverAnswer, SecretDriver } from './driver.ts';
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
 * Two calls succeed in AWS but are refused in the model: DeleteSecret of a secret whose deletion is scheduled (assumed), and
 * RestoreSecret of one whose deletion is not (assumed). The driver reads DeletedDate first, makes the call, and reports a success as a
 * refusal. A check still finds it if that call changes anything but DeletedDate. `show` returns the date in the response of the first
 * DeleteSecret as the deletion time.
 *
 * It reads at most 4 MiB of a response, and at most 100 pages and 10,000 versions and stages of a secret.
 *
 * @throws {RangeError} if `timeout` is invalid.
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
  const send = sender({ url, fetch, timeout }, readError);
  const made = new Map<string, Made>();

  /** Sends a request about a secret. `fields` are those besides SecretId. */
  const ask = (operation: string, secret: string, fields: object = {}): Promise<Answer> => {
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=any/20260101/${region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=none`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${operation}`,
    };
    const body = { SecretId: secret, ...fields };
    return send(nameOf(operation, secret), { method: 'POST', path: '/', headers, body });
  };

  const describe = (secret: string) =>
    readBody(nameOf('DescribeSecret', secret), ask('DescribeSecret', secret), bodies.secret);

  const versionsOf = (secret: string) => {
    const asked = nameOf('ListSecretVersionIds', secret);
    return readPages(asked, 'NextToken', async (NextToken) => {
      const fields = { IncludeDeprecated: true, NextToken };
      const page = await readBody(asked, ask('ListSecretVersionIds', secret, fields), bodies.versions);
      const versions = page.Versions.map(({ VersionId: id, CreatedDate: createTime, VersionStages: stages }) => {
        return { id, createTime, stages };
      });
      return { versions, next: page.NextToken };
    });
  };

  const moved = async (secret: string, fields: object): Promise<DriverAnswer> => {
    const answer = await ask('UpdateSecretVersionStage', secret, fields);
    return answer.ok ? { ok: true } : answer;
  };

  return {
    dialect: dialect.id,
    takesIds: true,

    create: async (secret) => {
      const fields = { Name: secret, ClientRequestToken: idInSeries(1, dialect), SecretString: firstValue };
      // From here on the secret may exist, whatever the response is.
      const known: Made = { values: new Map(), versions: 1, due: null };
      made.set(secret, known);
      const answer = await ask('CreateSecret', secret, { SecretId: undefined, ...fields });
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
      switch (action.type) {
        case 'createVersion': {
          const { fingerprint, stages: VersionStages } = action;
          const number = ++known.versions;
          const ClientRequestToken = action.versionId ?? idInSeries(number, dialect);
          // The same fingerprint stands for the same value.
          const SecretString = `${firstValue}, ${fingerprint ?? `version ${number}`}`;
          const fields = { ClientRequestToken, SecretString, VersionStages };
          const answer = await ask('PutSecretValue', secret, fields);
          if (!answer.ok) return answer;
          const version = bodyOf(answer, bodies.version);
          known.values.set(SecretString, version.VersionId);
          return { ok: true, versionId: version.VersionId, stages: version.VersionStages };
        }
        case 'assignStage': {
          const { stage: VersionStage, versionId: MoveToVersionId, from } = action;
          return moved(secret, { VersionStage, MoveToVersionId, RemoveFromVersionId: from ?? undefined });
        }
        case 'removeStage': {
          const versions = Object.entries((await describe(secret)).VersionIdsToStages);
          // The call must name a version. Of a stage that is on none, any version is the wrong one.
          const [holder] = versions.find(([, stages]) => stages.includes(action.stage)) ?? versions[0] ?? [];
          return moved(secret, { VersionStage: action.stage, RemoveFromVersionId: action.from ?? holder });
        }
        case 'scheduleDeletion': {
          const { DeletedDate } = await describe(secret);
          const fields = { RecoveryWindowInDays: action.recoveryWindowInDays };
          const answer = await ask('DeleteSecret', secret, fields);
          if (!answer.ok) return answer;
          const { DeletionDate } = bodyOf(answer, bodies.deletion);
          if (DeletedDate !== null)
            return refusedAs('DELETION_ALREADY_SCHEDULED', 'DeleteSecret succeeded for a scheduled deletion');
          known.due = DeletionDate;
          return { ok: true };
        }
        case 'restore': {
          const { DeletedDate } = await describe(secret);
          const answer = await ask('RestoreSecret', secret);
          if (!answer.ok) return answer;
          if (DeletedDate === null)
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
      const isDeleted = DeletedDate !== null;
      const shown = {
        status: isDeleted ? ('PENDING_DELETE' as const) : ('ENABLED' as const),
        scheduledDeleteTime: isDeleted ? (due ?? DeletedDate) : null,
        versions: await versionsOf(secret),
        stages: Object.entries(VersionIdsToStages).flatMap(([versionId, names]) =>
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
      const fields = { ForceDeleteWithoutRecovery: true };
      const answer = await ask('DeleteSecret', secret, fields);
      const asked = nameOf('DeleteSecret', secret);
      if (!answer.ok) throw new Error(`${asked} was refused, so the secret still exists: ${answer.said}.`);
      // The deletion may take a while: until then the secret has a DeletedDate.
      const left = await ask('DescribeSecret', secret);
      if (left.ok && bodyOf(left, bodies.secret).DeletedDate === null)
        throw new Error(`${asked} succeeded, but the secret still exists.`);
      made.delete(secret);
    },
  };
}

/** A request, as messages name it. */
const nameOf = (operation: string, secret: string): string => `${operation} for ${quote(secret)}`;

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
const stages = v.array(text);

/** The fields that the driver reads. Others are not checked. */
const bodies = {
  secret: v.object({
    DeletedDate: v.nullish(seconds, null),
    VersionIdsToStages: v.nullish(v.record(text, stages), {}),
  }),
  versions: v.object({
    Versions: v.array(v.object({ VersionId: text, CreatedDate: seconds, VersionStages: v.nullish(stages, []) })),
    NextToken: v.nullish(text),
  }),
  version: v.object({ VersionId: text, VersionStages: v.optional(stages) }),
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
  return { said, isNotLetIn: rejection.test(type), reasons: reasonsByType.get(type) };
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
const rejection =
  /^(?:AccessDenied|ExpiredToken|IncompleteSignature|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|UnrecognizedClient)/;

/** A success that is a refusal in the model. */
const refusedAs = (reason: RefusalCode, said: string) => ({ ok: false, reasons: [reason], said }) as const;
