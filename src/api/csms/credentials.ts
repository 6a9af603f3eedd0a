import * as v from 'valibot';
import { problemOf } from '../../schema.ts';
import { explainProblem } from '../../sentences.ts';
import { decoded, headLimit, partsOf, type WireRequest } from '../http.ts';
import { sameAs } from './hash.ts';
import { algorithm, isSignedWith, readSignature, signatureWindow, signingTimeOf } from './signature.ts';

/** Who may call, and in which projects; in all of them if none are named. */
export interface Credentials {
  readonly tokens?: readonly Token[] | undefined;
  readonly keys?: readonly Key[] | undefined;
}

/** What a client sends as X-Auth-Token. */
export interface Token {
  readonly token: string;
  readonly projects?: readonly string[] | undefined;
}

/** What a client signs its requests with: access key and secret key. */
export interface Key {
  readonly access: string;
  readonly secret: string;
  readonly projects?: readonly string[] | undefined;
}

const someText = v.pipe(v.string(), v.nonEmpty('some text'));
const projects = v.optional(v.array(someText));
const credentialsSchema = v.pipe(
  v.strictObject({
    tokens: v.optional(v.array(v.strictObject({ token: someText, projects }))),
    keys: v.optional(v.array(v.strictObject({ access: someText, secret: someText, projects }))),
  }),
  v.check(({ tokens = [], keys = [] }) => tokens.length + keys.length > 0, 'tokens or keys, at least one of them'),
);

/** What is thrown for credentials that are none: the message names the first place which is wrong, and nothing of what is there. */
export class CredentialsError extends Error {
  override readonly name: string = 'CredentialsError';
}

/**
 * Credentials from untrusted data. `name` is what to call it.
 *
 * @throws {CredentialsError}
 */
export function readCredentials(input: unknown, name: string): Credentials {
  const parsed = v.safeParse(credentialsSchema, input);
  if (parsed.success) return parsed.output;
  const problem = problemOf(parsed.issues[0], '');
  const path = problem.path.replace(/^\./, '') || 'all of it';
  throw new CredentialsError(
    `${name} must be credentials such as {"tokens": [{"token": "…"}], "keys": [{"access": "…", "secret": "…", "projects": ["…"]}]}: ` +
      `${explainProblem({ ...problem, path })}.`,
  );
}

/**
 * Why a request may not pass; undefined if it may. Without credentials to check against, whatever a client brings will do, but
 * it must bring a token or a signature.
 *
 * Source: CSMS API reference (documented: X-Auth-Token, optional since 2026 where the request is signed).
 */
export function whyBarred(request: WireRequest, credentials: Credentials | undefined, now: number): string | undefined {
  const token = request.headers.get('x-auth-token');
  const authorization = request.headers.get('authorization') ?? '';
  if (`${token ?? ''}${authorization}`.length > headLimit)
    return `The X-Auth-Token and the Authorization have more than ${headLimit} characters: send what the service issued.`;
  if (!token && !authorization.startsWith(algorithm)) {
    return `The request has no credentials: send an X-Auth-Token, or sign it (Authorization: ${algorithm} …).`;
  }
  if (credentials === undefined) return undefined;
  return token ? barToken(token, request, credentials) : barSignature(authorization, request, credentials, now);
}

const barToken = (token: string, request: WireRequest, { tokens = [] }: Credentials): string | undefined => {
  const isGiven = sameAs(token);
  // Every token is compared, so that the time tells nothing of where one was found.
  const known = tokens.filter((candidate) => isGiven(candidate.token));
  if (known.length === 0) return 'The X-Auth-Token is not one that this service accepts.';
  return barProject(request, known);
};

const barSignature = (
  authorization: string,
  request: WireRequest,
  { keys = [] }: Credentials,
  now: number,
): string | undefined => {
  const signature = readSignature(authorization);
  if (!signature) {
    return `The Authorization is not of the form "${algorithm} Access=…, SignedHeaders=…, Signature=…".`;
  }
  const date = request.headers.get('x-sdk-date') ?? '';
  const age = Math.abs(now - signingTimeOf(date));
  if (!(age <= signatureWindow)) {
    return 'The X-Sdk-Date is not within 15 minutes of the service’s time: sign the request again, by a right clock.';
  }
  if (!['host', 'x-sdk-date'].every((name) => signature.signedHeaders.includes(name))) {
    return 'The signature must cover the headers host and x-sdk-date.';
  }
  const known = keys.filter(({ access }) => access === signature.access);
  if (known.length === 0) return 'The access key is not one that this service knows.';
  const matching = known.filter(({ secret }) => isSignedWith(secret, signature, request));
  if (matching.length === 0) {
    return 'The signature does not match: the secret key is another, or the request was changed after it was signed.';
  }
  return barProject(request, matching);
};

const barProject = (request: WireRequest, known: readonly (Token | Key)[]): string | undefined => {
  const project = projectOf(request);
  return known.some(({ projects }) => projects === undefined || projects.includes(project))
    ? undefined
    : 'These credentials are not for this project.';
};

const projectOf = (request: WireRequest): string => decoded(partsOf(request.target)[0].split('/')[2] ?? '');
