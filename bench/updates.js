// @ts-check
import { stride } from './secrets.js';

/** Each connection has its own secrets, so that two updates of one never overtake each other. */
export const connections = 10;

/** The headers of every request. The emulator has no credentials, so any token works. */
export const headers = { 'x-auth-token': 'any', 'content-type': 'application/json' };

/** @type {(count: number, index: number) => { project: string, name: string }} At most 500 in a project, the limit of CSMS. */
export const placeOf = (count, index) => ({
  project: `of-${count}-${Math.floor(index / 500)}`,
  name: `secret-${index}`,
});

/**
 * The next update of a stage: of another secret than the one before, and always to its other version.
 *
 * @type {(count: number, turn: number) => import('./client.js').Call}
 */
export const updateOf = (count, turn) => {
  const round = Math.floor(turn / connections);
  const rounds = count / connections;
  const { project, name } = placeOf(count, (turn % connections) + connections * ((round * stride) % rounds));
  const versionId = Math.floor(round / rounds) % 2 === 0 ? 'v1' : 'v2';
  return {
    target: `/v1/${project}/secrets/${name}/stages/canary`,
    body: `{"version_id":"${versionId}"}`,
    expected: `"version_id":"${versionId}"`,
  };
};
