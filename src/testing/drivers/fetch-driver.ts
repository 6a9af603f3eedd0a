import * as v from 'valibot';
import {
  answerSchemas,
  callFor,
  callTo,
  creationOf,
  isNotLetIn,
  type Names,
  type Operation,
  reasonsOf,
  type Sent,
} from '../../api/csms/index.ts';
import { projectId, projectRule } from '../../api/http.ts';
import { type Dialect, huaweiCsms } from '../../index.ts';
import { time } from '../../schema.ts';
import { quote } from '../../text.ts';
import { type SecretDriver, shownLimit } from './driver.ts';
import { type Answer, bodyOf, firstValue, madeIn, readBody, readPages, sender } from './requests.ts';

/** The options of {@link fetchDriver}. */
export interface FetchDriverOptions {
  /** The `project_id` in the path. */
  readonly project: string;
  /** The token to send as X-Auth-Token. If omitted, none is sent, and your `fetch` signs the requests. */
  readonly token?: string | undefined;
  /** The function that sends a request, such as `fetch` of an emulator or one that signs. If omitted, the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** The dialect of the secrets. If omitted, CSMS. */
  readonly dialect?: Dialect | undefined;
  /** The time limit of a response with its body, in milliseconds. If omitted, 30 seconds. */
  readonly timeout?: number | undefined;
}

/**
 * Makes a driver for a server with the API of CSMS. That is an emulator, a gateway, or the service itself. It only touches secrets that it
 * created, and only reads values that it wrote.
 *
 * It reads at most 4 MiB of a response, and at most 100 pages and 10,000 versions and stages of a secret.
 *
 * @throws {RangeError} if `project` or `timeout` is invalid.
 * @throws {Error} from each method, if the server cannot be reached or rejects the credentials, or if its response is late, too large
 * or does not match the API. The message names the request, the response and the problem.
 *
 * @example
 * Object.keys(fetchDriver('https://csms.example.com', { project: 'p', token: 'any' })); // ['dialect', 'create', 'act', 'show', 'remove']
 */
export function fetchDriver(
  url: string,
  { project, token, fetch = globalThis.fetch, dialect = huaweiCsms, timeout = 30_000 }: FetchDriverOptions,
): SecretDriver {
  if (!projectId.test(project)) throw new RangeError(`project must be ${projectRule}; got ${quote(project)}.`);
  /** The secrets that exist, each with every stage that was ever listed and with its versions by their values. */
  const made = new Map<string, { readonly stages: Set<string>; readonly values: Map<string, string> }>();
  const credentials: Record<string, string> = token === undefined ? {} : { 'x-auth-token': token };

  // A server may echo the token, which must not be shown.
  const censored = (text: string): string => {
    if (token === undefined || token.length < 16) return text;
    return text.replaceAll(token, hidden).replaceAll(JSON.stringify(token).slice(1, -1), hidden);
  };
  const send = sender({ url, fetch, timeout, censored }, (body) => {
    const error = v.safeParse(errorBody, body);
    if (!error.success) return 'error_code';
    const { error_code, error_msg } = error.output;
    const said = `${error_code} ${quote(error_msg)}`;
    return { said, isNotLetIn: isNotLetIn(error_code), reasons: reasonsOf(error_code) };
  });
  const ask = ({ method, path, body }: Sent): Promise<Answer> => {
    const headers = { ...credentials, ...(body && { 'content-type': 'application/json' }) };
    return send(`${method} ${path}`, { method, path, headers, body });
  };
  /** Sends a request that must succeed. Returns the body of the response. */
  const read = <Schema extends v.GenericSchema>(sent: Sent, schema: Schema): Promise<v.InferOutput<Schema>> =>
    readBody(`GET ${sent.path}`, ask(sent), schema);

  const to = (operation: Operation, secret: string, names?: Partial<Names>) =>
    callTo(operation, { project, secret, ...names });

  const versionsOf = (secret: string) => {
    const { method, path } = to('ListSecretVersions', secret);
    return readPages(`GET ${path}`, 'next_marker', async (marker) => {
      const query = marker === undefined ? '' : `?marker=${encodeURIComponent(marker)}`;
      const { version_metadatas, page_info } = await read({ method, path: path + query }, bodies.versions);
      const versions = version_metadatas.map(({ id, create_time: createTime, version_stages }) => {
        return { id, createTime, stages: version_stages ?? [] };
      });
      return { versions, next: page_info?.next_marker };
    });
  };

  return {
    dialect: dialect.id,

    create: async (secret) => {
      const { method, path, body } = creationOf(project, secret);
      // From here on the secret may exist, whatever the response is.
      made.set(secret, { stages: new Set(), values: new Map() });
      const answer = await ask({ method, path, body: { ...body, secret_string: firstValue } });
      if (answer.ok) return { ok: true };
      made.delete(secret);
      return answer;
    },

    act: async (secret, action) => {
      const { values } = madeIn(made, secret);
      const sent = callFor(action, project, secret);
      if (sent === undefined) throw new Error(`The API has no call for ${action.type}.`);
      const value = `${firstValue}, version ${values.size + 2}`;
      const isNew = action.type === 'createVersion';
      const answer = await ask(isNew ? { ...sent, body: { ...sent.body, secret_string: value } } : sent);
      if (!answer.ok) return answer;
      if (isNew) {
        const { id, version_stages } = bodyOf(answer, bodies.version).version_metadata;
        values.set(value, id);
        return { ok: true, versionId: id, stages: version_stages ?? undefined };
      }
      if (action.type === 'assignStage') {
        const { name, version_id } = bodyOf(answer, bodies.stage).stage;
        return { ok: true, stage: { name, versionId: version_id } };
      }
      if (action.type !== 'removeStage') bodyOf(answer, bodies.secret);
      return { ok: true };
    },

    show: async (secret) => {
      const { stages: names, values } = madeIn(made, secret);
      const sent = to('ShowSecret', secret);
      const { state, scheduled_delete_time } = (await read(sent, bodies.secret)).secret;
      const versions = await versionsOf(secret);
      for (const name of versions.flatMap(({ stages }) => stages)) names.add(name);
      if (names.size > shownLimit)
        throw new Error(
          `GET ${sent.path} has listed more than ${shownLimit} different stages, far more than the check created.`,
        );
      const stages = [];
      // Earlier stages, too: a removed stage must no longer be readable.
      for (const name of names) {
        const answer = await ask(to('ShowSecretStage', secret, { stage: name }));
        if (!answer.ok) continue;
        const { stage } = bodyOf(answer, bodies.stage);
        stages.push({ name: stage.name, versionId: stage.version_id, updateTime: stage.update_time });
      }
      const shown = { status: state, scheduledDeleteTime: scheduled_delete_time, versions, stages, latest: undefined };
      if (state !== 'ENABLED') return shown;
      const answer = await ask(to('ShowSecretVersion', secret, { versionId: 'latest' }));
      if (!answer.ok) return { ...shown, latest: null };
      // The version whose value was returned. Readers only use the value, not the metadata.
      const { version_metadata, secret_string } = bodyOf(answer, bodies.latest).version;
      return { ...shown, latest: values.get(secret_string ?? '') ?? version_metadata.id };
    },

    remove: async (secret) => {
      madeIn(made, secret);
      const sent = to('DeleteSecret', secret);
      const answer = await ask(sent);
      if (!answer.ok) throw new Error(`DELETE ${sent.path} was refused, so the secret still exists: ${answer.said}.`);
      if ((await ask(to('ShowSecret', secret))).ok)
        throw new Error(`DELETE ${sent.path} succeeded, but the secret still exists.`);
      made.delete(secret);
    },
  };
}

const hidden = '(the token)';

const text = v.string();
const names = { secretName: text, versionId: text, stageName: text };
const { secret, version, stage, pageInfo } = answerSchemas(huaweiCsms, names, time);
const looseVersion = v.partial(version, ['version_stages']);

/** The fields that the driver reads. Others are not checked. */
const errorBody = v.object({ error_code: text, error_msg: text });
const bodies = {
  secret: v.object({ secret: v.pick(secret, ['state', 'scheduled_delete_time']) }),
  stage: v.object({ stage: v.pick(stage, ['name', 'version_id', 'update_time']) }),
  version: v.object({ version_metadata: v.pick(looseVersion, ['id', 'version_stages']) }),
  versions: v.object({
    version_metadatas: v.array(v.pick(looseVersion, ['id', 'create_time', 'version_stages'])),
    page_info: pageInfo,
  }),
  latest: v.object({
    version: v.object({ version_metadata: v.pick(version, ['id']), secret_string: v.nullish(text) }),
  }),
};
