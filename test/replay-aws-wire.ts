import type { Answer, Send, Sequence } from './run-aws-wire.ts';

/** An answer before its placeholders are replaced. A body that is a string is sent as it is. */
export interface Wire {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | string;
}

/**
 * Returns a service that gives the recorded answers of sequences, as `change` alters them. It refuses a request that is not the
 * next one or, because a runner cannot make every request after a changed answer, one of those after it.
 */
export function replay(
  sequences: readonly Sequence[],
  change = (wire: Wire, _index: number, _id: string): Wire => wire,
): Send {
  const calls = sequences.flatMap(({ id, steps }) => steps.map((step, index) => ({ ...step, index, id })));
  let values: ReadonlyMap<string, string> = new Map();
  let next = 0;
  let last = '';
  return async (target, body) => {
    const isRepeated = target + body === last && calls[next - 1]?.attempts !== undefined;
    last = target + body;
    for (const [at, { operation, request, answer, index, id }] of calls.entries()) {
      if (at < next - Number(isRepeated) || target !== `secretsmanager.${operation}`) continue;
      const known = learned(request, JSON.parse(body), index === 0 && !isRepeated ? new Map() : values);
      if (!known) continue;
      next = at + 1;
      const { status, body: given, error } = answer ?? { status: 200, body: {} };
      const wire = change({ status, body: given ?? { __type: error?.type, Message: error?.message } }, index, id);
      const text = filled(typeof wire.body === 'string' ? wire.body : JSON.stringify(wire.body), known);
      values = new Map([...known, ...arnsIn(text)]);
      return { status: wire.status, body: filled(text, values).replaceAll('"{{time}}"', '1700000000.123') };
    }
    throw new Error(`${target} ${body} was not recorded.`);
  };
}

/** An answer with another status, and with each field removed, changed or joined by another one; with the start of the report. */
export function variantsOf({ status, body, error }: Answer): readonly (readonly [sentence: string, changed: Wire])[] {
  if (error) {
    const { type, message } = error;
    return [
      [`status is ${status + 1};`, { status: status + 1, body: { __type: type, Message: message } }],
      ['error.type is "', { status, body: { __type: `${type}x`, Message: message } }],
      ['error.type is ', { status, body: { Message: message } }],
      ['error.message is "', { status, body: { __type: type, Message: `${message}x` } }],
      ['error.message is missing', { status, body: { __type: type } }],
    ];
  }
  const bodies = variantsIn(body, 'body').map(([path, body]) => [`${path}`, { status, body: Object(body) }] as const);
  return [['the answer is {"status":201', { status: 201, body: body ?? {} }], ...bodies];
}

/** The values of placeholders, with those that the runner chose for this request; undefined if it is not the recorded one. */
function learned(recorded: object, sent: object, values: ReadonlyMap<string, string>): Map<string, string> | undefined {
  const known = new Map(values);
  if (`${Object.keys(recorded)}` !== `${Object.keys(sent)}`) return undefined;
  for (const [key, text] of Object.entries(recorded)) {
    const [, name = '', rest = ''] = /^\{\{([a-z0-9-]+)\}\}(.*)$/.exec(`${text}`) ?? [];
    const value: unknown = Object(sent)[key];
    if (name !== '' && !known.has(name)) known.set(name, `${value}`.slice(0, `${value}`.length - rest.length));
    const expected = name === '' ? text : `${known.get(name)}${rest}`;
    if (JSON.stringify(value) !== JSON.stringify(expected)) return undefined;
  }
  return known;
}

/** The ARNs that an answer needs. */
function arnsIn(text: string): readonly (readonly [name: string, arn: string])[] {
  const [, name = ''] = /"Name":"(.*?)"/.exec(text) ?? [];
  const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`;
  return [...text.matchAll(/\{\{arn-(\d)\}\}/g)].flatMap(([, number]) => [
    [`arn-${number}`, `${arn}-AbCdE${number}`] as const,
    [`arn-${number}-partial`, arn] as const,
  ]);
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{\{([a-z0-9-]+)\}\}/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}

/** Variants of a value, each with its path up to the first list, or to the first key that is a placeholder. */
function variantsIn(value: unknown, path: string): readonly (readonly [path: string, changed: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, typeof value === 'string' ? `${value}x` : [value]]];
  if (Array.isArray(value)) {
    const changed = value.flatMap((item, index) => variantsIn(item, path).map(([, other]) => value.with(index, other)));
    return [[...value, 'x'], ...(value.length > 0 ? [value.slice(1)] : []), ...changed].map((list) => [path, list]);
  }
  const fields = Object.entries(value).flatMap(([key, inner]) => {
    const { [key]: _, ...others } = Object(value);
    const inside = variantsIn(inner, `${path}.${key}`).map(([at, changed]) => [at, { ...value, [key]: changed }]);
    return [[`${path}.${key} is missing; AWS answered `, others], ...inside];
  });
  return [[`${path}.unknown is 1;`, { ...value, unknown: 1 }], ...fields].map(([at, changed]) => [
    `${at}`.replace(/\.\{\{.*/, ''),
    changed,
  ]);
}
