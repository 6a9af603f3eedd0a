import type { Dialect } from '../../dialects/index.ts';
import { fieldOf, isObject } from '../../json.ts';
import { hiddenText } from '../../text.ts';
import { awsResponses } from './aws.ts';
import { csmsResponses } from './csms.ts';
import type { Limits } from './held.ts';
import {
  has,
  type Imported,
  type ImportedSecret,
  type ImportOptions,
  type Input,
  type JsonDocument,
  merged,
  type UseSecret,
  unlessTooLarge,
} from './imported.ts';
import { inputsOf, type PlacedInput, readerOf, startResponses } from './responses.ts';
import { readSnapshot } from './snapshot.ts';
import { readState, readSubject } from './state.ts';
import { isTerraform } from './terraform.ts';

/**
 * Imports secrets from many documents. A document is a state, a subject (`{ state, dialect, expireTimes, unknown, project }`, as
 * importers return it), a snapshot of the emulator, a response of CSMS or of AWS Secrets Manager, the output of `terraform show -json`, or
 * a list of any of these. Responses about one secret can be in several documents: they are joined by the name of the secret, in AWS by
 * its ARN. A secret whose versions no document lists is not imported, and a remark says so. Never throws.
 *
 * Responses are recognised by their fields. The pages in a list follow each other. If `dialect` is omitted, each document is read by the
 * dialect of its cloud. If it is given, it applies to all documents, and one of another cloud is a problem that names both.
 *
 * If anything is wrong, nothing is imported. The path of a problem begins with the name of its document. Reads at most 2,000,000 JSON
 * values (about 250,000 versions).
 *
 * @example
 * const v1 = { id: 'v1', create_time: 1581507580000, expire_time: null, secret_name: 'db', version_stages: ['SYSCURRENT'] };
 * const imported = importAll([{ name: 'versions.json', json: { version_metadatas: [v1] } }]);
 * imported.ok && imported.secrets.map(({ state }) => state.name); // ['db']
 */
export function importAll(documents: readonly JsonDocument[], { dialect }: ImportOptions = {}): Imported {
  const jsons = documents.map(({ json }) => json);
  return unlessTooLarge(jsons, 'input', () => {
    const secrets: ImportedSecret[] = [];
    const { add, end } = startImport((secret) => secrets.push(secret), { dialect });
    for (const document of documents) add(document);
    return merged([{ ok: true, secrets, remarks: [] }, end()], 'input');
  });
}

/**
 * Imports secrets from one document, see {@link importAll}. Problems call it `input`.
 *
 * @example
 * importAny(createSecret({ name: 'db', at: 0 })).ok; // true
 * importAny({ hello: 'world' }).ok; // false
 */
export function importAny(input: unknown, options?: ImportOptions): Imported {
  return importAll([{ name: 'input', json: input }], options);
}

/** An import of documents that come one at a time. */
export interface Importing {
  /** Reads a document. */
  readonly add: (document: JsonDocument) => void;
  /** Joins the responses. Returns no secrets, as each was passed on. If it returns problems, what was passed on is not complete. */
  readonly end: () => Imported;
}

/**
 * Starts an import of more documents than fit into the memory, as {@link importAll} imports them. It passes on each secret with its
 * {@link Place}, in any order: with `limits`, as soon as nothing seems to be missing, or else at the end.
 *
 * @example
 * const names: string[] = [];
 * const { add, end } = startImport(({ state }) => names.push(state.name));
 * add({ name: 'db.json', json: createSecret({ name: 'db', at: 0 }) });
 * end().ok && names; // ['db']
 */
export function startImport(
  use: UseSecret,
  { dialect, limits }: ImportOptions & { readonly limits?: Limits } = {},
): Importing {
  const formats = [csmsResponses(dialect), awsResponses(dialect)].map((format) => ({
    format,
    responses: startResponses(format, use, limits),
  }));
  const others: Imported[] = [];
  const read = ({ place, ...input }: PlacedInput) => {
    const own = formats.filter(({ format }) => readerOf(input.json, format));
    // Terraform can have secrets of both clouds.
    for (const { responses } of own.slice(0, isTerraform(input.json) ? 2 : 1)) responses.add(input, place);
    if (own.length > 0) return;
    const other = readOther(input, dialect);
    if (!other.ok) others.push(other);
    else for (const [index, secret] of other.secrets.entries()) use(secret, [place[0], place[1], index]);
  };
  let documents = 0;
  return {
    add: (document) => {
      for (const input of inputsOf(document, documents++)) read(input);
    },
    end: () => merged([...others, ...formats.flatMap(({ responses }) => responses.end())], 'input'),
  };
}

function readOther(input: Input, dialect: Dialect | undefined): Imported {
  const { path, json } = input;
  const projects = fieldOf(json, 'projects');
  const state = fieldOf(json, 'state');
  // Other tools have fields with these names, too.
  const all = isObject(projects) ? Object.values(projects) : [];
  if (isObject(projects) && (all.length === 0 || all.some((project) => has(project, 'secrets'))))
    return readSnapshot(input, dialect);
  if (has(state, 'dialect') || has(state, 'versions', 'stages')) return readSubject(input, dialect);
  if (has(json, 'versions', 'stages') || has(json, 'versions', 'dialect')) return readState(input, dialect);
  const expected =
    'a state, a snapshot of the emulator, a response of CSMS (ListSecretVersions, ShowSecret, ListSecrets or ShowSecretStage) or of ' +
    'AWS Secrets Manager (ListSecretVersionIds, DescribeSecret or ListSecrets), the output of `terraform show -json`, or a list of these';
  return { ok: false, problems: [{ path, expected, found: hiddenText(json) }] };
}
