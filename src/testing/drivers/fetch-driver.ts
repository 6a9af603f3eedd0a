import * as v from 'valibot';
import {
  answerSchemas,
  callFor,
  callTo,
  creationOf,
  isNotLetIn,
  type Names,
  type Operation,
  projectId,
  projectRule,
  reasonsOf,
  type Sent,
} from '../../api/csms/index.ts';
import { bytesOf } from '../../api/http.ts';
import { type Dialect, huaweiCsms, type RefusalCode } from '../../index.ts';
import { parseJson } from '../../json.ts';
import { problemOf, time } from '../../schema.ts';
import { explainProblem } from '../../sentences.ts';
import { quote } from '../../text.ts';
import { checkTimeout, isTimeout, TimeoutError, within } from '../within.ts';
import { type SecretDriver, shownLimit } from './driver.ts';

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
  checkTimeout(timeout);
  if (!projectId.test(project)) throw new RangeError(`project must be ${projectRule}; got ${quote(project)}.`);
  const base = url.replace(/\/+$/, '');
  /** The secrets that exist, each with every stage that was ever listed and with its versions by their values. */
  const made = new Map<string, { readonly stages: Set<string>; readonly values: Map<string, string> }>();
  const credentials: Record<string, string> = token === undefined ? {} : { 'x-auth-token': token };

  // A server may echo the token, which must not be shown.
  const withoutToken = (text: string): string => {
    if (token === undefined || token.length < 16) return text;
    return text.replaceAll(token, hidden).replaceAll(JSON.stringify(token).slice(1, -1), hidden);
  };

  const ask = async ({ method, path, body }: Sent): Promise<Answer> => {
    const asked = `${method} ${path}`;
    const headers = { ...credentials, ...(body && { 'content-type': 'application/json' }) };
    const abort = new AbortController();
    const { signal } = abort;
    const init = { method, headers, body: body ? JSON.stringify(body) : null, signal };
    const answered = async () => {
      // A redirect would send the token to another server.
      const response = await fetch(new Request(base + path, { ...init, redirect: 'error' }));
      const bytes = response.body === null ? new Uint8Array() : await bytesOf(response.body, answerLimit, signal);
      return { response, text: bytes && withoutToken(new TextDecoder().decode(bytes)) };
    };
    const { response, text } = await within(timeout, `${asked} got no complete response from ${base}`, answered)
      .catch((cause: unknown) => {
        if (cause instanceof TimeoutError) throw cause;
        const why = `${asked} got no response from ${base}: ${reasonOf(cause)}.`;
        throw isTimeout(cause) ? new TimeoutError(why, { cause }) : new Error(why, { cause });
      })
      // Your `fetch` may ignore the signal. The body is cancelled anyway.
      .finally(() => abort.abort());
    const failure = (why: string) => new Error(`The response to ${asked} ${why}.`);
    if (text === undefined) throw failure(`has more than ${answerLimit} bytes, far more than any response of the API`);
    const json = parseJson(text);
    if (response.ok) {
      if (json === undefined && text !== '') throw failure(`is not JSON: ${quote(text)}`);
      return { ok: true, asked, body: json };
    }
    const error = v.safeParse(errorBody, json);
    if (!error.success) throw failure(`has status ${response.status} but no error_code: ${quote(text)}`);
    const { error_code, error_msg } = error.output;
    const said = `${error_code} ${quote(error_msg)}`;
    if (isNotLetIn(error_code)) throw new Error(`${base} rejected the credentials of ${asked}: ${said}.`);
    const reasons = reasonsOf(error_code);
    if (!reasons || response.status >= 500)
      throw failure(`has status ${response.status} and ${said}, which is not a documented refusal`);
    return { ok: false, reasons, said };
  };

  /** Sends a request that must succeed. Returns the body of the response. */
  const read = async <Schema extends v.GenericSchema>(sent: Sent, schema: Schema): Promise<v.InferOutput<Schema>> => {
    const answer = await ask(sent);
    if (!answer.ok) throw new Error(`GET ${sent.path} was refused, but must succeed: ${answer.said}.`);
    return bodyOf(answer, schema);
  };

  const madeOf = (secret: string) => {
    const found = made.get(secret);
    if (!found)
      throw new Error(`Secret ${quote(secret)} was not created by this driver, so the driver does not touch it.`);
    return found;
  };
  const to = (operation: Operation, secret: string, names?: Partial<Names>) =>
    callTo(operation, { project, secret, ...names });

  const versionsOf = async (secret: string): Promise<v.InferOutput<typeof bodies.versions>['version_metadatas']> => {
    const { method, path } = to('ListSecretVersions', secret);
    const versions = [];
    const markers = new Set<string>();
    let query = '';
    let shown = 0;
    for (let page = 0; page < mostPages; page++) {
      const { version_metadatas, page_info } = await read({ method, path: path + query }, bodies.versions);
      for (const version of version_metadatas) {
        shown += 1 + (version.version_stages?.length ?? 0);
        if (shown > shownLimit)
          throw new Error(
            `GET ${path} lists more than ${shownLimit} versions and stages, far more than the check created.`,
          );
        versions.push(version);
      }
      const next = page_info?.next_marker;
      if (!next) return versions;
      if (markers.has(next))
        throw new Error(
          `GET ${path} returned the next_marker ${quote(next)} twice. Each page must lead to the versions after it.`,
        );
      markers.add(next);
      query = `?marker=${encodeURIComponent(next)}`;
    }
    throw new Error(`GET ${path} has more than ${mostPages} pages, far more than the created versions need.`);
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
      const { values } = madeOf(secret);
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
      const { stages: names, values } = madeOf(secret);
      const sent = to('ShowSecret', secret);
      const { state, scheduled_delete_time } = (await read(sent, bodies.secret)).secret;
      const versions = (await versionsOf(secret)).map(({ id, create_time, version_stages }) => ({
        id,
        createTime: create_time,
        stages: version_stages ?? [],
      }));
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
      madeOf(secret);
      const sent = to('DeleteSecret', secret);
      const answer = await ask(sent);
      if (!answer.ok) throw new Error(`DELETE ${sent.path} was refused, so the secret still exists: ${answer.said}.`);
      if ((await ask(to('ShowSecret', secret))).ok)
        throw new Error(`DELETE ${sent.path} succeeded, but the secret still exists.`);
      made.delete(secret);
    },
  };
}

/** A response of the API: the body of a success, or the possible reasons of a refusal. */
type Answer = Done | { readonly ok: false; readonly reasons: readonly RefusalCode[]; readonly said: string };
interface Done {
  readonly ok: true;
  readonly asked: string;
  readonly body: unknown;
}

/** The limit of the bytes of a response: more than ten times the longest page of a list. */
const answerLimit = 4 * 1024 * 1024;

/** The value of the first version. Later values have a number, so that a value identifies its version. */
const firstValue = 'made by a conformance test';

const hidden = '(the token)';

/** The limit of the pages of versions of one secret. */
const mostPages = 100;

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

function bodyOf<Schema extends v.GenericSchema>({ asked, body }: Done, schema: Schema): v.InferOutput<Schema> {
  // The first problem is enough. A long list of other data would have one for each item.
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const problem = explainProblem(problemOf(parsed.issues[0], 'body'));
  throw new Error(`The response to ${asked} does not match the API: ${problem}.`);
}

/** The messages of an error and of its cause: `fetch` itself only says that it failed. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(`${error}`);
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
