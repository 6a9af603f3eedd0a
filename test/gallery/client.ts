import * as v from 'valibot';
import type { SecretAction } from '../../src/index.ts';
import type { ShownSecret } from '../../src/testing/drivers/driver.ts';
import { inOrder } from './shown.ts';

/** The response to a request: its status, and the metadata of a new version. */
interface ClientResponse {
  readonly status: number;
  readonly error?: string | undefined;
  readonly version?: Version | undefined;
}
type Version = v.InferOutput<typeof version>;

const version = v.object({ id: v.string(), create_time: v.number(), version_stages: v.array(v.string()) });
const stage = v.object({ name: v.string(), version_id: v.string(), update_time: v.number() });
const answers = {
  secret: v.object({
    secret: v.object({
      state: v.picklist(['ENABLED', 'DISABLED', 'PENDING_DELETE', 'FROZEN']),
      scheduled_delete_time: v.nullable(v.number()),
    }),
  }),
  versions: v.object({ version_metadatas: v.array(version) }),
  stage: v.object({ stage }),
  latest: v.object({ version: v.object({ version_metadata: version }) }),
  any: v.object({ error_code: v.optional(v.string()), version_metadata: v.optional(version) }),
};

/** A client of the API for one secret, `db`. */
export const clientOf = (fetch: (request: Request) => Promise<Response>) => {
  const send = async (
    method: string,
    path: string,
    body?: object,
  ): Promise<readonly [status: number, body: unknown]> => {
    const url = `http://csms/v1/p/secrets${path}`;
    const response = await fetch(new Request(url, body ? { method, body: JSON.stringify(body) } : { method }));
    const text = await response.text();
    return [response.status, text === '' ? {} : JSON.parse(text)];
  };
  const get = async (path: string): Promise<unknown> => (await send('GET', `/db${path}`))[1];
  const change = async (method: string, path: string, body?: object): Promise<ClientResponse> => {
    const [status, answer] = await send(method, path, body);
    const { error_code: error, version_metadata: made } = v.parse(answers.any, answer);
    return { status, error, version: made };
  };

  return {
    send,
    create: (): Promise<ClientResponse> => change('POST', '', { name: 'db', secret_string: 'hunter2' }),
    remove: (): Promise<ClientResponse> => change('DELETE', '/db'),

    act: (action: SecretAction): Promise<ClientResponse> => {
      switch (action.type) {
        case 'createVersion':
          return change('POST', '/db/versions', { secret_string: 'hunter2', version_stages: action.stages });
        case 'assignStage':
          return change('PUT', `/db/stages/${encodeURIComponent(action.stage)}`, { version_id: action.versionId });
        case 'removeStage':
          return change('DELETE', `/db/stages/${encodeURIComponent(action.stage)}`);
        case 'scheduleDeletion': {
          const body = { recovery_window_in_days: action.recoveryWindowInDays };
          return change('POST', '/db/scheduled-deleted-tasks/create', body);
        }
        case 'restore':
          return change('POST', '/db/scheduled-deleted-tasks/cancel');
        default:
          throw new Error(`The API has no call for ${action.type}.`);
      }
    },

    show: async (): Promise<ShownSecret> => {
      const { secret } = v.parse(answers.secret, await get(''));
      const { version_metadatas: versions } = v.parse(answers.versions, await get('/versions'));
      const stages = [];
      for (const name of new Set(versions.flatMap(({ version_stages }) => version_stages))) {
        const { stage } = v.parse(answers.stage, await get(`/stages/${encodeURIComponent(name)}`));
        stages.push({ name: stage.name, versionId: stage.version_id, updateTime: stage.update_time });
      }
      const latest = v.safeParse(answers.latest, await get('/versions/latest'));
      return inOrder({
        status: secret.state,
        scheduledDeleteTime: secret.scheduled_delete_time,
        versions: versions.map(({ id, create_time, version_stages }) => ({
          id,
          createTime: create_time,
          stages: version_stages,
        })),
        stages,
        latest: latest.success ? latest.output.version.version_metadata.id : null,
      });
    },
  };
};
