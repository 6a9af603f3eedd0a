import { type Dialect, frozen } from '../../dialects/index.ts';
import type { Problem } from '../../index.ts';
import { listProblems, tooLarge } from '../../service/index.ts';
import { hiddenText, quote } from '../../text.ts';
import type { Subject } from '../subject.ts';

/** What an importer gives: every secret in the data, or what is wrong with the data: at most 20 problems, and how many more there are. */
export type Imported =
  | { readonly ok: true; readonly secrets: readonly ImportedSecret[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A secret that was read. `check(secret.state, { ...secret, at })` judges it. */
export interface ImportedSecret extends Subject {
  /** Null if unknown: answers of CSMS do not say which project they belong to. */
  readonly project: string | null;
  /** Where its versions were found, such as the name of a file. */
  readonly source: string;
  /** The dialect by which it was read. */
  readonly dialect: Dialect;
}

/** What each importer takes beside the data. */
export interface ImportOptions {
  /** The dialect of every secret. If omitted, it is that of the cloud whose data it is. */
  readonly dialect?: Dialect | undefined;
}

/** Untrusted data, and what a problem calls it. */
export interface Input {
  readonly path: string;
  readonly json: unknown;
}

/** Reads the answers in a list, unless it is larger than an import can be. */
export function readList(list: unknown, path: string, read: (inputs: readonly Input[]) => Imported): Imported {
  if (!Array.isArray(list)) return { ok: false, problems: [{ path, expected: 'a list', found: hiddenText(list) }] };
  return unlessTooLarge(list, path, () => read(inputsIn(list, path)));
}

/** Untrusted data in a list, each by its place. */
export function inputsIn(list: readonly unknown[], path: string): readonly Input[] {
  return Array.from(list, (json, index) => ({ path: `${path}[${index}]`, json }));
}

/** An import of one secret. */
export function imported({ expireTimes, unknown, ...secret }: ImportedSecret): Imported {
  return { ok: true, secrets: [Object.freeze({ ...secret, ...frozen({ expireTimes, unknown }) })] };
}

/** One import of many: the problems of them all, or every secret. `path` is that of all data. */
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

/** Reads data, unless it is larger than an import can be. */
export function unlessTooLarge(data: unknown, path: string, read: () => Imported): Imported {
  const large = tooLarge(data, path);
  return large ? { ok: false, problems: [large] } : read();
}

/** The problem of data that belongs to another dialect than the one by which it is read. */
export function ofAnotherCloud(path: string, id: string, dialect: Dialect): Problem & { readonly belongsTo: string } {
  return {
    path,
    expected: `read as ${quote(id)}, not as ${quote(dialect.id)}: pass that dialect`,
    belongsTo: id,
  };
}
