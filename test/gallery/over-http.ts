import { actionOf, isActing } from '../../src/api/csms/actions.ts';
import { readCall } from '../../src/api/csms/calls.ts';
import { type CallRefusal, errorOf } from '../../src/api/csms/errors.ts';
import type { Call } from '../../src/api/csms/operations.ts';
import type { RefusalCode } from '../../src/index.ts';
import type { DriverAnswer, SecretDriver, ShownSecret } from '../../src/testing/drivers/driver.ts';

/**
 * Serves a driver over the API of CSMS, for any token and project. A GET returns what the driver's `show` returns. The clock gives
 * epoch milliseconds, and is read once for each call that changes something.
 */
export const csmsOver = (driver: SecretDriver, clock: () => number): ((request: Request) => Promise<Response>) => {
  const names = new Set<string>();

  const answer = async (call: Call): Promise<Response> => {
    if (call.operation === 'ListSecrets') {
      const { page, isLast } = pageOf([...names].sort(), (name) => name, call.page);
      const secrets = await Promise.all(page.map(async (name) => secretOnWire(name, await driver.show(name))));
      return json(200, { secrets, page_info: pageOnWire(page, isLast) });
    }
    const { secret } = call;
    if (call.operation === 'CreateSecret') {
      if (names.has(secret)) return refuse({ code: 'SECRET_EXISTS', secret });
      if (call.value === undefined) return refuse(noValue);
      const created = await driver.create(secret, clock());
      if (!created.ok) return refuse(refusalOf(created));
      names.add(secret);
      return json(200, { secret: secretOnWire(secret, await driver.show(secret)) });
    }
    if (!names.has(secret)) return refuse({ code: 'UNKNOWN_SECRET', secret });
    if (call.operation === 'CreateSecretVersion' && call.value === undefined) return refuse(noValue);
    if (isActing(call)) {
      const { status } = await driver.show(secret);
      const acted = await driver.act(secret, actionOf(call, clock()));
      if (!acted.ok) return refuse(refusalOf(acted, status));
      return acting(call, acted, await driver.show(secret));
    }
    const shown = await driver.show(secret);
    switch (call.operation) {
      case 'ShowSecret':
        return json(200, { secret: secretOnWire(secret, shown) });
      case 'DeleteSecret':
        await driver.remove(secret);
        names.delete(secret);
        return new Response(null, { status: 204 });
      case 'ListSecretVersions': {
        const { page, isLast } = pageOf(shown.versions, ({ id }) => id, call.page);
        const ids = page.map(({ id }) => id);
        const version_metadatas = page.map((version) => versionOnWire(secret, version));
        return json(200, { version_metadatas, page_info: pageOnWire(ids, isLast) });
      }
      case 'ShowSecretVersion': {
        if (shown.status !== 'ENABLED') return refuse({ code: 'SECRET_NOT_ENABLED', status: shown.status });
        const versionId = call.versionId === 'latest' ? (shown.latest ?? '') : call.versionId;
        const version = shown.versions.find(({ id }) => id === versionId);
        if (!version) return refuse({ code: 'UNKNOWN_VERSION', versionId, versions: {} });
        const version_metadata = versionOnWire(secret, version);
        return json(200, { version: { version_metadata, secret_string: null, secret_binary: null } });
      }
      case 'ShowSecretStage':
        return showStage(call, shown);
      default:
        return refuse({ code: 'NOT_A_CALL', expected: 'The gallery does not have this call' });
    }
  };

  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const call = readCall(request.method, pathname + search, body);
    return 'expected' in call ? refuse(call) : answer(call);
  };
};

type Version = ShownSecret['versions'][number];

const acting = (call: Call, acted: DriverAnswer & { readonly ok: true }, shown: ShownSecret): Response => {
  switch (call.operation) {
    case 'CreateSecretVersion': {
      const { versionId = '', stages } = acted;
      const version = shown.versions.find(({ id }) => id === versionId) ?? { id: versionId, createTime: 0, stages: [] };
      return json(200, {
        version_metadata: versionOnWire(call.secret, { ...version, stages: stages ?? version.stages }),
      });
    }
    case 'CreateSecretStage':
    case 'UpdateSecretStage':
      return showStage(call, shown);
    case 'DeleteSecretForSchedule':
    case 'RestoreSecret':
      return json(200, { secret: secretOnWire(call.secret, shown) });
    default:
      return new Response(null, { status: 204 });
  }
};

const showStage = ({ secret, stage }: { readonly secret: string; readonly stage: string }, shown: ShownSecret) => {
  const held = shown.stages.find(({ name }) => name === stage);
  if (!held) {
    const stages = shown.stages.map((each) => ({ ...each, updateTime: each.updateTime ?? 0 }));
    return refuse({ code: 'UNKNOWN_STAGE', stage, stages });
  }
  const { name, versionId, updateTime } = held;
  return json(200, { stage: { name, version_id: versionId, secret_name: secret, update_time: updateTime } });
};

const secretOnWire = (name: string, { status, scheduledDeleteTime, versions }: ShownSecret): object => ({
  id: name,
  name,
  state: status,
  kms_key_id: 'csms/default',
  description: '',
  create_time: versions[0]?.createTime ?? 0,
  update_time: versions[0]?.createTime ?? 0,
  scheduled_delete_time: scheduledDeleteTime,
  secret_type: 'COMMON',
});

const versionOnWire = (secret: string, { id, createTime, stages }: Version): object => ({
  id,
  create_time: createTime,
  expire_time: null,
  kms_key_id: 'csms/default',
  secret_name: secret,
  version_stages: stages,
});

const pageOf = <Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { marker, limit }: { readonly marker: string | undefined; readonly limit: number },
) => {
  const start = marker === undefined ? 0 : 1 + items.findIndex((item) => idOf(item) === marker);
  return { page: items.slice(start, start + limit), isLast: items.length <= start + limit };
};

const pageOnWire = (ids: readonly string[], isLast: boolean): object => ({
  next_marker: isLast ? null : ids.at(-1),
  previous_marker: ids[0] ?? null,
  current_count: ids.length,
});

const json = (status: number, body: object): Response => Response.json(body, { status });

const noValue: CallRefusal = {
  code: 'BAD_FIELD',
  expected: 'body.secret_string or body.secret_binary is required',
};

const refuse = (refusal: CallRefusal): Response => {
  const { error_code, message, status } = errorOf(refusal);
  return json(status, { error_code, error_msg: message });
};

/** A refusal with that code, to make its error. Only the status of the secret matters besides. */
const refusalOf = (
  { reasons: [code] = [] }: { readonly reasons?: readonly RefusalCode[] | undefined },
  status: ShownSecret['status'] = 'ENABLED',
): CallRefusal => {
  const [stage, versionId, limit] = ['', '', 0];
  switch (code) {
    case 'SECRET_NOT_ENABLED':
    case 'DELETION_NOT_SCHEDULED':
      return { code, status };
    case 'DELETION_ALREADY_SCHEDULED':
      return { code, scheduledDeleteTime: null };
    case 'UNKNOWN_VERSION':
      return { code, versionId, versions: {} };
    case 'UNKNOWN_STAGE':
      return { code, stage, stages: [] };
    case 'BUILT_IN_STAGE':
      return { code, stage, versionId };
    case 'STAGE_LIMIT':
      return { code, stage, limit, stages: [] };
    case 'STAGE_LIST_LIMIT':
      return { code, listed: [], limit, stages: [] };
    case 'VERSION_LIMIT':
      return { code, limit, stages: [] };
    default:
      return { code: 'INVALID_VALUE', field: '', rule: '' };
  }
};
