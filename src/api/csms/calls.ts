import * as v from 'valibot';
import type { Value } from '../../emulator/world.ts';
import type { SecretAction } from '../../index.ts';
import { expectationOf, time } from '../../schema.ts';
import { decoded, partsOf } from '../http.ts';

/** What each operation of the API asks, by its name. This is the list of operations. */
interface Asked {
  CreateSecret: { readonly secret: string; readonly description: string; readonly kmsKeyId: string } & WithValue;
  ListSecrets: { readonly page: Page };
  ShowSecret: Named;
  UpdateSecret: Named & { readonly description: string | undefined; readonly kmsKeyId: string | undefined };
  DeleteSecret: Named;
  CreateSecretVersion: Named &
    WithValue & { readonly stages: readonly string[] | undefined; readonly expireTime: number | undefined };
  ListSecretVersions: Named & { readonly page: Page };
  ShowSecretVersion: Named & { readonly versionId: string };
  UpdateVersion: Named & { readonly versionId: string; readonly expireTime: number };
  CreateSecretStage: Named & Staged & { readonly versionId: string };
  UpdateSecretStage: Named & Staged & { readonly versionId: string };
  ShowSecretStage: Named & Staged;
  DeleteSecretStage: Named & Staged;
  DeleteSecretForSchedule: Named & { readonly recoveryWindowInDays: number | undefined };
  RestoreSecret: Named;
}
interface Named {
  readonly secret: string;
}
interface Staged {
  readonly stage: string;
}
/** The value that came along. A recording without it is still a call. */
interface WithValue {
  readonly value: Value | undefined;
}
export interface Page {
  /** What the page comes after; undefined for the first. */
  readonly marker: string | undefined;
  readonly limit: number;
}

export type Operation = keyof Asked;

/** A call of the API. Its shape is sound; whether it makes sense is for the model to say. */
export type Call<Name extends Operation = Operation> = {
  readonly [O in Name]: { readonly operation: O; readonly project: string } & Asked[O];
}[Name];

/** Why a request is no call: what it should have been. Nothing of its content is told, for that may be a secret's value. */
export type Mistake =
  | { readonly code: 'NOT_A_CALL'; readonly expected: string }
  | { readonly code: 'BAD_BODY'; readonly expected: string }
  | { readonly code: 'BAD_FIELD'; readonly expected: string };

/** The names in a path. Those that a route does not have are empty. */
interface Names {
  readonly project: string;
  readonly secret: string;
  readonly version: string;
  readonly stage: string;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly read: (names: Names, body: unknown, query: string) => Call | Mistake;
}

const secretsPath = '/v1/{project_id}/secrets';
const secretPath = `${secretsPath}/{secret_name}`;
const versionsPath = `${secretPath}/versions`;
const versionPath = `${versionsPath}/{version_id}`;
const stagesPath = `${secretPath}/stages`;
const stagePath = `${stagesPath}/{stage_name}`;
const tasksPath = `${secretPath}/scheduled-deleted-tasks`;

const route = <Schema extends v.GenericSchema>(
  method: string,
  path: string,
  bodySchema: Schema,
  ask: (names: Names, body: v.InferOutput<Schema>, query: string) => Call | Mistake,
): Route => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{(\w+?)_\w+\}/g, '(?<$1>[^/]+)')}$`),
  read: (names, body, query) => {
    const result = v.safeParse(bodySchema, body);
    return result.success ? ask(names, result.output, query) : mistakeOf(result.issues[0], 'body');
  },
});

const bytes = new TextEncoder();
const within = (most: number) =>
  v.check((text: string) => bytes.encode(text).length <= most, `at most ${most} bytes of UTF-8`);

/** Source: CSMS API reference, CreateSecret and CreateSecretVersion (documented): one and only one of the two, at most 32 KiB. */
export const valueLimit: v.GenericSchema<string> = v.pipe(v.string(), within(32_768));
export const base64: v.RegexAction<string, string> = v.regex(
  /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/,
  'base64',
);
const valueFields = { secret_string: v.nullish(valueLimit), secret_binary: v.nullish(v.pipe(valueLimit, base64)) };
/**
 * What is told of a secret. Source: CSMS API reference, CreateSecret and UpdateSecret (documented: 2,048 bytes; the default key is
 * named csms/default). Assumed: any text is a key's id, and the default one shows its name.
 */
const metadata = {
  description: v.nullish(v.pipe(v.string(), within(2048))),
  kms_key_id: v.nullish(v.pipe(v.string(), within(64))),
};
/** Source: CreateSecret (documented: COMMON unless told otherwise). The others rotate by themselves, which nothing does here. */
const common = v.pipe(
  v.string(),
  v.check((type) => type === 'COMMON', 'COMMON: the emulator keeps no others'),
);
const anyBody = v.unknown();

/** Source: CSMS API reference, the pages of these names. What a body has besides is none of the emulator's business. */
const routes: readonly Route[] = [
  route(
    'POST',
    secretsPath,
    v.object({ name: v.string(), secret_type: v.nullish(common), ...metadata, ...valueFields }),
    ({ project }, { name, description, kms_key_id, ...values }) =>
      withValue(values, {
        operation: 'CreateSecret',
        project,
        secret: name,
        description: description ?? '',
        kmsKeyId: kms_key_id ?? 'csms/default',
      }),
  ),
  route('GET', secretsPath, anyBody, ({ project }, _, query) => withPage(query, { operation: 'ListSecrets', project })),
  route('GET', secretPath, anyBody, ({ project, secret }) => ({ operation: 'ShowSecret', project, secret })),
  route('PUT', secretPath, v.object(metadata), ({ project, secret }, { description, kms_key_id }) => ({
    operation: 'UpdateSecret',
    project,
    secret,
    description: description ?? undefined,
    kmsKeyId: kms_key_id ?? undefined,
  })),
  route('DELETE', secretPath, anyBody, ({ project, secret }) => ({ operation: 'DeleteSecret', project, secret })),
  route(
    'POST',
    versionsPath,
    v.object({ version_stages: v.nullish(v.array(v.string())), expire_time: v.nullish(time), ...valueFields }),
    ({ project, secret }, { version_stages, expire_time, ...values }) =>
      withValue(values, {
        operation: 'CreateSecretVersion',
        project,
        secret,
        stages: version_stages ?? undefined,
        expireTime: expire_time ?? undefined,
      }),
  ),
  route('GET', versionsPath, anyBody, ({ project, secret }, _, query) =>
    withPage(query, { operation: 'ListSecretVersions', project, secret }),
  ),
  route('GET', versionPath, anyBody, ({ project, secret, version }) => ({
    operation: 'ShowSecretVersion',
    project,
    secret,
    versionId: version,
  })),
  route('PUT', versionPath, v.object({ expire_time: time }), ({ project, secret, version }, { expire_time }) => ({
    operation: 'UpdateVersion',
    project,
    secret,
    versionId: version,
    expireTime: expire_time,
  })),
  route(
    'POST',
    stagesPath,
    v.object({ name: v.string(), version_id: v.string() }),
    ({ project, secret }, { name, version_id }) => ({
      operation: 'CreateSecretStage',
      project,
      secret,
      stage: name,
      versionId: version_id,
    }),
  ),
  route('PUT', stagePath, v.object({ version_id: v.string() }), ({ project, secret, stage }, { version_id }) => ({
    operation: 'UpdateSecretStage',
    project,
    secret,
    stage,
    versionId: version_id,
  })),
  route('GET', stagePath, anyBody, ({ project, secret, stage }) => ({
    operation: 'ShowSecretStage',
    project,
    secret,
    stage,
  })),
  route('DELETE', stagePath, anyBody, ({ project, secret, stage }) => ({
    operation: 'DeleteSecretStage',
    project,
    secret,
    stage,
  })),
  route(
    'POST',
    `${tasksPath}/create`,
    v.optional(v.object({ recovery_window_in_days: v.nullish(v.number()) })),
    ({ project, secret }, body) => ({
      operation: 'DeleteSecretForSchedule',
      project,
      secret,
      recoveryWindowInDays: body?.recovery_window_in_days ?? undefined,
    }),
  ),
  route('POST', `${tasksPath}/cancel`, anyBody, ({ project, secret }) => ({
    operation: 'RestoreSecret',
    project,
    secret,
  })),
];

/**
 * Reads a request as a call. The target is a path with its query, as it came; the body is parsed JSON, undefined if there is
 * none.
 */
export function readCall(method: string, target: string, body: unknown): Call | Mistake {
  const [path, query] = partsOf(target);
  for (const route of routes) {
    const segments = route.method === method ? route.pattern.exec(path)?.groups : undefined;
    if (segments === undefined) continue;
    const { project = '', secret = '', version = '', stage = '' } = segments;
    const names = {
      project: decoded(project),
      secret: decoded(secret),
      version: decoded(version),
      stage: decoded(stage),
    };
    return projectId.test(names.project)
      ? route.read(names, body, query)
      : { code: 'BAD_FIELD', expected: 'a project_id of 1 to 64 characters that can be read' };
  }
  const methods = routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method);
  return {
    code: 'NOT_A_CALL',
    expected:
      methods.length > 0
        ? `the method on this path to be one of ${methods.join(', ')}`
        : `the path of a call, such as ${stagePath}`,
  };
}

/** The operations that change a secret of the model. */
export type Acting =
  | 'CreateSecretVersion'
  | 'CreateSecretStage'
  | 'UpdateSecretStage'
  | 'DeleteSecretStage'
  | 'DeleteSecretForSchedule'
  | 'RestoreSecret';

export function isActing(call: Call): call is Call<Acting> {
  return Object.hasOwn(actions, call.operation);
}

/** What such a call does, as an action of the model. */
export function actionOf<Name extends Acting>(call: Call<Name>, at: number): SecretAction {
  const action: (call: Call<Name>, at: number) => SecretAction = actions[call.operation];
  return action(call, at);
}

const assign = ({ stage, versionId }: Call<'CreateSecretStage' | 'UpdateSecretStage'>, at: number): SecretAction => ({
  type: 'assignStage',
  stage,
  versionId,
  at,
});

const actions: { readonly [Name in Acting]: (call: Call<Name>, at: number) => SecretAction } = {
  CreateSecretVersion: ({ stages }, at) => ({ type: 'createVersion', at, stages }),
  CreateSecretStage: assign,
  UpdateSecretStage: assign,
  DeleteSecretStage: ({ stage }, at) => ({ type: 'removeStage', stage, at }),
  DeleteSecretForSchedule: ({ recoveryWindowInDays }, at) => ({ type: 'scheduleDeletion', at, recoveryWindowInDays }),
  RestoreSecret: (_, at) => ({ type: 'restore', at }),
};

const withValue = <Rest>(
  values: { readonly [Field in keyof typeof valueFields]?: string | null | undefined },
  rest: Rest,
): (Rest & WithValue) | Mistake => {
  const { secret_string, secret_binary } = values;
  if (typeof secret_string === 'string' && typeof secret_binary === 'string') {
    return { code: 'BAD_FIELD', expected: 'one of body.secret_string and body.secret_binary, not both' };
  }
  if (typeof secret_string === 'string') return { ...rest, value: { kind: 'string', text: secret_string } };
  if (typeof secret_binary === 'string') return { ...rest, value: { kind: 'binary', text: secret_binary } };
  return { ...rest, value: undefined };
};

/** Source: CSMS API reference, ListSecrets (documented: 50 unless told otherwise) and its definition (at most 1,000). */
const withPage = <Rest>(query: string, rest: Rest): (Rest & { readonly page: Page }) | Mistake => {
  const parameters = new URLSearchParams(query);
  const limit = parameters.get('limit') ?? '50';
  if (!/^[1-9]\d{0,2}$|^1000$/.test(limit)) {
    return {
      code: 'BAD_FIELD',
      expected: `limit to be a whole number from 1 to 1000, not ${JSON.stringify(limit.slice(0, 80))}`,
    };
  }
  return { ...rest, page: { marker: parameters.get('marker') ?? undefined, limit: Number(limit) } };
};

/** Projects are another service's; here any name will do that people can read. */
export const projectRule = 'under a name of 1 to 64 characters that can be read';
export const projectId: RegExp = /^\P{C}{1,64}$/u;

/** What was expected in the place that an issue names. */
export function mistakeOf(issue: v.BaseIssue<unknown>, where?: string): Mistake {
  const place = [where, v.getDotPath(issue)].filter(Boolean).join('.') || 'the line';
  return {
    code: issue.kind === 'validation' ? 'BAD_FIELD' : 'BAD_BODY',
    expected: `${place} to be ${expectationOf(issue)}`,
  };
}
