import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import recorded from './vectors/aws-wire/recorded.json' with { type: 'json' };

export interface Sequence {
  readonly id: string;
  readonly flags: readonly string[];
  readonly steps: readonly Step[];
}

interface Step {
  readonly operation: string;
  readonly request: Json;
  readonly answer?: Answer;
  readonly attempts?: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly error?: { readonly type: string; readonly message: unknown };
}

type Json = Readonly<Record<string, unknown>>;

/** Sends a POST to `/` with this `X-Amz-Target`. */
export type Send = (target: string, body: string) => Promise<{ readonly status: number; readonly body: string }>;

interface Options {
  /** The prefix of the names of secrets, for a service that already has secrets. None by default. */
  readonly run?: string;
  /** The ARN of a rotation function. */
  readonly functionArn?: string;
  /** Milliseconds between two attempts: 1,000 by default. */
  readonly pause?: number;
}

/** The recorded sequences. `test/project/aws-wire.test.ts` checks them against the schema. */
export const sequences: readonly Sequence[] = recorded.sequences;

/** Plays a sequence, and returns a sentence for each difference from what AWS answered. */
export async function playSequence(
  { id, steps }: Sequence,
  send: Send,
  { run = '', functionArn = '', pause = 1_000 }: Options = {},
): Promise<readonly string[]> {
  const values = new Map([
    ['run', run],
    ['function', functionArn],
  ]);
  const differences: string[] = [];
  for (const [index, { operation, request, answer, attempts = 1 }] of steps.entries()) {
    const body = filled(request, values);
    const unknown = placeholder.exec(body)?.[0];
    let found: readonly string[] = [`the request needs ${unknown}, which no answer gave`];
    for (let attempt = 0; unknown === undefined && attempt < attempts && found.length > 0; attempt++) {
      if (attempt > 0) await setTimeout(pause);
      const given = answerOf(await send(`secretsmanager.${operation}`, body));
      found = answer ? differencesOf(given, answer, values) : [];
    }
    differences.push(...found.map((text) => `${id}, step ${index + 1} (${operation}): ${text}`));
  }
  return differences;
}

const placeholder = /\{\{([a-z0-9-]+)\}\}/g;

/** JSON with its placeholders replaced. The runner chooses versions and tokens; other values may still be unknown. */
function filled(value: unknown, values: Map<string, string>): string {
  return JSON.stringify(value).replaceAll(placeholder, (text, name: string) => {
    if (/^(version|token)-/.test(name) && !values.has(name)) values.set(name, randomUUID());
    return values.get(name) ?? text;
  });
}

function answerOf({ status, body }: Awaited<ReturnType<Send>>): Answer {
  // A success without fields may have no body at all.
  const given = parsed(body || '{}');
  if (status === 200) return { status, body: given };
  const type = `${given['__type'] ?? ''}`.replace(/^.*#/, '');
  return { status, error: { type, message: given['Message'] ?? given['message'] ?? null } };
}

function parsed(text: string): Json {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { 'text that is not JSON': text };
  }
}

function differencesOf(found: Answer, answer: Answer, values: Map<string, string>): readonly string[] {
  const [, name = ''] = /^\{\{(arn-\d+)\}\}$/.exec(`${answer.body?.['ARN']}`) ?? [];
  const arn = found.body?.['ARN'];
  if (name !== '' && !values.has(name) && isNewArn(arn, filled(answer.body?.['Name'], values), values)) {
    values.set(name, arn).set(`${name}-partial`, arn.slice(0, -7));
  }
  const expected: Answer = JSON.parse(filled(answer, values));
  if (found.status === 200 || expected.status === 200) {
    if (found.status !== expected.status) return [`the answer is ${show(found)}; AWS answered ${show(expected)}`];
  }
  return compared(found, expected, '');
}

function isNewArn(arn: unknown, name: string, values: Map<string, string>): arn is string {
  const [, own] = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:(.*)-[A-Za-z0-9]{6}$/.exec(`${arn}`) ?? [];
  return JSON.stringify(own) === name && ![...values.values()].includes(`${arn}`);
}

function compared(found: unknown, expected: unknown, path: string): readonly string[] {
  if (expected === '{{time}}') return typeof found === 'number' ? [] : [`${path} is ${show(found)}, and not a number`];
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (found.length === expected.length) return fields(ordered(found), ordered(expected), path);
  } else if (isObject(found) && isObject(expected)) return fields(found, expected, path);
  return Object.is(found, expected) ? [] : [`${path} is ${show(found)}; AWS answered ${show(expected)}`];
}

function fields(found: object, expected: object, path: string): readonly string[] {
  const given = new Map(Object.entries(found).filter(([, value]) => (value ?? null) !== null));
  const wanted = new Map(Object.entries(expected));
  return [...new Set([...wanted.keys(), ...given.keys()])].flatMap((key) => {
    const inner = path === '' ? key : `${path}.${key}`;
    if (!given.has(key)) return [`${inner} is missing; AWS answered ${show(wanted.get(key))}`];
    if (!wanted.has(key)) return [`${inner} is ${show(given.get(key))}; AWS did not answer it`];
    return compared(given.get(key), wanted.get(key), inner);
  });
}

/** The recorder sorted stages and versions, so their order is unknown. Tags are in the order in which AWS answered. */
function ordered(list: readonly unknown[]): readonly unknown[] {
  const keyOf = (item: unknown) => (isObject(item) ? `${item['VersionId']}` : `${item}`);
  return list.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : Number(keyOf(one) > keyOf(other))));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 300) ?? 'missing';
}
