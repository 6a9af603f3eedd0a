/** An operation of CSMS that the emulator does not have. */
export interface NotEmulated {
  readonly operation: string;
  readonly method: string;
  /** Whether its path names a project. Some operations are of an account. */
  readonly hasProject: boolean;
}

/** Returns the operations at a path that the emulator does not have. */
export function notEmulatedAt(path: string): readonly NotEmulated[] {
  return endpoints.filter(({ pattern }) => pattern.test(path));
}

/** A function call, so that a bundle without CSMS can omit it. */
const endpoints = /* @__PURE__ */ endpointsNotEmulated();

/**
 * Source: the official SDKs for Node and Python, csms v1 (example: 24 of their 45 operations); for replicas and their regions, the CSMS
 * API reference (documented).
 */
function endpointsNotEmulated() {
  const paths = {
    BatchImportSecrets: 'POST {project_id}/secrets/batch-import',
    CheckSecrets: 'POST {project_id}/secrets/checker/check',
    CreateAgency: 'POST csms/agencies',
    CreateGrants: 'POST {project_id}/csms/grants',
    CreateSecretEvent: 'POST {project_id}/csms/events',
    CreateSecretReplica: 'POST {project_id}/secrets/{secret_name}/replicas',
    DeleteGrant: 'DELETE {project_id}/csms/grants',
    DeleteSecretEvent: 'DELETE {project_id}/csms/events/{event_name}',
    DeleteSecretReplica: 'DELETE {project_id}/secrets/{secret_name}/replicas/{region_name}',
    DownloadSecretBlob: 'POST {project_id}/secrets/{secret_name}/backup',
    ListGrants: 'GET {project_id}/csms/grants',
    ListNotificationRecords: 'GET {project_id}/csms/notification-records',
    ListSecretEvents: 'GET {project_id}/csms/events',
    ListSecretTask: 'GET {project_id}/csms/tasks',
    ListSupportRegions: 'GET {project_id}/csms/replica-regions',
    ListUsers: 'GET csms/users',
    RotateSecret: 'POST {project_id}/secrets/{secret_name}/rotate',
    ShowAgency: 'GET csms/agencies',
    ShowSecretEvent: 'GET {project_id}/csms/events/{event_name}',
    ShowSecretFunctionTemplates: 'GET csms/function-templates',
    ShowSecretsConfig: 'GET {project_id}/secrets/checker/config',
    ShowUserDetail: 'GET csms/users/{user_id}',
    UpdateGrant: 'PUT {project_id}/csms/grants',
    UpdateSecretEvent: 'PUT {project_id}/csms/events/{event_name}',
    UpdateSecretsConfig: 'POST {project_id}/secrets/checker/config',
    UpdateUserPassword: 'POST csms/users/change-password',
    UploadSecretBlob: 'POST {project_id}/secrets/restore',
  };
  return Object.entries(paths).map(([operation, methodAndPath]) => {
    const [method = '', path = ''] = methodAndPath.split(' ');
    return {
      operation,
      method,
      hasProject: path.startsWith('{'),
      pattern: new RegExp(`^/v1/${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    };
  });
}
