import * as v from 'valibot';
import { problemOf } from '../../schema.ts';
import { explainProblem } from '../../sentences.ts';
import { foundText, quote } from '../../text.ts';
import { sameAs, sha256 } from '../hash.ts';
import { decoded, headLimit, pathOf, type WireRequest } from '../http.ts';
import { notEmulatedAt } from './not-emulated.ts';
import {
  algorithm,
  contentHash,
  isSignedWith,
  readSignature,
  signatureWindow,
  signingTimeOf,
  unsignedPayload,
} from './signature.ts';

/** The tokens and keys that an emulator accepts. Without `projects`, a token or key is valid for every project. */
export interface Credentials {
  /** The accepted values of X-Auth-Token. If omitted, none. */
  readonly tokens?: readonly Token[] | undefined;
  /** The keys of accepted signatures. If omitted, none. */
  readonly keys?: readonly Key[] | undefined;
}

/** A value of the X-Auth-Token header. */
export interface Token {
  /** The value. Any non-empty text. */
  readonly token: string;
  /** The ids of the projects that it is valid for. If omitted, all. */
  readonly projects?: readonly string[] | undefined;
}

/** An access key and a secret key that a client signs requests with. */
export interface Key {
  /** The access key (AK). It is sent with each request. */
  readonly access: string;
  /** The secret key (SK). It only signs. */
  readonly secret: string;
  /** The ids of the projects that it is valid for. If omitted, all. */
  readonly projects?: readonly string[] | undefined;
}

/** A function call, so that a bundle without CSMS can omit it. */
const credentialsSchema = /* @__PURE__ */ schemaOfCredentials();

function schemaOfCredentials() {
  const nonEmpty = v.pipe(v.string(), v.nonEmpty('a non-empty string'));
  const projects = v.optional(v.array(nonEmpty));
  return v.pipe(
    v.strictObject({
      tokens: v.optional(v.array(v.strictObject({ token: nonEmpty, projects }))),
      keys: v.optional(v.array(v.strictObject({ access: nonEmpty, secret: nonEmpty, projects }))),
    }),
    v.check(
      ({ tokens = [], keys = [] }) => tokens.length + keys.length > 0,
      'an object with at least one token or key',
    ),
  );
}

/** The error for invalid credentials. Its message names the first invalid field, and never shows a token or key. */
export class CredentialsError extends Error {
  override readonly name: string = 'CredentialsError';
}

/**
 * Reads credentials from untrusted data. `name` is what the error calls the data.
 *
 * @throws {CredentialsError} if they are invalid.
 */
export function readCredentials(input: unknown, name: string): Credentials {
  const parsed = v.safeParse(credentialsSchema, input);
  if (parsed.success) return parsed.output;
  const problem = problemOf(parsed.issues[0], '');
  const path = problem.path.replace(/^\./, ': ');
  throw new CredentialsError(
    `${explainProblem({ ...problem, path: `${name}${path}` })}. ` +
      'Example: {"tokens": [{"token": "…"}], "keys": [{"access": "…", "secret": "…", "projects": ["…"]}]}',
  );
}

/**
 * Returns why a request is not authorized, or undefined if it is. Without credentials to check against, any token or signature is
 * accepted, but there must be one.
 *
 * Source: CSMS API reference (documented: X-Auth-Token, optional since 2026 if the request is signed).
 */
export function whyUnauthorized(
  request: WireRequest,
  credentials: Credentials | undefined,
  now: number,
): string | undefined {
  const token = request.headers.get('x-auth-token');
  const authorization = request.headers.get('authorization') ?? '';
  if (`${token ?? ''}${authorization}`.length > headLimit)
    return `The X-Auth-Token and Authorization headers must have at most ${headLimit} characters together.`;
  // Source: the official SDKs, which also have V11-HMAC-SHA256, SDK-HMAC-SM3 and others (example).
  const [, other] = /^((?:V11|SDK)-[A-Z\d-]{1,30}) /.exec(authorization) ?? [];
  if (!token && other !== undefined && other !== algorithm)
    return `The emulator does not support signatures by ${other}. Sign with ${algorithm}.`;
  if (!token && !authorization.startsWith(algorithm)) {
    return `The request has no credentials. Send an X-Auth-Token header, or sign the request (Authorization: ${algorithm} …).`;
  }
  if (credentials === undefined) return undefined;
  return token ? checkToken(token, request, credentials) : checkSignature(authorization, request, credentials, now);
}

const checkToken = (token: string, request: WireRequest, { tokens = [] }: Credentials): string | undefined => {
  const isGiven = sameAs(token);
  // Compares every token, so that the time does not reveal which one matches.
  const known = tokens.filter((candidate) => isGiven(candidate.token));
  if (known.length === 0)
    return 'The X-Auth-Token is not in the credentials of this emulator. Send a token that is, or add this one.';
  return checkProject(request, known);
};

const checkSignature = (
  authorization: string,
  request: WireRequest,
  { keys = [] }: Credentials,
  now: number,
): string | undefined => {
  const signature = readSignature(authorization);
  if (!signature) {
    return `The Authorization header must have the form "${algorithm} Access=…, SignedHeaders=…, Signature=…".`;
  }
  const date = request.headers.get('x-sdk-date') ?? '';
  const age = Math.abs(now - signingTimeOf(date));
  if (!(age <= signatureWindow)) {
    return `X-Sdk-Date must be within 15 minutes of the emulator's time, ${new Date(now).toISOString()}; got ${foundText(date || undefined)}. Check the clock, and sign the request again.`;
  }
  if (!signature.signedHeaders.includes('x-sdk-date'))
    return 'The signature must cover the header x-sdk-date. Add it to SignedHeaders.';
  const known = keys.filter(({ access }) => access === signature.access);
  if (known.length === 0)
    return 'The access key is not in the credentials of this emulator. Use a key that is, or add this one.';
  const hash = request.headers.get(contentHash) ?? unsignedPayload;
  if (hash !== unsignedPayload && hash.toLowerCase() !== sha256(request.body ?? ''))
    return `X-Sdk-Content-Sha256 must be the SHA-256 of the body in hexadecimal, or ${unsignedPayload}. Send the body unchanged after hashing it.`;
  const matching = known.filter(({ secret }) => isSignedWith(secret, signature, request));
  if (matching.length === 0) {
    return 'The signature does not match. Check the secret key, and send the request unchanged after signing it.';
  }
  return checkProject(request, matching);
};

const checkProject = (request: WireRequest, known: readonly (Token | Key)[]): string | undefined => {
  const path = pathOf(request.target);
  if (notEmulatedAt(path).some(({ hasProject }) => !hasProject)) return undefined;
  const project = decoded(path.split('/')[2] ?? '');
  return known.some(({ projects }) => projects === undefined || projects.includes(project))
    ? undefined
    : `These credentials are not valid for project ${quote(project)}. Use others, or add the project to them.`;
};
