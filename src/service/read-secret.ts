import * as v from 'valibot';
import { type AwsSecret, awsValue, type SecretRotation } from '../api/aws/index.ts';
import { type Secret as CsmsSecret, csmsValue, defaultSettings } from '../api/csms/index.ts';
import { isCount } from '../limits.ts';
import { time } from '../schema.ts';
import { record, type SecretTools } from './parse-world.ts';

/** Reads a secret of an emulated CSMS. */
export function readCsmsSecret(
  input: unknown,
  path: string,
  { read, readState, readByVersion }: SecretTools,
): CsmsSecret | undefined {
  const secret = read(csmsSchema, input, path);
  const state = secret && readState(secret.state, path);
  if (!state) return undefined;
  return Object.freeze({
    ...secret,
    eventSubscriptions: Object.freeze(secret.eventSubscriptions),
    tags: Object.freeze(secret.tags.map((tag) => Object.freeze(tag))),
    state,
    kmsKeyIds: readByVersion(state, secret.kmsKeyIds, `${path}.kmsKeyIds`, v.string()),
    expireTimes: readByVersion(state, secret.expireTimes, `${path}.expireTimes`, time),
    values: readByVersion(state, secret.values, `${path}.values`, csmsValue),
  });
}

/** A function call, so that a bundle without it can omit it. */
const csmsSchema = /* @__PURE__ */ csmsFields();

function csmsFields() {
  const text = v.nullish(v.string(), null);
  return v.strictObject({
    id: v.string(),
    description: v.string(),
    kmsKeyId: v.string(),
    // Older snapshots have none of these.
    secretType: v.optional(v.string(), defaultSettings.secretType),
    enterpriseProjectId: v.optional(v.string(), defaultSettings.enterpriseProjectId),
    eventSubscriptions: v.optional(v.array(v.string()), []),
    rotationPeriod: text,
    rotationConfig: text,
    rotationFuncUrn: text,
    tags: v.optional(v.array(v.strictObject({ key: v.string(), value: v.string() })), []),
    createTime: time,
    updateTime: time,
    state: v.unknown(),
    kmsKeyIds: v.optional(record, {}),
    expireTimes: record,
    values: v.optional(record, {}),
  });
}

/** Reads a secret of an emulated AWS Secrets Manager. */
export function readAwsSecret(
  input: unknown,
  path: string,
  { read, readState, readByVersion }: SecretTools,
): AwsSecret | undefined {
  const secret = read(awsSchema, input, path);
  const state = secret && readState(secret.state, path);
  if (!state) return undefined;
  return Object.freeze({
    ...secret,
    tags: secret.tags && Object.freeze(secret.tags.map((tag) => Object.freeze(tag))),
    rotation: secret.rotation && frozenRotation(secret.rotation),
    replicas: Object.freeze(secret.replicas.map((replica) => Object.freeze(replica))),
    state,
    kmsKeyIds: readByVersion(state, secret.kmsKeyIds, `${path}.kmsKeyIds`, v.string()),
    accessTimes: readByVersion(state, secret.accessTimes, `${path}.accessTimes`, time),
    values: readByVersion(state, secret.values, `${path}.values`, awsValue),
  });
}

function frozenRotation({ rules, window, attempt, ...others }: SecretRotation): SecretRotation {
  return Object.freeze({
    ...others,
    rules: Object.freeze(rules),
    window: window && Object.freeze(window),
    attempt: attempt && Object.freeze(attempt),
  });
}

const awsSchema = /* @__PURE__ */ awsFields();

function awsFields() {
  const countFrom = (least: number) =>
    v.pipe(
      v.number(),
      v.check((value) => isCount(value) && value >= least, `a whole number from ${least} to 1e15`),
    );
  const rotation = v.strictObject({
    isOn: v.boolean(),
    functionArn: v.string(),
    // Expressions are not checked: the parser of cron would be a third of a policy checker, which reads snapshots, too.
    rules: v.strictObject({
      // With less than a day, a window would open before the rotation before it, and rotations would never end.
      AutomaticallyAfterDays: v.optional(countFrom(1)),
      Duration: v.optional(v.string()),
      ScheduleExpression: v.optional(v.string()),
    }),
    lastTime: v.nullable(time),
    window: v.nullable(v.strictObject({ opens: time, closes: time })),
    attempt: v.nullable(
      v.strictObject({
        token: v.string(),
        step: v.picklist(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
        isTest: v.boolean(),
        isRunning: v.boolean(),
        failures: countFrom(0),
        due: v.nullable(time),
      }),
    ),
  });
  return v.strictObject({
    arn: v.string(),
    description: v.nullable(v.string()),
    kmsKeyId: v.nullable(v.string()),
    createTime: time,
    updateTime: time,
    accessTime: v.nullable(time),
    tags: v.nullable(v.array(v.strictObject({ Key: v.string(), Value: v.string() }))),
    policy: v.nullable(v.string()),
    // Older snapshots have none of these.
    rotation: v.nullish(rotation, null),
    primaryRegion: v.nullish(v.string(), null),
    replicas: v.optional(
      v.array(
        v.strictObject({ region: v.string(), kmsKeyId: v.nullable(v.string()), failure: v.nullable(v.string()) }),
      ),
      [],
    ),
    state: v.unknown(),
    kmsKeyIds: record,
    accessTimes: record,
    values: v.optional(record, {}),
  });
}
