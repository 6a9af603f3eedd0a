import * as v from 'valibot';
import type { CreateSecret, SecretAction } from '../index.ts';

/** A line of a transcript as a call of the CSMS API. Its shape is sound; whether it makes sense is for the model to say. */
export interface Call {
  readonly operation: string;
  readonly at: number;
  readonly project: string;
  readonly secret: string;
  readonly task: Task;
}

/** What a call asks of the model. A call that only reads asks nothing. */
export type Task =
  | ({ readonly type: 'createSecret' } & CreateSecret)
  | { readonly type: 'deleteSecret' }
  | { readonly type: 'read' }
  | SecretAction;

/** Why a line cannot be played. */
export interface Unusable {
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
  readonly taskOf: (context: Context, body: unknown) => Task | Unusable;
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

const secrets = '/v1/{project_id}/secrets';
const secret = `${secrets}/{secret_name}`;
const version = `${secret}/versions/{version_id}`;
const stage = `${secret}/stages/{stage_name}`;

const anyBody = v.unknown();
const read = (): Task => ({ type: 'read' });

/**
 * The calls, and what the model needs of their bodies: values, keys and tags are none of its business.
 * Source: CSMS API reference, the pages of these names.
 */
const routes: readonly Route[] = [
  route('CreateSecret', ['POST', secrets], v.object({ name: v.string() }), ({ at }, { name }) => ({
    type: 'createSecret',
    name,
    at,
  })),
  route('ListSecrets', ['GET', secrets], anyBody, read),
  route('ShowSecret', ['GET', secret], anyBody, read),
  route('DeleteSecret', ['DELETE', secret], anyBody, () => ({ type: 'deleteSecret' })),
  route(
    'CreateSecretVersion',
    ['POST', `${secret}/versions`],
    v.object({ version_stages: v.optional(v.array(v.string())) }),
    ({ at, answeredId }, { version_stages }) => ({
      type: 'createVersion',
      at,
      versionId: answeredId,
      stages: version_stages,
    }),
  ),
  route('ListSecretVersions', ['GET', `${secret}/versions`], anyBody, read),
  route('ShowSecretVersion', ['GET', version], anyBody, read),
  // Expiry times stay outside the model: they move no stage.
  route('UpdateVersion', ['PUT', version], anyBody, read),
  route(
    'CreateSecretStage',
    ['POST', `${secret}/stages`],
    v.object({ name: v.string(), version_id: v.string() }),
    ({ at }, { name, version_id }) => ({ type: 'assignStage', stage: name, versionId: version_id, at }),
  ),
  route('UpdateSecretStage', ['PUT', stage], v.object({ version_id: v.string() }), ({ at, stage }, { version_id }) => ({
    type: 'assignStage',
    stage,
    versionId: version_id,
    at,
  })),
  route('ShowSecretStage', ['GET', stage], anyBody, read),
  route('DeleteSecretStage', ['DELETE', stage], anyBody, ({ at, stage }) => ({ type: 'removeStage', stage, at })),
  route(
    'DeleteSecretForSchedule',
    ['POST', `${secret}/scheduled-deleted-tasks/create`],
    v.optional(v.object({ recovery_window_in_days: v.optional(v.number()) })),
    ({ at }, body) => ({ type: 'scheduleDeletion', at, recoveryWindowInDays: body?.recovery_window_in_days }),
  ),
  route('RestoreSecret', ['POST', `${secret}/scheduled-deleted-tasks/cancel`], anyBody, ({ at }) => ({
    type: 'restore',
    at,
  })),
];

const lineSchema = v.object({
  at: v.number(),
  method: v.string(),
  path: v.string(),
  body: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
});

const answerSchema = v.object({ version_metadata: v.object({ id: v.string() }) });

/** Reads one line; what is wrong with it is said without a word of its content, which may hold a secret's value. */
export const readLine = (text: string): Call | Unusable => {
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
  if (call === undefined) return { expected: `a call of the CSMS API: ${listed(onPath.map(({ route }) => route))}` };

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

/** The calls that would do in place of an unknown one: those on the same path, else all. */
const listed = (near: readonly Route[]): string =>
  (near.length > 0 ? near : routes).map(({ method, path }) => `${method} ${path}`).join(', ');

/** The names that a path gives to the placeholders of a route, or undefined if it is not on that route. */
const match = (route: string, path: string): Readonly<Record<string, string>> | undefined => {
  const pattern = new RegExp(`^${route.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}(\\?.*)?$`, 's');
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
  return `${path} to be ${issue.received === 'undefined' ? 'there' : `of type ${issue.expected}`}`;
};
