// @ts-check
import { stride } from './secrets.js';

/** Each has its own of ten secrets, so that two updates of one never overtake each other. */
export const connections = 10;

/** The headers of every request: without credentials to check them against, any token will do. */
export const headers = { 'x-auth-token': 'any', 'content-type': 'application/json' };

/** @type {(count: number, index: number) => { project: string, name: string }} 500 to a project, as many as CSMS allows. */
export const placeOf = (count, index) => ({
  project: `of-${count}-${Math.floor(index / 500)}`,
  name: `secret-${index}`,
});

/**
 * The update of a stage that is the next in turn: of another secret than the one before, and each time to its other version.
 *
 * @type {(count: number, turn: number) => { target: string, versionId: 'v1' | 'v2', body: string }}
 */
export const updateOf = (count, turn) => {
  const round = Math.floor(turn / connections);
  const rounds = count / connections;
  const { project, name } = placeOf(count, (turn % connections) + connections * ((round * stride) % rounds));
  const versionId = Math.floor(round / rounds) % 2 === 0 ? 'v1' : 'v2';
  return {
    target: `/v1/${project}/secrets/${name}/stages/canary`,
    versionId,
    body: `{"version_id":"${versionId}"}`,
  };
};
