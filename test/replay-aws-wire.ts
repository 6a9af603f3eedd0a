import type { Send, Sequence } from './run-aws-wire.ts';

/** An answer before its placeholders are replaced. A body that is a string is sent as it is. */
export interface Wire {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | string;
}

/** A service that gives the recorded answers of sequences, as `change` alters them, and refuses requests that are not the recorded ones. */
export function replay(sequences: readonly Sequence[], change = (wire: Wire, _: number): Wire => wire): Send {
  const calls = sequences.flatMap(({ steps }) => steps.map((step, index) => ({ ...step, index })));
  const values = new Map<string, string>();
  let next = 0;
  let last = '';
  return async (target, body) => {
    // A repeated call gets the same answer, if it is one that may be repeated.
    const isRepeated = target + body === last && calls[next - 1]?.attempts !== undefined;
    const call = calls[isRepeated ? next - 1 : next++];
    if (!call || target !== `secretsmanager.${call.operation}`) throw new Error(`${target} is not the next call.`);
    last = target + body;
    if (call.index === 0) values.clear();
    learn(call.request, JSON.parse(body), values);
    const { status, body: given, error } = call.answer ?? { status: 200, body: {} };
    const wire = change({ status, body: given ?? { __type: error?.type, Message: error?.message } }, call.index);
    const text = typeof wire.body === 'string' ? wire.body : JSON.stringify(wire.body);
    const named = filled(text, values);
    const [, name = ''] = /"Name":"(.*?)"/.exec(named) ?? [];
    for (const [, arn = '', number] of named.matchAll(/\{\{(arn-(\d))\}\}/g)) {
      values.set(arn, `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdE${number}`);
      values.set(`${arn}-partial`, `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`);
    }
    return { status: wire.status, body: filled(named, values).replaceAll('"{{time}}"', '1700000000.123') };
  };
}

/** Remembers the values that the runner chose for placeholders. A value that it should know must be that. */
function learn(recorded: object, sent: object, values: Map<string, string>): void {
  for (const [key, text] of Object.entries(recorded)) {
    const [, name, rest = ''] = /^\{\{([a-z0-9-]+)\}\}(.*)$/.exec(`${text}`) ?? [];
    const value: unknown = Object(sent)[key];
    if (name !== undefined && !values.has(name)) values.set(name, `${value}`.slice(0, `${value}`.length - rest.length));
    const expected = name === undefined ? text : `${values.get(name)}${rest}`;
    if (JSON.stringify(value) !== JSON.stringify(expected)) throw new Error(`${key} is ${value}, and not ${expected}`);
  }
  if (Object.keys(recorded).length !== Object.keys(sent).length) throw new Error(`${Object.keys(sent)} are too many.`);
}

function filled(text: string, values: Map<string, string>): string {
  return text.replaceAll(/\{\{([a-z0-9-]+)\}\}/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}
