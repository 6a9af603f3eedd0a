import type { WireRequest, WireResponse } from '../api/http.ts';
import { mustBeOf } from '../refusal.ts';
import { type Directory, needsDirectory, perform, secretsFor } from './csms-operations.ts';
import { admit, respond, type ServiceOptions, serviceOf, soundTime } from './service.ts';
import { entryOf, isGone, type Secret, type World, withEntry } from './world.ts';

/**
 * Answers a request to CSMS as a pure function: the world after it, and the answer. `now` is the service's time in epoch
 * milliseconds. A refused request leaves the world as it was, and the answer says why in CSMS's terms.
 *
 * Source: CSMS API reference; what it leaves open is assumed, and said so where it is decided.
 *
 * @throws {StageRefusedError} WRONG_DIALECT if the secret that the call names, or one on the page that it lists, belongs to
 * another dialect.
 *
 * @example
 * const headers = new Map([['x-auth-token', 'any']]);
 * const body = '{"name": "db", "secret_string": "hunter2"}';
 * const born = handleCsms(emptyWorld, { method: 'POST', target: '/v1/p/secrets', headers, body }, 1581507580000);
 * born.response.status; // 200
 * const stage = handleCsms(born.world, { method: 'GET', target: '/v1/p/secrets/db/stages/SYSCURRENT', headers }, 1581507590000);
 * JSON.parse(stage.response.body ?? '').stage.version_id; // 'v1'
 */
export function handleCsms(
  world: World,
  request: WireRequest,
  now: number,
  options: ServiceOptions = {},
): { readonly world: World; readonly response: WireResponse } {
  const service = serviceOf(options);
  const call = admit(request, soundTime(now), service);
  if ('refusal' in call) return { world, response: respond(call, service) };

  const kept = entryOf(world.projects, call.project)?.secrets ?? {};
  const directory: Directory = Object.fromEntries(
    Object.entries(needsDirectory(call) ? kept : {}).map(([name, { state }]) => [name, state.scheduledDeleteTime]),
  );
  const secrets = new Map<string, Secret>();
  for (const name of secretsFor(call, directory, now)) {
    const secret = entryOf(kept, name);
    if (!secret || isGone(secret, now)) continue;
    mustBeOf(secret.state, service.dialect);
    secrets.set(name, secret);
  }
  const result = perform(call, { now, rules: service, directory, secrets });
  const changed = 'refusal' in result ? undefined : result.secrets;
  return { world: changed ? withSecrets(world, call.project, changed) : world, response: respond(result, service) };
}

const withSecrets = (world: World, project: string, changed: ReadonlyMap<string, Secret | null>): World => {
  let secrets = entryOf(world.projects, project)?.secrets ?? {};
  for (const [name, secret] of changed) secrets = withEntry(secrets, name, secret ?? undefined);
  const isEmpty = Object.keys(secrets).length === 0;
  return Object.freeze({
    projects: withEntry(world.projects, project, isEmpty ? undefined : Object.freeze({ secrets })),
  });
};
