import * as v from 'valibot';
import type { CreateSecret, SecretAction } from '../index.ts';
import { isTime, timeRule } from '../state.ts';

/** A line of a transcript as a call of the CSMS API. Its shape is sound; whether it makes sense is for the model to say. */
export interface Call {
  readonly operation: string;
  readonly at: number;
  readonly project: string;
  readonly secret: string;
  readonly task: Task;
}

/** What a call asks of the model. A call that moves no stage asks nothing. */
type Task =
  | ({ readonly type: 'createSecret' } & CreateSecret)
  | { readonly type: 'deleteSecret' }
  | { readonly type: 'none' }
  | SecretAction;

/** Why a line cannot be played: what it should have been. */
export interface Mistake {
  readonly expected: string;
}

/** What a route knows of a call besides its body. `answeredId` is the version id in the recorded answer, if there is one. */
interface Context {
  readonly at: number;
  readonly secret: string;
  readonly stage: string;
  readonly answeredId: string | undefined;
}

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly taskOf: (context: Context, body: unknown) => Task | Mistake;
}

const route = <Schema extends v.GenericSchema>(
  operation: string,
  [method, path]: readonly [method: string, path: string],
  bodySchema: Schema,
  task: (context: Context, body: v.InferOutput<Schema>) => Task,
): Route => ({
  operation,
  method,
  path,
  taskOf: (context, body) => {
    const result = v.safeParse(bodySchema, body);
    return result.success ? task(context, result.output) : { expected: complaint(result.issues[0], 'body') };
  },
});

const secretsPath = '/v1/{project_id}/secrets';
const secretPath = `${secretsPath}/{secret_name}`;
const versionPath = `${secretPath}/versions/{version_id}`;
const stagePath = `${secretPath}/stages/{stage_name}`;

const anyBody = v.unknown();
const none = (): Task => ({ type: 'none' });

/**
 * The calls, and what the model needs of their bodies: values, keys and tags are none of its business.
 * Source: CSMS API reference, the pages of these names.
 */
const routes: readonly Route[] = [
  route('CreateSecret', ['POST', secretsPath], v.object({ name: v.string() }), ({ at }, { name }) => ({
    type: 'createSecret',
    name,
    at,
  })),
  route('ListSecrets', ['GET', secretsPath], anyBody, none),
  route('ShowSecret', ['GET', secretPath], anyBody, none),
  route('DeleteSecret', ['DELETE', secretPath], anyBody, () => ({ type: 'deleteSecret' })),
  route(
    'CreateSecretVersion',
    ['POST', `${secretPath}/versions`],
    v.object({ version_stages: v.optional(v.array(v.string())) }),
    ({ at, answeredId }, { version_stages }) => ({
      type: 'createVersion',
      at,
      versionId: answeredId,
      stages: version_stages,
    }),
  ),
  route('ListSecretVersions', ['GET', `${secretPath}/versions`], anyBody, none),
  route('ShowSecretVersion', ['GET', versionPath], anyBody, none),
  // An expiry time stays outside the model.
  route('UpdateVersion', ['PUT', versionPath], anyBody, none),
  route(
    'CreateSecretStage',
    ['POST', `${secretPath}/stages`],
    v.object({ name: v.string(), version_id: v.string() }),
    ({ at }, { name, version_id }) => ({ type: 'assignStage', stage: name, versionId: version_id, at }),
  ),
  route(
    'UpdateSecretStage',
    ['PUT', stagePath],
    v.object({ version_id: v.string() }),
    ({ at, stage }, { version_id }) => ({
      type: 'assignStage',
      stage,
      versionId: version_id,
      at,
    }),
  ),
  route('ShowSecretStage', ['GET', stagePath], anyBody, none),
  route('DeleteSecretStage', ['DELETE', stagePath], anyBody, ({ at, stage }) => ({ type: 'removeStage', stage, at })),
  route(
    'DeleteSecretForSchedule',
    ['POST', `${secretPath}/scheduled-deleted-tasks/create`],
    v.optional(v.object({ recovery_window_in_days: v.optional(v.number()) })),
    ({ at }, body) => ({ type: 'scheduleDeletion', at, recoveryWindowInDays: body?.recovery_window_in_days }),
  ),
  route('RestoreSecret', ['POST', `${secretPath}/scheduled-deleted-tasks/cancel`], anyBody, ({ at }) => ({
    type: 'restore',
    at,
  })),
];

const lineSchema = v.object({
  at: v.pipe(v.number(), v.check(isTime, timeRule)),
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/** Reads one line; what is wrong with it is said without a word of its content, which may hold a secret's value. */
export const readLine = (text: string): Call | Mistake => {
  const json = parseJson(text);
  if (json === undefined) {
    return { expected: 'one JSON object a line, such as {"at": 1581507580000, "method": "PUT", "path": "/v1/…"}' };
  }
  const line = v.safeParse(lineSchema, json);
  if (!line.success) return { expected: complaint(line.issues[0]) };

  const { at, body, response } = line.output;
  const onPath = routes.flatMap((route) => {
    const names = match(route.path, line.output.path);
    return names ? [{ route, names }] : [];
  });
  const call = onPath.find(({ route }) => route.method === line.output.method.toUpperCase());
  if (call === undefined) {
    const methods = onPath.map(({ route }) => route.method).join(', ');
    return {
      expected: methods
        ? `the method on this path to be one of ${methods}`
        : `the path of a call, such as ${stagePath}`,
    };
  }

  const { project_id: project = '', secret_name: name = '', stage_name: stage = '' } = call.names;
  const answer = v.safeParse(answerSchema, response);
  const answeredId = answer.success ? answer.output.version_metadata.id : undefined;
  const task = call.route.taskOf({ at, secret: name, stage, answeredId }, body);
  if ('expected' in task) return task;
  return {
    operation: call.route.operation,
    at,
    project,
    secret: task.type === 'createSecret' ? task.name : name,
    task,
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The names that a path gives to the placeholders of a route, or undefined if it is not on that route. */
const match = (route: string, path: string): Readonly<Record<string, string>> | undefined => {
  const pattern = new RegExp(`^${route.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/?]+)')}(\\?.*)?$`, 's');
  const names = pattern.exec(path)?.groups;
  return names && Object.fromEntries(Object.entries(names).map(([name, text]) => [name, decode(text)]));
};

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const complaint = (issue: v.BaseIssue<unknown>, where?: string): string => {
  const path = [where, v.getDotPath(issue)].filter(Boolean).join('.') || 'the line';
  if (issue.kind === 'validation') return `${path} to be in ${issue.message}`;
  return `${path} to be ${issue.received === 'undefined' ? 'there' : `of type ${issue.expected}`}`;
};
