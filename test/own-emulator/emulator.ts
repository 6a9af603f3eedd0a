import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  explain,
  hasVersion,
  parseAction,
  type Refusal,
  refusalKind,
  type SecretState,
  tryCreateSecret,
  tryReduce,
  versionOf,
} from 'secret-stages';

type Kept = { readonly state: SecretState; readonly values: ReadonlyMap<string, unknown> };
type Response = readonly [status: number, body: object];

/** Your store: a map here, a table of a database elsewhere. */
const kept = new Map<string, Kept>();
const statuses = { invalid: 400, missing: 404, conflict: 409, limit: 422, state: 423 };

const refused = (refusal: Refusal): Response => {
  const isOurs = refusal.code === 'INVALID_STATE' || refusal.code === 'WRONG_DIALECT';
  return [isOurs ? 500 : statuses[refusalKind(refusal.code)], { code: refusal.code, message: explain(refusal) }];
};

/** Keeps a state with the value of its newest version. The values of versions that no longer exist are deleted. */
const keep = (name: string, state: SecretState, value: unknown): Response => {
  const values = new Map(kept.get(name)?.values);
  for (const id of Object.keys(state.versions)) if (!values.has(id)) values.set(id, value);
  for (const id of [...values.keys()]) if (!hasVersion(state, id)) values.delete(id);
  kept.set(name, { state, values });
  return [200, { stages: state.stages, versions: [...values.keys()] }];
};

/** POST /db creates a secret, POST /db/actions does an action, and GET /db/canary reads the value that a stage marks. */
const respond = (method: string, path: string, { value, ...action }: Record<string, unknown>): Response => {
  const [name = '', rest = ''] = path.slice(1).split('/');
  const found = kept.get(name);
  if (method === 'POST' && rest === '') {
    if (found) return [409, { message: `The secret "${name}" exists.` }];
    const created = tryCreateSecret({ name, at: Date.now() });
    return created.ok ? keep(name, created.state, value) : refused(created.refusal);
  }
  if (!found) return [404, { message: `Secret "${name}" does not exist.` }];
  const marked = versionOf(found.state, rest);
  if (method === 'GET' && marked !== undefined) return [200, { value: found.values.get(marked) }];
  if (method !== 'POST' || rest !== 'actions') return [404, { message: `There is nothing at ${path}.` }];
  const parsed = parseAction(action['type'] === 'pruneDeprecated' ? action : { ...action, at: Date.now() });
  const done = parsed.ok ? tryReduce(found.state, parsed.action) : parsed;
  return done.ok ? keep(name, done.state, value) : refused(done.refusal);
};

export const server = createServer(async (request, response) => {
  const { method = '', url = '' } = request;
  const body = method === 'GET' ? {} : await json(request).catch(() => null);
  const [status, answer] = body ? respond(method, url, Object(body)) : [400, { message: 'Send a JSON object.' }];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
