import * as v from 'valibot';
import { timeRule, wrongUnit } from '../../limits.ts';
import { problemOf, time } from '../../schema.ts';
import { foundText } from '../../text.ts';
import { isBase64, keptValue, type Value } from '../value.ts';
import {
  creationFields,
  databaseRule,
  filterSchema,
  namesDatabase,
  namesSchema,
  passwordSchema,
  settingsIn,
  tagSchema,
  tagsSchema,
  updateFields,
  within,
} from './fields.ts';
import type { CallOf, Mistake, Names, Operation, Requests } from './operations.ts';
import { defaultSettings } from './secret.ts';

interface Route<Name extends Operation> {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  readonly read: (names: Names, request: unknown) => CallOf<Name> | Mistake;
}

/** A route that reads a call from its path and its body or, for GET, its query. */
function route<Name extends Operation, Schema extends v.GenericSchema>(
  operation: Name,
  method: string,
  path: string,
  schema: Schema,
  requestOf: (request: v.InferOutput<Schema>) => Requests[Name] & Partial<Names>,
): Route<Name> {
  const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  const read = (names: Names, request: unknown) => {
    // The first mistake is enough. A list of numbers where names belong would have one for each number.
    const result = v.safeParse(schema, request, { abortEarly: true });
    if (!result.success) return mistakeOf(result.issues[0], method === 'GET' ? '' : 'body');
    return { operation, ...names, ...requestOf(result.output) };
  };
  return { method, path, pattern, read };
}

/** Source: CSMS API reference, CreateSecret and CreateSecretVersion (documented): exactly one of the two, at most 32 KiB. */
const valueLimit = 32_768;
const text = v.pipe(v.string(), within(valueLimit));
const valueFields = {
  secret_string: v.nullish(text),
  secret_binary: v.nullish(v.pipe(text, v.check(isBase64, 'base64'))),
};

type ValueFields = { readonly [Field in keyof typeof valueFields]?: string | null | undefined };

const isOneValue = ({ secret_string, secret_binary }: ValueFields): boolean =>
  typeof secret_string !== 'string' || typeof secret_binary !== 'string';
const oneValue = 'omitted if secret_string is given';

function valueIn({ secret_string, secret_binary }: ValueFields): Value | undefined {
  if (typeof secret_string === 'string') return { kind: 'string', text: secret_string };
  return typeof secret_binary === 'string' ? { kind: 'binary', text: secret_binary } : undefined;
}

/** The schema of a stored value in untrusted data. */
export const csmsValue: v.GenericSchema<unknown, Value> = /* @__PURE__ */ keptValue(valueLimit);

type Routes = { readonly [Name in Operation]: Route<Name> };

/** A function call, so that a bundle without calls can omit it. Source: CSMS API reference, the pages of these names (documented). */
export const routes: Routes = /* @__PURE__ */ routesOfCsms();

function routesOfCsms(): Routes {
  /** Source: CSMS API reference, ListSecrets (documented: 50 if omitted) and its definition (at most 1,000). */
  const page = v.pipe(
    v.object({
      limit: v.optional(
        v.pipe(
          v.string(),
          v.regex(/^[1-9]\d{0,2}$|^1000$/, ({ input }) => `a whole number from 1 to 1000; got ${foundText(input)}`),
        ),
        '50',
      ),
      marker: v.optional(v.string()),
      event_name: v.optional(v.string()),
    }),
    v.transform(({ limit, marker, event_name }) => ({
      page: { marker: marker || undefined, limit: Number(limit) },
      eventName: event_name || undefined,
    })),
  );
  /** Source: UpdateVersion (documented: seconds in the text; milliseconds in the examples and the Terraform provider). */
  const expiry = v.pipe(
    time,
    v.check((at) => wrongUnit(at) !== 'seconds', `${timeRule}; this looks like seconds`),
  );
  /** Other content is ignored. */
  const anything = v.unknown();
  const nothing = () => ({});

  const secretsPath = '/v1/{project}/secrets';
  const secretPath = `${secretsPath}/{secret}`;
  const versionsPath = `${secretPath}/versions`;
  const versionPath = `${versionsPath}/{versionId}`;
  const stagesPath = `${secretPath}/stages`;
  const stagePath = `${stagesPath}/{stage}`;
  const tasksPath = `${secretPath}/scheduled-deleted-tasks`;
  const servicePath = '/v1/{project}/csms';
  const tagsPath = `${servicePath}/{secretId}/tags`;

  return {
    CreateSecret: route(
      'CreateSecret',
      'POST',
      secretsPath,
      v.pipe(
        v.object({ name: v.string(), ...creationFields(), ...valueFields }),
        v.forward(
          v.check((body) => isOneValue(body), oneValue),
          ['secret_binary'],
        ),
        v.forward(
          v.check((body) => namesDatabase(body), databaseRule),
          ['rotation_config'],
        ),
      ),
      ({ name, auto_rotation, ...fields }) => ({
        secret: name,
        settings: Object.freeze({ ...defaultSettings, ...settingsIn(fields) }),
        autoRotation: auto_rotation === true,
        value: valueIn(fields),
      }),
    ),
    ListSecrets: route('ListSecrets', 'GET', secretsPath, page, (request) => request),
    ShowSecret: route('ShowSecret', 'GET', secretPath, anything, nothing),
    UpdateSecret: route('UpdateSecret', 'PUT', secretPath, v.object(updateFields()), (fields) => ({
      settings: settingsIn(fields),
      autoRotation: fields.auto_rotation === true,
    })),
    DeleteSecret: route('DeleteSecret', 'DELETE', secretPath, anything, nothing),
    CreateSecretVersion: route(
      'CreateSecretVersion',
      'POST',
      versionsPath,
      v.pipe(
        v.object({ version_stages: v.nullish(v.array(v.string())), expire_time: v.nullish(expiry), ...valueFields }),
        v.forward(
          v.check((body) => isOneValue(body), oneValue),
          ['secret_binary'],
        ),
      ),
      ({ version_stages, expire_time, ...values }) => ({
        stages: version_stages ?? undefined,
        expireTime: expire_time ?? undefined,
        value: valueIn(values),
      }),
    ),
    ListSecretVersions: route('ListSecretVersions', 'GET', versionsPath, page, ({ page }) => ({ page })),
    ShowSecretVersion: route('ShowSecretVersion', 'GET', versionPath, anything, nothing),
    UpdateVersion: route('UpdateVersion', 'PUT', versionPath, v.object({ expire_time: expiry }), ({ expire_time }) => ({
      expireTime: expire_time,
    })),
    CreateSecretStage: route(
      'CreateSecretStage',
      'POST',
      stagesPath,
      v.object({ name: v.string(), version_id: v.string() }),
      ({ name, version_id }) => ({ stage: name, versionId: version_id }),
    ),
    UpdateSecretStage: route(
      'UpdateSecretStage',
      'PUT',
      stagePath,
      v.object({ version_id: v.string() }),
      ({ version_id }) => ({ versionId: version_id }),
    ),
    ShowSecretStage: route('ShowSecretStage', 'GET', stagePath, anything, nothing),
    DeleteSecretStage: route('DeleteSecretStage', 'DELETE', stagePath, anything, nothing),
    DeleteSecretForSchedule: route(
      'DeleteSecretForSchedule',
      'POST',
      `${tasksPath}/create`,
      v.optional(v.object({ recovery_window_in_days: v.nullish(v.number()) })),
      (body) => ({ recoveryWindowInDays: body?.recovery_window_in_days ?? undefined }),
    ),
    RestoreSecret: route('RestoreSecret', 'POST', `${tasksPath}/cancel`, anything, nothing),
    BatchShowSecretVersion: route(
      'BatchShowSecretVersion',
      'POST',
      `${secretsPath}/batch-get-secret-value`,
      v.object({ secret_name_list: namesSchema() }),
      ({ secret_name_list }) => ({ secretNames: secret_name_list }),
    ),
    CreateSecretTag: route('CreateSecretTag', 'POST', tagsPath, v.object({ tag: tagSchema() }), ({ tag }) => ({
      added: [tag],
      removed: [],
    })),
    BatchCreateOrDeleteTags: route(
      'BatchCreateOrDeleteTags',
      'POST',
      `${tagsPath}/action`,
      tagsSchema(),
      ({ action, tags }) =>
        action === 'create' ? { added: tags, removed: [] } : { added: [], removed: tags.map(({ key }) => key) },
    ),
    DeleteSecretTag: route('DeleteSecretTag', 'DELETE', `${tagsPath}/{tagKey}`, anything, nothing),
    ListSecretTags: route('ListSecretTags', 'GET', tagsPath, anything, nothing),
    ListProjectSecretsTags: route('ListProjectSecretsTags', 'GET', `${servicePath}/tags`, anything, nothing),
    ListResourceInstances: route(
      'ListResourceInstances',
      'POST',
      `${servicePath}/resource_instances/action`,
      filterSchema(),
      ({ action, limit, offset, tags, matches }) => ({
        filter: {
          tags: (tags ?? []).map(({ key, values }) => ({ key, values: values ?? [] })),
          names: (matches ?? []).map(({ value }) => value ?? ''),
          onlyCounts: action === 'count',
          limit: limit ?? 10,
          offset: offset ?? 0,
        },
      }),
    ),
    GenerateRandomPassword: route(
      'GenerateRandomPassword',
      'POST',
      `${servicePath}/generate-password`,
      passwordSchema(),
      (fields) => ({
        password: {
          length: fields.length ?? 32,
          excluded: fields.exclude_characters ?? '',
          types: {
            lowercase: fields.exclude_lowercase !== true,
            uppercase: fields.exclude_uppercase !== true,
            numbers: fields.exclude_numbers !== true,
            punctuation: fields.exclude_punctuation !== true,
          },
          space: fields.include_space === true,
          requiresEach: fields.require_each_included_type === true,
        },
      }),
    ),
  };
}

/** Returns an issue of valibot as a mistake. */
export function mistakeOf(issue: v.BaseIssue<unknown>, where = ''): Mistake {
  const { path, expected, found } = problemOf(issue, where);
  const place = path.replace(/^\./, '') || 'The line';
  const code = issue.kind === 'validation' ? 'BAD_FIELD' : 'BAD_BODY';
  return { code, expected: found === 'nothing' ? `${place} is required` : `${place} must be ${expected}` };
}
