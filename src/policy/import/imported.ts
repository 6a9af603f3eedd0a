import type { Dialect } from '../../dialects/index.ts';
import type { Problem, SecretState } from '../../index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { listProblems, tooLarge } from '../../service/index.ts';
import { hiddenText, quote } from '../../text.ts';
import type { Subject, Unknown } from '../subject.ts';

/** The result of an importer: every secret in the data, or up to 20 problems and the number of further ones. */
export type Imported =
  | { readonly ok: true; readonly secrets: readonly ImportedSecret[]; readonly remarks: readonly Remark[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A remark about imported data. The data is imported nevertheless. */
export interface Remark {
  /**
   * `not-checked`: the data names a secret but does not list its versions, so the secret is not imported. `value`: a document has the
   * value of a secret, which was neither kept nor shown. `date`: how a date was read.
   */
  readonly kind: 'not-checked' | 'value' | 'date';
  /** Its place in the data, such as the name of a file. */
  readonly path: string;
  /** The remark as one or more sentences, with the place or the name of the secret. */
  readonly sentence: string;
}

/** An imported secret. `check(secret.state, { ...secret, at })` checks it. */
export interface ImportedSecret extends Subject {
  /** The project; null if unknown. Responses of CSMS do not name it. */
  readonly project: string | null;
  /** Its ARN, if it is a secret of AWS and the data has it. */
  readonly arn?: string | undefined;
  /** The place of its versions in the data, such as the name of a file. */
  readonly source: string;
  /** The dialect by which it was read. */
  readonly dialect: Dialect;
  /** The secret before the change, if the data is a plan that changes it, such as a plan of Terraform. */
  readonly before?: SecretState | undefined;
}

/** Options of every importer. */
export interface ImportOptions {
  /** The dialect of every secret. If omitted, the dialect of the cloud that the data comes from. */
  readonly dialect?: Dialect | undefined;
}

/** A parsed JSON file, and its name. */
export interface JsonDocument {
  /** Its name in problems, such as the path of the file. */
  readonly name: string;
  /** What `JSON.parse` returned. */
  readonly json: unknown;
}

/** Untrusted data, and its path in problems. */
export interface Input {
  readonly path: string;
  readonly json: unknown;
  /** The name of the document that it is a part of, if it is not a whole one. */
  readonly document?: string;
}

/** A place in the data: the number of its document, of the element if that is a list, and of the secret in it, each from 0. */
export type Place = readonly [document: number, element: number, secret: number];

export function byPlace(one: Place, other: Place): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/** Gets each secret, with the place of its source. */
export type UseSecret = (secret: ImportedSecret, place: Place) => void;

/** Reads the responses in a list, unless it is too large to import. */
export function readList(list: unknown, path: string, read: (inputs: readonly Input[]) => Imported): Imported {
  if (!Array.isArray(list)) return { ok: false, problems: [{ path, expected: 'a list', found: hiddenText(list) }] };
  return unlessTooLarge(list, path, () => read(inputsIn(list, path)));
}

/** The entries of a list, each with its path. */
export function inputsIn(list: readonly unknown[], path: string): readonly Input[] {
  return Array.from(list, (json, index) => ({ path: `${path}[${index}]`, json }));
}

/** A secret of a source that lists what it does not say. */
export interface ListedSecret extends ImportedSecret {
  readonly unknown: readonly Unknown[];
}

/** An import of one secret. */
export function imported(secret: ListedSecret, remarks: readonly Remark[] = []): Imported {
  const { expireTimes, unknown, rotation, tracked } = secret;
  for (const part of [expireTimes, rotation, tracked, unknown, ...unknown]) Object.freeze(part);
  return { ok: true, secrets: [Object.freeze(secret)], remarks };
}

/** Whether data is an object with all of these fields. */
export function has(json: unknown, ...fields: readonly string[]): boolean {
  return isObject(json) && fields.every((field) => Object.hasOwn(json, field) && json[field] !== undefined);
}

/** Whether one of these fields of data has a value other than null. */
export function hasOneOf(json: unknown, ...fields: readonly string[]): boolean {
  return fields.some((field) => (fieldOf(json, field) ?? null) !== null);
}

/** Merges imports: the problems of them all, or every secret. `path` is that of all data. */
export function merged(imports: readonly Imported[], path: string): Imported {
  const problems: Problem[] = [];
  const secrets: ImportedSecret[] = [];
  const remarks: Remark[] = [];
  for (const each of imports) {
    if (each.ok) {
      for (const secret of each.secrets) secrets.push(secret);
      for (const remark of each.remarks) remarks.push(Object.freeze(remark));
    } else for (const problem of each.problems) problems.push(problem);
  }
  return problems.length > 0
    ? { ok: false, problems: listProblems(problems, path) }
    : { ok: true, secrets: Object.freeze(secrets), remarks: Object.freeze(remarks) };
}

/** Reads data, unless it is too large to import. */
export function unlessTooLarge(data: unknown, path: string, read: () => Imported): Imported {
  const large = tooLarge(data, path);
  return large ? { ok: false, problems: [large] } : read();
}

/** The problem of data that is read with the wrong dialect. */
export function ofAnotherCloud(path: string, id: string, dialect: Dialect): Problem & { readonly belongsTo: string } {
  return {
    path,
    expected: `read with the dialect ${quote(id)}, not ${quote(dialect.id)}`,
    belongsTo: id,
  };
}
