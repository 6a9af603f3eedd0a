/**
 * The answers of CSMS and the objects in them, as the API reference documents them. A type that ends with "?"
 * can be null: `scheduled_delete_time` and `expire_time` by the reference, the others are assumed. One that ends with
 * "??" can also be missing: `resources` of a count (example: the Terraform provider).
 *
 * Source: the pages of these names in the CSMS API reference (documented), and the models of the official SDKs (example), which
 * alone name `rotation_func_urn` and `password`.
 */
export const objects: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Nothing: {},
  Secret: {
    id: 'string',
    name: 'string',
    state: 'string',
    kms_key_id: 'string',
    description: 'string',
    create_time: 'integer',
    update_time: 'integer',
    scheduled_delete_time: 'integer?',
    secret_type: 'string',
    auto_rotation: 'boolean',
    rotation_period: 'string?',
    rotation_config: 'string?',
    rotation_time: 'integer?',
    next_rotation_time: 'integer?',
    event_subscriptions: 'string[]',
    enterprise_project_id: 'string',
    rotation_func_urn: 'string?',
  },
  VersionMetadata: {
    id: 'string',
    create_time: 'integer',
    expire_time: 'integer?',
    kms_key_id: 'string',
    secret_name: 'string',
    version_stages: 'string[]',
  },
  Version: { version_metadata: 'VersionMetadata', secret_string: 'string?', secret_binary: 'string?' },
  Stage: { name: 'string', version_id: 'string', secret_name: 'string', update_time: 'integer' },
  PageInfo: { next_marker: 'string?', previous_marker: 'string?', current_count: 'integer' },
  TagItem: { key: 'string', value: 'string' },
  Tag: { key: 'string', values: 'string[]' },
  ActionResources: {
    resource_id: 'string',
    resource_detail: 'Secret',
    resource_name: 'string',
    tags: 'TagItem[]',
    sys_tags: 'TagItem[]',
  },
  OneSecret: { secret: 'Secret' },
  Secrets: { secrets: 'Secret[]', page_info: 'PageInfo' },
  OneMetadata: { version_metadata: 'VersionMetadata' },
  Metadatas: { version_metadatas: 'VersionMetadata[]', page_info: 'PageInfo' },
  OneVersion: { version: 'Version' },
  Versions: { total_count: 'integer', versions: 'Version[]' },
  OneStage: { stage: 'Stage' },
  TagsOfSecret: { tags: 'TagItem[]', sys_tags: 'TagItem[]' },
  TagsOfProject: { tags: 'Tag[]' },
  Resources: { resources: 'ActionResources[]??', total_count: 'integer' },
  Password: { password: 'string' },
  Refusal: { error_code: 'string', error_msg: 'string' },
};

const secrets = '/secrets';
const secret = '/secrets/{secret_name}';
const version = `${secret}/versions/{version_id}`;
const stage = `${secret}/stages/{stage_name}`;
const tasks = `${secret}/scheduled-deleted-tasks`;
const tags = '/csms/{secret_id}/tags';

/**
 * The method, the path after the project, the status of success and the answer of each operation that the emulator has, and the
 * documented fields of a request that it reads: of the query for GET, otherwise of the body.
 */
export const documented = {
  CreateSecret: [
    'POST',
    secrets,
    200,
    'OneSecret',
    'name secret_string secret_binary description kms_key_id secret_type rotation_period rotation_config rotation_func_urn event_subscriptions enterprise_project_id',
  ],
  ListSecrets: ['GET', secrets, 200, 'Secrets', 'limit marker event_name'],
  ShowSecret: ['GET', secret, 200, 'OneSecret', ''],
  UpdateSecret: [
    'PUT',
    secret,
    200,
    'OneSecret',
    'description kms_key_id rotation_period rotation_func_urn event_subscriptions',
  ],
  DeleteSecret: ['DELETE', secret, 204, 'Nothing', ''],
  DeleteSecretForSchedule: ['POST', `${tasks}/create`, 200, 'OneSecret', 'recovery_window_in_days'],
  RestoreSecret: ['POST', `${tasks}/cancel`, 200, 'OneSecret', ''],
  CreateSecretVersion: [
    'POST',
    `${secret}/versions`,
    200,
    'OneMetadata',
    'secret_string secret_binary version_stages expire_time',
  ],
  ListSecretVersions: ['GET', `${secret}/versions`, 200, 'Metadatas', 'limit marker'],
  ShowSecretVersion: ['GET', version, 200, 'OneVersion', ''],
  UpdateVersion: ['PUT', version, 200, 'OneMetadata', 'expire_time'],
  BatchShowSecretVersion: ['POST', `${secrets}/batch-get-secret-value`, 200, 'Versions', 'secret_name_list'],
  CreateSecretStage: ['POST', `${secret}/stages`, 200, 'OneStage', 'name version_id'],
  UpdateSecretStage: ['PUT', stage, 200, 'OneStage', 'version_id'],
  ShowSecretStage: ['GET', stage, 200, 'OneStage', ''],
  DeleteSecretStage: ['DELETE', stage, 204, 'Nothing', ''],
  CreateSecretTag: ['POST', tags, 204, 'Nothing', 'tag'],
  BatchCreateOrDeleteTags: ['POST', `${tags}/action`, 204, 'Nothing', 'action tags'],
  DeleteSecretTag: ['DELETE', `${tags}/{key}`, 204, 'Nothing', ''],
  ListSecretTags: ['GET', tags, 200, 'TagsOfSecret', ''],
  ListProjectSecretsTags: ['GET', '/csms/tags', 200, 'TagsOfProject', ''],
  ListResourceInstances: [
    'POST',
    '/csms/resource_instances/action',
    200,
    'Resources',
    'action limit offset tags matches',
  ],
  GenerateRandomPassword: [
    'POST',
    '/csms/generate-password',
    200,
    'Password',
    'length exclude_characters exclude_lowercase exclude_uppercase exclude_numbers exclude_punctuation include_space require_each_included_type',
  ],
} as const;

/** The operations that answer 501, and their methods and paths. Source: the official SDKs (example); of replicas, the CSMS API reference (documented). */
export const notEmulated = [
  ['BatchImportSecrets', 'POST', 'p/secrets/batch-import'],
  ['CheckSecrets', 'POST', 'p/secrets/checker/check'],
  ['CreateAgency', 'POST', 'csms/agencies'],
  ['CreateGrants', 'POST', 'p/csms/grants'],
  ['CreateSecretEvent', 'POST', 'p/csms/events'],
  ['CreateSecretReplica', 'POST', 'p/secrets/db/replicas'],
  ['DeleteGrant', 'DELETE', 'p/csms/grants?grantee_user=u&resource_id=r'],
  ['DeleteSecretEvent', 'DELETE', 'p/csms/events/e'],
  ['DeleteSecretReplica', 'DELETE', 'p/secrets/db/replicas/cn-north-4'],
  ['DownloadSecretBlob', 'POST', 'p/secrets/db/backup'],
  ['ListGrants', 'GET', 'p/csms/grants?resource_id=r'],
  ['ListNotificationRecords', 'GET', 'p/csms/notification-records'],
  ['ListSecretEvents', 'GET', 'p/csms/events/'],
  ['ListSecretTask', 'GET', 'p/csms/tasks?limit=1'],
  ['ListSupportRegions', 'GET', 'p/csms/replica-regions'],
  ['ListUsers', 'GET', 'csms/users'],
  ['RotateSecret', 'POST', 'p/secrets/db/rotate'],
  ['ShowAgency', 'GET', 'csms/agencies?secret_type=RDS-FG'],
  ['ShowSecretEvent', 'GET', 'p/csms/events/tags'],
  ['ShowSecretFunctionTemplates', 'GET', 'csms/function-templates'],
  ['ShowSecretsConfig', 'GET', 'p/secrets/checker/config'],
  ['ShowUserDetail', 'GET', 'csms/users/u'],
  ['UpdateGrant', 'PUT', 'p/csms/grants?resource_id=r'],
  ['UpdateSecretEvent', 'PUT', 'p/csms/events/e'],
  ['UpdateSecretsConfig', 'POST', 'p/secrets/checker/config'],
  ['UpdateUserPassword', 'POST', 'csms/users/change-password'],
  ['UploadSecretBlob', 'POST', 'p/secrets/restore'],
] as const;

export type Documented = keyof typeof documented;

/** Returns what differs between an answer and its documentation: missing and other fields, and wrong types. */
export function differences(value: unknown, type: string, at = 'body'): readonly string[] {
  if (type.endsWith('?')) return value === null ? [] : differences(value, type.slice(0, -1), at);
  if (type.endsWith('[]')) {
    const item = type.slice(0, -2);
    if (!Array.isArray(value)) return [`${at} is not a list`];
    return value.flatMap((one: unknown, index) => differences(one, item, `${at}[${index}]`));
  }
  const fields = objects[type];
  if (fields === undefined) {
    const isRight = type === 'integer' ? Number.isInteger(value) : typeof value === type;
    return isRight ? [] : [`${at} is not of type ${type}`];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is not an object`];
  const found = new Map(Object.entries(value));
  return [
    ...[...found.keys()].filter((name) => !(name in fields)).map((name) => `${at}.${name} is not documented`),
    ...Object.entries(fields).flatMap(([name, field]) =>
      found.has(name) || field.endsWith('??')
        ? differences(found.get(name) ?? null, field, `${at}.${name}`)
        : [`${at}.${name} is missing`],
    ),
  ];
}

/** Returns what differs between an answer and the documentation of the operation with this method and path. */
export function differencesOf(method: string, target: string, status: number, body: unknown): readonly string[] {
  if (status >= 400) return differences(body, 'Refusal');
  const path = target.replace(/\?.*/, '').replace(/^\/v1\/[^/]+/, '');
  const row = Object.values(documented).find(
    ([ofOperation, template]) =>
      ofOperation === method && new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path),
  );
  if (row === undefined) return [`${method} ${path} is not documented`];
  const [, , success, type] = row;
  return [...(status === success ? [] : [`status ${status}`]), ...differences(body ?? {}, type)];
}
