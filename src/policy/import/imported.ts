import { type Dialect, frozen } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { listProblems, tooLarge } from '../../service/index.ts';
import { hiddenText, quote } from '../../text.ts';
import type { Subject } from '../subject.ts';

/** The result of an importer: every secret in the data, or up to 20 problems and the number of further ones. */
export type Imported =
  | { readonly ok: true; readonly secrets: readonly ImportedSecret[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Something to know about the data, besides its secrets. */
export interface Remark {
  /**
   * `not-checked`: a secret is named, but its versions are not listed. `value`: the data has the value of a secret. `date`: explains a
   * date.
   */
  readonly kind: 'not-checked' | 'value' | 'date';
  /** The place in the data. */
  readonly path: string;
  /** What to know. It never shows a value. */
  readonly sentence: string;
}

/** An imported secret. `check(secret.state, { ...secret, at })` checks it. */
export interface ImportedSecret extends Subject {
  /** The project; null if unknown. Responses of CSMS do not name it. */
  readonly project: string | null;
  /** The place of its versions in the data, such as the name of a file. */
  readonly source: string;
  /** The dialect by which it was read. */
  readonly dialect: Dialect;
}

/** Options of every importer. */
export interface ImportOptions {
  /** The dialect of every secret. If omitted, the dialect of the cloud that the data comes from. */
  readonly dialect?: Dialect | undefined;
}

/** Untrusted data, and its path in problems. */
export interface Input {
  readonly path: string;
  readonly json: unknown;
}

/** Reads the responses in a list, unless it is too large to import. */
export function readList(list: unknown, path: string, read: (inputs: readonly Input[]) => Imported): Imported {
  if (!Array.isArray(list)) return { ok: false, problems: [{ path, expected: 'a list', found: hiddenText(list) }] };
  return unlessTooLarge(list, path, () => read(inputsIn(list, path)));
}

/** The entries of a list, each with its path. */
export function inputsIn(list: readonly unknown[], path: string): readonly Input[] {
  return Array.from(list, (json, index) => ({ path: `${path}[${index}]`, json }));
}

/** An import of one secret. */
export function imported({ expireTimes, unknown, ...secret }: ImportedSecret): Imported {
  return { ok: true, secrets: [Object.freeze({ ...secret, ...frozen({ expireTimes, unknown }) })] };
}

/** Merges imports: the problems of them all, or every secret. `path` is that of all data. */
export function merged(imports: readonly Imported[], path: string): Imported {
  const problems: Problem[] = [];
  const secrets: ImportedSecret[] = [];
  for (const each of imports) {
    if (each.ok) for (const secret of each.secrets) secrets.push(secret);
    else for (const problem of each.problems) problems.push(problem);
  }
  return problems.length > 0
    ? { ok: false, problems: listProblems(problems, path) }
    : { ok: true, secrets: Object.freeze(secrets) };
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
