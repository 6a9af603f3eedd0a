import { quote } from '../../text.ts';
import { decoded, parametersOf, partsOf, pathOf, projectId, projectRule } from '../http.ts';
import { notEmulatedAt } from './not-emulated.ts';
import type { Call, Mistake, Names, Operation, Sent } from './operations.ts';
import { routes } from './routes.ts';

/** Returns the names of all operations. */
export function operationNames(): readonly string[] {
  return Object.keys(routes);
}

/**
 * Reads a request as a call. The target is the path with its query, still encoded. The body is parsed JSON, or undefined if there is
 * none.
 */
export function readCall(method: string, target: string, body: unknown): Call | Mistake {
  const path = pathOf(target);
  // Parsers of URLs turn the path of a stage named ".." into that of its secret, with a slash at its end.
  if (path !== partsOf(target)[0] && ['PUT', 'DELETE'].includes(method))
    return { code: 'NOT_A_CALL', expected: `The path of a ${method} must not end in a slash` };
  const absent = notEmulatedAt(path).find((each) => each.method === method);
  if (absent) {
    const expected = `${absent.operation} is an operation of CSMS that this emulator does not have`;
    return { code: 'NOT_EMULATED', expected };
  }
  for (const route of Object.values(routes)) {
    const parts = route.method === method ? route.pattern.exec(path)?.groups : undefined;
    if (parts === undefined) continue;
    const { project = '', secret = '', versionId = '', stage = '', secretId = '', tagKey = '' } = parts;
    const names: Names = {
      project: decoded(project),
      secret: decoded(secret),
      versionId: decoded(versionId),
      stage: decoded(stage),
      secretId: decoded(secretId),
      tagKey: decoded(tagKey),
    };
    if (!projectId.test(names.project)) return { code: 'BAD_FIELD', expected: `project_id must be ${projectRule}` };
    if (method !== 'GET') return route.read(names, body);
    const parameters = new Map<string, string>();
    for (const [name, value] of parametersOf(partsOf(target)[1])) {
      // A signature does not cover the order of repeated parameters, so their order must not matter.
      if (parameters.has(name)) return { code: 'BAD_FIELD', expected: `The query must have ${quote(name)} only once` };
      parameters.set(name, value);
    }
    return route.read(names, Object.fromEntries(parameters));
  }
  const methods = methodsAt(target);
  if (methods.length === 0) {
    const example = templateOf(routes.ShowSecretStage.path);
    return { code: 'NOT_A_CALL', expected: `The path must be one of the API, such as ${example}` };
  }
  const rule = methods.includes(method.toUpperCase())
    ? `in upper case; got ${quote(method)}`
    : `${methods.length === 1 ? '' : 'one of '}${methods.join(', ')}`;
  return { code: 'NOT_A_CALL', expected: `The method must be ${rule}` };
}

/** Returns the methods that the API has at the path of a target. */
export function methodsAt(target: string): readonly string[] {
  const path = pathOf(target);
  const matching = Object.values(routes).filter(({ pattern }) => pattern.test(path));
  return [...new Set([...matching, ...notEmulatedAt(path)].map(({ method }) => method))];
}

/** Returns the call of an operation. If a name is missing or the project is invalid, the path keeps the placeholder of the API reference. */
export function callTo(operation: Operation, names: Partial<Names>, body?: object): Sent {
  const { method, path } = routes[operation];
  const { project = '' } = names;
  const known = { ...names, project: projectId.test(project) ? project : undefined };
  const filled = path.replaceAll(/\{(\w+)\}/g, (part, name: keyof Names) =>
    known[name] === undefined ? part : encodeURIComponent(known[name]),
  );
  return { method, path: templateOf(filled), ...(body && { body }) };
}

/** Renames the placeholders that are left in a path as in the API reference. */
function templateOf(path: string): string {
  return path
    .replace('{project}', '{project_id}')
    .replace('{secret}', '{secret_name}')
    .replace('{stage}', '{stage_name}')
    .replace('{secretId}', '{secret_id}')
    .replace('{tagKey}', '{key}');
}
